/** Autoconf's configure.ac: https://www.gnu.org/software/autoconf/manual/autoconf.html */
import { own } from '../../catalogue/own.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { lineCounter } from '../../text/lines.ts';
import { evidence } from '../evidence.ts';
import { hasPath } from '../shared/paths.ts';
import { folderOf, join } from '../shared/tree.ts';
import { type MacroDefinition, macroDefinitions } from './autoconf-definitions.ts';
import { bootstrapTools, macroLibraries, macroTools } from './autoconf-macros.ts';
import { type BuildFacts, emptyFacts } from './facts.ts';
import { lookForProgram } from './programs.ts';

interface Macro {
  name: string;
  args: string[];
  line: number;
}

const bootstraps = ['autogen.sh', 'bootstrap', 'bootstrap.sh', 'buildconf'] as const;

export function readAutotools(inventory: Inventory, file: ClaimedFile): BuildFacts {
  const facts = emptyFacts(evidence(file, 1, 'c/autotools'));
  const folder = folderOf(file.path);
  const languages: string[] = [];
  const tools = new Map<string, Evidence>();
  let needsArchive = false;
  const macros = withDefinitions(inventory, folder, file);
  const variables = shellVariables(file.text ?? '');
  for (const { name, args, line, from } of macros) {
    const because = evidence(from, line, 'c/autotools');
    for (const tool of own(macroTools, name) ?? []) if (!tools.has(tool)) tools.set(tool, because);
    const library = own(macroLibraries, name);
    if (library !== undefined) {
      const versions = name === 'GUILE_PKG' ? words(args[0]).filter((each) => /^\d\.\d$/.test(each)) : [];
      want(
        facts,
        versions.length > 0 ? versions.map((each) => `pkg-config:guile-${each}`) : [library],
        false,
        because,
      );
    }
    if (name === 'AM_PROG_VALAC' || name === 'VALA_PROG_VALAC') languages.push('vala');
    if (name === 'AC_INIT') {
      facts.because = [because];
      if (/^[\w.+ -]{1,100}$/.test(args[0] ?? '')) facts.name = args[0] ?? null;
    } else if (/^AC_PROG_CC(_|$)/.test(name)) languages.push('c');
    else if (name === 'AC_PROG_CXX') languages.push('cpp');
    else if (name === 'AC_PROG_FC' || name === 'AC_PROG_F77') languages.push('fortran');
    else if (name === 'AC_CHECK_LIB') {
      want(facts, [`library:${args[0]}`], from === file && isFatal(args[3]), because);
    } else if (name === 'AC_SEARCH_LIBS') {
      want(
        facts,
        words(args[1]).map((each) => `library:${each}`),
        from === file && isFatal(args[3]),
        because,
      );
    } else if (Object.hasOwn(moduleArguments, name)) {
      const list = args[moduleArguments[name] ?? 0];
      const isRequired =
        from === file &&
        name !== 'PKG_CHECK_EXISTS' &&
        !/OPTIONAL|NOFAIL/.test(name) &&
        (args[3] ?? '') === '';
      for (const each of modulesOf(list, variables)) {
        want(facts, [`pkg-config:${each}`], isRequired, because);
      }
    } else if (/^(AC_CHECK_(PROG|PROGS|TOOL)|AC_PATH_(PROG|PROGS|TOOL))$/.test(name)) {
      lookForProgram(facts, words(args[1]), false, because);
    } else if (/^AX_/.test(name))
      needsArchive ||= !hasPath(inventory, join(folder, `m4/${name.toLowerCase()}.m4`));
  }
  const because = evidence(file, facts.because[0]?.line ?? 1, 'c/autotools');
  const isReady = hasPath(inventory, join(folder, 'configure'));
  if (!isReady) {
    facts.tools.push({ value: 'autoconf', because });
    if (needsArchive) facts.tools.push({ value: 'autoconf-archive', because });
  }
  for (const [value, said] of tools) {
    if (isReady && bootstrapTools.test(value)) continue;
    facts.tools.push({ value, because: said });
  }
  facts.tools.push({ value: 'make', because });
  facts.languages = languages.length > 0 ? [...new Set(languages)] : null;
  facts.saysStandard = macros.some(({ name }) => name === 'AC_PROG_CC_C99' || name === 'AC_PROG_CC_C89');
  const script = bootstraps.find((name) => hasPath(inventory, join(folder, name)));
  const prepare = isReady ? '' : script === undefined ? 'autoreconf -fi && ' : `./${script} && `;
  // Many an autogen.sh configures as well: doing it twice does no harm.
  // configure.in.in is made into configure.in by a script of the project's own.
  const isMade = isReady || script !== undefined || !/\.(ac|in)\.in$/.test(file.path);
  facts.commands = isMade ? { build: `${prepare}./configure && make`, test: 'make check' } : {};
  return facts;
}

/** More files than a configure.ac is made of: bounds what a repository can make this read. */
const maxIncluded = 300;

/**
 * Calls in the order in which they are made: after one of a macro of the repository's own, those in its body; after
 * `m4_include`, those of the file: https://www.gnu.org/software/autoconf/manual/autoconf.html#Redefined-M4-Macros
 */
