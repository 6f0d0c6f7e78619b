/** Commands of a project: its scripts first, then what its frameworks and its files let one expect. */
import { stringAt } from '../../parse/value.ts';
import type { Commands } from '../../plan/schema.ts';
import type { Inventory } from '../../scan/types.ts';
import { hasPath } from '../shared/paths.ts';
import { join } from '../shared/tree.ts';
import type { Framework } from './frameworks.ts';
import type { ManagerId } from './manager-signs.ts';
import type { Manager } from './managers.ts';
import { dependenciesOf, type Manifest, oncePerManifest, scriptsOf } from './manifest.ts';
import { invocations } from './scripts.ts';

/** The command that installs exactly what the lock file says, or what the manifests say where there is none. */
export function installCommand({ id, lock, isBerry }: Manager): string {
  if (lock === null) return `${id} install`;
  if (id === 'npm') return 'npm ci';
  if (id === 'yarn' && isBerry) return 'yarn install --immutable';
  return `${id} install --frozen-lockfile`;
}

/** `npm start`, `pnpm run build`; for Bun always with `run`, since `bun test` and `bun build` are its own. */
export function runScript(id: ManagerId, script: string): string {
  const isShort = (script === 'start' || script === 'test') && (id === 'npm' || id === 'pnpm');
  return isShort ? `${id} ${script}` : `${id} run ${script}`;
}

/** Runs a program of a dependency. */
export function runProgram(id: ManagerId, command: string): string {
  const prefix: Record<ManagerId, string> = { npm: 'npx', pnpm: 'pnpm exec', yarn: 'yarn', bun: 'bunx' };
  return `${prefix[id]} ${command}`;
}

type Purpose = 'build' | 'test' | 'start' | 'dev' | 'lint';

/** Names that scripts have for a purpose, best first. */
const commonNames: Record<Purpose, readonly string[]> = {
  build: ['build', 'build:prod', 'build:production', 'compile'],
  test: ['test', 'test:unit', 'tests', 'test:ci'],
  start: ['start', 'start:prod', 'start:production', 'serve'],
  dev: ['dev', 'develop', 'development', 'start:dev', 'dev:start', 'watch'],
  lint: ['lint', 'lint:all', 'eslint'],
};

/** Test runners that need no configuration to find their tests. */
const testRunners: readonly { dependency: string; command: string }[] = [
  { dependency: 'vitest', command: 'vitest run' },
  { dependency: 'jest', command: 'jest' },
  { dependency: 'ava', command: 'ava' },
  { dependency: 'mocha', command: 'mocha' },
];

export interface CommandContext {
  inventory: Inventory;
  manifest: Manifest;
  manager: ManagerId;
  frameworks: readonly Framework[];
  /** Runs its sources with Bun. */
  isBun: boolean;
  /** Members of a workspace are libraries as often as programs. */
  isMember: boolean;
  /** At a workspace's root, what runs a task in all its projects, such as Turborepo. */
  taskRunner: ((task: Purpose) => string | null) | null;
}

/** All but the installation. */
export function projectCommands(context: CommandContext): Partial<Commands> {
  const commands: Partial<Commands> = {};
  for (const purpose of ['build', 'test', 'start', 'dev', 'lint'] as const) {
    const command =
      byScript(context, purpose) ?? context.taskRunner?.(purpose) ?? byFramework(context, purpose);
    if (command !== null) commands[purpose] = command;
  }
  if (commands.test === undefined) {
    const direct = dependenciesOf(context.manifest);
    const runner = testRunners.find(({ dependency }) => direct.has(dependency));
    if (runner !== undefined) commands.test = runProgram(context.manager, runner.command);
  }
  if (commands.start === undefined) {
    const entry = entryCommand(context);
    if (entry !== null) commands.start = entry;
  }
  return commands;
}

/** The script that serves a purpose: by a framework's own name for it, else by a common one. */
export function scriptFor(context: CommandContext, purpose: Purpose): string | null {
  const scripts = scriptsOf(context.manifest);
  const own = context.frameworks.flatMap(({ scripts: names }) =>
    purpose === 'lint' ? [] : (names?.[purpose] ?? []),
  );
  const common = commonNames[purpose];
  // A framework's name for the purpose counts before the common ones, but for `start`, which people keep.
  const order =
    purpose === 'start' ? [...common, ...own] : [...common.slice(0, 1), ...own, ...common.slice(1)];
  return order.find((name) => scripts.has(name)) ?? null;
}

