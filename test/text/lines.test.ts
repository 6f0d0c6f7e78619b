import { expect, test } from 'vitest';
import { lineAt, lineCounter, lineStarts, lineTable } from '../../src/text/lines.ts';

test.each(['', '\n', 'a', 'a\n', '\n\na\nbc\n\n', 'a\r\nb'])('in %j every offset has its line', (text) => {
  const count = lineCounter(text);
  const table = lineTable(text);
  const starts = lineStarts(text);
  for (let offset = 0; offset <= text.length; offset++) {
    const line = text.slice(0, offset).split('\n').length;
    expect([lineAt(text, offset), count(offset), table(offset)]).toEqual([line, line, line]);
    expect(starts[line - 1]).toBeLessThanOrEqual(offset);
    expect(starts[line] ?? Number.POSITIVE_INFINITY).toBeGreaterThan(offset);
  }
});

test('offsets in any order', () => {
  const line = lineTable('a\nb\nc');
  expect([4, 0, 2, 3, 1].map(line)).toEqual([3, 1, 2, 2, 1]);
});
