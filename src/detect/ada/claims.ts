import type { Claims } from '../../scan/types.ts';

export const adaClaims: Claims = { names: ['alire.toml'], endings: ['.gpr'] };
