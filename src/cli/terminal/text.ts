/**
 * What is shown to a person, before it is text: spans with a style. Only the printer makes escape
 * sequences, and it escapes the characters of every span: nothing that a repository holds can reach the
 * terminal as a command.
 */

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

export interface Span {
  text: string;
  style: Style | null;
}

/** One line: plain text and spans. */
export type Line = readonly (string | Span)[];

export const styled =
  (style: Style) =>
  (text: string): Span => ({ text, style });
export const bold = styled('bold');
export const dim = styled('dim');
export const red = styled('red');
export const yellow = styled('yellow');
export const green = styled('green');
export const cyan = styled('cyan');

const codes: Record<Style, readonly [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  cyan: [36, 39],
};

/** Lines as text, each with its line feed. */
export function print(lines: readonly Line[], color: boolean): string {
  return lines
    .map(
      (line) =>
        `${line
          .map((part) => printPart(part, color))
          .join('')
          .trimEnd()}\n`,
    )
    .join('');
}

function printPart(part: string | Span, color: boolean): string {
  if (typeof part === 'string') return escapeControls(part);
  const text = escapeControls(part.text);
  if (!color || part.style === null || text === '') return text;
  const [on, off] = codes[part.style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

/** Control characters, and those that reorder or hide text, as visible escapes. */
export function escapeControls(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
    /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu,
    (character) => {
      if (character === '\t') return ' ';
      const code = character.codePointAt(0) ?? 0;
      return code < 0x100
        ? `\\x${code.toString(16).padStart(2, '0')}`
        : `\\u${code.toString(16).padStart(4, '0')}`;
    },
  );
}
