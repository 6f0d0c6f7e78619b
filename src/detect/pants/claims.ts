import type { Claims } from '../../scan/types.ts';

export const pantsClaims: Claims = { names: ['pants.toml'], presence: ['pants'] };
