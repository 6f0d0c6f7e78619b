/**
 * Projects of an Nx workspace as its own files name them: `project.json`, and before Nx 16 `workspace.json`.
 * https://nx.dev/reference/project-configuration
 */
import { entriesAt, isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { Commands, Evidence } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, presence, shown } from '../evidence.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { resolvePath } from '../shared/resolve.ts';
import { fileIn, folderOf, isBelow, isSideFolder, nameOf } from '../shared/tree.ts';
import type { DetectContext, ProjectNeed } from '../types.ts';
import { runProgram } from './commands.ts';
import { defaultPort, frameworksOf } from './frameworks.ts';
import type { ManagerId } from './manager-signs.ts';
import { inferredTargets, type NxPlugin, pluginsOf } from './nx-plugins.ts';
import { namedFiles } from './packages.ts';

export interface NxProject {
  folder: string;
  name: string;
  /** `application`, `library`; null where it is not said. */
  type: string | null;
  targets: ReadonlySet<string>;
  /** Of its development server, where that is written out. */
  port: number | null;
  because: Evidence;
}

/** What `nx.json` says, and the projects that have a file of Nx. */
export interface NxWorkspace {
  projects: readonly NxProject[];
  /** Whether plug-ins add targets by files that only they know. */
  infers: boolean;
  /** The project that `nx serve` means. */
  defaultProject: NxProject | null;
}

const known = new WeakMap<DetectContext, Map<string, Promise<NxWorkspace | null>>>();

/** The Nx workspace at a folder; null where there is no `nx.json`. */
export function nxWorkspace(context: DetectContext, root: string): Promise<NxWorkspace | null> {
  const byRoot = known.get(context) ?? new Map<string, Promise<NxWorkspace | null>>();
  known.set(context, byRoot);
  let found = byRoot.get(root);
  if (found === undefined) {
    found = readWorkspace(context, root);
    byRoot.set(root, found);
  }
  return found;
}

