/** Macros that a repository defines for its own configure.ac: https://www.gnu.org/software/autoconf/manual/html_node/Macro-Definitions.html */

import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { lineCounter } from '../../text/lines.ts';
import { pathsBelow } from '../shared/paths.ts';
import { nameOf } from '../shared/tree.ts';

export interface MacroDefinition {
  file: ClaimedFile;
  /** Where its body stands in the file. */
  start: number;
  /** The line of the body's first word. */
  line: number;
}

/** Files of Autotools, of gettext, of gnulib and of the archive, copied into a repository: their macros are known by name. */
const copied =
  /^(aclocal|libtool|argz|lt\w*|gettext|po|progtest|nls|iconv|intl\w*|intdiv0|lib-\w+|lc_\w+|glibc\w*|codeset|pkg|gtk-doc|introspection|vala\w*|vapigen|intltool|gnulib\w*|gnu-\w+|ax_\S+|acx_\S+|ac_\S+|glib-\S+|yelp|python)\.m4$/i;

const maxFiles = 300;

const definition = /\bA[CU]_DEFUN(?:_ONCE)?\(\s*\[?(?<name>[A-Za-z_]\w{0,100})\]?\s*,/g;

/** The macros that files below a folder define, by name. */
export function macroDefinitions(inventory: Inventory, folder: string): Map<string, MacroDefinition> {
  const definitions = new Map<string, MacroDefinition>();
  const files = pathsBelow(inventory, folder).flatMap((path) => {
    if (!path.endsWith('.m4') || copied.test(nameOf(path))) return [];
    const file = inventory.files.get(path);
    return file === undefined || file.text === null ? [] : [file];
  });
  for (const file of files.slice(0, maxFiles)) {
    const text = file.text ?? '';
    const lineAt = lineCounter(text);
    for (const match of text.matchAll(definition)) {
      const name = match.groups?.name ?? '';
      if (definitions.has(name)) continue;
      const start = match.index + match[0].length;
      const lead = /^[\s[]*/.exec(text.slice(start, start + 500))?.[0].length ?? 0;
      definitions.set(name, { file, start, line: lineAt(start + lead) });
    }
  }
  return definitions;
}
