import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** Dune's projects, opam's packages and their lock files, and files that version managers read. */
export const ocamlClaims: Claims = {
  names: ['dune-project', 'dune', 'opam', 'lock.dune', ...versionFileClaims.names],
  endings: ['.opam', '.locked'],
  suffixes: versionFileClaims.suffixes,
  presence: ['.ocamlformat', 'dune-workspace'],
};
