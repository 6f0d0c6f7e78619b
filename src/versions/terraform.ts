import { compared, fromUpTo, type Operator } from './comparison.ts';
import { allOf, atLeast, everything, type VersionSet } from './interval.ts';
import { parseTuple, pessimisticEnd } from './tuple.ts';

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
  return allOf(text.split(',').map((each) => clauseSet(each.trim())));
}

function clauseSet(text: string): VersionSet | null {
  if (text === '') return everything;
  const { operator = '=', numbers, pre } = clause.exec(text)?.groups ?? {};
  const version = numbers === undefined ? null : parseTuple(numbers);
  if (version === null) return null;
  if (operator === '~>')
    return version.length === 1 ? [atLeast(version)] : fromUpTo(version, pessimisticEnd(version));
  return compared(operator as Operator, version, pre === undefined ? 'release' : 'pre');
}
