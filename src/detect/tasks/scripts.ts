/** Lines of shell that a repository's task runners run. Nothing is expanded, nothing executed. */

import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, isRecord, type Path, stringAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { parseJsonFile, parseYamlFile } from '../shared/parsed.ts';
import { folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import { recipeNames } from './claims.ts';

export interface ScriptLine {
  file: ClaimedFile;
  /** From 1; found only when asked for, as it may cost a second parse. */
  line(): number | null;
  /** Name of the target, recipe, task or script. */
  task: string;
  text: string;
}

const known = new WeakMap<Inventory, Promise<ScriptLine[]>>();

/** All lines, in path order, read once for each inventory; those of examples and tests left out. */
export function scriptLines(inventory: Inventory): Promise<ScriptLine[]> {
  let lines = known.get(inventory);
  if (lines === undefined) {
    lines = readLines(inventory);
    known.set(inventory, lines);
  }
  return lines;
}

async function readLines({ files }: Inventory): Promise<ScriptLine[]> {
  const lines: ScriptLine[] = [];
  // One by one: as arguments of one call, the lines of a large file would overflow the stack.
  const append = (more: readonly ScriptLine[]) => {
    for (const line of more) lines.push(line);
  };
  for (const file of files.values()) {
    if (file.text === null || isSideFolder(folderOf(file.path))) continue;
    const name = nameOf(file.path);
    if (includes(recipeNames.make, name)) append(indented(file, file.text, /^\t/, makeTarget));
    else if (includes(recipeNames.just, name)) append(indented(file, file.text, /^[ \t]/, justRecipe));
    else if (includes(recipeNames.task, name)) append(await ofTaskfile(file));
    else if (name === 'package.json') append(await ofPackage(file));
  }
  return lines;
}

function includes(names: readonly string[], name: string): boolean {
  return names.includes(name);
}

/** https://www.gnu.org/software/make/manual/html_node/Rule-Syntax.html */
const makeTarget = /^(?<name>[^\s:#=][^:#=]{0,200}?)\s*::?(?!=)(?<rest>[^;]*(;(?<recipe>.*))?)$/;
/** https://just.systems/man/en/ */
const justRecipe = /^@?(?<name>[A-Za-z_][\w-]{0,200})(\s[^:]*)?:(?!=)/;

/** Recipes whose lines are indented below the name of their task; a backslash joins lines. */
function indented(file: ClaimedFile, text: string, indent: RegExp, header: RegExp): ScriptLine[] {
  const found: ScriptLine[] = [];
  let task = '';
  let open: ScriptLine | null = null;
  for (const [at, raw] of text.split('\n').entries()) {
    const number = () => at + 1;
    const line = raw.replace(/\r$/, '');
    const isContinued = line.endsWith('\\');
    const content = isContinued ? line.slice(0, -1) : line;
    if (open !== null) {
      open.text += ` ${content.trim()}`;
      if (!isContinued) open = null;
    } else if (indent.test(line)) {
      const words = content.trim().replace(/^[@+-]+\s*/, '');
      if (words === '' || words.startsWith('#')) continue;
      const entry: ScriptLine = { file, line: number, task, text: words };
      found.push(entry);
      if (isContinued) open = entry;
    } else if (line.length < 2000) {
      const { name, recipe } = header.exec(line)?.groups ?? {};
      if (name !== undefined) task = name;
      if (recipe !== undefined) found.push({ file, line: number, task, text: recipe.trim() });
    }
  }
  return found;
}

/** https://taskfile.dev/reference/schema#task */
async function ofTaskfile(file: ClaimedFile): Promise<ScriptLine[]> {
  const document = await parseYamlFile(file);
  if (document === null) return [];
  return entriesAt(document.value, ['tasks']).flatMap(([task, body]) => {
    const base: Path = ['tasks', task];
    const commands = isRecord(body) ? (body.cmds ?? body.cmd) : body;
    const path = isRecord(body) ? [...base, body.cmds === undefined ? 'cmd' : 'cmds'] : base;
    return commandLines(file, document, task, commands, path);
  });
}

function commandLines(
  file: ClaimedFile,
  document: ParsedDocument,
  task: string,
  commands: unknown,
  path: Path,
): ScriptLine[] {
  if (typeof commands === 'string') return shellLines(file, () => document.line(path), task, commands);
  if (!Array.isArray(commands)) return [];
  return commands.flatMap((command: unknown, at) => {
    const text = typeof command === 'string' ? command : stringAt(command, ['cmd']);
    return text === null ? [] : shellLines(file, () => document.line([...path, at]), task, text);
  });
}

function shellLines(file: ClaimedFile, line: ScriptLine['line'], task: string, text: string): ScriptLine[] {
  return text.split('\n').flatMap((each) => {
    const trimmed = each.trim();
    return trimmed === '' || trimmed.startsWith('#') ? [] : [{ file, line, task, text: trimmed }];
  });
}

/** https://docs.npmjs.com/cli/v11/using-npm/scripts */
async function ofPackage(file: ClaimedFile): Promise<ScriptLine[]> {
  const document = await parseJsonFile(file);
  if (document === null || !isRecord(valueAt(document.value, ['scripts']))) return [];
  return entriesAt(document.value, ['scripts']).flatMap(([task, text]) =>
    typeof text === 'string' ? [{ file, line: () => document.line(['scripts', task]), task, text }] : [],
  );
}

/** Words that stand before the program that they run. */
const prefixes = new Set([
  'sudo',
  'exec',
  'time',
  'env',
  'nohup',
  'xargs',
  'if',
  'then',
  'else',
  'do',
  '!',
  '{',
  '(',
]);

/** The programs that a line of shell calls, by the first word of each command. */
export function programsCalled(text: string): string[] {
  return text
    .slice(0, 4000)
    .split(/&&|\|\||[;|&]|\$\(|`/)
    .flatMap((command) => {
      const words = command.trim().split(/\s+/);
      return words.find((word) => !prefixes.has(word) && !/^[A-Za-z_]\w*=/.test(word)) ?? [];
    });
}
