import { compared, type Operator, type Side } from './comparison.ts';
import { intersection, union, type VersionSet } from './interval.ts';
import { nextPrefix, parseTuple, type Tuple } from './tuple.ts';

/**
 * A requirement as Elixir, Hex and Gleam write it (https://hexdocs.pm/elixir/Version.html#module-requirements), as
 * a set of releases: comparisons joined by `and`, alternatives by `or`; a bare version is that version alone.
 *
 * @returns null for what is no requirement
 */
export function hexSet(text: string): VersionSet | null {
  const alternatives = text.trim().split(/\s+or\s+/);
  const sets = alternatives.map((alternative) => {
    const parts = alternative.split(/\s+and\s+/).map(comparisonSet);
    return parts.every((part) => part !== null) ? intersection(parts) : null;
  });
  return sets.every((set) => set !== null) ? union(sets.flat()) : null;
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
  if (operator === '~>') return approximately(version, side);
  const known = operators[operator];
  return known === undefined ? null : compared(known, version, side);
}

/** `~> 2.1` ends before 3, `~> 2.1.3` before 2.2; `~> 2` is no requirement. */
function approximately(version: Tuple, side: Side): VersionSet | null {
  if (version.length < 2) return null;
  return intersection([
    compared('>=', version, side),
    [{ from: [], to: nextPrefix(version.slice(0, version.length - 1)) }],
  ]);
}
