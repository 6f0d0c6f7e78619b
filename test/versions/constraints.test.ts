import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ConstraintGrammar, constraintSet } from '../../src/versions/constraints.ts';
import { contains, everything } from '../../src/versions/interval.ts';
import { parseTuple } from '../../src/versions/tuple.ts';

function allows(grammar: ConstraintGrammar, constraint: string, version: string): boolean {
  const set = constraintSet(constraint, grammar);
  if (set === null) throw new Error(`not understood: ${constraint}`);
  return contains(set, parseTuple(version) ?? []);
}

describe('constraints', () => {
  test.each<[ConstraintGrammar, string, string[], string[]]>([
    ['cabal', '>=4.7 && <5', ['4.7', '4.20.1'], ['4.6.9', '5']],
    ['cabal', '^>=4.18.1', ['4.18.1', '4.18.2'], ['4.18.0', '4.19']],
    ['cabal', '^>=4', ['4', '4.0.5'], ['4.1']],
    ['cabal', '==9.2.* || ==9.4.8', ['9.2.7', '9.4.8'], ['9.4.7', '9.3']],
    ['cabal', '(>=8.10 && <9) || ==9.6.*', ['8.10.7', '9.6.1'], ['9.0.2']],
    ['cabal', '>=8 || ==1.0 && <0.5', ['8'], ['1.0']],
    ['opam', '>= "4.08" & < "5.2~"', ['4.08', '4.14.1', '5.1.1'], ['4.07', '5.2']],
    ['opam', '>= "5.0~alpha1"', ['5.0'], ['4.14']],
    ['opam', '= "4.14.1" | >= "5.1"', ['4.14.1', '5.3'], ['4.14.2', '5.0']],
    ['opam', '!= "5.0.0"', ['4.14', '5.0.1'], ['5.0.0']],
    ['nimble', '>= 1.6.0 & < 2.0.0', ['1.6.20'], ['1.4', '2.0']],
    ['nimble', '^= 1.2.2', ['1.2.2', '1.9'], ['1.2.1', '2.0.0']],
    ['nimble', '^= 0.3.1', ['0.3.9'], ['0.4.0']],
    ['nimble', '~= 1.2.3', ['1.2.9'], ['1.3.0']],
    ['nimble', '2.0.0', ['2.0.0'], ['2.0.1']],
    ['shards', '1.4.1', ['1.4.1', '1.19', '2.0'], ['1.4.0']],
    ['shards', '~> 1.6', ['1.6', '1.20'], ['1.5', '2.0']],
    ['shards', '~> 1.6.1', ['1.6.9'], ['1.7.0']],
    ['shards', '>= 0.36.1, < 2.0.0', ['1.0.0'], ['0.36.0', '2.0.0']],
  ])('of %s: %s', (grammar, constraint, inside, outside) => {
    expect(inside.filter((version) => !allows(grammar, constraint, version))).toEqual([]);
    expect(outside.filter((version) => allows(grammar, constraint, version))).toEqual([]);
  });

  test('allow everything where they say so', () => {
    expect(constraintSet('*', 'shards')).toEqual(everything);
    expect(constraintSet('-any', 'cabal')).toEqual(everything);
  });

  test.each<[ConstraintGrammar, string]>([
    ['cabal', '>='],
    ['cabal', '(>=1'],
    ['cabal', '>=1 &&'],
    ['cabal', '~> 1.0'],
    ['nimble', '#head'],
    ['opam', '>= version'],
    ['shards', '^1.0'],
  ])('of %s that are none are not guessed: %s', (grammar, text) => {
    expect(constraintSet(text, grammar)).toBeNull();
  });

  const part = fc.nat({ max: 30 });
  const version = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));

  test('an "and" is in both sides, an "or" in one', () => {
    const clause = fc.tuple(fc.constantFrom('<', '<=', '>', '>='), version).map((words) => words.join(' '));
    fc.assert(
      fc.property(clause, clause, version, (a, b, release) => {
        const [left, right] = [allows('cabal', a, release), allows('cabal', b, release)];
        expect(allows('cabal', `${a} && ${b}`, release)).toBe(left && right);
        expect(allows('opam', `${a} | ${b}`, release)).toBe(left || right);
      }),
    );
  });

  test('a pessimistic one holds its own version and not the next', () => {
    fc.assert(
      fc.property(part, part, part, (a, b, c) => {
        expect(allows('shards', `~> ${a}.${b}.${c}`, `${a}.${b}.${c}`)).toBe(true);
        expect(allows('shards', `~> ${a}.${b}.${c}`, `${a}.${b + 1}`)).toBe(false);
        expect(allows('cabal', `^>=${a}.${b}.${c}`, `${a}.${b + 1}`)).toBe(false);
      }),
    );
  });

  test('whatever they hold, reading them ends', () => {
    const grammar = fc.constantFrom<ConstraintGrammar>('cabal', 'opam', 'nimble', 'shards');
    const pieces = fc.constantFrom('(', ')', '&&', '||', ',', '>=', '^>=', '~>', '1.2', '"', '*', ' ');
    const text = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 60 }).map((words) => words.join('')),
    );
    fc.assert(
      fc.property(grammar, text, (each, words) => {
        constraintSet(words, each);
      }),
    );
  });
});
