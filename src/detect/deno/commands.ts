/** Commands of a Deno project: its tasks, else what Deno does with the files that lie there. */
import { valueAt } from '../../parse/value.ts';
import type { Commands } from '../../plan/schema.ts';
import type { Inventory } from '../../scan/types.ts';
import { hasPath } from '../shared/paths.ts';
import { ancestors, folderOf, join } from '../shared/tree.ts';

const taskNames = {
  build: ['build', 'compile', 'bundle'],
  test: ['test', 'test:unit'],
  start: ['start', 'serve', 'preview'],
  dev: ['dev', 'watch'],
  lint: ['lint', 'check'],
} as const;

const entryPoints = [
  'main.ts',
  'mod.ts',
  'server.ts',
  'index.ts',
  'src/main.ts',
  'src/index.ts',
  'src/server.ts',
  'main.js',
];

const testFile = /(^|[/_.])test\.(ts|tsx|js|jsx|mts|mjs)$/;

export interface DenoCommandContext {
  inventory: Inventory;
  folder: string;
  config: unknown;
  tasks: ReadonlyMap<string, string>;
  hasLock: boolean;
  /** Deno 1 has no `deno install` for dependencies. */
  isDeno1: boolean;
}

export function denoCommands(context: DenoCommandContext): Partial<Commands> {
  const { inventory, folder, config, tasks } = context;
  const commands: Partial<Commands> = {};
  for (const [purpose, names] of Object.entries(taskNames)) {
    const name = names.find((each) => tasks.has(each));
    if (name !== undefined) commands[purpose as keyof typeof taskNames] = `deno task ${name}`;
  }
  const entry = entryPoints.find((path) => hasPath(inventory, join(folder, path)));
  const isLibrary = valueAt(config, ['exports']) !== undefined;
  if (entry !== undefined && entry !== 'mod.ts' && !isLibrary)
    commands.start ??= `deno run --allow-all ${entry}`;
  if (foldersWithTests(inventory).has(folder)) commands.test ??= 'deno test --allow-all';
  if (valueAt(config, ['lint']) !== undefined) commands.lint ??= 'deno lint';
  if (!context.isDeno1) commands.install = context.hasLock ? 'deno install --frozen' : 'deno install';
  else if (entry !== undefined) commands.install = `deno cache ${entry}`;
  return commands;
}

const testFolders = new WeakMap<Inventory, Set<string>>();

/** Every folder that has a test file in it or below. */
function foldersWithTests(inventory: Inventory): Set<string> {
  let folders = testFolders.get(inventory);
  if (folders === undefined) {
    const own = new Set(inventory.paths.filter((path) => testFile.test(path)).map(folderOf));
    folders = new Set([...own].flatMap(ancestors));
    testFolders.set(inventory, folders);
  }
  return folders;
}

const portOption = /(?:^|\s)--port(?:=|\s+)(?<port>\d{2,5})\b/;

/** Ports that the tasks for development and start name. */
export function taskPorts(tasks: ReadonlyMap<string, string>): number[] {
  const ports = new Set<number>();
  for (const name of [...taskNames.start, ...taskNames.dev]) {
    const port = Number(portOption.exec((tasks.get(name) ?? '').slice(0, 8_192))?.groups?.port);
    if (port > 0 && port < 65_536) ports.add(port);
  }
  return [...ports];
}