async function readWorkspace(context: DetectContext, root: string): Promise<NxWorkspace | null> {
  const { inventory } = context;
  const file = fileIn(inventory, root, 'nx.json');
  if (file === null) return null;
  const value = (await parseJsonFile(file, { comments: true }))?.value;
  const plugins = pluginsOf(value);
  const byFolder = new Map<string, NxProject>();
  const names = new Map<string, string>();
  for (const each of await fromWorkspaceFile(context, root, plugins)) byFolder.set(each.folder, each);
  for (const each of await listed(context, root)) names.set(each.folder, each.name);
  for (const each of namedFiles(inventory, 'project.json')) {
    const folder = folderOf(each.path);
    if (!isOwn(folder, root)) continue;
    const found = (await parseJsonFile(each, { comments: true }))?.value;
    if (!isNxProject(found)) continue;
    const project = projectFrom(context, { folder, name: names.get(folder) ?? null, value: found }, plugins);
    if (project !== null) byFolder.set(folder, { ...project, because: presence(each.path, 'node/nx') });
  }
  const projects = [...byFolder.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
  const wanted = stringAt(value, ['defaultProject']);
  return {
    projects,
    infers: plugins.length > 0,
    defaultProject: projects.find(({ name }) => name === wanted) ?? null,
  };
}

/** Examples and tests of the whole, such as `apps/web-e2e`, are no projects to work on. */
function isOwn(folder: string, root: string): boolean {
  return folder !== root && isBelow(folder, root) && !isSideFolder(folder) && !folder.endsWith('-e2e');
}

/** Other programs have files of this name too. */
function isNxProject(value: unknown): boolean {
  return ['targets', 'architect', 'projectType', 'sourceRoot', 'tags', 'implicitDependencies'].some(
    (field) => valueAt(value, [field]) !== undefined,
  );
}

/** Names and folders in `workspace.json`: https://nx.dev/deprecated/workspace-json */
async function listed({ inventory }: DetectContext, root: string) {
  const file = fileIn(inventory, root, 'workspace.json');
  const document = file === null ? null : await parseJsonFile(file, { comments: true });
  return entriesAt(document?.value, ['projects']).flatMap(([name, entry]) => {
    const place = typeof entry === 'string' ? entry : stringAt(entry, ['root']);
    const folder = place === null ? null : resolvePath(root, place);
    return folder === null || file === null ? [] : [{ file, document, name, folder, entry }];
  });
}

/** Projects that are written out in `workspace.json` itself. */
async function fromWorkspaceFile(
  context: DetectContext,
  root: string,
  plugins: readonly NxPlugin[],
): Promise<NxProject[]> {
  const projects: NxProject[] = [];
  for (const { file, document, name, folder, entry } of await listed(context, root)) {
    if (!isRecord(entry) || !isOwn(folder, root)) continue;
    const project = projectFrom(context, { folder, name, value: entry }, plugins);
    const line = document?.line(['projects', name]) ?? null;
    if (project !== null) projects.push({ ...project, because: lineOf(file, line) });
  }
  return projects;
}

function lineOf(file: ClaimedFile, line: number | null): Evidence {
  return line === null ? presence(file.path, 'node/nx') : evidence(file, line, 'node/nx');
}

interface Described {
  folder: string;
  /** As the workspace lists it. */
  name: string | null;
  value: unknown;
}

/** Null for a name that no command line can hold as it is. */
function projectFrom(
  context: DetectContext,
  { folder, name: listedName, value }: Described,
  plugins: readonly NxPlugin[],
): Omit<NxProject, 'because'> | null {
  const name = stringAt(value, ['name']) ?? listedName ?? nameOf(folder);
  if (!/^[\w@][\w./@-]*$/.test(name)) return null;
  const explicit = valueAt(value, ['targets']) ?? valueAt(value, ['architect']);
  const targets = isRecord(explicit) ? Object.keys(explicit) : [];
  const port = valueAt(explicit, ['serve', 'options', 'port']);
  return {
    folder,
    name,
    type: stringAt(value, ['projectType']),
    targets: new Set([...targets, ...inferredTargets(context.inventory, folder, plugins)]),
    port: typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536 ? port : null,
  };
}

/** Target names by purpose, best first. */
const purposes: Record<keyof Omit<Commands, 'install'>, readonly string[]> = {
  build: ['build'],
  test: ['test'],
  start: ['start', 'serve'],
  dev: ['dev', 'serve'],
  lint: ['lint'],
};

/** How a project's target for a purpose is run; null where it has none. */
export function nxCommand(
  { name, targets }: NxProject,
  purpose: keyof typeof purposes,
  manager: ManagerId,
): string | null {
  const target = purposes[purpose].find((each) => targets.has(each));
  return target === undefined ? null : runProgram(manager, `nx run ${name}:${target}`);
}

/** The projects of an Nx workspace as needs, besides what their own manifests say of them. */
export async function nxProjects(
  context: DetectContext,
  root: string,
  manager: ManagerId,
  install: string,
  configured: (folder: string) => readonly string[],
): Promise<ProjectNeed[]> {
  const workspace = await nxWorkspace(context, root);
  return (workspace?.projects ?? []).map((project) => {
    const commands: Partial<Commands> = { install };
    for (const purpose of ['build', 'test', 'start', 'dev', 'lint'] as const) {
      const command = nxCommand(project, purpose, manager);
      if (command !== null) commands[purpose] = command;
    }
    const found = frameworksOf(null, configured(project.folder));
    const isServed = commands.dev !== undefined || commands.start !== undefined;
    const port = project.port ?? (isServed ? defaultPort(found, null) : null);
    return {
      kind: 'project',
      path: project.folder,
      name: shown(project.name),
      languages: ['node'],
      frameworks: found.map(({ id }) => id),
      packageManager: manager,
      commands,
      ports: port === null ? [] : [port],
      because: [project.because],
    };
  });
}
