import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexSet } from '../../src/versions/hex.ts';
import { contains } from '../../src/versions/interval.ts';
import { readRequest } from '../../src/versions/request.ts';

const has = (requirement: string, version: string) => {
  const set = hexSet(requirement);
  return set === null ? null : contains(set, version.split('.').map(Number));
};

type Version = [number, number, number];
const part = fc.integer({ min: 0, max: 4 });
const version = fc.tuple(part, part, part);
const order = (a: Version, b: Version) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
const text = (value: readonly number[]) => value.join('.');

/** A comparison with what Elixir's documentation says it means, in words of numbers. */
const comparison = fc.oneof(
  fc.tuple(fc.constantFrom('==', '!=', '>', '>=', '<', '<=', ''), version).map(([operator, bound]) => ({
    text: operator === '' ? text(bound) : `${operator} ${text(bound)}`,
    holds: (given: Version) => {
      const difference = order(given, bound);
      if (operator === '!=') return difference !== 0;
      if (operator.startsWith('>')) return difference > 0 || (operator === '>=' && difference === 0);
      if (operator.startsWith('<')) return difference < 0 || (operator === '<=' && difference === 0);
      return difference === 0;
    },
  })),
  version.map((bound) => ({
    text: `~> ${text(bound)}`,
    holds: (given: Version) => order(given, bound) >= 0 && given[0] === bound[0] && given[1] === bound[1],
  })),
  fc.tuple(part, part).map(([major, minor]) => ({
    text: `~> ${major}.${minor}`,
    holds: (given: Version) => given[0] === major && given[1] >= minor,
  })),
);

describe('a requirement of Elixir', () => {
  it('means what its documentation says', () => {
    const alternatives = fc.array(fc.array(comparison, { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(alternatives, version, (all, given) => {
        const requirement = all.map((each) => each.map((one) => one.text).join(' and ')).join(' or ');
        const holds = all.some((each) => each.every((one) => one.holds(given)));
        expect(has(requirement, text(given)), requirement).toBe(holds);
      }),
    );
  });

  it('may be written without spaces, and name a pre-release', () => {
    expect(has('~>1.14', '1.19.0')).toBe(true);
    expect(has('>=1.0.0 and <2.0.0', '2.0.0')).toBe(false);
    expect(has('~> 1.17.0-rc.1', '1.17.0')).toBe(true);
    expect(has('~> 1.17.0-rc.1', '1.18.0')).toBe(false);
  });

  it.each(['~> 2', 'latest', '1.2.3.4', '>= ', '~> 1.0 and', '1.0 || 2.0'])('is none: %s', (requirement) => {
    expect(hexSet(requirement)).toBeNull();
  });

  it('takes no longer than its length, and never throws', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (given) => void hexSet(given)));
    fc.assert(fc.property(fc.string(), (raw) => void readRequest({ raw, scheme: 'hex' })));
  });
});
