import { compared, type Operator } from './comparison.ts';
import { atLeast, below, everything, intersection, type VersionSet } from './interval.ts';
import { nextPrefix, parseTuple } from './tuple.ts';

const clause =
  /^(?<operator>~>|!=|[<>]=?|=)?\s*v?(?<numbers>\d{1,9}(?:\.\d{1,9}){0,3})(?<pre>-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

/**
 * Terraform's and OpenTofu's version constraints, joined by commas
 * (https://developer.hashicorp.com/terraform/language/expressions/version-constraints): `~>` lets only the last
 * number grow, so `~> 1.5` ends before 2 and `~> 1.5.2` before 1.6; `~> 1` has no end.
 *
 * @returns null for what is no constraint
 */
export function terraformSet(text: string): VersionSet | null {
  const clauses = text.split(',').map((each) => each.trim());
  const sets = clauses.map(clauseSet);
  return sets.every((set) => set !== null) ? intersection(sets) : null;
}

function clauseSet(text: string): VersionSet | null {
  if (text === '') return everything;
  const { operator = '=', numbers, pre } = clause.exec(text)?.groups ?? {};
  const version = numbers === undefined ? null : parseTuple(numbers);
  if (version === null) return null;
  if (operator === '~>') {
    const start = atLeast(version);
    return version.length === 1
      ? [start]
      : intersection([[start], [below(nextPrefix(version.slice(0, -1)))]]);
  }
  return compared(operator as Operator, version, pre === undefined ? 'release' : 'pre');
}
