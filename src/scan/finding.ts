import type { Finding, Severity } from '../plan/schema.ts';

/** A finding of the scan itself, about a path. */
export function scanFinding(
  code: string,
  severity: Severity,
  path: string,
  message: string,
  hint: string,
): Finding {
  return {
    code,
    severity,
    message,
    hint,
    because: [{ file: path, line: null, text: '', rule: 'scan' }],
  };
}
