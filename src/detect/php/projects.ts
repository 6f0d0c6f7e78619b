/** Composer's files of a repository: https://getcomposer.org/doc/04-schema.md */
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, isRecord, type Path, stringAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { fileIn, filesNamed, folderOf, isSideFolder } from '../shared/tree.ts';

export interface PhpFile {
  file: ClaimedFile;
  document: ParsedDocument;
}

export interface PhpProject {
  folder: string;
  manifest: PhpFile;
  lock: PhpFile | null;
  /** A lock file is there, readable or not. */
  lockPath: string | null;
}

/** What Composer installs, and what WordPress comes with. */
const installed = /(^|\/)(vendor|wp-admin|wp-includes|bower_components)(\/|$)/;

/** The projects, the root's first; those of examples and tests apart. */
export async function phpProjects(
  inventory: Inventory,
): Promise<{ projects: PhpProject[]; side: PhpProject[] }> {
  const all: PhpProject[] = [];
  for (const file of filesNamed({ inventory }, ['composer.json'])) {
    const folder = folderOf(file.path);
    if (installed.test(folder)) continue;
    const document = await parseJsonFile(file);
    if (document === null || !isRecord(document.value)) continue;
    const lockFile = fileIn(inventory, folder, 'composer.lock');
    const lock = lockFile === null ? null : await parseJsonFile(lockFile);
    all.push({
      folder,
      manifest: { file, document },
      lock: lockFile === null || lock === null ? null : { file: lockFile, document: lock },
      lockPath: lockFile?.path ?? null,
    });
  }
  all.sort((a, b) => (a.folder === '.' ? -1 : b.folder === '.' ? 1 : a.folder < b.folder ? -1 : 1));
  return {
    projects: all.filter(({ folder }) => !isSideFolder(folder)),
    side: all.filter(({ folder }) => isSideFolder(folder)),
  };
}

/** Names of what a project requires, itself or for development. */
export function requires({ manifest }: PhpProject, ...names: readonly string[]): boolean {
  return names.some((name) =>
    ['require', 'require-dev'].some((table) => valueAt(manifest.document.value, [table, name]) !== undefined),
  );
}

export interface Requirement {
  name: string;
  constraint: string;
  from: PhpFile;
  path: Path;
  /** The locked package that requires it; null for the project itself. */
  package: string | null;
}

/** More packages than any project has. */
const maxPackages = 20_000;

/** Requirements of the platform (`php`, `ext-…`): the project's own first, then those of locked packages. */
export function platformRequirements({ manifest, lock }: PhpProject): Requirement[] {
  const found: Requirement[] = [];
  const add = (from: PhpFile, base: Path, name: string | null) => {
    for (const [key, constraint] of entriesAt(from.document.value, base)) {
      if (!/^(php|php-64bit|ext-.{1,60})$/i.test(key) || typeof constraint !== 'string') continue;
      found.push({ name: key.toLowerCase(), constraint, from, path: [...base, key], package: name });
    }
  };
  add(manifest, ['require'], null);
  add(manifest, ['require-dev'], null);
  if (lock === null) return found;
  for (const table of ['packages', 'packages-dev']) {
    const packages = valueAt(lock.document.value, [table]);
    if (!Array.isArray(packages)) continue;
    for (const at of packages.slice(0, maxPackages).keys()) {
      const base: Path = [table, at];
      add(lock, [...base, 'require'], stringAt(lock.document.value, [...base, 'name']) ?? '');
    }
  }
  return found;
}

/** Extensions that locked packages stand in for (`symfony/polyfill-uuid`). */
export function provided({ lock }: PhpProject): Set<string> {
  const names = new Set<string>();
  for (const table of ['packages', 'packages-dev']) {
    const packages = valueAt(lock?.document.value, [table]);
    if (!Array.isArray(packages)) continue;
    for (const entry of packages.slice(0, maxPackages)) {
      for (const key of ['provide', 'replace']) {
        for (const [name] of entriesAt(entry, [key]))
          if (name.startsWith('ext-')) names.add(name.toLowerCase());
      }
    }
  }
  return names;
}
