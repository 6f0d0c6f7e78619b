/** Which versions a fact can be: what is known of it, as an interval. */
import { atLeast, beginningWith, type Interval, overlapOf, point } from '../versions/interval.ts';
import { parseTuple } from '../versions/tuple.ts';
import type { Line, LineFact } from './types.ts';

const anything: Interval = { from: [], to: null };

/** All versions of a line: `22` is from 22 up to 23. A line with a name can be anything. */
export function rangeOf(line: string): Interval {
  const numbers = parseTuple(line);
  return numbers === null ? anything : beginningWith(numbers);
}

/** Lines that are taken only when they are asked for by name: `pypy3.11`, `rustup`. */
export function isByName({ line }: Pick<Line, 'line'>): boolean {
  return line !== 'default' && parseTuple(line) === null;
}

/** The versions that the pinned revision may have. */
export function possibleVersions(
  line: string,
  { version, precision, atLeast: lowest }: Pick<LineFact, 'version' | 'precision' | 'atLeast'>,
): Interval {
  const numbers = version === null ? null : parseTuple(version);
  if (numbers !== null && precision === 'exact') return point(numbers);
  const range = numbers === null ? rangeOf(line) : beginningWith(numbers);
  const known = lowest === undefined ? null : parseTuple(lowest);
  return known === null ? range : overlapOf(range, atLeast(known));
}
