import type { Evidence, Severity } from '../../plan/schema.ts';
import type { FindingNeed } from '../types.ts';

/** A finding among the needs. */
export function findingNeed(
  code: string,
  severity: Severity,
  message: string,
  hint: string | null,
  because: Evidence[],
): FindingNeed {
  return { kind: 'finding', code, severity, message, hint, because };
}
