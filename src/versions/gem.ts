import { compared, fromUpTo, type Operator } from './comparison.ts';
import { allOf, type VersionSet } from './interval.ts';
import { parseTuple, pessimisticEnd } from './tuple.ts';

const requirement =
  /^(?<operator>~>|>=|<=|!=|=|>|<)?\s*(?<numbers>\d+(?:\.\d+)*)(?<rest>[.-]?[0-9A-Za-z.-]*)$/;

/**
 * Requirements of RubyGems, joined by commas, as a set of releases
 * (https://guides.rubygems.org/patterns/#declaring-dependencies). Versions are compared after trailing zeros:
 * a bare `3.2` is 3.2.0 alone.
 *
 * @returns null for what is no requirement
 */
export function gemSet(text: string): VersionSet | null {
  return allOf(text.split(',').map((clause) => clauseSet(clause.trim())));
}

function clauseSet(clause: string): VersionSet | null {
  const { operator = '=', numbers, rest = '' } = requirement.exec(clause)?.groups ?? {};
  const version = numbers === undefined ? null : parseTuple(numbers);
  if (version === null) return null;
  // A segment with letters (3.4.0.rc1, 3.4.0-preview2) is a pre-release.
  const side = rest === '' ? 'release' : 'pre';
  if (operator === '~>') return fromUpTo(version, pessimisticEnd(version), side);
  return compared(operator as Operator, version, side);
}
