/** Python: from what was scanned to needs. See docs/ecosystems/python.md. */
import type { Commands, Evidence } from '../../plan/schema.ts';
import type { Detect, DetectContext, FindingNeed, Need, ToolchainNeed, VersionRequest } from '../types.ts';
import { type Check, lintCheck, testCheck } from './checks.ts';
import { compiledDependencies, extensionNeeds } from './extensions.ts';
import { type PythonFolder, pythonFolders } from './folders.ts';
import { installCommand } from './install.ts';
import { managerRequests } from './managers.ts';
import { dependencyNeeds } from './native.ts';
import { buildCommand } from './packaging.ts';
import { type Project, projectsOf } from './project.ts';
import { remarks } from './remarks.ts';
import { frameworksOf, served } from './serve.ts';
import { taskCommands } from './tasks.ts';
import { pythonRequests, versionFiles } from './versions.ts';

/** Needs of every Python project of a repository, in path order. */
export const detectPython: Detect = async (context) => {
  const { projects: folders, side } = await pythonFolders(context);
  const projects = projectsOf(context, folders);
  const needs: Need[] = [];
  for (const project of projects) needs.push(...(await needsOf(context, project)));
  for (const folder of side) needs.push(await optionalToolchain(context, folder));
  if (projects.length === 0) needs.push(...(await withoutProject(context)));
  return once(needs);
};

async function needsOf(context: DetectContext, project: Project): Promise<Need[]> {
  const { folder, manifests, root, manager, because } = project;
  const { requests, findings } = await pythonRequests(context.inventory, manifests, root);
  const extension = extensionNeeds(project);
  const frameworks = frameworksOf(project);
  const found = commandsOf(project, frameworks, requests);
  return [
    toolchain(folder, requests, because),
    {
      kind: 'package-manager',
      id: manager.id,
      project: folder,
      requests: await managerRequests(context.inventory, manager, manifests),
      lockfile: manager.lockfile,
      because: manager.because.length > 0 ? manager.because : because,
    },
    {
      kind: 'project',
      path: folder,
      name: project.name,
      languages: ['python'],
      frameworks: frameworks.map(({ id }) => id),
      packageManager: manager.id,
      commands: found.commands,
      ports: found.ports,
      because,
    },
    ...(await dependencyNeeds(project, context.native.pypi, extension.length > 0)),
    ...extension,
    ...compiledDependencies(project),
    ...found.needs,
    ...findings,
    ...manager.findings,
    ...remarks(project, requests),
  ];
}

function commandsOf(
  project: Project,
  frameworks: ReturnType<typeof frameworksOf>,
  requests: readonly VersionRequest[],
): { commands: Partial<Commands>; ports: number[]; needs: Need[] } {
  const tasks = taskCommands(project);
  const { start, dev, build, ports } = served(project, frameworks);
  const test = testCheck(project);
  const lint = lintCheck(project);
  const checks: Check[] = [test, lint].filter((check) => check !== null);
  const isPython2 = /^2(\.|$)/.test(requests[0]?.raw ?? '');
  const commands = {
    install: isPython2 && project.manager.id === 'pip' ? null : installCommand(project, checks),
    build: tasks.build ?? build ?? (start === null ? buildCommand(project) : null),
    test: tasks.test ?? test?.command ?? null,
    start: tasks.start ?? start,
    dev: tasks.dev ?? dev,
    lint: tasks.lint ?? lint?.command ?? null,
  };
  const ruff = project.manifests.pyproject?.because(['tool', 'ruff'], 'python/ruff') ?? project.because[0];
  const needs: Need[] =
    lint?.needsRuff === true && ruff !== undefined
      ? [{ kind: 'tool', id: 'ruff', project: project.folder, because: [ruff] }]
      : [];
  return { commands, ports, needs };
}

function toolchain(project: string, requests: VersionRequest[], because: Evidence[]): ToolchainNeed {
  return { kind: 'toolchain', id: 'python', project, requests, because };
}

/** What only an example, a test or a helper needs. */
async function optionalToolchain(
  context: DetectContext,
  { manifests, because }: PythonFolder,
): Promise<ToolchainNeed> {
  const { requests } = await pythonRequests(context.inventory, manifests, null);
  return { ...toolchain(manifests.folder, requests, because), optional: true };
}

/** A version file at the root asks for an interpreter, whoever needs it: node-gyp, scripts, git hooks. */
async function withoutProject({ inventory }: DetectContext): Promise<Need[]> {
  const { requests, findings } = await versionFiles(inventory, '.');
  const because = requests.map((request) => request.because);
  return requests.length === 0 ? findings : [toolchain('.', requests, because), ...findings];
}

/** Findings about a file that several projects share are said once. */
function once(needs: readonly Need[]): Need[] {
  const said = new Set<string>();
  const isNew = (need: FindingNeed) => {
    const key = `${need.code}\0${need.message}`;
    return !said.has(key) && said.add(key) !== undefined;
  };
  return needs.filter((need) => need.kind !== 'finding' || isNew(need));
}
