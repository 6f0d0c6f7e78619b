import { describe, expect, test } from 'vitest';
import { NidifyError } from '../../src/errors.ts';
import { oneLine, printable, sequence } from '../../src/render/text.ts';
import { isPrintable } from '../../src/text/printable.ts';

describe('what can be written into a file', () => {
  test.each(['', 'plain', 'tab\tand\r\nlines', 'é 😀 \u2028 \ufeff', '$ \' " \\'])('%j can', (text) => {
    expect(isPrintable(text)).toBe(true);
    expect(printable(text)).toBe(text);
  });

  test.each(['\0', 'a\u001bb', '\u0007', '\u007f', '\u0085', '\ud800', 'x\udc00y', '\u202e', '\u2066'])(
    '%j cannot',
    (text) => {
      expect(isPrintable(text)).toBe(false);
      expect(() => printable(text)).toThrow(NidifyError);
      expect(() => printable(text)).toThrow(
        expect.objectContaining({ code: 'unprintable-value', exitCode: 3 }),
      );
    },
  );
});

describe('a text for a comment', () => {
  test('is one line without anything that moves the cursor or the text', () => {
    expect(oneLine('a\r\nb\u2028c\u202ed\u0000e\u200b')).toBe('a b c d e');
  });

  test('keeps the spaces that align it', () => {
    expect(oneLine('nix fmt   format')).toBe('nix fmt   format');
  });

  test('is cut where it is long, never through a character', () => {
    expect(oneLine('😀'.repeat(9), 5)).toBe('😀😀😀😀…');
  });

  test('is well-formed whatever it was made of', () => {
    expect(oneLine('a\ud800b').isWellFormed()).toBe(true);
  });
});

test('lists read as a sentence', () => {
  expect(sequence([], 3)).toBe('');
  expect(sequence(['a'], 3)).toBe('a');
  expect(sequence(['a', 'b', 'c'], 3)).toBe('a, b and c');
  expect(sequence(['a', 'b', 'c', 'd'], 3)).toBe('a, b and 2 more');
});
