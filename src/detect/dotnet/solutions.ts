/** Solutions: which projects are built together. */
import { descendants, parseXml } from '../../parse/xml.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { resolvePath } from '../shared/resolve.ts';
import { folderOf } from '../shared/tree.ts';
import { solutionEndings } from './claims.ts';
import type { DotnetProject } from './projects.ts';

/** Projects that one command builds: those of a solution, or one alone. */
export interface Unit {
  folder: string;
  /** The solution, or the project. */
  file: ClaimedFile;
  isSolution: boolean;
  projects: readonly DotnetProject[];
}

/**
 * A unit for each solution that has projects, the largest first where a folder has several; a project is in the
 * first that lists it. Those that none lists are units of their own, programs first.
 */
export function unitsOf(inventory: Inventory, projects: readonly DotnetProject[]): Unit[] {
  const byPath = new Map(projects.map((project) => [project.file.path, project]));
  const taken = new Set<DotnetProject>();
  const folders = new Set<string>();
  const units: Unit[] = [];
  const solutions = [...inventory.files.values()]
    .filter(({ path, text }) => text !== null && solutionEndings.some((ending) => path.endsWith(ending)))
    .map((file) => ({ file, folder: folderOf(file.path), listed: listedIn(file, byPath) }))
    .sort((a, b) => b.listed.length - a.listed.length);
  for (const { file, folder, listed } of solutions) {
    const own = listed.filter((project) => !taken.has(project));
    if (own.length === 0 || folders.has(folder)) continue;
    folders.add(folder);
    for (const project of own) taken.add(project);
    units.push({ folder, file, isSolution: true, projects: own });
  }
  const alone = projects.filter((project) => !taken.has(project));
  const rank = ({ isProgram, isTest }: DotnetProject) => (isProgram ? 0 : isTest ? 2 : 1);
  for (const project of alone.sort((a, b) => rank(a) - rank(b))) {
    units.push({ folder: project.folder, file: project.file, isSolution: false, projects: [project] });
  }
  return units;
}

/** `Project("{…}") = "Shop", "src\Shop\Shop.csproj", "{…}"`, or `<Project Path="src/Shop/Shop.csproj" />`. */
function listedIn(file: ClaimedFile, byPath: ReadonlyMap<string, DotnetProject>): DotnetProject[] {
  const folder = folderOf(file.path);
  const paths = file.path.endsWith('.slnx') ? pathsOfXml(file) : pathsOfText(file);
  const projects = paths.flatMap((path) => {
    const resolved = resolvePath(folder, path.replaceAll('\\', '/'));
    return (resolved === null ? undefined : byPath.get(resolved)) ?? [];
  });
  return [...new Set(projects)];
}

function pathsOfText({ text }: ClaimedFile): string[] {
  return (text ?? '').split('\n').flatMap((line) => {
    const path = /^\s{0,20}Project\("[^"]{1,100}"\)\s{0,9}=\s{0,9}"[^"]*",\s{0,9}"(?<path>[^"]+)"/.exec(
      line.slice(0, 2000),
    )?.groups?.path;
    return path ?? [];
  });
}

function pathsOfXml({ text }: ClaimedFile): string[] {
  const parsed = parseXml(text ?? '');
  if ('problem' in parsed) return [];
  return descendants(parsed.root, 'Project').flatMap(({ element }) => element.attributes.Path ?? []);
}
