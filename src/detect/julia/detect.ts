/** Julia: from what was scanned to needs. See docs/ecosystems/julia.md. */
import { append } from '../../append.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { Inventory } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { isBinderFolder } from '../shared/binder.ts';
import { fileIn, folderOf, isSideFolder, join, nameOf } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { Detect, DetectContext, Need, VersionRequest } from '../types.ts';
import { projectNames } from './claims.ts';
import { frameworksOf, juliaCommands } from './commands.ts';
import { type JuliaProject, juliaRequests, readProject } from './project.ts';

/**
 * Julia: every project file is a project, except those of tests, documentation and examples; without any, an old
 * package's REQUIRE or a program at the root.
 */
export const detectJulia: Detect = async (context) => {
  const projects: JuliaProject[] = [];
  for (const folder of foldersOf(context.inventory)) {
    const project = await readProject(context.inventory, folder);
    if (project !== null) projects.push(project);
  }
  const main = projects.filter(({ folder }) => !isBeside(folder));
  const needs: Need[] = [];
  for (const project of main) append(needs, await needsOf(context, project));
  if (main.length > 0) return needs;
  const [side] = projects;
  if (side !== undefined) {
    const requests = await juliaRequests(context.inventory, side);
    const because = [presence(side.file.path, 'julia/project')];
    return [{ kind: 'toolchain', id: 'julia', project: side.folder, requests, because, optional: true }];
  }
  return withoutProject(context);
};

function isBeside(folder: string): boolean {
  return isSideFolder(folder) || /(^|\/)(docs?|perf|\.[^/]+)(\/|$)/.test(folder);
}

function foldersOf({ files }: Inventory): string[] {
  const names: readonly string[] = projectNames;
  const folders = [...files.keys()].filter((path) => names.includes(nameOf(path))).map(folderOf);
  return [...new Set(folders.map((folder) => (isBinderFolder(folder) ? '.' : folder)))].sort();
}

async function needsOf({ inventory }: DetectContext, project: JuliaProject): Promise<Need[]> {
  const { folder, file, document, manifest, name } = project;
  const key = project.isPackage ? ['uuid'] : ['deps'];
  const because = [evidence(file, document.line(key), 'julia/project')];
  const frameworks = frameworksOf(project);
  return [
    {
      kind: 'toolchain',
      id: 'julia',
      project: folder,
      requests: await juliaRequests(inventory, project),
      because,
    },
    {
      kind: 'package-manager',
      id: 'pkg',
      project: folder,
      requests: [],
      lockfile: manifest?.path ?? null,
      because: manifest === null ? because : [presence(manifest.path, 'julia/manifest')],
    },
    {
      kind: 'project',
      path: folder,
      name,
      languages: ['julia'],
      frameworks: frameworks.map(({ id }) => id),
      packageManager: 'pkg',
      commands: juliaCommands(project, (path) => has(inventory, folder, path)),
      ports: frameworks.flatMap(({ port }) => port ?? []),
      because,
    },
  ];
}

function has({ files, paths }: Inventory, folder: string, path: string): boolean {
  const whole = join(folder, path);
  return files.has(whole) || (/\.(jl|md)$/.test(path) && paths.includes(whole));
}

/** `REQUIRE`, from before projects: a line `julia 0.6`; else a program at the root, and nothing that says more. */
async function withoutProject({ inventory }: DetectContext): Promise<Need[]> {
  const required = fileIn(inventory, '.', 'REQUIRE');
  const lines = (required?.text ?? '').split('\n');
  const at = lines.findIndex((line) => /^julia(\s|$)/.test(line));
  if (required !== null && at !== -1) {
    const because = evidence(required, at + 1, 'julia/require');
    const { version } = /^julia\s+(?<version>\d[\d.]{0,20})/.exec(lines[at] ?? '')?.groups ?? {};
    const requests: VersionRequest[] =
      version === undefined ? [] : [{ raw: version, scheme: 'minimum', because }];
    return plainProject(inventory, [...(await versions(inventory)), ...requests], [because]);
  }
  const program = ['main.jl', 'run.jl', 'app.jl', 'server.jl'].find((name) => inventory.files.has(name));
  if (program === undefined || inventory.paths.some((path) => manifest.test(path))) return [];
  return plainProject(inventory, await versions(inventory), [presence(program, 'julia/program')]);
}

/** Manifests of other languages: beside them, a program at the root is a helper. */
const manifest =
  /^(package\.json|go\.mod|Cargo\.toml|pom\.xml|Gemfile|composer\.json|pyproject\.toml|requirements\.txt|setup\.py|CMakeLists\.txt|DESCRIPTION)$/;

function versions(inventory: Inventory): Promise<VersionRequest[]> {
  return versionFileRequests(inventory, '.', ['julia']);
}

function plainProject(inventory: Inventory, requests: VersionRequest[], because: Evidence[]): Need[] {
  return [
    { kind: 'toolchain', id: 'julia', project: '.', requests, because },
    {
      kind: 'project',
      path: '.',
      name: null,
      languages: ['julia'],
      frameworks: [],
      packageManager: null,
      commands: juliaCommands(null, (path) => has(inventory, '.', path)),
      ports: [],
      because,
    },
  ];
}
