/** Erlang terms, as `rebar.config` holds them: https://www.erlang.org/doc/apps/kernel/file.html#consult/1 */

export interface Term {
  kind: 'tuple' | 'list' | 'atom' | 'string' | 'other';
  /** Name, text or number; empty for tuples and lists. */
  text: string;
  items: Term[];
  /** From 1. */
  line: number;
}

/** More than people write, less than what would hurt. */
const maxDepth = 100;

const token =
  /(?<space>\s+|%[^\n]*)|"(?<string>[^"\\]*(?:\\.[^"\\]*)*)"|'(?<quoted>[^'\\]*(?:\\.[^'\\]*)*)'|(?<character>\$\\?.)|(?<word>[A-Za-z0-9_@]+(?:[.#][A-Za-z0-9_@]+)*)|(?<mark>.)/sy;

const openings: Readonly<Record<string, 'tuple' | 'list'>> = { '{': 'tuple', '[': 'list' };
const closings: Readonly<Record<string, 'tuple' | 'list'>> = { '}': 'tuple', ']': 'list' };

/**
 * The terms of a file, in linear time.
 *
 * @returns null where they cannot be read: a string without an end, brackets that do not match
 */
export function parseTerms(text: string): Term[] | null {
  const top: Term[] = [];
  const open: Term[] = [];
  let line = 1;
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const found = token.exec(text);
    if (found === null) return null;
    const { string, quoted, character, word, mark } = found.groups ?? {};
    const into = open.at(-1)?.items ?? top;
    if (mark === '"' || mark === "'") return null;
    if (mark !== undefined && openings[mark] !== undefined) {
      const term: Term = { kind: openings[mark], text: '', items: [], line };
      if (open.length >= maxDepth) return null;
      into.push(term);
      open.push(term);
    } else if (mark !== undefined && closings[mark] !== undefined) {
      if (open.pop()?.kind !== closings[mark]) return null;
    } else if (string !== undefined) into.push({ kind: 'string', text: string, items: [], line });
    else if (quoted !== undefined) into.push({ kind: 'atom', text: quoted, items: [], line });
    else if (word !== undefined) {
      into.push({ kind: /^[a-z]/.test(word) ? 'atom' : 'other', text: word, items: [], line });
    } else if (character !== undefined) into.push({ kind: 'other', text: character, items: [], line });
    line += newlines(found[0]);
  }
  return open.length === 0 ? top : null;
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** The value of `{name, Value}` in a list of terms; the last one where there are several. */
export function settingOf(terms: readonly Term[], name: string): Term | null {
  const found = terms.findLast(({ kind, items }) => kind === 'tuple' && items[0]?.text === name);
  return found?.items[1] ?? null;
}
