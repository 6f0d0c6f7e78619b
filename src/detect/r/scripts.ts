import { append } from '../../append.ts';
/** Names of packages in R programs, read without running them. */

export interface NamedPackage {
  name: string;
  /** From 1. */
  line: number;
}

const packageName = /^[A-Za-z][A-Za-z0-9.]{1,99}$/;
/** Calls that load a package, by its name with or without quotes. */
const loaded =
  /\b(?:library|require|requireNamespace|loadNamespace)\s*\(\s*(?:package\s*=\s*)?["']?(?<name>[A-Za-z][A-Za-z0-9.]{1,99})["']?\s*[,)]/g;
const qualified = /\b(?<name>[A-Za-z][A-Za-z0-9.]{1,99}):::?[A-Za-z.]/g;
/** Calls that install packages: all plain texts until the closing bracket name one. */
const installs =
  /\b(?:install\.packages|pkg_install|BiocManager::install|biocLite|pak|p_load|install_cran|install_version)\s*\(/g;
const longest = 4000;

/** Packages that a program loads or installs, in the order of its lines; comments do not count. */
export function packagesNamed(text: string): NamedPackage[] {
  const found: NamedPackage[] = [];
  const lines = text.split(/\r\n|\r|\n/).map(withoutComment);
  for (const [at, line] of lines.entries()) {
    if (line.length > longest) continue;
    for (const pattern of [loaded, qualified])
      for (const { groups } of line.matchAll(pattern))
        if (groups?.name !== undefined) found.push({ name: groups.name, line: at + 1 });
    for (const call of line.matchAll(installs))
      append(found, installed(lines, at, call.index + call[0].length));
  }
  return found;
}

/** Texts between the brackets of a call, over at most 60 lines; named arguments (`repos = "…"`) are none. */
function installed(lines: readonly string[], from: number, column: number): NamedPackage[] {
  const found: NamedPackage[] = [];
  let depth = 1;
  for (let at = from; at < lines.length && at < from + 60 && depth > 0; at++) {
    const line = (lines[at] ?? '').slice(at === from ? column : 0, longest);
    const token =
      /"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<named>[\w.]+)\s*=\s*|(?<bracket>[()])|(?<comma>,)/g;
    let name: string | null = null;
    for (const { groups = {} } of line.matchAll(token)) {
      if (groups.bracket === '(') depth++;
      else if (groups.bracket === ')') depth--;
      else if (groups.comma !== undefined) name = depth === 1 ? null : name;
      else if (groups.named !== undefined) name = groups.named;
      const value = groups.double ?? groups.single;
      if (depth <= 0) break;
      if (value === undefined || (name !== null && name !== 'pkgs')) continue;
      if (packageName.test(value)) found.push({ name: value, line: at + 1 });
    }
  }
  return found;
}

/** A line up to its comment; `#` within a text is none. */
function withoutComment(line: string): string {
  if (!line.includes('#')) return line;
  let quote: string | null = null;
  for (let at = 0; at < line.length && at < longest; at++) {
    const character = line[at] ?? '';
    if (quote !== null) {
      if (character === '\\') at++;
      else if (character === quote) quote = null;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '#') return line.slice(0, at);
  }
  return line;
}
