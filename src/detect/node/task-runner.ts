/** What runs one task in all projects of a workspace, from its root: Turborepo, Nx, Lerna, Rush. */
import { entriesAt, stringAt, valueAt } from '../../parse/value.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { hasPath } from '../shared/paths.ts';
import { fileIn, join } from '../shared/tree.ts';
import type { DetectContext } from '../types.ts';
import { runProgram } from './commands.ts';
import type { ManagerId } from './manager-signs.ts';
import { dependenciesOf, scriptsOf } from './manifest.ts';
import { type NxWorkspace, nxCommand, nxWorkspace } from './nx.ts';
import type { Workspace } from './packages.ts';

export type Task = 'build' | 'test' | 'start' | 'dev' | 'lint';

/** The command for a task; null where the runner has none of this name. */
export type TaskRunner = (task: Task) => string | null;

export async function taskRunnerOf(
  context: DetectContext,
  workspace: Workspace,
  manager: ManagerId,
): Promise<TaskRunner | null> {
  const { folder, rush, manifest } = workspace;
  if (rush !== null) return rushRunner(context, workspace);
  const turbo = await turboRunner(context, folder, manager);
  if (turbo !== null) return turbo;
  const isLerna = fileIn(context.inventory, folder, 'lerna.json') !== null;
  const nx = await nxWorkspace(context, folder);
  const isNx = !isLerna || (manifest !== null && dependenciesOf(manifest).has('nx'));
  if (nx !== null && isNx) return nxRunner(nx, workspace, manager);
  if (!isLerna) return null;
  const tasks = memberTasks(workspace);
  return (task) => (isForAll(task) && tasks.has(task) ? runProgram(manager, `lerna run ${task}`) : null);
}

/** What makes sense in all projects at once: of servers, each would be one. */
function isForAll(task: Task): boolean {
  return task !== 'start' && task !== 'dev';
}

/** Scripts of the packages besides the root's own. */
function memberTasks({ folder, packages }: Workspace): Set<string> {
  const members = packages.filter((each) => each.folder !== folder);
  return new Set(members.flatMap(({ manifest }) => [...scriptsOf(manifest).keys()]));
}

/** https://turborepo.com/docs/reference/configuration: a task may be that of one package, `web#build`. */
async function turboRunner(
  { inventory }: DetectContext,
  folder: string,
  manager: ManagerId,
): Promise<TaskRunner | null> {
  const file = fileIn(inventory, folder, 'turbo.json') ?? fileIn(inventory, folder, 'turbo.jsonc');
  if (file === null) return null;
  const value = (await parseJsonFile(file, { comments: true }))?.value;
  const table = valueAt(value, ['tasks']) === undefined ? 'pipeline' : 'tasks';
  const tasks = new Set(entriesAt(value, [table]).map(([name]) => name.slice(name.lastIndexOf('#') + 1)));
  return (task) => (tasks.has(task) ? runProgram(manager, `turbo run ${task}`) : null);
}

/** https://nx.dev/reference/nx-json; scripts of packages are targets: https://nx.dev/reference/project-configuration */
function nxRunner(nx: NxWorkspace, workspace: Workspace, manager: ManagerId): TaskRunner | null {
  const tasks = memberTasks(workspace);
  for (const { targets } of nx.projects) for (const target of targets) tasks.add(target);
  // What plug-ins add is not all known; where no project has a task, running it does nothing.
  const isPossible = nx.infers && (nx.projects.length > 0 || workspace.packages.length > 1);
  if (tasks.size === 0 && !isPossible) return null;
  return (task) => {
    if (!isForAll(task))
      return nx.defaultProject === null ? null : nxCommand(nx.defaultProject, task, manager);
    return tasks.has(task) || isPossible ? runProgram(manager, `nx run-many -t ${task}`) : null;
  };
}

/** How Rush is called: by the script that fetches the version which rush.json names, where it is there. */
export function rushProgram({ inventory }: DetectContext, { folder }: Workspace): string {
  const script = 'common/scripts/install-run-rush.js';
  return hasPath(inventory, join(folder, script)) ? `node ${script}` : 'npx @microsoft/rush';
}

/** `build` is Rush's own, others are declared: https://rushjs.io/pages/configs/command-line_json/ */
async function rushRunner(context: DetectContext, workspace: Workspace): Promise<TaskRunner> {
  const { inventory } = context;
  const file = fileIn(inventory, join(workspace.folder, 'common/config/rush'), 'command-line.json');
  const value = file === null ? null : (await parseJsonFile(file, { comments: true }))?.value;
  const commands = valueAt(value, ['commands']);
  const names = (Array.isArray(commands) ? commands : []).map((each) => stringAt(each, ['name']));
  const tasks = new Set<string | null>(['build', ...names]);
  const program = rushProgram(context, workspace);
  return (task) => (isForAll(task) && tasks.has(task) ? `${program} ${task}` : null);
}
