import type { Claims } from '../../scan/types.ts';

/** Manifests of Haunt, Hall and Racket's packages. */
export const schemeClaims: Claims = { presence: ['haunt.scm', 'hall.scm', 'info.rkt'] };

/** Sources without a manifest. */
export const schemeLast: Claims = { hints: { endings: ['.scm', '.rkt', '.egg'] } };
