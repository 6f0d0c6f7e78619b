import type { Claims } from '../../scan/types.ts';

/** COBOL has no manifest: sources are a project where nothing else is. */
export const cobolLast: Claims = { hints: { endings: ['.cbl', '.cob', '.cobol', '.CBL', '.COB'] } };
