import type { Evidence, Severity } from '../../plan/schema.ts';
import type { FindingNeed } from '../types.ts';

export function finding(
  code: string,
  severity: Severity,
  message: string,
  hint: string | null,
  because: Evidence[],
): FindingNeed {
  return { kind: 'finding', code, severity, message, hint, because };
}
