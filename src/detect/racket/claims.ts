import type { Claims } from '../../scan/types.ts';

/** Packages (https://docs.racket-lang.org/pkg/metadata.html), and the module that a package runs as. */
export const racketClaims: Claims = { names: ['info.rkt'], hints: { names: ['main.rkt'] } };

/** Programs without a package. */
export const racketLast: Claims = { hints: { endings: ['.rkt'] } };
