import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** What announces Gleam: manifests, lock files, version files. */
export const gleamClaims: Claims = {
  names: ['gleam.toml', ...versionFileClaims.names],
  locks: ['manifest.toml'],
  suffixes: versionFileClaims.suffixes,
  versionTools: ['gleam'],
};
