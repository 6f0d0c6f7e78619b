import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composerSet } from '../../src/versions/composer.ts';
import { gemSet } from '../../src/versions/gem.ts';
import { contains, type VersionSet } from '../../src/versions/interval.ts';
import { readRequest } from '../../src/versions/request.ts';
import { compare, parseTuple, type Tuple } from '../../src/versions/tuple.ts';

const small = fc.integer({ min: 0, max: 4 });
const release = fc.tuple(small, small, small);
const partial = fc.array(small, { minLength: 1, maxLength: 3 });
const text = (version: readonly number[]) => version.join('.');

function has(set: VersionSet | null, version: string): boolean | null {
  const numbers = parseTuple(version);
  return set === null || numbers === null ? null : contains(set, numbers);
}

const comparisons: Record<string, (difference: number) => boolean> = {
  '=': (difference) => difference === 0,
  '!=': (difference) => difference !== 0,
  '>': (difference) => difference > 0,
  '>=': (difference) => difference >= 0,
  '<': (difference) => difference < 0,
  '<=': (difference) => difference <= 0,
};

/** Whether a version begins with these numbers. */
const begins = (version: Tuple, with_: Tuple) => with_.every((part, at) => version[at] === part);

describe('requirements of RubyGems', () => {
  /** As Gem::Requirement decides: the pessimistic operator compares all but the last number. */
  const satisfies = (operator: string, wanted: Tuple, version: Tuple) =>
    operator === '~>'
      ? compare(version, wanted) >= 0 && begins(version, wanted.slice(0, Math.max(1, wanted.length - 1)))
      : comparisons[operator]?.(compare(version, wanted));
  const clause = fc.tuple(fc.constantFrom(...Object.keys(comparisons), '~>'), partial);

  test('a release is in the set exactly when all of them are satisfied', () => {
    fc.assert(
      fc.property(fc.array(clause, { minLength: 1, maxLength: 3 }), release, (clauses, version) => {
        const written = clauses.map(([operator, wanted]) => `${operator} ${text(wanted)}`).join(', ');
        const expected = clauses.every(([operator, wanted]) => satisfies(operator, wanted, version));
        expect(has(gemSet(written), text(version))).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['3.2', '3.2.0', true],
    ['3.2', '3.2.1', false],
    ['~> 3.2', '3.4.1', true],
    ['~> 3.2.0', '3.3.0', false],
    ['~>3', '4.0', false],
    ['>= 3.4.0.rc1', '3.4.0', true],
    ['>= 3.1, < 3.4', '3.3.9', true],
  ])('%s and %s: %s', (requirement, version, expected) => {
    expect(has(gemSet(requirement), version)).toBe(expected);
  });

  test.each(['', '~>', 'ruby', '^3.2', '>= 3 < 4', '3.2 ||'])('%j is none', (requirement) => {
    expect(gemSet(requirement)).toBeNull();
  });
});

describe("Composer's constraints", () => {
  const satisfies = (operator: string, wanted: Tuple, version: Tuple) => {
    if (operator === '~') {
      return (
        compare(version, wanted) >= 0 && begins(version, wanted.slice(0, Math.max(1, wanted.length - 1)))
      );
    }
    if (operator === '^') {
      const leading = wanted.findIndex((part) => part !== 0);
      const kept = wanted.slice(0, (leading === -1 ? wanted.length - 1 : leading) + 1);
      return compare(version, wanted) >= 0 && begins(version, kept);
    }
    if (operator === '') return wanted.length < 3 ? begins(version, wanted) : compare(version, wanted) === 0;
    return comparisons[operator]?.(compare(version, wanted));
  };
  const operators = fc.constantFrom('>', '>=', '<', '<=', '!=', '^', '~', '');
  const clause = fc.tuple(operators, partial);
  const alternative = fc.array(clause, { minLength: 1, maxLength: 3 });

  test('a release is in the set exactly when an alternative is satisfied', () => {
    fc.assert(
      fc.property(
        fc.array(alternative, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(' ', ',', ', '),
        fc.constantFrom('||', ' || ', '|'),
        release,
        (alternatives, and, or, version) => {
          const written = alternatives
            .map((clauses) => clauses.map(([operator, wanted]) => `${operator}${text(wanted)}`).join(and))
            .join(or);
          const expected = alternatives.some((clauses) =>
            clauses.every(([operator, wanted]) => satisfies(operator, wanted, version)),
          );
          expect(has(composerSet(written), text(version))).toBe(expected);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['^8.1', '8.4.2', true],
    ['^8.1', '9.0', false],
    ['~8.1', '8.4', true],
    ['~8.1.0', '8.2.0', false],
    ['8.*', '8.3.1', true],
    ['8.1.x', '8.2.0', false],
    ['7.2 - 8.0', '8.0.30', true],
    ['7.2 - 8.0', '8.1.0', false],
    ['7.2.5 - 8.0.3', '8.0.4', false],
    ['>= 7.4 < 8.3', '8.2.9', true],
    ['>=7.4 <8.3', '8.3.0', false],
    ['^7.4 || ^8.0', '8.2', true],
    ['^7.3|^8.0', '7.2', false],
    ['>=8.2@dev', '8.2.0', true],
    ['<8.5-dev', '8.4.9', true],
    ['*', '5.3', true],
    ['!=8.2.*', '8.2.4', false],
    ['v8.1.2', '8.1.2', true],
  ])('%s and %s: %s', (constraint, version, expected) => {
    expect(has(composerSet(constraint), version)).toBe(expected);
  });

  test.each(['', '^', 'dev-main', '8.1 ||', '>=', 'self.version'])('%j is none', (constraint) => {
    expect(composerSet(constraint)).toBeNull();
  });
});

test('both stay linear, whatever the text', () => {
  for (const scheme of ['gem', 'composer'] as const) {
    for (const part of ['>=', '1.', '||', '^1 ', '-', '*.', '~> ']) {
      const started = performance.now();
      readRequest({ raw: part.repeat(60), scheme });
      expect(performance.now() - started).toBeLessThan(50);
    }
    expect(readRequest({ raw: '1'.repeat(10_000), scheme })).toEqual({ kind: 'unknown' });
  }
});
