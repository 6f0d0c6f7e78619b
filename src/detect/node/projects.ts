/** Everything that the detectors of Node.js and Bun say of a repository's workspaces, worked out once. */
import { addTo } from '../../grouped.ts';
import { stringAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { Inventory } from '../../scan/types.ts';
import { presence, shown } from '../evidence.ts';
import { hasPath } from '../shared/paths.ts';
import { fileIn, folderOf, join } from '../shared/tree.ts';
import type { DetectContext, FindingNeed, ProjectNeed, VersionRequest } from '../types.ts';
import { type CommandContext, installCommand, projectCommands, scriptPorts } from './commands.ts';
import { frameworkConfigs } from './framework-configs.ts';
import { defaultPort, frameworksOf } from './frameworks.ts';
import type { ManagerId } from './manager-signs.ts';
import { type Manager, managerOf } from './managers.ts';
import { type Manifest, scriptsOf } from './manifest.ts';
import { namedFiles, type Package, packagesOf, type Workspace } from './packages.ts';
import { type Runtimes, runtimesOf } from './runtimes.ts';
import { rushProgram, type TaskRunner, taskRunnerOf } from './task-runner.ts';
import { nodeRuntime, type VersionReader, versionReader } from './versions.ts';

export interface WorkspaceFacts {
  workspace: Workspace;
  manager: Manager;
  runtimes: Runtimes;
  install: string;
  /** Requests for Node.js, by folder. */
  nodeRequests: ReadonlyMap<string, VersionRequest[]>;
  findings: FindingNeed[];
  /** Why the workspace is one. */
  because: Evidence[];
}

const known = new WeakMap<DetectContext, Promise<WorkspaceFacts[]>>();

/** The workspaces of a repository, the root's first. */
export function workspaceFacts(context: DetectContext): Promise<WorkspaceFacts[]> {
  let facts = known.get(context);
  if (facts === undefined) {
    facts = readFacts(context);
    known.set(context, facts);
  }
  return facts;
}

async function readFacts(context: DetectContext): Promise<WorkspaceFacts[]> {
  const { workspaces } = await packagesOf(context);
  const reader = versionReader(context, nodeRuntime);
  const facts: WorkspaceFacts[] = [];
  const managers = new Map<string, ManagerId>();
  for (const workspace of workspaces) {
    const manager = await managerOf(context, workspace, enclosingManager(managers, workspace.folder));
    managers.set(workspace.folder, manager.id);
    facts.push(await factsOf(context, workspace, manager, reader));
  }
  return facts;
}

/** What installs the nearest workspace around a folder. */
function enclosingManager(managers: ReadonlyMap<string, ManagerId>, folder: string): ManagerId | null {
  for (let at = folder; at !== '.'; ) {
    at = folderOf(at);
    const id = managers.get(at);
    if (id !== undefined) return id;
  }
  return null;
}

async function factsOf(
  context: DetectContext,
  workspace: Workspace,
  manager: Manager,
  reader: VersionReader,
): Promise<WorkspaceFacts> {
  const findings = new Set<FindingNeed>(manager.findings);
  const nodeRequests = new Map<string, VersionRequest[]>();
  for (const each of workspace.packages) {
    const versions = await reader.ofPackage(each, workspace);
    nodeRequests.set(each.folder, versions.requests);
    for (const finding of versions.findings) findings.add(finding);
  }
  const asksForNode = [...nodeRequests.values()].some((requests) => requests.length > 0);
  const nested = nestedLocks(context, workspace);
  if (nested !== null && manager.lock !== null) findings.add(nested);
  const path = workspace.manifest?.file.path ?? workspace.rush?.file.path;
  return {
    workspace,
    manager,
    runtimes: runtimesOf(context, workspace, manager, asksForNode),
    install: workspace.rush === null ? installCommand(manager) : `${rushProgram(context, workspace)} install`,
    nodeRequests,
    findings: [...findings],
    because: [presence(path ?? manager.because[0]?.file ?? workspace.folder, 'node/workspace')],
  };
}

/** Lock files in members, which the root's package manager does not read. */
function nestedLocks(
  { inventory }: DetectContext,
  { folder, packages, rush }: Workspace,
): FindingNeed | null {
  if (rush !== null) return null;
  const names = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb'];
  const because = packages
    .filter((each) => each.folder !== folder)
    .flatMap((each) => names.map((name) => fileIn(inventory, each.folder, name)))
    .filter((file) => file !== null)
    .map((file) => presence(file.path, 'node/lockfile'));
  const first = because[0];
  if (first === undefined) return null;
  const more = because.length === 1 ? '' : ` and ${because.length - 1} more`;
  return {
    kind: 'finding',
    code: 'ignored-lockfile',
    severity: 'info',
    message: `${first.file}${more} lies in a member of a workspace, whose root's lock file counts`,
    hint: 'Delete it, or take the package out of the workspace.',
    because: because.slice(0, 10),
  };
}

/** Folders that hold a framework's configuration, with the frameworks. */
export function configuredFrameworks({ inventory }: DetectContext): (folder: string) => readonly string[] {
  const byFolder = new Map<string, string[]>();
  for (const [id, names] of Object.entries(frameworkConfigs)) {
    for (const { path } of names.flatMap((name) => namedFiles(inventory, name))) {
      const folder = folderOf(path);
      addTo(byFolder, folder, id);
    }
  }
  return (folder) => byFolder.get(folder) ?? [];
}

/** The projects of a workspace as needs. */
export async function projectNeeds(
  context: DetectContext,
  facts: WorkspaceFacts,
  configured: (folder: string) => readonly string[],
): Promise<ProjectNeed[]> {
  const { workspace, runtimes } = facts;
  const languages = languagesOf(runtimes, facts.manager.id);
  const taskRunner = await taskRunnerOf(context, workspace, facts.manager.id);
  return workspace.packages.map((owner) =>
    projectNeed(context, facts, owner, languages, taskRunner, configured(owner.folder)),
  );
}

function languagesOf({ node, bun, runsBun }: Runtimes, manager: ManagerId): string[] {
  if (bun === null) return node ? ['node'] : [];
  if (!node) return ['bun'];
  return runsBun && manager === 'bun' ? ['bun', 'node'] : ['node', 'bun'];
}

function projectNeed(
  { inventory }: DetectContext,
  { workspace, manager, runtimes, install, because }: WorkspaceFacts,
  { folder, manifest }: Package,
  languages: readonly string[],
  taskRunner: TaskRunner | null,
  configured: readonly string[],
): ProjectNeed {
  const found = frameworksOf(manifest, configured);
  const isRoot = folder === workspace.folder;
  const context: CommandContext = {
    inventory,
    manifest,
    manager: manager.id,
    // The root of a workspace has the tools of all; what is to be run is in its members.
    frameworks: isRoot && (workspace.packages.length > 1 || taskRunner !== null) ? [] : found,
    isBun: runtimes.runsBun && manager.id === 'bun',
    isMember: !isRoot,
    taskRunner: isRoot ? taskRunner : null,
  };
  const ports = scriptPorts(context);
  const usual = defaultPort(context.frameworks, manifest);
  const name = stringAt(manifest.value, ['name']);
  return {
    kind: 'project',
    path: folder,
    name: name === null ? null : shown(name),
    languages: [...languages],
    frameworks: found.map(({ id }) => id),
    packageManager: manager.id,
    commands: { install, ...projectCommands(context) },
    ports: ports.length > 0 ? ports : usual === null ? [] : [usual],
    because: isRoot ? because : [presence(manifest.file.path, 'node/workspace-member')],
    ...(isForClojure(inventory, folder, manifest) ? { isBeside: true as const } : {}),
  };
}

/** Packages that ClojureScript is compiled with: nothing is run by npm. */
function isForClojure(inventory: Inventory, folder: string, manifest: Manifest): boolean {
  return (
    scriptsOf(manifest).size === 0 &&
    ['deps.edn', 'project.clj'].some((name) => hasPath(inventory, join(folder, name)))
  );
}
