import { compared, type Operator } from './comparison.ts';
import { intersection, type VersionSet } from './interval.ts';
import { nextPrefix, parseTuple, type Tuple } from './tuple.ts';

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
  const sets: VersionSet[] = [];
  for (const clause of text.split(',')) {
    const set = clauseSet(clause.trim());
    if (set === null) return null;
    sets.push(set);
  }
  return intersection(sets);
}

function clauseSet(clause: string): VersionSet | null {
  const { operator = '=', numbers, rest = '' } = requirement.exec(clause)?.groups ?? {};
  const version = numbers === undefined ? null : parseTuple(numbers);
  if (version === null) return null;
  // A segment with letters (3.4.0.rc1, 3.4.0-preview2) is a pre-release.
  const side = rest === '' ? 'release' : 'pre';
  if (operator !== '~>') return compared(operator as Operator, version, side);
  return intersection([compared('>=', version, side), [{ from: [], to: pessimisticEnd(version) }]]);
}

/** `~> 3.2.1` ends before 3.3, `~> 3.2` before 4, and so does `~> 3`. */
function pessimisticEnd(version: Tuple): Tuple {
  return nextPrefix(version.slice(0, Math.max(1, version.length - 1)));
}
