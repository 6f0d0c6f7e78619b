import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** Nimble's packages, its lock file, and files that version managers read. */
export const nimClaims: Claims = {
  names: [...versionFileClaims.names],
  endings: ['.nimble'],
  locks: ['nimble.lock'],
  suffixes: versionFileClaims.suffixes,
};
