/** Mix projects of a repository, and which umbrella they belong to. */
import type { ClaimedFile } from '../../scan/types.ts';
import { resolvePath } from '../shared/resolve.ts';
import { fileIn, filesNamed, folderOf, isBelow } from '../shared/tree.ts';
import type { DetectContext } from '../types.ts';
import { type LockedPackage, parseMixLock } from './lockfile.ts';
import { type MixDependency, type Mixfile, readMixfile } from './mixfile.ts';

export interface MixProject {
  folder: string;
  file: ClaimedFile;
  mix: Mixfile;
  /** The umbrella that it is an application of. */
  umbrella: MixProject | null;
  /** Its own, or that of its umbrella. */
  lock: { file: ClaimedFile; packages: readonly LockedPackage[] } | null;
}

/** Fetched and built things are nobody's projects. */
const fetched = /(^|\/)(deps|_build|node_modules|vendor)(\/|$)/;

/** https://hexdocs.pm/mix/Mix.Project.html#module-umbrella-projects-and-apps_path */
export function mixProjects(context: DetectContext): MixProject[] {
  const { inventory } = context;
  const all = filesNamed(context, ['mix.exs'])
    .filter(({ path }) => !fetched.test(path))
    .map((file): MixProject => {
      const folder = folderOf(file.path);
      const lock = fileIn(inventory, folder, 'mix.lock');
      return {
        folder,
        file,
        mix: readMixfile(file.text ?? ''),
        umbrella: null,
        lock: lock?.text == null ? null : { file: lock, packages: parseMixLock(lock.text) },
      };
    });
  const umbrellas = all.filter(({ mix }) => mix.appsPath !== null);
  for (const project of all) {
    const umbrella = umbrellas.find((each) => {
      const apps = resolvePath(each.folder, each.mix.appsPath ?? '');
      return each !== project && apps !== null && apps === folderOf(project.folder);
    });
    if (umbrella === undefined) continue;
    project.umbrella = umbrella;
    project.lock ??= umbrella.lock;
  }
  return all;
}

/** Applications of an umbrella. */
export function applicationsOf(umbrella: MixProject, all: readonly MixProject[]): MixProject[] {
  return all.filter((project) => project.umbrella === umbrella);
}

/** Where a dependency is declared: of an umbrella, also by its applications. */
export function declaration(
  project: MixProject,
  all: readonly MixProject[],
  name: string,
): { project: MixProject; dependency: MixDependency } | null {
  for (const each of [project, ...applicationsOf(project, all)]) {
    const dependency = each.mix.dependencies.find((one) => one.name === name);
    if (dependency !== undefined) return { project: each, dependency };
  }
  return null;
}

/** Whether a file of C stands in the folder that NIFs are compiled from. */
export function nativeSource(paths: readonly string[], folder: string): string | null {
  const prefix = folder === '.' ? 'c_src/' : `${folder}/c_src/`;
  return (
    paths.find((path) => path.startsWith(prefix) && isBelow(path, folder) && /\.(c|cc|cpp|h)$/.test(path)) ??
    null
  );
}
