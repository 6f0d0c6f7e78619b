/**
 * What setup.py says in literals. It is a program: only what stands there as plain text is taken, by
 * pattern; it is never run.
 */
import { lineAt, lineCounter } from '../../text/lines.ts';

export interface Literal {
  value: string;
  line: number;
}

/** Longer programs are read up to here. */
const maxLength = 512 * 1024;

/** The whole value: what follows ends the argument or the line. */
const string = (key: string) =>
  new RegExp(`\\b${key}\\s*=\\s*(?<quote>["'])(?<value>[^"'\\n]*)\\k<quote>[ \\t]*(?=[,)#\\r\\n]|$)`);
const patterns = {
  name: string('name'),
  pythonRequires: string('python_requires'),
  testSuite: string('test_suite'),
} as const;

/** The literal behind `key=` in the call of `setup`; the first one counts. */
export function literal(program: string, key: keyof typeof patterns): Literal | null {
  const text = program.slice(0, maxLength);
  const call = Math.max(0, text.lastIndexOf('setup('));
  const found = patterns[key].exec(text.slice(call)) ?? null;
  const value = found?.groups?.value?.trim();
  if (found === null || value === undefined || value === '') return null;
  return { value, line: lineAt(text, call + found.index) };
}

const listStart =
  /\b(?<key>install_requires|tests_require|setup_requires)\s*=\s*(?:\[|(?<name>[A-Za-z_]\w*)\s*[,)])/g;
const listItem = /(?<quote>["'])(?<value>[^"'\n]*)\k<quote>|(?<end>[\])])|#[^\n]*/g;
const maxItems = 500;
const maxLists = 8;

const listUses = { install_requires: 'run', tests_require: 'test', setup_requires: 'build' } as const;
/** What the packages of a list are for. */
export type ListUse = (typeof listUses)[keyof typeof listUses];

/**
 * The strings of the lists of dependencies, as they stand: in the call, or in a variable of the module.
 */
export function listedRequirements(program: string): (Literal & { use: ListUse })[] {
  const text = program.slice(0, maxLength);
  const found: (Literal & { use: ListUse })[] = [];
  for (const start of [...text.matchAll(listStart)].slice(0, maxLists)) {
    const { key, name } = start.groups ?? {};
    const offset = name === undefined ? start.index + start[0].length : variableStart(text, name);
    const use = key === undefined ? undefined : useOf(key);
    if (offset === null || use === undefined) continue;
    for (const literal of itemsFrom(text, offset, maxItems - found.length)) found.push({ ...literal, use });
  }
  return found;
}

function useOf(key: string): ListUse | undefined {
  return Object.entries(listUses).find(([name]) => name === key)?.[1];
}

/** Where the list begins that a variable of the module is set to. */
function variableStart(text: string, name: string): number | null {
  const found = new RegExp(`^${name}[ \\t]*=[ \\t]*[[(]`, 'm').exec(text);
  return found === null ? null : found.index + found[0].length;
}

function itemsFrom(text: string, offset: number, most: number): Literal[] {
  const found: Literal[] = [];
  const list = text.slice(offset, offset + maxLength / 16);
  const lineOf = lineCounter(text);
  for (const { index, groups } of list.matchAll(listItem)) {
    if (groups?.end !== undefined || found.length >= most) break;
    if (groups?.value === undefined) continue;
    found.push({ value: groups.value, line: lineOf(offset + index) });
  }
  return found;
}

const extrasStart = /\bextras_require\s*=\s*\{/;
const extrasToken = /(?<quote>["'])(?<value>[^"'\n]*)\k<quote>|(?<mark>[[\]{}:])|#[^\n]*/g;

/** The dependencies of each extra, where they are written as a dictionary of lists. */
export function listedExtras(program: string): (Literal & { extra: string })[] {
  const text = program.slice(0, maxLength);
  const start = extrasStart.exec(text);
  if (start === null) return [];
  const offset = start.index + start[0].length;
  const found: (Literal & { extra: string })[] = [];
  let last: string | null = null;
  let extra: string | null = null;
  let isList = false;
  const lineOf = lineCounter(text);
  for (const { index, groups } of text.slice(offset, offset + maxLength / 16).matchAll(extrasToken)) {
    const { value, mark } = groups ?? {};
    if (mark === '}' && !isList) break;
    if (mark === ':' && !isList) extra = last;
    else if (mark === '[') isList = true;
    else if (mark === ']') isList = false;
    else if (value !== undefined && !isList) last = value;
    else if (value !== undefined && extra !== null)
      found.push({ extra, value, line: lineOf(offset + index) });
    if (found.length >= maxItems) break;
  }
  return found;
}

/** What makes setup.py build an extension module. */
const extension =
  /\bext_modules\s*=|\bcffi_modules\s*=|\brust_extensions\s*=|\bcythonize\s*\(|\bmypycify\s*\(|\bCMakeExtension\s*\(|\bPybind11Extension\s*\(|\bExtension\s*\(/;

/** The first line that says that native code is built here; null where none does. Comments do not count. */
export function extensionLine(program: string): { line: number; isRust: boolean; isCMake: boolean } | null {
  let first: number | null = null;
  let isRust = false;
  let isCMake = false;
  for (const [at, line] of program.slice(0, maxLength).split('\n').entries()) {
    if (line.trimStart().startsWith('#') || !extension.test(line)) continue;
    first ??= at + 1;
    isRust ||= /\brust_extensions\b/.test(line);
    isCMake ||= /\bCMakeExtension\b/.test(line);
  }
  return first === null ? null : { line: first, isRust, isCMake };
}
