import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** What announces Rust: manifests, lock files, toolchain files, Cargo's own configuration. */
export const rustClaims: Claims = {
  names: [
    'Cargo.toml',
    'rust-toolchain.toml',
    'rust-toolchain',
    'clippy.toml',
    '.clippy.toml',
    'Trunk.toml',
    ...versionFileClaims.names,
  ],
  locks: ['Cargo.lock'],
  suffixes: ['.cargo/config.toml', '.cargo/config', '.config/nextest.toml', ...versionFileClaims.suffixes],
  versionTools: ['rust'],
};
