/** R: from what was scanned to needs. See docs/ecosystems/r.md. */
import { append } from '../../append.ts';
import { addTo } from '../../grouped.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { presence } from '../evidence.ts';
import { isBinderFolder } from '../shared/binder.ts';
import { findingNeed } from '../shared/finding.ts';
import { pathsBelow } from '../shared/paths.ts';
import { ancestors, folderOf, isSideFolder, join, nameOf } from '../shared/tree.ts';
import type { Detect, DetectContext, Need } from '../types.ts';
import { frameworksOf, type RLayout, rCommands } from './commands.ts';
import { isPackage, type RManifests, readManifests } from './manifests.ts';
import { compiledSource, compilerNeeds, dependencyNeeds, packagesOf } from './packages.ts';
import { rRequests, runtimeOf } from './versions.ts';

/**
 * R: every folder with a package's description, a lock file, an RStudio project or an application is a project;
 * without any, the scripts of a repository that holds nothing else.
 */
export const detectR: Detect = async (context) => {
  const folders = foldersOf(context.inventory);
  const main = [...folders].filter(([folder]) => !isSideFolder(folder));
  const needs: Need[] = [];
  for (const [folder, because] of main) append(needs, await needsOf(context, folder, because));
  if (main.length > 0) return needs;
  const [side] = folders;
  if (side !== undefined) {
    const [project, because] = side;
    const requests = await rRequests(context.inventory, readManifests(context.inventory, project));
    return [{ kind: 'toolchain', id: 'r', project, requests, because, optional: true }];
  }
  const scripts = onlyScripts(context.inventory);
  const [first] = scripts;
  return first === undefined ? [] : needsOf(context, '.', [presence(first.path, 'r/script')]);
};

/** Programs that make their folder a project where nothing else does. */
const applications = ['app.R', 'server.R', 'plumber.R', '_targets.R', 'rhino.yml'];

function foldersOf(inventory: Inventory): Map<string, Evidence[]> {
  const found = new Map<string, Evidence[]>();
  const add = (folder: string, path: string, rule: string) => addTo(found, folder, presence(path, rule));
  for (const { path } of inventory.files.values()) {
    const name = nameOf(path);
    const folder = isBinderFolder(folderOf(path)) ? '.' : folderOf(path);
    if (/(^|\/)(renv|packrat|node_modules|inst)(\/|$)/.test(folder) && name !== 'packrat.lock') continue;
    if (name === 'DESCRIPTION') {
      if (readManifests(inventory, folder).description !== null) add(folder, path, 'r/description');
    } else if (name === 'renv.lock') add(folder, path, 'r/renv-lock');
    else if (path.endsWith('packrat/packrat.lock')) add(folderOf(folder), path, 'r/packrat-lock');
    else if (name === 'install.R') {
      if (folder === '.') add(folder, path, 'r/install-script');
    } else if (name.endsWith('.Rproj')) add(folder, path, 'r/rproj');
  }
  // Programs change with every commit: they are named only where nothing else announces their folder.
  for (const { path } of inventory.files.values()) {
    if (applications.includes(nameOf(path)) && !found.has(folderOf(path))) {
      found.set(folderOf(path), [presence(path, 'r/application')]);
    }
  }
  const runtime = runtimeOf(inventory, '.');
  if (runtime !== null) add('.', runtime.file.path, 'r/runtime-txt');
  return withoutParts(found);
}

/** An application below a package is a part of it, unless it has a lock file or a description of its own. */
function withoutParts(found: ReadonlyMap<string, Evidence[]>): Map<string, Evidence[]> {
  const own = new Set(['r/description', 'r/renv-lock', 'r/packrat-lock']);
  const kept = [...found].filter(
    ([folder, because]) =>
      because.some(({ rule }) => own.has(rule)) ||
      !ancestors(folder).some((above) => above !== folder && found.has(above)),
  );
  return new Map(kept.sort(([a], [b]) => (a === '.' ? -1 : b === '.' ? 1 : a < b ? -1 : 1)));
}

