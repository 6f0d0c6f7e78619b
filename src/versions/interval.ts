/** Sets of versions as unions of half-open intervals. */
import { after, compare, nextPrefix, type Tuple } from './tuple.ts';

/** From `from` up to, but not including, `to`; null: without end. */
export interface Interval {
  from: Tuple;
  to: Tuple | null;
}

/** Sorted, disjoint, none empty. Only releases are meant: a pre-release is in no set. */
export type VersionSet = readonly Interval[];

export const everything: VersionSet = [{ from: [], to: null }];

export function atLeast(version: Tuple): Interval {
  return { from: version, to: null };
}

export function below(version: Tuple): Interval {
  return { from: [], to: version };
}

export function point(version: Tuple): Interval {
  return { from: version, to: after(version) };
}

/** All versions that begin so: `3.11` is from 3.11 up to 3.12. */
export function beginningWith(version: Tuple): Interval {
  return { from: version, to: nextPrefix(version) };
}

/** What is in at least one of the intervals. */
export function union(intervals: readonly Interval[]): VersionSet {
  const sorted = intervals.filter((each) => !isEmpty(each)).sort((a, b) => compare(a.from, b.from));
  const merged: Interval[] = [];
  for (const each of sorted) {
    const last = merged.at(-1);
    if (last === undefined || (last.to !== null && compare(last.to, each.from) < 0)) merged.push(each);
    else merged[merged.length - 1] = { from: last.from, to: later(last.to, each.to) };
  }
  return merged;
}

/** What is in all of the sets. */
export function intersection(sets: readonly VersionSet[]): VersionSet {
  return sets.reduce(
    (left, right) => union(left.flatMap((a) => right.map((b) => overlapOf(a, b)))),
    everything,
  );
}

/** What is in all of the sets of a text's parts; null where one was not understood. */
export function allOf(sets: readonly (VersionSet | null)[]): VersionSet | null {
  return sets.every((set) => set !== null) ? intersection(sets) : null;
}

/** What is in at least one of the sets of a text's parts; null where one was not understood. */
export function anyOf(sets: readonly (VersionSet | null)[]): VersionSet | null {
  return sets.every((set) => set !== null) ? union(sets.flat()) : null;
}

/** What is not in the interval. */
export function complement({ from, to }: Interval): VersionSet {
  return union(to === null ? [below(from)] : [below(from), atLeast(to)]);
}

export function contains(set: VersionSet, version: Tuple): boolean {
  return set.some(({ from, to }) => compare(version, from) >= 0 && (to === null || compare(version, to) < 0));
}

/** How much of an interval is in the set. */
export function coverage(set: VersionSet, interval: Interval): 'all' | 'some' | 'none' {
  const parts = set.map((each) => overlapOf(each, interval)).filter((each) => !isEmpty(each));
  if (parts.length === 0) return 'none';
  return parts.some((part) => isSame(part, interval)) ? 'all' : 'some';
}

export function overlapOf(a: Interval, b: Interval): Interval {
  const from = compare(a.from, b.from) >= 0 ? a.from : b.from;
  if (a.to === null || b.to === null) return { from, to: a.to ?? b.to };
  return { from, to: compare(a.to, b.to) <= 0 ? a.to : b.to };
}

function isEmpty({ from, to }: Interval): boolean {
  return to !== null && compare(from, to) >= 0;
}

function isSame(a: Interval, b: Interval): boolean {
  const sameEnd = a.to === null || b.to === null ? a.to === b.to : compare(a.to, b.to) === 0;
  return sameEnd && compare(a.from, b.from) === 0;
}

function later(a: Tuple | null, b: Tuple | null): Tuple | null {
  if (a === null || b === null) return null;
  return compare(a, b) >= 0 ? a : b;
}