function withDefinitions(
  inventory: Inventory,
  folder: string,
  from: ClaimedFile,
): (Macro & { from: ClaimedFile })[] {
  const definitions: ReadonlyMap<string, MacroDefinition> = macroDefinitions(inventory, folder);
  const seen = new Set<string>();
  const included = new Set<ClaimedFile>([from]);
  const all: (Macro & { from: ClaimedFile })[] = [];
  const addAll = (macros: readonly Macro[], file: ClaimedFile) => {
    for (const each of macros) add(each, file);
  };
  const add = (each: Macro, file: ClaimedFile) => {
    if (includes.test(each.name)) {
      const next = inventory.files.get(join(folder, each.args[0] ?? ''));
      if (next === undefined || included.has(next) || included.size >= maxIncluded) return;
      included.add(next);
      addAll(macrosOf(next.text ?? ''), next);
      return;
    }
    all.push({ ...each, from: file });
    const definition = definitions.get(each.name);
    if (definition === undefined || seen.has(each.name)) return;
    seen.add(each.name);
    const [body = ''] = argumentsAt(definition.file.text ?? '', definition.start).args;
    for (const inner of macrosOf(body)) {
      add({ ...inner, line: definition.line + inner.line - 1 }, definition.file);
    }
  };
  addAll(macrosOf(from.text ?? ''), from);
  return all;
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

/** Where macros that look for modules of pkg-config name them. */
const moduleArguments: Readonly<Record<string, number>> = {
  PKG_CHECK_MODULES: 1,
  PKG_CHECK_MODULES_STATIC: 1,
  PKG_CHECK_MODULES_NOFAIL: 1,
  PKG_CHECK_EXISTS: 0,
  XDT_CHECK_PACKAGE: 1,
  XDT_CHECK_OPTIONAL_PACKAGE: 1,
};

/** `glib-2.0 >= 2.40 $MORE`: names without the versions that are compared. */
function modulesOf(list: string | undefined, variables: ReadonlyMap<string, string>): string[] {
  return words(expand(list ?? '', variables).replace(/[<>=!]+\s*[^\s,]*/g, ' ')).filter((word) =>
    /^[A-Za-z][\w+.-]*$/.test(word),
  );
}

const reference = /(^|[^$])\$\{?([A-Za-z_]\w{0,100})\}?([\w.+-]?)/g;
/** Stands in no name. */
const unknownPart = '\0';

function expand(text: string, variables: ReadonlyMap<string, string>): string {
  let result = text;
  for (let depth = 0; depth < 4 && result.includes('$'); depth++) {
    result = result.replace(reference, (_, before: string, name: string, after: string) => {
      const value = variables.get(name) ?? ' ';
      // A part of a name is known only where the variable holds one word.
      const isPart = /[\w.+-]/.test(before) || after !== '';
      return `${before}${isPart && !/^[\w.+-]+$/.test(value) ? unknownPart : value}${after}`;
    });
    result = result.slice(0, maxCall);
  }
  return result;
}

const shellAssignment =
  /^[ \t]*(?<name>[A-Za-z_]\w{0,100})=(?:"(?<double>[^"`]{0,2000})"|'(?<single>[^']{0,2000})'|(?<plain>[\w.+${}-]{1,200})(?=\s))/gm;
const definition = /\bm4_define\(\s*\[?(?<name>[A-Za-z_]\w{0,100})\]?\s*,\s*\[(?<value>[^\][]{0,2000})\]/g;

/** What a variable of the shell may hold: all that is assigned to it, one after the other. */
function shellVariables(text: string): Map<string, string> {
  const variables = new Map<string, string>();
  for (const match of text.matchAll(shellAssignment)) {
    const { name = '', double, single, plain } = match.groups ?? {};
    const value = (double ?? single ?? plain ?? '')
      .replaceAll('\\\n', ' ')
      .replace(new RegExp(`\\$\\{?${name}\\}?`, 'g'), ' ');
    const before = variables.get(name);
    if ((before?.length ?? 0) < maxCall)
      variables.set(name, before === undefined ? value : `${before} ${value}`);
  }
  for (const { groups: { name = '', value = '' } = {} } of text.matchAll(definition)) {
    if (!variables.has(name)) variables.set(name, value);
  }
  return variables;
}

const includes = /^m4_s?include$/;

const macroName = /\b(?:m4_s?include|[A-Z][A-Z0-9]{1,20}_[A-Z0-9_]+)\b/g;

/** What only asks whether a macro is there, or has been called. */
const question = /\b(?:m4_provide_if|m4_ifdef|m4_ifndef|AC_PROVIDE_IFELSE)\(\s{0,20}\[{0,2}$/;

/** A word before a name, as in messages: "You must call AC_PROG_CC". Those of the shell are none. */
const sentence = /(?:^|[\s[("'])(?!then\b|else\b|do\b)\w{1,30}[ \t]{1,20}$/;

/** The longest that the two above look back. */
const lookBack = 60;

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
    const before = text.slice(Math.max(0, match.index - lookBack), match.index);
    if (question.test(before) || (text[after] !== '(' && sentence.test(before))) continue;
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
