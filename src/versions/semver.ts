import Range from 'semver/classes/range.js';
import { compared } from './comparison.ts';
import { everything, intersection, union, type VersionSet } from './interval.ts';

/**
 * An npm range (https://github.com/npm/node-semver#ranges), read by npm's own parser, as a set of releases.
 * A comma where npm wants a space (`>=18, <21`) is forgiven.
 *
 * @returns null for what is no range
 */
export function semverSet(text: string): VersionSet | null {
  const range = rangeOf(text) ?? rangeOf(text.replaceAll(',', ' '));
  if (range === null) return null;
  return union(
    range.set.flatMap((comparators) =>
      intersection(
        comparators.map(({ operator, semver: { major, minor, patch, prerelease } }) => {
          // "*" is a comparator with a version that is none.
          if (major === undefined) return everything;
          const side = prerelease.length > 0 ? 'pre' : 'release';
          return compared(operator === '' ? '=' : operator, [major, minor, patch], side);
        }),
      ),
    ),
  );
}

function rangeOf(text: string): Range | null {
  try {
    return new Range(text, { loose: true });
  } catch {
    return null;
  }
}
