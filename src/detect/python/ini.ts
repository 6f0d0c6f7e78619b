/** INI files as Python's configparser reads them: https://docs.python.org/3/library/configparser.html */

export interface IniEntry {
  /** Continuation lines joined with newlines. */
  value: string;
  /** Of the key, from 1. */
  line: number;
}

export type Ini = ReadonlyMap<string, { line: number; entries: ReadonlyMap<string, IniEntry> }>;

const section = /^\[(?<name>[^\]]+)\]/;

/** The lines of a file, whatever ends them. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}

/** Sections by name, their entries by lower-case key. Lines that are none are passed over. */
export function parseIni(lines: readonly string[]): Ini {
  const sections = new Map<string, { line: number; entries: Map<string, IniEntry> }>();
  let entries = new Map<string, IniEntry>();
  let open: { key: string; lines: string[]; line: number } | null = null;
  for (const [at, line] of lines.entries()) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    if (/^\s/.test(line)) {
      open?.lines.push(line.trim());
      continue;
    }
    if (open !== null) entries.set(open.key, { value: open.lines.join('\n').trim(), line: open.line });
    open = null;
    const name = section.exec(line)?.groups?.name?.trim();
    if (name !== undefined) {
      const known = sections.get(name) ?? { line: at + 1, entries: new Map<string, IniEntry>() };
      sections.set(name, known);
      entries = known.entries;
      continue;
    }
    const separator = line.search(/[=:]/);
    if (separator > 0) {
      const key = line.slice(0, separator).trim().toLowerCase();
      open = { key, lines: [line.slice(separator + 1).trim()], line: at + 1 };
    }
  }
  if (open !== null) entries.set(open.key, { value: open.lines.join('\n').trim(), line: open.line });
  return sections;
}

/**
 * The items of a value that lists one thing a line, each with its own line number.
 *
 * @param all lines of the file
 */
export function itemsOf(all: readonly string[], { line }: IniEntry): { text: string; line: number }[] {
  const first = all[line - 1] ?? '';
  const found: { text: string; line: number }[] = [];
  for (let at = line - 1; at < all.length; at++) {
    const raw = at === line - 1 ? first.slice(first.search(/[=:]/) + 1) : (all[at] ?? '');
    const plain = raw.trim();
    if (plain === '' || /^[#;]/.test(plain)) continue;
    if (at >= line && !/^\s/.test(raw)) break;
    found.push({ text: plain, line: at + 1 });
  }
  return found;
}
