import type { Claims } from '../../scan/types.ts';

/** Notebooks: large and often changed, so hints only. */
export const notebookClaims: Claims = { hints: { endings: ['.ipynb'] } };
