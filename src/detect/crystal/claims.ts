import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** The manifest of shards, its lock file, and files that version managers read. */
export const crystalClaims: Claims = {
  names: ['shard.yml', '.crystal-version', '.ameba.yml', ...versionFileClaims.names],
  locks: ['shard.lock'],
  suffixes: versionFileClaims.suffixes,
};
