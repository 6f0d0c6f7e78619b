/** Autoconf's configure.ac: https://www.gnu.org/software/autoconf/manual/autoconf.html */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { folderOf, join } from '../shared/tree.ts';
import { lineCounter } from './cmake-syntax.ts';
import { type BuildFacts, emptyFacts } from './facts.ts';
import { hasPath } from './owners.ts';

interface Macro {
  name: string;
  args: string[];
  line: number;
}

/** Programs that macros of configure.ac stand for. */
const programs: Readonly<Record<string, string>> = {
  AM_INIT_AUTOMAKE: 'automake',
  LT_INIT: 'libtool',
  AC_PROG_LIBTOOL: 'libtool',
  AM_PROG_LIBTOOL: 'libtool',
  AC_PROG_YACC: 'bison',
  AC_PROG_LEX: 'flex',
  AM_PROG_LEX: 'flex',
  AM_GNU_GETTEXT: 'gettext',
  AM_GNU_GETTEXT_VERSION: 'gettext',
  IT_PROG_INTLTOOL: 'intltool',
  AM_PATH_PYTHON: 'python3',
  PKG_PROG_PKG_CONFIG: 'pkg-config',
  PKG_CHECK_MODULES: 'pkg-config',
  PKG_CHECK_EXISTS: 'pkg-config',
};

const bootstraps = ['autogen.sh', 'bootstrap', 'bootstrap.sh', 'buildconf'] as const;

export function readAutotools(inventory: Inventory, file: ClaimedFile): BuildFacts {
  const facts = emptyFacts(evidence(file, 1, 'c/autotools'));
  const folder = folderOf(file.path);
  const languages: string[] = [];
  const tools = new Map<string, number>();
  let needsArchive = false;
  const macros = macrosOf(file.text ?? '');
  for (const { name, args, line } of macros) {
    const because = evidence(file, line, 'c/autotools');
    const tool = programs[name];
    if (tool !== undefined && !tools.has(tool)) tools.set(tool, line);
    if (name === 'AC_INIT') {
      facts.because = [because];
      if (/^[\w.+ -]{1,100}$/.test(args[0] ?? '')) facts.name = args[0] ?? null;
    } else if (/^AC_PROG_CC(_|$)/.test(name)) languages.push('c');
    else if (name === 'AC_PROG_CXX') languages.push('cpp');
    else if (name === 'AC_PROG_FC' || name === 'AC_PROG_F77') languages.push('fortran');
    else if (name === 'AC_CHECK_LIB') want(facts, [`library:${args[0]}`], isFatal(args[3]), because);
    else if (name === 'AC_SEARCH_LIBS') {
      want(
        facts,
        words(args[1]).map((each) => `library:${each}`),
        isFatal(args[3]),
        because,
      );
    } else if (name === 'PKG_CHECK_MODULES' || name === 'PKG_CHECK_EXISTS') {
      const list = args[name === 'PKG_CHECK_MODULES' ? 1 : 0];
      const isRequired = name === 'PKG_CHECK_MODULES' && (args[3] ?? '') === '';
      for (const each of words(list).filter((word) => /^[A-Za-z][\w+.-]*$/.test(word))) {
        want(facts, [`pkg-config:${each}`], isRequired, because);
      }
    } else if (/^AX_/.test(name))
      needsArchive ||= !hasPath(inventory, join(folder, `m4/${name.toLowerCase()}.m4`));
  }
  const because = evidence(file, facts.because[0]?.line ?? 1, 'c/autotools');
  const isReady = hasPath(inventory, join(folder, 'configure'));
  if (!isReady) {
    facts.tools.push({ value: 'autoconf', because });
    if (needsArchive) facts.tools.push({ value: 'autoconf-archive', because });
  }
  for (const [value, line] of tools) {
    if (isReady && /^(automake|libtool|gettext|intltool)$/.test(value)) continue;
    facts.tools.push({ value, because: evidence(file, line, 'c/autotools') });
  }
  facts.tools.push({ value: 'make', because });
  facts.languages = languages.length > 0 ? [...new Set(languages)] : null;
  facts.saysStandard = macros.some(({ name }) => name === 'AC_PROG_CC_C99' || name === 'AC_PROG_CC_C89');
  const own = bootstraps.find((name) => hasPath(inventory, join(folder, name)));
  const prepare = isReady ? '' : own === undefined ? 'autoreconf -fi && ' : `./${own} && `;
  // Many an autogen.sh configures as well: doing it twice does no harm.
  facts.commands = { build: `${prepare}./configure && make`, test: 'make check' };
  return facts;
}

function want(
  facts: BuildFacts,
  keys: string[],
  isRequired: boolean,
  because: BuildFacts['because'][number],
): void {
  if (keys.length > 0) facts.wanted.push({ keys, isRequired, because });
}

function isFatal(action: string | undefined): boolean {
  return /AC_MSG_(ERROR|FAILURE)/.test(action ?? '');
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter((word) => word !== '');
}

const macroName = /\b(?:AC|AM|AX|PKG|LT|IT)_[A-Z0-9_]+\b/g;

/** Calls of macros with their arguments; `dnl` and `#` begin comments. */
function macrosOf(source: string): Macro[] {
  const text = source.replace(
    /(^|[^\w])(dnl\b|#)[^\n]*/g,
    (whole, before: string) => before + ' '.repeat(whole.length - before.length),
  );
  const lineAt = lineCounter(text);
  const macros: Macro[] = [];
  let left = usualDepth * (text.length + maxCall);
  for (const match of text.matchAll(macroName)) {
    const after = match.index + match[0].length;
    const isCall = text[after] === '(' && left > 0;
    const { args, end } = isCall ? argumentsAt(text, after + 1) : { args: [], end: after };
    left -= end - after;
    macros.push({ name: match[0], args, line: lineAt(match.index) });
  }
  return macros;
}

/** Longer calls hold scripts, whose own macros are found by themselves. */
const maxCall = 4000;

/** How deep calls stand in one another, on average: what a call holds is read for each that it stands in. */
const usualDepth = 8;

/** Arguments at the top, their brackets taken off, and where they end. */
function argumentsAt(text: string, start: number): { args: string[]; end: number } {
  const args: string[] = [];
  let depth = 0;
  let from = start;
  const end = Math.min(text.length, start + maxCall);
  const push = (to: number) =>
    args.push(
      text
        .slice(from, to)
        .trim()
        .replace(/^\[([\s\S]*)\]$/, '$1')
        .trim(),
    );
  for (let at = start; at < end; at++) {
    const char = text[at];
    if (char === '[' || char === '(') depth++;
    else if (char === ']') depth--;
    else if (char === ')') {
      if (depth === 0) {
        push(at);
        return { args, end: at };
      }
      depth--;
    } else if (char === ',' && depth === 0) {
      push(at);
      from = at + 1;
    }
  }
  push(end);
  return { args, end };
}
