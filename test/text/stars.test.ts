import { expect, test } from 'vitest';
import { matchesStars } from '../../src/text/stars.ts';

function matches(pattern: string, text: string): boolean {
  return matchesStars(
    pattern.length,
    text.length,
    (at) => pattern[at] === '*',
    (at, position) => pattern[at] === text[position],
  );
}

test.each([
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['a*b', 'ab', true],
  ['a*b', 'axbxb', true],
  ['a*b*', 'axc', false],
  ['**a', 'bba', true],
  ['a', 'aa', false],
])('%s against %s: %s', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

test('takes no time that grows with the number of stars', () => {
  const start = performance.now();
  expect(matches('*a'.repeat(500), `${'a'.repeat(5000)}b`)).toBe(false);
  expect(performance.now() - start).toBeLessThan(1000);
});
