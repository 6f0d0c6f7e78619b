import {
  atLeast,
  below,
  complement,
  type Interval,
  intersection,
  point,
  union,
  type VersionSet,
} from './interval.ts';
import { after, type Tuple } from './tuple.ts';

export type Operator = '<' | '<=' | '>' | '>=' | '=' | '!=';

/** Where the release that is named stands towards the version that is meant. */
export type Side = 'pre' | 'release' | 'post';

/**
 * Releases that compare so. A pre-release comes before its release, so `<2.0.0-rc.1` and `<=2.0.0-rc.1`
 * both end before 2.0.0, and `>2.0.0-rc.1` begins with it; a post-release comes after it. Neither is a
 * release itself: `=2.0.0-rc.1` is no release.
 */
export function compared(operator: Operator, version: Tuple, side: Side = 'release'): VersionSet {
  switch (operator) {
    case '>=':
      return [atLeast(side === 'post' ? after(version) : version)];
    case '>':
      return [atLeast(side === 'pre' ? version : after(version))];
    case '<':
      return union([below(side === 'post' ? after(version) : version)]);
    case '<=':
      return union([below(side === 'pre' ? version : after(version))]);
    case '=':
      return side === 'release' ? [point(version)] : [];
    case '!=':
      return side === 'release' ? complement(point(version)) : complement(nothing);
  }
}

/** Releases from a version up to, but not including, another. */
export function fromUpTo(version: Tuple, end: Tuple, side: Side = 'release'): VersionSet {
  return intersection([compared('>=', version, side), [below(end)]]);
}

const nothing: Interval = { from: [], to: [] };
