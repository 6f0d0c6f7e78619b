/** Tasks that a project names itself: scripts of its manager, tasks of Poe and taskipy, console scripts. */
import { append } from '../../append.ts';
import { entriesAt, type Path, stringAt, valueAt } from '../../parse/value.ts';
import type { Commands } from '../../plan/schema.ts';
import type { Check } from './checks.ts';
import { isPlainWord } from './names.ts';
import { declares, type Project } from './project.ts';
import { inEnvironment } from './run.ts';

/** Names under which people keep what a plan calls a command, in order. */
const names: Record<Exclude<keyof Commands, 'install'>, readonly string[]> = {
  build: ['build'],
  test: ['test', 'tests'],
  start: ['start', 'serve'],
  dev: ['dev', 'develop', 'runserver'],
  lint: ['lint', 'check'],
};

/** Runs a task by its name; null where that is not the name of one. */
type Runner = (name: string) => string | null;

/** The commands for which the project names a task. */
export function taskCommands(project: Project): Partial<Commands> {
  const runners = runnersOf(project);
  const commands: Partial<Commands> = {};
  for (const key of ['build', 'test', 'start', 'dev', 'lint'] as const) {
    for (const runner of runners) {
      const command = names[key].map(runner).find((found) => found !== null);
      if (command === undefined || command === null) continue;
      commands[key] = command;
      break;
    }
  }
  return commands;
}

/** The programs that run tasks, where they are dependencies: their groups have to be installed. */
export function taskPrograms(project: Project): Check[] {
  return ['poethepoet', 'taskipy'].flatMap((program) => {
    const declared = declares(project, program);
    return declared === null ? [] : [{ command: program, declared, besides: [] }];
  });
}

/** https://poethepoet.natn.io, https://github.com/taskipy/taskipy, https://pdm-project.org/en/latest/usage/scripts/ */
function runnersOf(project: Project): Runner[] {
  const { manifests, manager } = project;
  const { pyproject, pipfile, hatchToml } = manifests;
  const value = pyproject?.value;
  const within =
    (tool: string): Runner =>
    (name) =>
      inEnvironment(manager, `${tool}${name}`);
  const table = (source: unknown, path: Path, runner: Runner): Runner => {
    const keys = new Set(entriesAt(source, path).map(([key]) => key));
    return (name) => (keys.has(name) && isPlainWord(name) ? runner(name) : null);
  };
  const runners: Runner[] = [];
  if (manager.id === 'pdm') runners.push(table(value, ['tool', 'pdm', 'scripts'], within('')));
  if (manager.id === 'pipenv') runners.push(table(pipfile?.value, ['scripts'], within('')));
  if (manager.id === 'hatch') {
    for (const [source, base] of [
      [value, ['tool', 'hatch', 'envs']],
      [hatchToml?.value, ['envs']],
    ] as const) {
      append(runners, hatchRunners(source, base));
    }
  }
  if (declares(project, 'poethepoet') !== null)
    runners.push(table(value, ['tool', 'poe', 'tasks'], within('poe ')));
  if (declares(project, 'taskipy') !== null) {
    runners.push(table(value, ['tool', 'taskipy', 'tasks'], within('task ')));
  }
  for (const path of [
    ['project', 'scripts'],
    ['tool', 'poetry', 'scripts'],
  ]) {
    runners.push(table(value, path, within('')));
  }
  return runners;
}

/** Scripts of the default environment, then of the others: https://hatch.pypa.io/latest/config/environment/overview/#scripts */
function hatchRunners(source: unknown, base: Path): Runner[] {
  const environments = entriesAt(source, base).map(([name]) => name);
  const ordered = ['default', ...environments.filter((name) => name !== 'default' && isPlainWord(name))];
  return ordered.map((environment) => {
    const scripts = new Set(
      entriesAt(valueAt(source, [...base, environment]), ['scripts']).map(([key]) => key),
    );
    const prefix = environment === 'default' ? '' : `${environment}:`;
    return (name) => (scripts.has(name) ? `hatch run ${prefix}${name}` : null);
  });
}

/** The console script that is the program itself: the only one, or the one that bears the project's name. */
export function consoleScript({ manifests: { pyproject }, name }: Project): string | null {
  const scripts = [
    ['project', 'scripts'],
    ['tool', 'poetry', 'scripts'],
  ].flatMap((path) => entriesAt(pyproject?.value, path).map(([key]) => key));
  const found = scripts.find((script) => script === name) ?? (scripts.length === 1 ? scripts[0] : undefined);
  return found !== undefined && isPlainWord(found) ? found : null;
}

/** The entry point of an application that FastAPI's command line starts: `backend.main:app`. */
export function fastapiEntry({ manifests: { pyproject } }: Project): string | null {
  const entry = stringAt(pyproject?.value, ['tool', 'fastapi', 'entrypoint']);
  return entry !== null && /^[A-Za-z_][\w.]*:[A-Za-z_][\w.]*$/.test(entry) && entry.length < 200
    ? entry
    : null;
}
