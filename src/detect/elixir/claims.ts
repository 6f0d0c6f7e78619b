import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** What announces Elixir: manifests, lock files, version files. */
export const elixirClaims: Claims = {
  names: [
    'mix.exs',
    '.elixir-version',
    '.exenv-version',
    'elixir_buildpack.config',
    ...versionFileClaims.names,
  ],
  locks: ['mix.lock'],
  suffixes: versionFileClaims.suffixes,
  presence: ['.formatter.exs', '.credo.exs'],
  versionTools: ['elixir'],
};
