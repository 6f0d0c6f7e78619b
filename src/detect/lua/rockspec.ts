/** Descriptions of rocks, which are Lua programs, read without running them: https://github.com/luarocks/luarocks/wiki/Rockspec-format */
import type { ClaimedFile } from '../../scan/types.ts';
import { lineCounter } from '../../text/lines.ts';
import { nameOf } from '../shared/tree.ts';

export interface RockDependency {
  name: string;
  /** `>= 5.1, < 5.4`; empty where any will do. */
  constraint: string;
  line: number;
  /** Only for tests. */
  isTest: boolean;
}

export interface Rockspec {
  file: ClaimedFile;
  name: string | null;
  dependencies: RockDependency[];
  /** `builtin`, `make`, `cmake`, … */
  build: string | null;
  test: string | null;
  /** Libraries of C that modules are linked with. */
  libraries: { name: string; line: number }[];
  /** Names of what LuaRocks looks for itself before it builds: `YAML`. */
  external: { name: string; line: number }[];
  /** C is compiled: a source that ends so, or a make file. */
  isCompiled: boolean;
}

interface Token {
  kind: 'name' | 'text' | 'mark';
  value: string;
  line: number;
}

const maxTokens = 100_000;
/** Tables in tables: none that is read lies deeper. */
const maxTables = 10;

/** Names, texts and marks, without comments. Linear; never throws. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const lineOf = lineCounter(text);
  let at = 0;
  const long = (from: number): { from: number; to: number; end: number } | null => {
    const level = /^\[(?<level>={0,20})\[/.exec(text.slice(from, from + 30))?.groups?.level;
    if (level === undefined) return null;
    const close = `]${level}]`;
    const to = text.indexOf(close, from);
    const start = from + level.length + 2;
    return to === -1
      ? { from: start, to: text.length, end: text.length }
      : { from: start, to, end: to + close.length };
  };
  while (at < text.length && tokens.length < maxTokens) {
    const character = text[at] ?? '';
    if (text.startsWith('--', at)) {
      const block = long(at + 2);
      const end = text.indexOf('\n', at);
      at = block?.end ?? (end === -1 ? text.length : end);
    } else if (/\s/.test(character)) at++;
    else if (character === '"' || character === "'") {
      let end = at + 1;
      while (end < text.length && text[end] !== character && text[end] !== '\n')
        end += text[end] === '\\' ? 2 : 1;
      tokens.push({ kind: 'text', value: text.slice(at + 1, end), line: lineOf(at) });
      at = end + 1;
    } else if (character === '[' && long(at) !== null) {
      const block = long(at);
      if (block === null) break;
      tokens.push({ kind: 'text', value: text.slice(block.from, block.to), line: lineOf(at) });
      at = block.end;
    } else if (/[A-Za-z_]/.test(character)) {
      const name = /^\w+/.exec(text.slice(at, at + 200))?.[0] ?? character;
      tokens.push({ kind: 'name', value: name, line: lineOf(at) });
      at += name.length;
    } else {
      tokens.push({ kind: 'mark', value: character, line: lineOf(at) });
      at++;
    }
  }
  return tokens;
}

export function readRockspec(file: ClaimedFile): Rockspec {
  const tokens = tokensOf(file.text ?? '');
  const found: Rockspec = {
    file,
    name: null,
    dependencies: [],
    libraries: [],
    external: [],
    build: null,
    test: null,
    isCompiled: tokens.some(({ kind, value }) => kind === 'text' && /\.(c|cc|cpp)$/.test(value)),
  };
  // Keys of the file and of the tables that it assigns: `build.type`.
  const path: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    const next = tokens[at + 1];
    if (token === undefined) break;
    if (token.value === '}' && token.kind === 'mark') path.pop();
    else if (token.value === '{' && token.kind === 'mark') path.push('');
    else if (
      token.kind === 'name' &&
      next?.value === '=' &&
      tokens[at + 2]?.value === '{' &&
      tokens[at + 2]?.kind === 'mark'
    ) {
      if (path.length === 1 && path[0] === 'external_dependencies')
        found.external.push({ name: token.value, line: token.line });
      path.push(token.value);
      at += 2;
    } else if (token.kind === 'name' && next?.value === '=' && tokens[at + 2]?.kind === 'text') {
      if (path.length < maxTables) assign(found, [...path, token.value].join('.'), tokens[at + 2] ?? token);
      at += 2;
    } else if (token.kind === 'text' && path.length < maxTables) {
      const table = path.join('.');
      addDependency(found, table, token);
      addLibrary(found, table, token);
    }
  }
  found.isCompiled ||= found.build === 'make' || found.build === 'cmake';
  return found;
}

function assign(found: Rockspec, key: string, token: Token): void {
  const { value } = token;
  addLibrary(found, key, token);
  if (key === 'package') found.name = value;
  if (key === 'build.type') found.build = value;
  if (key === 'test.type') found.test = value;
}

/** Of the built-in build, but for what is for other platforms. */
function addLibrary({ libraries }: Rockspec, table: string, { value, line }: Token): void {
  if (/^build\.modules\b.*\.libraries$/.test(table) && /^[\w.+-]{1,60}$/.test(value))
    libraries.push({ name: value, line });
}

function addDependency(found: Rockspec, table: string, { value, line }: Token): void {
  if (!/^(dependencies|build_dependencies|test_dependencies)$/.test(table)) return;
  const { name, constraint = '' } =
    /^(?:[\w-]+\/)?(?<name>[\w.-]{1,100})\s*(?<constraint>[^\n]{0,100})$/.exec(value.trim())?.groups ?? {};
  if (name === undefined) return;
  found.dependencies.push({
    name: name.toLowerCase(),
    constraint: constraint.trim(),
    line,
    isTest: table === 'test_dependencies',
  });
}

/** Of several, the one that is developed (`scm`, `dev`), else the last by its name. */
export function chosenOf(files: readonly ClaimedFile[]): ClaimedFile | null {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  return (
    sorted.find(({ path }) => /-(scm|dev|git)-?\d*\.rockspec$/.test(nameOf(path))) ?? sorted.at(-1) ?? null
  );
}
