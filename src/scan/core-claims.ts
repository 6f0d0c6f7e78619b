import type { Claims } from './types.ts';

/** What nidify itself reads: its configuration and what it has written before. */
export const coreClaims: Claims = { names: ['nidify.jsonc', 'nidify.lock'] };
