import { escapeControls, type Line, type Span } from './text.ts';

/** Blocks whose characters take two columns (https://www.unicode.org/reports/tr11/, the common ones). */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const zeroWidth = /\p{Mn}|\p{Me}/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of plain ASCII
const ascii = /^[\u0000-\u007f]*$/;

/** Columns that a text takes on a terminal, as the printer will print it. */
export function widthOf(part: string | Span): number {
  const text = escapeControls(typeof part === 'string' ? part : part.text);
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += zeroWidth.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}

export function lineWidth(line: Line): number {
  return line.reduce((sum, part) => sum + widthOf(part), 0);
}

/** Breaks a line at spaces so that none is wider than the columns; a word that is wider stays whole. */
export function wrap(line: Line, columns: number): Line[] {
  if (lineWidth(line) <= columns) return [line];
  const lines: (string | Span)[][] = [[]];
  let used = 0;
  for (const word of words(line)) {
    const width = widthOf(word);
    const isSpace = (typeof word === 'string' ? word : word.text).trim() === '';
    if (used > 0 && used + width > columns) {
      lines.push([]);
      used = 0;
      if (isSpace) continue;
    }
    lines.at(-1)?.push(word);
    used += width;
  }
  return lines;
}

function words(line: Line): (string | Span)[] {
  return line.flatMap((part): (string | Span)[] => {
    const text = typeof part === 'string' ? part : part.text;
    const pieces = text.split(/( +)/).filter((piece) => piece !== '');
    return typeof part === 'string' ? pieces : pieces.map((piece) => ({ ...part, text: piece }));
  });
}
