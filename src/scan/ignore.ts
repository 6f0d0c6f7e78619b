/**
 * Which paths are no part of a repository: what `.gitignore` files say
 * (https://git-scm.com/docs/gitignore), and folders that tools fill.
 *
 * The user's global excludes and `.git/info/exclude` are left out on purpose: the same tree must give the
 * same answer on every machine.
 */
import ignore from 'ignore';

/** Folders that hold what tools install or build, never what the repository says. */
const prunedFolders = new Set([
  '.git',
  '.hg',
  '.svn',
  '.jj',
  'node_modules',
  'bower_components',
  '.direnv',
  '.nidify',
  '.venv',
  '__pycache__',
  '.tox',
  '.nox',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
]);

/** Whether a folder of this name is never entered, wherever it lies. */
export function isPruned(name: string): boolean {
  return prunedFolders.has(name);
}

/** The rules of one `.gitignore`, for paths relative to its folder. */
export interface IgnoreFile {
  /** true: ignored; false: taken back by a `!` rule; null: not mentioned. */
  test(path: string, name: string, isFolder: boolean): boolean | null;
}

/** The rules that hold in one folder: its own `.gitignore` first, then those above it. */
export interface IgnoreScope {
  /** Length of the folder's path with its slash; 0 at the root. */
  prefix: number;
  file: IgnoreFile;
  above: IgnoreScope | null;
}

/** Whether a path is ignored; the innermost `.gitignore` that mentions it decides. */
export function isIgnored(scope: IgnoreScope | null, path: string, name: string, isFolder: boolean): boolean {
  for (let at = scope; at !== null; at = at.above) {
    const answer = at.file.test(at.prefix === 0 ? path : path.slice(at.prefix), name, isFolder);
    if (answer !== null) return answer;
  }
  return false;
}

/** A rule that names a file or folder anywhere below, without wildcard: `dist`, `build/`. */
const plainName = /^(?<name>[\w.@+-]+)(?<folder>\/)?$/;
/** A rule for one place: `/out`, `docs/build/`. */
const plainPath = /^\/?(?<path>[\w.@+-]+(?:\/[\w.@+-]+)*)(?<folder>\/)?$/;
/** A rule for an ending: `*.log`. */
const plainEnding = /^\*(?<ending>\.[\w-]+)$/;

/**
 * Parses a `.gitignore`. The commonest shapes of rules are answered by look-ups, which matters with
 * 100,000 files; everything else, and every file with a `!` rule (whose order counts), by `ignore`.
 */
export function parseIgnoreFile(text: string): IgnoreFile {
  const rules = text
    .split(/\r?\n/)
    .map((line) => line.replace(/(?<!\\)\s+$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (rules.some((rule) => rule.startsWith('!'))) return viaLibrary(rules);
  const names = new Set<string>();
  const folders = new Set<string>();
  const endings = new Set<string>();
  const places = new Set<string>();
  const folderPlaces = new Set<string>();
  const others: string[] = [];
  for (const rule of rules) {
    const name = plainName.exec(rule)?.groups;
    const ending = plainEnding.exec(rule)?.groups?.ending;
    const place = plainPath.exec(rule)?.groups;
    if (name?.name !== undefined) (name.folder === undefined ? names : folders).add(name.name);
    else if (ending !== undefined) endings.add(ending);
    else if (place?.path !== undefined) (place.folder === undefined ? places : folderPlaces).add(place.path);
    else others.push(rule);
  }
  const rest = others.length === 0 ? null : viaLibrary(others);
  return {
    test(path, name, isFolder) {
      if (names.has(name) || places.has(path)) return true;
      if (isFolder && (folders.has(name) || folderPlaces.has(path))) return true;
      if (endings.size > 0 && endings.has(name.slice(Math.max(0, name.lastIndexOf('.'))))) return true;
      return rest === null ? null : rest.test(path, name, isFolder);
    },
  };
}

function viaLibrary(rules: string[]): IgnoreFile {
  const matcher = ignore({ allowRelativePaths: true }).add(rules);
  return {
    test(path, _name, isFolder) {
      const { ignored, unignored } = matcher.test(isFolder ? `${path}/` : path);
      return ignored ? true : unignored ? false : null;
    },
  };
}
