import { expect, test } from 'vitest';
import { evidence } from '../../src/detect/evidence.ts';

const file = (text: string) => ({ path: 'a', blob: null, text });

test('evidence shows its line', () => {
  const three = file('one\r\ntwo\n\nfour');
  expect([1, 2, 3, 4, 5, 0].map((line) => evidence(three, line, 'x').text)).toEqual([
    ...['one', 'two', '', 'four'],
    ...['', ''],
  ]);
});

test('every line of a large file may be evidence', () => {
  const large = file('line\n'.repeat(100_000));
  const start = performance.now();
  for (let line = 1; line <= 100_000; line++) evidence(large, line, 'x');
  expect(performance.now() - start).toBeLessThan(2000);
});
