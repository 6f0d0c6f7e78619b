import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isColored } from '../../src/cli/io.ts';
import { paragraph, table } from '../../src/cli/terminal/table.ts';
import { bold, dim, escapeControls, type Line, print, red } from '../../src/cli/terminal/text.ts';
import { lineWidth, widthOf, wrap } from '../../src/cli/terminal/width.ts';

const hostile = fc.string({ unit: 'binary' });

describe('text', () => {
  test('is coloured only where colour is wanted', () => {
    expect(print([[bold('a'), ' b ', red('c')]], true)).toBe(
      '\u001b[1ma\u001b[22m b \u001b[31mc\u001b[39m\n',
    );
    expect(print([[bold('a'), ' b ', red('c')]], false)).toBe('a b c\n');
  });

  test.each([
    ['\u001b[2J', '\\x1b[2J'],
    ['a\rb', 'a\\x0db'],
    ['a\nb', 'a\\x0ab'],
    ['\u009b31m', '\\x9b31m'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['\ud800', '\\ud800'],
    ['a\tb', 'a b'],
    ['héllo 世界 👍', 'héllo 世界 👍'],
  ])('%j is shown as %s', (text, shown) => {
    expect(escapeControls(text)).toBe(shown);
  });

  test('whatever a span holds, nothing but the printer’s own sequences leaves', () => {
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        const text = print([[a, red(b)]], true)
          .replaceAll('\u001b[31m', '')
          .replaceAll('\u001b[39m', '');
        expect(text.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
        expect(print([[a, red(b)]], false).match(/\n/g)).toHaveLength(1);
      }),
    );
  });
});

describe('width', () => {
  test.each([
    ['abc', 3],
    ['世界', 4],
    ['한국어', 6],
    ['👍', 2],
    ['e\u0301', 1],
    ['\u001b', 4],
  ])('%j takes %i columns', (text, columns) => {
    expect(widthOf(text)).toBe(columns);
  });

  test('lines break at spaces and keep their styles', () => {
    expect(print(wrap(['one two ', dim('three four')], 9), false)).toBe('one two\nthree\nfour\n');
    expect(wrap(['one two ', dim('three four')], 9).at(-1)).toEqual([dim('four')]);
  });

  test('no wrapped line is wider than the columns, unless one word is', () => {
    const words = fc.array(fc.stringMatching(/^[a-z世]{1,12}$/u), { maxLength: 20 });
    fc.assert(
      fc.property(words, fc.integer({ min: 24, max: 60 }), (parts, columns) => {
        for (const line of wrap([parts.join(' ')], columns)) {
          expect(lineWidth([print([line], false).trimEnd()])).toBeLessThanOrEqual(columns);
        }
      }),
    );
  });
});

describe('tables', () => {
  const rows: Line[][] = [
    [['node'], ['22'], ['package.json']],
    [['世界'], [], ['x']],
  ];

  test('align, wide characters included', () => {
    expect(print(table(rows, { columns: 80 }), false)).toBe('  node  22  package.json\n  世界      x\n');
  });

  test('an empty column takes no room', () => {
    const empty = rows.map(([a = [], , c = []]) => [a, [], c]);
    expect(print(table(empty, { columns: 80 }), false)).toBe('  node  package.json\n  世界  x\n');
  });

  test('the last column wraps under itself', () => {
    const long: Line[][] = [[['a'], ['one two three four five six seven']]];
    expect(print(table(long, { columns: 30 }), false)).toBe('  a  one two three four five\n     six seven\n');
  });

  test('prose wraps with its indent', () => {
    expect(print(paragraph(['one two three four five six'], { columns: 28, indent: 2 }), false)).toBe(
      '  one two three four five\n  six\n',
    );
  });
});

describe('colour', () => {
  test.each([
    ['auto', {}, true, true],
    ['auto', {}, false, false],
    ['auto', { NO_COLOR: '1' }, true, false],
    ['auto', { NO_COLOR: '' }, true, true],
    ['auto', { FORCE_COLOR: '1' }, false, true],
    ['auto', { FORCE_COLOR: '0' }, true, false],
    ['auto', { TERM: 'dumb' }, true, false],
    ['always', { NO_COLOR: '1' }, false, true],
    ['never', { FORCE_COLOR: '1' }, true, false],
  ] as const)('--color %s, %j, terminal %s: %s', (mode, env, isTerminal, expected) => {
    expect(isColored(mode, env, isTerminal)).toBe(expected);
  });
});
