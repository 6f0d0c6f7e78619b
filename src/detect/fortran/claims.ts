import type { Claims } from '../../scan/types.ts';

export const fortranClaims: Claims = { names: ['fpm.toml'] };
