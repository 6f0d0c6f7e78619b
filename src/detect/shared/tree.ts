/** Paths of a repository: forward slashes, the root is ".". */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '.' : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function join(folder: string, name: string): string {
  return folder === '.' ? name : `${folder}/${name}`;
}

/** A folder and the folders above it, nearest first, the root last. */
export function ancestors(folder: string): string[] {
  const all: string[] = [];
  for (let at = folder; at !== '.'; at = folderOf(at)) all.push(at);
  return [...all, '.'];
}

/** How many folders lead to a folder; none to the root. */
export function depthOf(folder: string): number {
  return folder === '.' ? 0 : folder.split('/').length;
}

/** Whether a path lies in a folder, or is it. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}

/** The claimed file of this name in a folder; null where there is none. */
export function fileIn(inventory: Inventory, folder: string, name: string): ClaimedFile | null {
  return inventory.files.get(join(folder, name)) ?? null;
}

/** The nearest claimed file that has one of these names (tried in order per folder), from a folder upwards. */
export function nearest(inventory: Inventory, folder: string, names: readonly string[]): ClaimedFile | null {
  for (const at of ancestors(folder)) {
    for (const name of names) {
      const file = fileIn(inventory, at, name);
      if (file !== null) return file;
    }
  }
  return null;
}

/** All claimed files that have one of these names, in path order. */
export function filesNamed({ inventory }: { inventory: Inventory }, names: readonly string[]): ClaimedFile[] {
  const wanted = new Set(names);
  return [...inventory.files.values()].filter(({ path }) => wanted.has(nameOf(path)));
}

/** Folder names whose projects illustrate or test, so that what only they need is optional. */
const sideFolders =
  /(^|\/)(examples?|samples?|demos?|fixtures?|testdata|__fixtures__|__tests__|tests?|e2e|benchmarks?|playgrounds?|templates?)(\/|$)/i;

/** Whether a folder holds examples, fixtures or tests: it informs, but adds no toolchain that only it needs. */
export function isSideFolder(folder: string): boolean {
  return sideFolders.test(folder);
}
