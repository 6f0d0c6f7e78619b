/** What a document says of itself: https://www.latex-project.org/help/documentation/ */

export interface Usage {
  name: string;
  /** From 1. */
  line: number;
}

export interface TexDocument {
  /** The class, where this is a document of its own. */
  documentClass: Usage | null;
  packages: Usage[];
  /** `% !TEX program = xelatex`, in lower case. */
  program: string | null;
}

const call =
  /\\(?<command>documentclass|documentstyle|usepackage|RequirePackage)\s*(?:\[[^\]]{0,1000}\])?\s*\{(?<names>[^{}]{1,500})\}/g;
const magic = /^\s*%\s*!\s*TEX\s+(?:TS-)?program\s*=\s*(?<program>[\w-]{1,30})/i;
const longest = 4000;

/** Comments do not count; options may go over lines, names not. Linear. */
export function readDocument(text: string): TexDocument {
  const found: TexDocument = { documentClass: null, packages: [], program: null };
  const lines = text.split(/\r\n|\r|\n/);
  for (const line of lines.slice(0, 20))
    found.program ??= magic.exec(line)?.groups?.program?.toLowerCase() ?? null;
  for (const [at, raw] of lines.entries()) {
    if (raw.length > longest || !raw.includes('\\')) continue;
    const line = withoutComment(raw);
    // Options that are written one per line end a few lines below.
    const isOpen = /\\(documentclass|usepackage|RequirePackage)\s*\[[^\]]*$/.test(line);
    const rest = isOpen
      ? lines
          .slice(at + 1, at + 25)
          .map(withoutComment)
          .join(' ')
          .slice(0, longest)
      : '';
    for (const { groups } of `${line} ${rest}`.matchAll(call)) {
      for (const name of (groups?.names ?? '').split(',').map((each) => each.trim())) {
        if (!/^[\w.-]+$/.test(name)) continue;
        if (groups?.command?.startsWith('document') === true) found.documentClass ??= { name, line: at + 1 };
        else found.packages.push({ name, line: at + 1 });
      }
    }
  }
  return found;
}

function withoutComment(line: string): string {
  for (let at = line.indexOf('%'); at !== -1; at = line.indexOf('%', at + 1)) {
    if (line[at - 1] !== '\\') return line.slice(0, at);
  }
  return line;
}
