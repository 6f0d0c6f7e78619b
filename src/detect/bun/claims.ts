import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** What announces Bun: its lock files and configuration; scripts of a manifest may call it too. */
export const bunClaims: Claims = {
  names: ['package.json', 'bunfig.toml', '.bun-version', ...versionFileClaims.names],
  locks: ['bun.lock'],
  suffixes: versionFileClaims.suffixes,
  presence: ['bun.lockb'],
  versionTools: ['bun'],
};
