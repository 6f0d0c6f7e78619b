import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** Zig's build script and manifest, and files that version managers read. */
export const zigClaims: Claims = {
  names: ['build.zig', 'build.zig.zon', '.zigversion', '.zig-version', ...versionFileClaims.names],
  suffixes: versionFileClaims.suffixes,
};
