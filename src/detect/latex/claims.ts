import type { Claims } from '../../scan/types.ts';

/** What announces LaTeX: latexmk's configuration; documents are hints. */
export const latexClaims: Claims = {
  names: ['latexmkrc', '.latexmkrc'],
  hints: { endings: ['.tex'] },
};
