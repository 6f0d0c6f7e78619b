import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellComment, shellWord } from '../../src/render/shell.ts';
import { hostile, sampled, seed } from './hostile.ts';

test(`a word of the shell comes back as it was, whatever is in it (SEED=${seed})`, () => {
  const texts = sampled(hostile, 300);
  const script = texts.map((text) => `printf '%s\\0' ${shellWord(text)}`).join('\n');
  const printed = execFileSync('/bin/sh', ['-eu'], {
    input: script,
    encoding: 'utf8',
    env: { PATH: '/nonexistent' },
  });
  expect(printed.split('\0').slice(0, -1)).toEqual(texts);
});

test.each([
  ['plain-1.2/path', 'plain-1.2/path'],
  ['', "''"],
  ["it's", "'it'\\''s'"],
  ['A=b', "'A=b'"],
  ['~', "'~'"],
])('%j is written %s', (text, word) => {
  expect(`${shellWord(text)}`).toBe(word);
});

test('a comment ends with its line', () => {
  expect(`${shellComment(['one\r\ntwo\u2028three', ''])}`).toBe('# one two three\n#');
});
