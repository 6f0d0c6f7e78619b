import { expect, test } from 'vitest';
import { lazily } from '../../src/parse/lazily.ts';

test('makes a thing once, and of large texts keeps the last one only', () => {
  const made: string[] = [];
  const make = (name: string, length: number) =>
    lazily('x'.repeat(length), () => {
      made.push(name);
      return name;
    });
  const [small, first, second] = [make('small', 10), make('first', 100_000), make('second', 100_000)];
  for (const get of [small, first, first, small, second, small, second, first]) get();
  expect(made).toEqual(['small', 'first', 'second', 'first']);
});
