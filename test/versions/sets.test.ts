import pep440 from '@renovatebot/pep440';
import fc from 'fast-check';
import semver from 'semver';
import { describe, expect, test } from 'vitest';
import { contains, type VersionSet } from '../../src/versions/interval.ts';
import { pep440Set, poetrySet } from '../../src/versions/pep440.ts';
import { semverSet } from '../../src/versions/semver.ts';
import { parseTuple } from '../../src/versions/tuple.ts';

const small = fc.integer({ min: 0, max: 4 });
const release = fc.tuple(small, small, small).map((parts) => parts.join('.'));
const partial = fc.array(small, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));

function has(set: VersionSet | null, version: string): boolean | null {
  const numbers = parseTuple(version);
  return set === null || numbers === null ? null : contains(set, numbers);
}

describe('npm ranges', () => {
  const operator = fc.constantFrom('', '^', '~', '>=', '>', '<', '<=', '=');
  const operand = fc.oneof(
    partial,
    fc.tuple(release, fc.constantFrom('-rc.1', '-0')).map((parts) => parts.join('')),
    fc.constantFrom('1.x', '2.*', '*', 'x'),
  );
  const comparator = fc.tuple(operator, operand).map((parts) => parts.join(''));
  const clause = fc.oneof(
    fc.array(comparator, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' ')),
    fc.tuple(partial, partial).map(([from, to]) => `${from} - ${to}`),
  );
  const range = fc.array(clause, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' || '));

  test('a release is in the set exactly when npm says that it satisfies', () => {
    fc.assert(
      fc.property(range, release, (text, version) => {
        fc.pre(semver.validRange(text, { loose: true }) !== null);
        expect(has(semverSet(text), version)).toBe(semver.satisfies(version, text, { loose: true }));
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['>=18, <21', '20.0.0', true],
    ['>=18, <21', '21.0.0', false],
    ['>=18.0.0-rc.1', '18.0.0', true],
    ['<18.0.0-rc.1', '18.0.0', false],
    ['22.0.0-rc.1', '22.0.0', false],
  ])('%s and %s: %s', (range, version, expected) => {
    expect(has(semverSet(range), version)).toBe(expected);
  });

  test.each(['latest', 'github:nodejs/node', '>=', '^^1'])('%s is no range', (text) => {
    expect(semverSet(text)).toBeNull();
  });
});

describe('Python specifiers', () => {
  // Three numbers or more: the library does not pad "3" with zeros for "==3.0.*", as the specification does.
  const version = fc.oneof(
    release,
    fc.tuple(small, small, small, small).map((parts) => parts.join('.')),
  );
  const wild = fc.tuple(fc.constantFrom('==', '!='), partial).map(([op, text]) => `${op}${text}.*`);
  const compatible = fc.tuple(small, small).map((parts) => `~=${parts.join('.')}`);
  const plain = fc
    .tuple(fc.constantFrom('==', '!=', '>=', '<=', '>', '<', '==='), release)
    .map((parts) => parts.join(''));
  const pre = fc
    .tuple(fc.constantFrom('>=', '<', '<=', '~='), release)
    .map((parts) => `${parts.join('')}rc1`);
  const post = fc.tuple(fc.constantFrom('>=', '<=', '>'), release).map((parts) => `${parts.join('')}.post1`);
  const specifier = fc.oneof(wild, compatible, plain, pre, post);
  const specifiers = fc.array(specifier, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(', '));

  test('a release is in the set exactly when the library says that it satisfies', () => {
    fc.assert(
      fc.property(specifiers, version, (text, candidate) => {
        // "===" compares texts: only the same spelling counts there.
        fc.pre(!text.includes('===') || candidate.split('.').length === 3);
        expect(has(pep440Set(text), candidate)).toBe(pep440.satisfies(candidate, text));
      }),
      { numRuns: 3000 },
    );
  });

  // Where the library is simpler than the specification: a release is newer than its own pre-release.
  test.each([
    ['>3.13.0rc1', '3.13.0', true],
    ['<3.9.post1', '3.9', true],
    ['>=3.6.*', '3.6.0', true],
    ['>=3.8,', '3.8.1', true],
    ['~=3.11', '3.14.2', true],
    ['~=3.11.2', '3.12.0', false],
    ['==3.0.*', '3', true],
  ])('%s and %s: %s', (specifiers, candidate, expected) => {
    expect(has(pep440Set(specifiers), candidate)).toBe(expected);
  });

  test.each(['^3.10', '3.11', 'python', '>=', '==1!3.0', '~=3'])('%s is no specifier set', (text) => {
    expect(pep440Set(text)).toBeNull();
  });
});

describe("Poetry's constraints", () => {
  test.each([
    ['^3.10', ['3.10', '3.14.1'], ['3.9.9', '4.0']],
    ['^0.2.3', ['0.2.3', '0.2.9'], ['0.3.0', '0.2.2']],
    ['^0.0.3', ['0.0.3'], ['0.0.4']],
    ['^0.0', ['0.0.9'], ['0.1']],
    ['^0', ['0.9'], ['1.0']],
    ['~3.11', ['3.11.9'], ['3.12']],
    ['~3', ['3.14'], ['4.0']],
    ['~1.2.3', ['1.2.3', '1.2.9'], ['1.3']],
    ['>=3.8,<3.12', ['3.8', '3.11.9'], ['3.12']],
    ['>=3.8 <3.12', ['3.11.9'], ['3.12']],
    ['>= 3.8, < 3.12', ['3.11.9'], ['3.12']],
    ['3.11.*', ['3.11.4'], ['3.12']],
    ['3.11', ['3.11.4'], ['3.12']],
    ['3.11.4', ['3.11.4'], ['3.11.5']],
    ['^2.7 || ^3.6', ['2.7.18', '3.13'], ['2.6', '4.0']],
    ['*', ['2.7', '3.14'], []],
    ['!=3.9.7,>=3.9', ['3.9.8'], ['3.9.7']],
    ['~=3.9', ['3.12'], ['4.0']],
  ])('%s', (constraint, inside, outside) => {
    const set = poetrySet(constraint);
    expect(inside.filter((version) => has(set, version) !== true)).toEqual([]);
    expect(outside.filter((version) => has(set, version) !== false)).toEqual([]);
  });

  test.each(['latest', '^', '{ version = "3" }', '^x'])('%s is none', (text) => {
    expect(poetrySet(text)).toBeNull();
  });
});
