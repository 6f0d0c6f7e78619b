import type { Grade, PackageManager, Toolchain } from '../../plan/schema.ts';

/** Plain words for the words of the plan. */

export const matchWords: Record<Toolchain['match'], string> = {
  exact: 'exactly what was asked for',
  compatible: 'the best that satisfies what was asked for',
  assumed: 'the line that was asked for; its patch level is not known, so it is assumed to do',
  nearest: 'nothing satisfies what was asked for: this is the nearest',
  default: 'nothing was asked for: this is the default of the channel',
};

export const statusWords: Record<PackageManager['status'], string | null> = {
  supported: null,
  'end-of-life': 'end-of-life: it gets no security fixes any more',
  insecure: 'insecure: nixpkgs refuses it unless it is permitted',
};

export const gradeWords: Record<Grade, string> = {
  confirmed: 'confirmed: seen in this channel',
  interpolated: 'interpolated: seen in the channels before and after this one',
  inferred:
    'inferred: not seen in this channel, concluded from when it came and went; `nidify update` makes sure',
  unverified: 'unverified: taken from nidify.jsonc as it stands; `nidify update` makes sure',
};

export const precisionWords: Record<Toolchain['precision'], string> = {
  exact: 'the whole version is known',
  minor: 'known to the minor version',
  line: 'known to the line: the patch level is what the pinned revision has',
};
