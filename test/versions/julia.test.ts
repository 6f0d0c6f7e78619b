import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contains } from '../../src/versions/interval.ts';
import { juliaSet } from '../../src/versions/julia.ts';

const has = (specifier: string, version: string) => {
  const set = juliaSet(specifier);
  if (set === null) throw new Error(`no specifier: ${specifier}`);
  return contains(set, version.split('.').map(Number));
};

test.each([
  // https://pkgdocs.julialang.org/v1/compatibility/#Caret-specifiers
  ['1.2.3', '1.2.3 1.9.0', '1.2.2 2.0.0'],
  ['1.6', '1.6.0 1.12.6', '1.5.9 2.0.0'],
  ['0.2.3', '0.2.3 0.2.9', '0.3.0'],
  ['0.0.3', '0.0.3', '0.0.4'],
  ['0', '0.0.0 0.9.9', '1.0.0'],
  // Tilde, equality, inequality, hyphen
  ['~1.2', '1.2.0 1.2.9', '1.3.0'],
  ['= 1.6', '1.6.0', '1.6.1'],
  ['>= 1.6', '1.6.0 2.0.0', '1.5.0'],
  ['≥ 1.6', '1.6.0', '1.5.0'],
  ['< 1.10', '1.9.9', '1.10.0'],
  ['1.2.3 - 4.5', '1.2.3 4.5.9', '4.6.0'],
  // Alternatives
  ['1.6.7, 1.10', '1.6.7 1.11.0', '1.6.6'],
  ['=1.6.0, 0.7', '1.6.0 0.7.5', '1.6.1 0.8.0'],
])('%s', (specifier, allowed, refused) => {
  for (const version of allowed.split(' ')) expect(has(specifier, version), version).toBe(true);
  for (const version of refused.split(' ')) expect(has(specifier, version), version).toBe(false);
});

test('what is no specifier gives none', () => {
  for (const text of ['', 'latest', '1.6,', '1.2.3.4', '>> 1', '1 -2', '^=1'])
    expect(juliaSet(text)).toBeNull();
});

test('a bare version allows itself, all later ones of its major, and no earlier one', () => {
  const part = fc.integer({ min: 0, max: 30 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      part,
      part,
      part,
      part,
      (major, minor, patch, other, last) => {
        const set = juliaSet(`${major}.${minor}.${patch}`) ?? [];
        const isLater = other > minor || (other === minor && last >= patch);
        expect(contains(set, [major, other, last])).toBe(isLater);
        expect(contains(set, [major + 1, other, last])).toBe(false);
      },
    ),
  );
});

test('never throws', () => {
  fc.assert(fc.property(fc.string(), (text) => void juliaSet(text)));
});
