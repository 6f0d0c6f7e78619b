/** Python: from what was scanned to needs. See docs/ecosystems/python.md. */
import { append } from '../../append.ts';
import type { Evidence } from '../../plan/schema.ts';
import { isCondaFolder } from '../shared/conda.ts';
import type { Detect, DetectContext, FindingNeed, Need, ToolchainNeed, VersionRequest } from '../types.ts';
import { commandsOf } from './commands.ts';
import { compiledDependencies, extensionNeeds } from './extensions.ts';
import { type PythonFolder, pythonFolders } from './folders.ts';
import { managerRequests } from './managers.ts';
import { dependencyNeeds } from './native.ts';
import { isPackage, type Project, projectsOf } from './project.ts';
import { remarks } from './remarks.ts';
import { frameworksOf } from './serve.ts';
import { serviceNeeds } from './services.ts';
import { pythonRequests, versionFiles } from './versions.ts';

/** Needs of every Python project of a repository, in path order. */
export const detectPython: Detect = async (context) => {
  const { projects: folders, side } = await pythonFolders(context);
  const projects = projectsOf(context, folders);
  const needs: Need[] = [];
  for (const project of projects) append(needs, await needsOf(context, project));
  for (const folder of side) needs.push(await optionalToolchain(context, folder));
  if (projects.length === 0) append(needs, await withoutProject(context));
  return once(needs);
};

async function needsOf(context: DetectContext, project: Project): Promise<Need[]> {
  const { folder, manifests, root, manager, because } = project;
  const { requests, findings } = await pythonRequests(context.inventory, manifests, root);
  const extension = extensionNeeds(project);
  const frameworks = frameworksOf(project);
  const found = commandsOf(project, frameworks, requests);
  const isConda = isCondaFolder(context.inventory, folder, hasManifest(project));
  const managed: Need[] = [
    {
      kind: 'package-manager',
      id: manager.id,
      project: folder,
      requests: await managerRequests(context.inventory, manager, manifests),
      lockfile: manager.lockfile,
      because: manager.because.length > 0 ? manager.because : because,
    },
  ];
  return [
    toolchain(folder, requests, because),
    ...(isConda ? [] : managed),
    {
      kind: 'project',
      path: folder,
      name: project.name,
      languages: ['python'],
      frameworks: frameworks.map(({ id }) => id),
      packageManager: isConda ? null : manager.id,
      commands: found.commands,
      ports: found.ports,
      because,
    },
    ...(await dependencyNeeds(project, context.native.pypi, extension.length > 0)),
    ...extension,
    ...compiledDependencies(project),
    ...found.needs,
    ...serviceNeeds(
      project,
      frameworks.map(({ id }) => id),
    ),
    ...findings,
    ...manager.findings,
    ...remarks(project, requests),
  ];
}

/** Whether a manifest of Python's own says what is installed: else an environment of conda may. */
function hasManifest({ manifests }: Project): boolean {
  const { requirements, pipfile, locks } = manifests;
  return requirements.length > 0 || pipfile !== null || locks.size > 0 || isPackage(manifests);
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
