import type { ShownBuilder } from '../../build/attestation.ts';
import type { Built } from '../../build/build.ts';
import { bold, dim, green, type Line, yellow } from '../terminal/text.ts';

interface Shown {
  builders: readonly ShownBuilder[];
  memoryLimit: 'none' | 'enforced' | 'not-enforced';
  attestation: string | null;
  copiedTo: string | null;
}

const controls: Record<Built['proof']['control'], string> = {
  refused: 'with the sandbox off the same build found the bait',
  reached: 'the bait could be reached where the network is allowed',
  inconclusive: 'whether the bait works could not be shown: the caller may not turn the sandbox off',
};

/** What `nidify build` says to people. */
export function builtView(built: Built, { builders, memoryLimit, attestation, copiedTo }: Shown): Line[] {
  const bytes = built.paths.reduce((sum, { narSize }) => sum + narSize, 0);
  return [
    [bold(built.name), '  ', built.storePath],
    [
      dim(
        `  ${built.paths.length} store paths, ${mebibytes(bytes)}${built.isRemembered ? '; nothing had to be done' : ''}`,
      ),
    ],
    ['  ', green('sandbox'), `  held, proved ${built.provedAt}: ${controlOf(built)}`],
    ...builders.map(builderLine),
    ...(memoryLimit === 'not-enforced'
      ? [['  ', yellow('memory'), '  not limited: another process builds (the daemon)'] satisfies Line]
      : []),
    ...(attestation === null ? [] : [[dim(`  attested in ${attestation}`)] satisfies Line]),
    ...(copiedTo === null ? [] : [[dim(`  copied to ${copiedTo}`)] satisfies Line]),
  ];
}

function controlOf({ proof }: Built): string {
  return proof.here ? controls[proof.control] : 'nothing is built on this machine, only on its builders';
}

function builderLine({ builder, sandbox, control, reason, derivations }: ShownBuilder): Line {
  const built = derivations === 0 ? '' : `; ${derivations} built there`;
  if (sandbox === 'unproved') return ['  ', yellow('builder'), `  ${builder}: not proved: ${reason}${built}`];
  const shown =
    control === 'reached'
      ? 'a build that may use the network saw the routes there, a canary did not'
      : 'whether a canary could have seen its network could not be shown';
  return ['  ', green('builder'), `  ${builder}: sandbox held: ${shown}${built}`];
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}
