import type { Claims } from '../../scan/types.ts';

/** The manifest of shards, and its lock file. Version managers' files are claimed already. */
export const crystalClaims: Claims = {
  names: ['shard.yml', '.crystal-version'],
  locks: ['shard.lock'],
};
