import { ExitCode, NidifyError } from '../errors.ts';
import { isPrintable } from '../text/printable.ts';

/**
 * The same text.
 *
 * @throws NidifyError `unprintable-value` (exit 3) when it is not printable
 */
export function printable(text: string): string {
  if (isPrintable(text)) return text;
  throw new NidifyError({
    code: 'unprintable-value',
    message: `a value of the plan cannot be written into a file: ${JSON.stringify(text.slice(0, 80))}`,
    hint: 'It has a control character or half of a surrogate pair in it; remove that from the repository.',
    exitCode: ExitCode.unserved,
  });
}

/** Characters that end a line, move the cursor or change the direction of the text around them. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** Text for a comment: one line, no control or direction characters, at most `limit` characters. */
export function oneLine(text: string, limit = 120): string {
  const plain = text.toWellFormed().replace(invisible, ' ').trim();
  const characters = [...plain];
  return characters.length > limit
    ? `${characters
        .slice(0, limit - 1)
        .join('')
        .trimEnd()}…`
    : plain;
}

/** `a, b and c`, shortened to `a, b and 3 more`. */
export function sequence(items: readonly string[], limit: number): string {
  const shown =
    items.length > limit ? [...items.slice(0, limit - 1), `${items.length - limit + 1} more`] : items;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}
