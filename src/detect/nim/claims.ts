import type { Claims } from '../../scan/types.ts';

/** Nimble's packages, its lock file. */
export const nimClaims: Claims = {
  endings: ['.nimble'],
  locks: ['nimble.lock'],
};
