/**
 * Lines of shell beside those of task runners: tasks of manifests, and the scripts that lines call. They are no
 * evidence for tools on PATH (a manifest's own dependencies bring most of what its tasks call), but for what
 * development does.
 */
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, isRecord, type Path, stringAt, stringsAt } from '../../parse/value.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { parseJsonFile, parseTomlFile } from '../shared/parsed.ts';
import { resolvePath } from '../shared/resolve.ts';
import { folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import { type ScriptLine, scriptLines } from './scripts.ts';

const known = new WeakMap<Inventory, Promise<ScriptLine[]>>();

/** Every line of shell that is known to be run, once for each inventory. */
export function allLines(inventory: Inventory): Promise<ScriptLine[]> {
  let lines = known.get(inventory);
  if (lines === undefined) {
    lines = readLines(inventory);
    known.set(inventory, lines);
  }
  return lines;
}

async function readLines(inventory: Inventory): Promise<ScriptLine[]> {
  const lines = [...(await scriptLines(inventory))];
  for (const file of inventory.files.values()) {
    if (file.text === null || isSideFolder(folderOf(file.path))) continue;
    for (const line of await tasksOf(file)) lines.push(line);
  }
  for (const line of calledLines(inventory, lines)) lines.push(line);
  return lines;
}

/** Tables of tasks: a name, and a command or what holds one. */
interface Tables {
  file: RegExp;
  read(file: ClaimedFile): Promise<ParsedDocument | null>;
  places(value: unknown): Path[];
}

const jsonc = (file: ClaimedFile) => parseJsonFile(file, { comments: true });

const tables: readonly Tables[] = [
  // https://mise.jdx.dev/tasks/toml-tasks.html
  { file: /(^|\/)\.?mise(\/config)?\.toml$/, read: parseTomlFile, places: () => [['tasks']] },
  // https://poethepoet.natn.io, https://pdm-project.org/en/latest/usage/scripts/, https://hatch.pypa.io/latest/config/environment/overview/#scripts
  {
    file: /(^|\/)pyproject\.toml$/,
    read: parseTomlFile,
    places: (value) => [
      ['tool', 'poe', 'tasks'],
      ['tool', 'pdm', 'scripts'],
      ['tool', 'taskipy', 'tasks'],
      ...entriesAt(value, ['tool', 'hatch', 'envs']).map(([name]) => [
        'tool',
        'hatch',
        'envs',
        name,
        'scripts',
      ]),
    ],
  },
  { file: /(^|\/)Pipfile$/, read: parseTomlFile, places: () => [['scripts']] },
  // https://docs.deno.com/runtime/reference/cli/task/
  { file: /(^|\/)deno\.jsonc?$/, read: jsonc, places: () => [['tasks']] },
  // https://getcomposer.org/doc/articles/scripts.md
  { file: /(^|\/)composer\.json$/, read: (file) => parseJsonFile(file), places: () => [['scripts']] },
];

async function tasksOf(file: ClaimedFile): Promise<ScriptLine[]> {
  const row = tables.find(({ file: pattern }) => pattern.test(file.path));
  const document = row === undefined ? null : await row.read(file);
  if (row === undefined || document === null) return [];
  return row.places(document.value).flatMap((place) =>
    entriesAt(document.value, place).flatMap(([task, body]) => {
      const line = () => document.line([...place, task]);
      return commandsOf(body)
        .flatMap((text) => text.split('\n'))
        .filter((text) => !/^\s*(#|$)/.test(text))
        .map((text) => ({ file, line, task, text: text.trim() }));
    }),
  );
}

function commandsOf(body: unknown): string[] {
  if (typeof body === 'string') return [body];
  if (Array.isArray(body)) return stringsAt(body, []);
  if (!isRecord(body)) return [];
  return ['run', 'cmd', 'shell', 'command', 'composite', 'sequence'].flatMap((key) => {
    const text = stringAt(body, [key]);
    return text === null ? stringsAt(body, [key]) : [text];
  });
}

const maxScripts = 200;
const maxScriptLines = 3000;

/** Paths of scripts within a line. */
const scriptPath =
  /(?:^|[\s"'=(])(?<path>(?:\.{1,2}\/)*[\w@-][\w@.-]*(?:\/[\w@.-]+)*\.(?:sh|bash))(?=$|[\s"';&|)])/g;

/** Lines of the scripts that lines call, and of those that these call, each script once. */
function calledLines(inventory: Inventory, lines: readonly ScriptLine[]): ScriptLine[] {
  const found: ScriptLine[] = [];
  const seen = new Set<string>();
  let callers = lines;
  while (callers.length > 0 && seen.size < maxScripts) {
    const called: ScriptLine[] = [];
    for (const { file, task, text } of callers) {
      for (const script of scriptsIn(inventory, file, text)) {
        if (seen.has(script.path) || seen.size >= maxScripts) continue;
        seen.add(script.path);
        for (const line of linesOfScript(script, `${task} ${nameOf(script.path)}`)) called.push(line);
      }
    }
    for (const line of called) found.push(line);
    callers = called;
  }
  return found;
}

/** From the folder of the file that names them, and from the root, where most are started. */
function scriptsIn(inventory: Inventory, caller: ClaimedFile, text: string): ClaimedFile[] {
  return [...text.slice(0, 4000).matchAll(scriptPath)].flatMap(({ groups }) => {
    const path = groups?.path ?? '';
    const places = [folderOf(caller.path), '.'].map((folder) => resolvePath(folder, path));
    const file = places
      .map((place) => (place === null ? undefined : inventory.files.get(place)))
      .find((each) => each?.text != null);
    return file ?? [];
  });
}

function linesOfScript(file: ClaimedFile, task: string): ScriptLine[] {
  const found: ScriptLine[] = [];
  let open: ScriptLine | null = null;
  for (const [at, raw] of (file.text ?? '').split('\n', maxScriptLines).entries()) {
    const isContinued = raw.endsWith('\\');
    const text = (isContinued ? raw.slice(0, -1) : raw).trim();
    if (open !== null) {
      if (open.text.length < 4000) open.text += ` ${text}`;
      if (!isContinued) open = null;
    } else if (text !== '' && !text.startsWith('#')) {
      const entry: ScriptLine = { file, line: () => at + 1, task, text };
      found.push(entry);
      if (isContinued) open = entry;
    }
  }
  return found;
}