function byScript(context: CommandContext, purpose: Purpose): string | null {
  const script = scriptFor(context, purpose);
  return script === null ? null : runScript(context.manager, script);
}

function byFramework({ frameworks, manager }: CommandContext, purpose: Purpose): string | null {
  if (purpose === 'lint') return null;
  const command = frameworks.map((framework) => framework[purpose]).find((each) => each !== undefined);
  if (command === undefined) return null;
  return command.startsWith('node ') ? command : runProgram(manager, command);
}

const entryFolders = ['', 'src/'];
const entryNames = ['index', 'server', 'app', 'main'];

/** Fields that only those who install a package read. */
const libraryFields = [
  ...['types', 'typings', 'exports', 'files', 'publishConfig', 'bin'],
  ...['peerDependencies', 'browser', 'sideEffects', 'unpkg', 'jsdelivr'],
];
/** Scripts that npm runs when it publishes: https://docs.npmjs.com/cli/using-npm/scripts */
const publishing = ['prepublish', 'prepublishOnly', 'postpublish'];
/** Programs that release a package. */
const releasing = /\b(npm publish|standard-version|semantic-release|release-it)\b/;

/** `main` where it lies in the repository, else a file with a usual name. A library's is no program. */
function entryCommand({ inventory, manifest, isBun, isMember }: CommandContext): string | null {
  const { folder, value } = manifest;
  const scripts = scriptsOf(manifest);
  const isPublished =
    publishing.some((name) => scripts.has(name)) ||
    [...scripts.values()].some((script) => releasing.test(script));
  const isLibrary = libraryFields.some((field) => Object.hasOwn(value, field));
  if (isLibrary || isPublished || (isMember && !Object.hasOwn(value, 'private'))) return null;
  const endings = isBun ? ['ts', 'tsx', 'js', 'mjs'] : ['js', 'mjs', 'cjs'];
  const named = [stringAt(value, ['main']), isBun ? stringAt(value, ['module']) : null];
  const usual = entryFolders.flatMap((at) =>
    entryNames.flatMap((name) => endings.map((ending) => `${at}${name}.${ending}`)),
  );
  for (const candidate of [...named, ...usual]) {
    const path = candidate?.replace(/^\.\//, '');
    if (path === undefined || !isPlainPath(path) || !endings.some((ending) => path.endsWith(`.${ending}`)))
      continue;
    if (hasPath(inventory, join(folder, path))) return isBun ? `bun run ${path}` : `node ${path}`;
  }
  return null;
}

/** A path that needs no quotes in a shell and stays in its folder. */
function isPlainPath(path: string): boolean {
  return /^[\w@][\w./@-]*$/.test(path) && !path.split('/').includes('..');
}

const portOption = /(?:^|\s)(?:-p|--port)(?:=|\s+)["']?(?<port>\d{2,5})\b/g;
const portVariable = /\bPORT=["']?(?<port>\d{2,5})\b/g;

/** Ports that the scripts for development and start name, in the order of the scripts. */
export function scriptPorts(context: CommandContext): number[] {
  const scripts = scriptsOf(context.manifest);
  const ports = new Set<number>();
  for (const purpose of ['start', 'dev'] as const) {
    const name = scriptFor(context, purpose);
    const script = name === null ? undefined : scripts.get(name);
    if (script === undefined || script.length > 8_192 || !/-p|PORT/.test(script)) continue;
    for (const pattern of [portOption, portVariable]) {
      for (const { groups } of script.matchAll(pattern)) {
        const port = Number(groups?.port);
        if (port > 0 && port < 65_536) ports.add(port);
      }
    }
  }
  return [...ports];
}

/** Programs that the scripts of a package run, with the name of the first script that does. */
export const programsOf = oncePerManifest((manifest) => {
  const programs = new Map<string, string>();
  for (const [name, script] of scriptsOf(manifest)) {
    for (const { program } of invocations(script)) if (!programs.has(program)) programs.set(program, name);
  }
  return programs;
});
