import type { Claims } from '../../scan/types.ts';

/** Dune's projects, opam's packages and their lock files. */
export const ocamlClaims: Claims = {
  names: ['dune-project', 'dune', 'opam', 'lock.dune'],
  endings: ['.opam', '.locked'],
};