const program = /\.[Rr]$|\.Rmd$/;
/** Programs of other languages: beside them, a stray R script makes no project. */
const foreign = /\.(py|ipynb|js|ts|tsx|go|rs|java|kt|c|cc|cpp|jl|pl|pm|lua|rb|php|cs|scala|hs|ex|swift|tex)$/;
const manifest =
  /(^|\/)(package\.json|go\.mod|Cargo\.toml|pom\.xml|build\.gradle(\.kts)?|Gemfile|composer\.json|mix\.exs|pyproject\.toml|requirements\.txt|environment\.ya?ml|Project\.toml|setup\.py|CMakeLists\.txt|cpanfile|Makefile\.PL)$/;

/** R scripts, where the repository is made of nothing else. */
function onlyScripts({ paths, files }: Inventory): ClaimedFile[] {
  if (paths.some((path) => foreign.test(path) || manifest.test(path))) return [];
  return [...files.values()].filter(({ path }) => program.test(path) && !isSideFolder(folderOf(path)));
}

async function needsOf(context: DetectContext, folder: string, because: Evidence[]): Promise<Need[]> {
  const { inventory } = context;
  const manifests = readManifests(inventory, folder);
  const scripts = pathsBelow(inventory, folder)
    .filter((path) => program.test(path) && !/(^|\/)(renv|packrat)\//.test(path))
    .flatMap((path) => inventory.files.get(path) ?? []);
  const found = await packagesOf(manifests, scripts);
  const runtime = runtimeOf(inventory, folder);
  const below = folder === '.' ? 0 : folder.length + 1;
  const layout: RLayout = {
    manifests,
    has: (path) => inventory.files.has(join(folder, path)),
    packages: new Set(found.packages.map(({ name }) => name)),
    scripts: scripts.map(({ path }) => path.slice(below)),
    snapshot: runtime?.date ?? null,
  };
  const frameworks = frameworksOf(layout);
  const manager = manifests.renv ?? manifests.packrat;
  const managerId = manifests.renv !== null ? 'renv' : manifests.packrat !== null ? 'packrat' : null;
  return [
    {
      kind: 'toolchain',
      id: 'r',
      project: folder,
      requests: await rRequests(inventory, manifests),
      because,
    },
    ...(manager === null || managerId === null
      ? []
      : [
          {
            kind: 'package-manager' as const,
            id: managerId,
            project: folder,
            requests: [],
            lockfile: manager.path,
            because: [presence(manager.path, `r/${managerId}-lock`)],
          },
        ]),
    {
      kind: 'project',
      path: folder,
      name: nameOfProject(manifests),
      languages: ['r'],
      frameworks: frameworks.map(({ id }) => id),
      packageManager: managerId,
      commands: rCommands(layout),
      ports: [...new Set(frameworks.flatMap(({ port }) => port ?? []))],
      because,
    },
    ...dependencyNeeds(context, folder, found),
    ...compilerNeeds(folder, found, isPackage(manifests) ? ownSources(inventory, folder) : []),
    ...snapshotFinding(runtime),
  ];
}

/** https://cran.r-project.org/doc/manuals/r-release/R-exts.html#Package-subdirectories */
function ownSources(inventory: Inventory, folder: string): string[] {
  const source = join(folder, 'src');
  return pathsBelow(inventory, source).filter((path) => compiledSource.test(path));
}

function nameOfProject(manifests: RManifests): string | null {
  if (!isPackage(manifests)) return null;
  return manifests.description?.fields.get('Package')?.value ?? null;
}

function snapshotFinding(runtime: ReturnType<typeof runtimeOf>): Need[] {
  if (runtime === null || runtime.date === null || runtime.request.length > 0) return [];
  return [
    findingNeed(
      'r-version-by-date',
      'info',
      `${runtime.file.path} asks for packages of ${runtime.date} and names no version of R: the default is taken`,
      'Write the version too: r-4.3-2023-06-01.',
      [presence(runtime.file.path, 'r/runtime-txt')],
    ),
  ];
}
