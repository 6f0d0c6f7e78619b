import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** Packages (https://docs.racket-lang.org/pkg/metadata.html), and the module that a package runs as. */
export const racketClaims: Claims = {
  names: ['info.rkt', ...versionFileClaims.names],
  suffixes: versionFileClaims.suffixes,
  hints: { names: ['main.rkt'] },
  versionTools: ['racket'],
};

/** Programs without a package. */
export const racketLast: Claims = { hints: { endings: ['.rkt'] } };
