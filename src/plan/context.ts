import type { Catalogue } from '../catalogue/types.ts';
import type { Config } from '../config/schema.ts';
import type { Need } from '../detect/types.ts';
import type { Lock } from '../lock/types.ts';
import type { Inventory } from '../scan/types.ts';
import type { Asked, Evidence, Finding, Severity } from './schema.ts';

/** Everything that a plan is made of: plain values, no clock, no host. */
export interface PlanContext {
  needs: readonly Need[];
  inventory: Inventory;
  catalogue: Catalogue;
  config: Config;
  /** What a command asked for, now or before; the configuration has it already. */
  asked: Asked;
  /** Path of the project that this is only for; null for all. */
  project?: string | null;
  /** What an earlier run decided; kept while it still satisfies. */
  locked: Lock | null;
}

/** Needs of one kind. */
export function needsOf<K extends Need['kind']>(
  needs: readonly Need[],
  kind: K,
): Extract<Need, { kind: K }>[] {
  return needs.filter((need): need is Extract<Need, { kind: K }> => need.kind === kind);
}

/** Whether anything was found that an environment can be made for: vague evidence of containers is nothing. */
export function isSubstantial(need: Need): boolean {
  return (
    need.kind !== 'finding' &&
    need.kind !== 'system-package' &&
    !(need.kind === 'nested-container' && need.confidence === 'low')
  );
}

export function finding(
  code: string,
  severity: Severity,
  message: string,
  hint: string | null,
  because: readonly Evidence[],
): Finding {
  return { code, severity, message, hint, because: [...because] };
}

/** Where a decision of the configuration stands. */
export function configEvidence(rule: string): Evidence {
  return { file: 'nidify.jsonc', line: null, text: '', rule: `config/${rule}` };
}

/** `file:line` of the first evidence, for messages. */
export function place(because: readonly Evidence[]): string {
  const first = because[0];
  if (first === undefined) return 'the defaults';
  return first.line === null ? first.file : `${first.file}:${first.line}`;
}

/** More than anybody reads, and than the places of one thing in a repository that people write. */
const maxEvidence = 500;

/** Evidence without repetitions, in the order given. */
export function merged(...lists: readonly (readonly Evidence[])[]): Evidence[] {
  const found = new Map<string, Evidence>();
  for (const list of lists) {
    for (const each of list) {
      if (found.size === maxEvidence) return [...found.values()];
      const key = `${each.file}\0${each.line}\0${each.rule}`;
      if (!found.has(key)) found.set(key, each);
    }
  }
  return [...found.values()];
}

/** By code unit: the same on every machine. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
