/** Mix projects of a repository, and which umbrella they belong to. */
import type { ClaimedFile } from '../../scan/types.ts';
import { resolvePath } from '../shared/resolve.ts';
import { fileIn, filesNamed, folderOf } from '../shared/tree.ts';
import type { DetectContext } from '../types.ts';
import { type LockedPackage, parseMixLock } from './lockfile.ts';
import { type MixDependency, type Mixfile, readMixfile } from './mixfile.ts';

export interface MixProject {
  folder: string;
  file: ClaimedFile;
  mix: Mixfile;
  /** It is an application of an umbrella, whose lock it has. */
  isApplication: boolean;
  /** Those of an umbrella. */
  applications: MixProject[];
  /** Its own, or that of its umbrella. */
  lock: { file: ClaimedFile; packages: readonly LockedPackage[] } | null;
  /** A file of C below its `c_src`, from which NIFs are compiled. */
  nativeSource: string | null;
}

/** Fetched and built things are nobody's projects. */
const fetched = /(^|\/)(deps|_build|node_modules|vendor)(\/|$)/;

/** https://hexdocs.pm/mix/Mix.Project.html#module-umbrella-projects-and-apps_path */
export function mixProjects(context: DetectContext): MixProject[] {
  const { inventory } = context;
  const sources = nativeSources(inventory.paths);
  const all = filesNamed(context, ['mix.exs'])
    .filter(({ path }) => !fetched.test(path))
    .map((file): MixProject => {
      const folder = folderOf(file.path);
      const lock = fileIn(inventory, folder, 'mix.lock');
      return {
        folder,
        file,
        mix: readMixfile(file.text ?? ''),
        isApplication: false,
        applications: [],
        lock: lock?.text == null ? null : { file: lock, packages: parseMixLock(lock.text) },
        nativeSource: sources.get(folder) ?? null,
      };
    });
  const umbrellas = new Map(
    all.flatMap((project) => {
      const apps = project.mix.appsPath === null ? null : resolvePath(project.folder, project.mix.appsPath);
      return apps === null ? [] : [[apps, project] as const];
    }),
  );
  for (const project of all) {
    const umbrella = umbrellas.get(folderOf(project.folder));
    if (umbrella === undefined || umbrella === project || project.folder === '.') continue;
    umbrella.applications.push(project);
    project.isApplication = true;
    project.lock ??= umbrella.lock;
  }
  return all;
}

/** Where a dependency is declared: of an umbrella, also by its applications. */
export function declaration(
  project: MixProject,
  name: string,
): { file: ClaimedFile; dependency: MixDependency } | null {
  for (const { file, mix } of [project, ...project.applications]) {
    const dependency = mix.dependencies.find((one) => one.name === name);
    if (dependency !== undefined) return { file, dependency };
  }
  return null;
}

/** By folder: a file of C in its `c_src`. */
function nativeSources(paths: readonly string[]): Map<string, string> {
  const sources = new Map<string, string>();
  for (const path of paths) {
    const { folder } = /^(?:(?<folder>.*?)\/)?c_src\/.*\.(c|cc|cpp|h)$/.exec(path)?.groups ?? {
      folder: null,
    };
    if (folder !== null && !sources.has(folder ?? '.')) sources.set(folder ?? '.', path);
  }
  return sources;
}
