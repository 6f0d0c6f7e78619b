import { compared, fromUpTo, type Operator, type Side } from './comparison.ts';
import { allOf, anyOf, type VersionSet } from './interval.ts';
import { parseTuple, pessimisticEnd } from './tuple.ts';

/**
 * A requirement as Elixir, Hex and Gleam write it (https://hexdocs.pm/elixir/Version.html#module-requirements), as
 * a set of releases: comparisons joined by `and`, alternatives by `or`; a bare version is that version alone.
 *
 * @returns null for what is no requirement
 */
export function hexSet(text: string): VersionSet | null {
  const alternatives = text.trim().split(/\s+or\s+/);
  return anyOf(alternatives.map((alternative) => allOf(alternative.split(/\s+and\s+/).map(comparisonSet))));
}

const comparison =
  /^(?<operator>~>|==|!=|>=|<=|>|<|!)?\s*(?<numbers>\d{1,9}(?:\.\d{1,9}){0,2})(?<pre>-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

const operators: Readonly<Record<string, Operator>> = {
  '': '=',
  '==': '=',
  '!=': '!=',
  '!': '!=',
  '>': '>',
  '>=': '>=',
  '<': '<',
  '<=': '<=',
};

function comparisonSet(text: string): VersionSet | null {
  const { operator = '', numbers, pre } = comparison.exec(text.trim())?.groups ?? {};
  const version = numbers === undefined ? null : parseTuple(numbers);
  if (version === null) return null;
  const side: Side = pre === undefined ? 'release' : 'pre';
  // `~> 2.1` ends before 3, `~> 2.1.3` before 2.2; `~> 2` is no requirement.
  if (operator === '~>') return version.length < 2 ? null : fromUpTo(version, pessimisticEnd(version), side);
  const known = operators[operator];
  return known === undefined ? null : compared(known, version, side);
}
