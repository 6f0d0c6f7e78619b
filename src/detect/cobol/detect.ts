/** GnuCOBOL: https://gnucobol.sourceforge.io/guides.html. docs/ecosystems/cobol.md. */
import type { Commands } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { readMakefile } from '../c/makefile.ts';
import { presence } from '../evidence.ts';
import { shellWord } from '../shared/shell-word.ts';
import { folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import { recipeNames } from '../tasks/claims.ts';
import type { Detect, Need } from '../types.ts';

export const detectCobol: Detect = ({ inventory }) => {
  const sources = [...inventory.files.values()].filter(
    ({ path }) => /\.(cbl|cob|cobol)$/i.test(path) && !isSideFolder(folderOf(path)),
  );
  const [first] = sources;
  if (first === undefined) return [];
  const main = mainOf(sources);
  const because = [presence((main ?? first).path, 'cobol/source')];
  const recipe = recipeOf(inventory);
  const needs: Need[] = [
    { kind: 'toolchain', id: 'cobol', project: '.', requests: [], because },
    // It translates to C, whose compiler it calls by this name; its header includes that of gmp.
    { kind: 'compiler', project: '.', because },
    { kind: 'tool', id: 'gcc', project: '.', because },
    { kind: 'tool', id: 'gmp', project: '.', because },
    {
      kind: 'project',
      path: '.',
      name: null,
      languages: ['cobol'],
      frameworks: [],
      packageManager: null,
      commands: recipe ?? (main === null ? {} : commandsOf(inventory, main, sources)),
      ports: [],
      because,
    },
  ];
  if (main !== null || recipe !== null) return needs;
  return [
    ...needs,
    {
      kind: 'finding',
      code: 'entry-point-unknown',
      severity: 'info',
      message: `which of ${sources.length} COBOL sources is the program cannot be told from their names`,
      hint: 'The program is the source called index or main, or the only one.',
      because,
    },
  ];
};

/** A Makefile that calls the compiler knows what is compiled how. */
function recipeOf({ files }: Inventory): Partial<Commands> | null {
  const file = recipeNames.make.map((name) => files.get(name)).find((each) => each !== undefined);
  return file !== undefined && /\bcobc\b/.test(file.text ?? '') ? readMakefile(file).commands : null;
}

const stem = (path: string) => nameOf(path).replace(/\.[^.]+$/, '');

/** The only source, or the one whose name says it; what lies at the root comes first, then what lies in src. */
function mainOf(sources: readonly ClaimedFile[]): ClaimedFile | null {
  for (const folder of ['.', 'src']) {
    const here = sources.filter(({ path }) => folderOf(path) === folder);
    const named = ['index', 'main'].map((name) => here.find(({ path }) => stem(path).toLowerCase() === name));
    const found = named.find((each) => each !== undefined);
    if (found !== undefined) return found;
    const programs = here.filter((file) => !isSubprogram(file));
    if (programs.length === 1) return programs[0] ?? null;
    if (programs.length > 1) return null;
  }
  return sources.length === 1 ? (sources[0] ?? null) : null;
}

/** Lines that are code: a `*` or `/` in column 7 makes a comment, `*>` anywhere. */
function* codeOf({ text }: ClaimedFile): Generator<{ line: string; number: number }> {
  for (const [at, raw] of (text ?? '').split('\n', 20_000).entries()) {
    if (raw.length < 500 && raw[6] !== '*' && raw[6] !== '/' && !/^\s*\*/.test(raw)) {
      yield { line: raw, number: at + 1 };
    }
  }
}

function isSubprogram(file: ClaimedFile): boolean {
  for (const { line } of codeOf(file)) if (/\bPROCEDURE\s+DIVISION\s+USING\b/i.test(line)) return true;
  return false;
}

/** What a program calls by a literal name and has the source of is compiled into it. */
function compiled(main: ClaimedFile, sources: readonly ClaimedFile[]): ClaimedFile[] {
  const byName = new Map(sources.map((file) => [stem(file.path).toLowerCase(), file]));
  const found = new Set([main]);
  for (const file of found) {
    for (const { line } of codeOf(file)) {
      for (const [, name = ''] of line.matchAll(/\bCALL\s+["']([\w-]{1,60})["']/gi)) {
        const called = byName.get(name.toLowerCase());
        if (called !== undefined) found.add(called);
      }
    }
  }
  return [...found];
}

/** Free format begins before column 8; a directive in the source says it by itself. */
function isFree(file: ClaimedFile): boolean {
  for (const { line } of codeOf(file)) {
    if (/>>\s*SOURCE\s+FORMAT\b|\$SET\s+SOURCEFORMAT\b/i.test(line)) return false;
    if (/^.{0,6}\b(IDENTIFICATION|ID|PROGRAM-ID|DATA|PROCEDURE|ENVIRONMENT)\b/i.test(line)) {
      return /^\s{0,6}[A-Z]/i.test(line);
    }
  }
  return false;
}

function commandsOf({ paths }: Inventory, main: ClaimedFile, sources: readonly ClaimedFile[]) {
  const name = stem(main.path);
  const copybooks = new Set(
    paths.filter((path) => /\.(cpy|copy)$/i.test(path) && !isSideFolder(folderOf(path))).map(folderOf),
  );
  const included = [...copybooks].filter((folder) => folder !== '.').map((folder) => ['-I', folder]);
  const words = [...included.flat(), '-o', name, ...compiled(main, sources).map(({ path }) => path)];
  const quoted = words.map((word) => (word.startsWith('-') ? word : shellWord(word)));
  const target = shellWord(`./${name}`);
  if (target === null || quoted.some((word) => word === null)) return {};
  return { build: ['cobc', '-x', ...(isFree(main) ? ['-free'] : []), ...quoted].join(' '), start: target };
}
