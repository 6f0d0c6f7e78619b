import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains } from '../../src/versions/interval.ts';
import { terraformSet } from '../../src/versions/terraform.ts';

const has = (constraint: string, version: string) => {
  const set = terraformSet(constraint);
  if (set === null) throw new Error(`not understood: ${constraint}`);
  return contains(set, version.split('.').map(Number));
};

describe("Terraform's constraints", () => {
  it.each([
    ['~> 1.5', '1.5.0', true],
    ['~> 1.5', '1.14.2', true],
    ['~> 1.5', '2.0.0', false],
    ['~> 1.5.2', '1.5.9', true],
    ['~> 1.5.2', '1.5.1', false],
    ['~> 1.5.2', '1.6.0', false],
    ['~> 1', '7.0.0', true],
    ['>= 1.2, < 2.0', '1.9.8', true],
    ['>=1.2,!=1.3.0', '1.3.0', false],
    ['1.5.7', '1.5.7', true],
    ['= 1.5.7', '1.5.8', false],
    ['>= 1.6.0-beta1', '1.6.0', true],
  ])('%s and %s: %s', (constraint, version, expected) => {
    expect(has(constraint, version)).toBe(expected);
  });

  it('are nothing else', () => {
    for (const text of ['latest', '>= a', '1.5 || 2', '^1.5', '1.x']) expect(terraformSet(text)).toBeNull();
  });

  it('mean the same as each clause by itself', () => {
    const part = fc.integer({ min: 0, max: 4 });
    const version = fc.tuple(part, part, part).map((parts) => parts.join('.'));
    const clause = fc
      .tuple(fc.constantFrom('>=', '<', '~>', '!=', '='), version)
      .map((each) => each.join(' '));
    fc.assert(
      fc.property(fc.array(clause, { minLength: 1, maxLength: 3 }), version, (clauses, wanted) => {
        expect(has(clauses.join(', '), wanted)).toBe(clauses.every((each) => has(each, wanted)));
      }),
    );
  });
});
