import type { Line } from './text.ts';
import { lineWidth, wrap } from './width.ts';

export interface TableOptions {
  /** Of the terminal. */
  columns: number;
  indent?: number;
}

/** Least room for the last column: below it, lines are rather too long than unreadable. */
const leastLast = 24;
const gap = 2;

/** Rows with aligned columns; the last column wraps under itself. Empty columns take no room. */
export function table(rows: readonly (readonly Line[])[], { columns, indent = 2 }: TableOptions): Line[] {
  const count = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const widths = Array.from({ length: count }, (_, at) =>
    rows.reduce((most, row) => Math.max(most, lineWidth(row[at] ?? [])), 0),
  );
  const used = widths.map((width, at) => at < count - 1 && width > 0);
  const start = indent + widths.reduce((sum, width, at) => sum + (used[at] ? width + gap : 0), 0);
  const room = Math.max(leastLast, columns - start);
  return rows.flatMap((row) => {
    const head: Line[number][] = [' '.repeat(indent)];
    for (const [at, cell] of row.slice(0, count - 1).entries()) {
      if (used[at]) head.push(...cell, ' '.repeat((widths[at] ?? 0) - lineWidth(cell) + gap));
    }
    const [first = [], ...rest] = wrap(row[count - 1] ?? [], room);
    return [[...head, ...first], ...rest.map((line) => [' '.repeat(start), ...line])];
  });
}

/** Prose that wraps at the terminal's width, every line indented. */
export function paragraph(line: Line, { columns, indent = 0 }: TableOptions): Line[] {
  return wrap(line, Math.max(leastLast, columns - indent)).map((part) => [' '.repeat(indent), ...part]);
}
