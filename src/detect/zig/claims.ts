import type { Claims } from '../../scan/types.ts';

/** Zig's build script and manifest. */
export const zigClaims: Claims = {
  names: ['build.zig', 'build.zig.zon', '.zigversion', '.zig-version'],
};
