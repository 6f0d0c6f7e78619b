/** Projects of rebar3: https://rebar3.org/docs/configuration/configuration/ */
import type { ClaimedFile } from '../../scan/types.ts';
import { ancestors, fileIn, filesNamed, folderOf, join, nameOf } from '../shared/tree.ts';
import type { DetectContext } from '../types.ts';
import { parseTerms, settingOf, type Term } from './terms.ts';

export interface RebarProject {
  folder: string;
  file: ClaimedFile;
  /** Null where the file cannot be read. */
  terms: readonly Term[] | null;
  /** Name of its only application; null where it has several, or none. */
  app: string | null;
  /** Paths of its files that say something: applications, tests, sources in C. */
  paths: readonly string[];
  lock: {
    file: ClaimedFile;
    packages: readonly { name: string; version: string | null; line: number }[];
  } | null;
}

/** Fetched and built things are nobody's projects. */
const fetched = /(^|\/)(_build|deps|_checkouts|node_modules|vendor)(\/|$)/;

/**
 * Every `rebar.config` that is not one of an application of a project above it
 * (https://rebar3.org/docs/workflows/: `apps/*`, `lib/*`).
 */
export function rebarProjects(context: DetectContext): RebarProject[] {
  const { inventory } = context;
  const files = filesNamed(context, ['rebar.config']).filter(({ path }) => !fetched.test(path));
  const folders = new Set(files.map(({ path }) => folderOf(path)));
  const isApplication = (folder: string) =>
    ancestors(folder).some((above) => {
      const container = folderOf(folder);
      return (
        above !== folder &&
        folders.has(above) &&
        ['apps', 'lib'].some((name) => join(above, name) === container)
      );
    });
  const main = files.filter(({ path }) => !isApplication(folderOf(path)));
  const pathsOf = telling(inventory.paths, new Set(main.map(({ path }) => folderOf(path))));
  return main.map((file) => {
    const folder = folderOf(file.path);
    const paths = pathsOf.get(folder) ?? [];
    const lock = fileIn(inventory, folder, 'rebar.lock');
    const apps = paths.filter((path) => path.endsWith('.app.src'));
    const [app] = apps;
    return {
      folder,
      file,
      terms: parseTerms(file.text ?? ''),
      app: apps.length === 1 && app !== undefined ? nameOf(app).replace(/\.app\.src$/, '') : null,
      paths,
      lock: lock?.text == null ? null : { file: lock, packages: lockedPackages(lock.text) },
    };
  });
}

/** By folder of a project: the paths below it that say something. */
function telling(paths: readonly string[], folders: ReadonlySet<string>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const path of paths) {
    if (fetched.test(path) || !/(\.app\.src|_SUITE\.erl|_tests\.erl|\.(c|cc|cpp|h))$/.test(path)) continue;
    for (const folder of ancestors(folderOf(path))) {
      if (folders.has(folder)) (found.get(folder) ?? put(found, folder)).push(path);
    }
  }
  return found;
}

function put(found: Map<string, string[]>, folder: string): string[] {
  const paths: string[] = [];
  found.set(folder, paths);
  return paths;
}

const locked =
  /\{<<"(?<key>[\w.-]{1,200})">>,\s{0,20}\{(?:pkg,\s{0,20}<<"(?<name>[\w.-]{1,200})">>,\s{0,20}<<"(?<version>[\w.+-]{1,100})">>)?/;

function lockedPackages(text: string) {
  return text.split('\n').flatMap((line, at) => {
    const { key, name, version } = locked.exec(line.slice(0, 1000))?.groups ?? {};
    return key === undefined ? [] : [{ name: name ?? key, version: version ?? null, line: at + 1 }];
  });
}

/** `{deps, [cowboy, {jiffy, "1.1.1"}]}`: names with their lines. */
export function dependenciesOf(
  { terms }: Pick<RebarProject, 'terms'>,
  key = 'deps',
): { name: string; line: number }[] {
  return (settingOf(terms ?? [], key)?.items ?? []).flatMap((term) => {
    const name = term.kind === 'tuple' ? term.items[0] : term;
    return name?.kind === 'atom' ? [{ name: name.text, line: name.line }] : [];
  });
}
