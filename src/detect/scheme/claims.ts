import type { Claims } from '../../scan/types.ts';

/** Manifests of Haunt and Hall. */
export const schemeClaims: Claims = { presence: ['haunt.scm', 'hall.scm'] };

/** Sources without a manifest. */
export const schemeLast: Claims = { hints: { endings: ['.scm', '.egg'] } };
