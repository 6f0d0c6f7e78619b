import { append } from '../../append.ts';
import type { Evidence } from '../../plan/schema.ts';
import { evidence, presence } from '../evidence.ts';
import { isSideFolder, join, nameOf } from '../shared/tree.ts';
import type { Detect, DetectContext, Need, ServiceNeed } from '../types.ts';
import { type Counts, countsOf, programOf, unitCommands } from './commands.ts';
import { frameworks, providers } from './frameworks.ts';
import { portsOf } from './ports.ts';
import { type DotnetProject, dotnetProjects } from './projects.ts';
import { remarksOf } from './remarks.ts';
import { unitRequests } from './requests.ts';
import { type Unit, unitsOf } from './solutions.ts';

/**
 * .NET: every solution is a project and so are those that it lists, which share an SDK; others stand alone. Samples
 * and tests that no solution lists count only where there is nothing else, and then as optional.
 */
export const detectDotnet: Detect = async (context) => {
  const { inventory } = context;
  const units = unitsOf(inventory, dotnetProjects(inventory));
  const counts = countsOf(inventory);
  const main = units.filter(({ folder }) => !isSideFolder(folder));
  const needs = await Promise.all(main.map((unit) => needsOf(context, unit, counts)));
  const [side] = units;
  if (main.length === 0 && side !== undefined) {
    const { requests } = await unitRequests(inventory, side);
    const because = [presence(side.file.path, 'dotnet/project')];
    needs.push([
      { kind: 'toolchain', id: 'dotnet', project: side.folder, requests, because, optional: true },
    ]);
  }
  return needs.flat();
};

async function needsOf(context: DetectContext, unit: Unit, counts: Counts): Promise<Need[]> {
  const { requests, findings } = await unitRequests(context.inventory, unit);
  const because = [presence(unit.file.path, unit.isSolution ? 'dotnet/solution' : 'dotnet/project')];
  const locks = locksOf(unit);
  const folders = [...new Set([unit.folder, ...unit.projects.map(({ folder }) => folder)])];
  const needs: Need[] = [];
  for (const project of folders) {
    needs.push({ kind: 'toolchain', id: 'dotnet', project, requests, because });
    needs.push(managerNeed(project, locks.get(project) ?? null, because));
  }
  if (unit.isSolution) needs.push(await solutionNeed(context, unit, counts, because));
  for (const project of unit.projects) append(needs, await memberNeeds(context, project, counts));
  return [...needs, ...findings];
}

/** The lock file of each folder with a project; of the root, the first that any has. */
function locksOf({ projects }: Unit): Map<string, string> {
  const locks = new Map<string, string>();
  for (const { hasLock, folder } of projects) {
    if (!hasLock) continue;
    const lock = join(folder, 'packages.lock.json');
    for (const at of [folder, '.']) if (!locks.has(at)) locks.set(at, lock);
  }
  return locks;
}

function managerNeed(folder: string, lockfile: string | null, because: Evidence[]): Need {
  return {
    kind: 'package-manager',
    id: 'nuget',
    project: folder,
    requests: [],
    lockfile,
    because: lockfile === null ? because : [...because, presence(lockfile, 'dotnet/packages-lock')],
  };
}

async function solutionNeed(
  { inventory }: DetectContext,
  unit: Unit,
  counts: Counts,
  because: Evidence[],
): Promise<Need> {
  const program = programOf(unit);
  const used = unit.projects.filter(({ folder }) => !isSideFolder(folder)).flatMap(frameworksOf);
  return {
    kind: 'project',
    path: unit.folder,
    name: nameOf(unit.file.path).replace(/\.\w+$/, ''),
    languages: ['dotnet'],
    frameworks: [...new Set(used)],
    packageManager: 'nuget',
    commands: unitCommands(inventory, unit, counts),
    ports: program === null ? [] : await portsOf(inventory, program),
    because,
  };
}

async function memberNeeds(context: DetectContext, project: DotnetProject, counts: Counts): Promise<Need[]> {
  const { folder, file, name } = project;
  const alone: Unit = { folder, file, isSolution: false, projects: [project] };
  return [
    ...nativeNeeds(context, project),
    ...serviceNeeds(project),
    {
      kind: 'project',
      path: folder,
      name,
      languages: ['dotnet'],
      frameworks: frameworksOf(project),
      packageManager: 'nuget',
      commands: unitCommands(context.inventory, alone, counts),
      ports: await portsOf(context.inventory, project),
      because: [presence(file.path, 'dotnet/project')],
    },
    ...remarksOf(project),
  ];
}

function frameworksOf({ parts }: DotnetProject): string[] {
  return frameworks
    .filter(({ sdks = [], packages = [] }) => [...sdks, ...packages].some((name) => parts.has(name)))
    .map(({ id }) => id);
}

/** Packages that the catalogue knows to load something native. */
function nativeNeeds({ native }: DetectContext, { folder, file, parts }: DotnetProject): Need[] {
  return [...parts]
    .filter(([name]) => native.nuget.has(name))
    .map(([name, line]) => ({
      kind: 'dependency',
      ecosystem: 'nuget',
      name,
      version: null,
      project: folder,
      because: [evidence(file, line, 'dotnet/package')],
    }));
}

/** The database of a program: it refers to the provider of the one that it is configured for. */
function serviceNeeds({ file, parts, isProgram }: DotnetProject): ServiceNeed[] {
  if (!isProgram) return [];
  return providers.flatMap(({ id, port, name }) => {
    const line = parts.get(name);
    if (line === undefined) return [];
    return [{ kind: 'service', id, version: null, port, because: [evidence(file, line, 'dotnet/package')] }];
  });
}
