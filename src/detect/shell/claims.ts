import type { Claims } from '../../scan/types.ts';

/** Scripts lie in every repository: they are a project of their own only where there is no other. */
export const shellLast: Claims = {
  hints: { endings: ['.sh', '.bash', '.ksh', '.zsh', '.fish', '.bats'] },
};
