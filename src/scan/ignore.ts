/**
 * Which paths are no part of a repository: what `.gitignore` files say
 * (https://git-scm.com/docs/gitignore), and folders that tools fill.
 *
 * The user's global excludes and `.git/info/exclude` are left out on purpose: the same tree must give the
 * same answer on every machine.
 */
import type { Finding } from '../plan/schema.ts';
import { scanFinding } from './finding.ts';
import { type IgnoreFile, maxWildcards, parseIgnoreFile } from './ignore-rules.ts';

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
  '.bundle',
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

/** The rules that hold in one folder: its own `.gitignore` first, then those above it. */
export interface IgnoreScope {
  /** Length of the folder's path with its slash; 0 at the root. */
  prefix: number;
  file: IgnoreFile;
  above: IgnoreScope | null;
  /** Rules with wildcards that may still come in folders below. */
  wildcardsLeft: number;
}

/**
 * The scope of a folder with a `.gitignore`.
 *
 * @param folder from the root; '' is the root
 */
export function scopeWith(text: string, folder: string, above: IgnoreScope | null): IgnoreScope {
  const left = above?.wildcardsLeft ?? maxWildcards;
  const file = parseIgnoreFile(text, left);
  return {
    prefix: folder === '' ? 0 : folder.length + 1,
    file,
    above,
    wildcardsLeft: left - file.wildcards,
  };
}

/** Whether a path is ignored; the innermost `.gitignore` that mentions it decides. */
export function isIgnored(scope: IgnoreScope | null, path: string, name: string, isFolder: boolean): boolean {
  for (let at = scope; at !== null; at = at.above) {
    const answer = at.file.test(at.prefix === 0 ? path : path.slice(at.prefix), name, isFolder);
    if (answer !== null) return answer;
  }
  return false;
}

/** A `.gitignore` of which not every rule counts. */
export function ignoreCut(folder: string): Finding {
  const path = folder === '' ? '.gitignore' : `${folder}/.gitignore`;
  return scanFinding(
    'ignore-rules-cut',
    'warning',
    path,
    `${path} is too large: not all of its rules were followed`,
    'Shorten it, or leave folders out with "ignore" in nidify.jsonc.',
  );
}
