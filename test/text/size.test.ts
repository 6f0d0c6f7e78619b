import { expect, it } from 'vitest';
import { bytesOf } from '../../src/text/size.ts';

it.each([
  ['1024', 1024],
  ['2G', 2 * 1024 ** 3],
  ['1.5 MiB', 1.5 * 1024 ** 2],
  ['10kb', 10_240],
])('%s', (text, bytes) => {
  expect(bytesOf(text, '--max-memory')).toBe(bytes);
});

it.each(['', '-1', '0', '2X', 'lots', '1e9', 'NaN'])('refuses %j', (text) => {
  expect(() => bytesOf(text, '--max-memory')).toThrow('--max-memory');
});
