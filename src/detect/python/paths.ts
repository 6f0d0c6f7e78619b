import type { Inventory } from '../../scan/types.ts';
import { ancestors, folderOf } from '../shared/tree.ts';

/** Questions about the whole tree, answered from one index per inventory. */
export interface PathIndex {
  has(path: string): boolean;
  hasFolder(path: string): boolean;
  /** Whether a Python file stands in a folder or below it. */
  hasProgram(folder: string): boolean;
  /** Names of the folders directly in a folder that hold this file, sorted. */
  foldersWith(folder: string, name: string): string[];
}

const indexes = new WeakMap<Inventory, PathIndex>();

export function pathsOf(inventory: Inventory): PathIndex {
  let index = indexes.get(inventory);
  if (index === undefined) {
    index = makeIndex(inventory.paths);
    indexes.set(inventory, index);
  }
  return index;
}

function makeIndex(paths: readonly string[]): PathIndex {
  const files = new Set(paths);
  const folders = new Set<string>();
  let inside: Map<string, string[]> | undefined;
  const withPrograms = new Set<string>();
  for (const path of paths) {
    note(folders, folderOf(path));
    if (path.endsWith('.py')) note(withPrograms, folderOf(path));
  }
  return {
    has: (path) => files.has(path),
    hasFolder: (path) => folders.has(path),
    hasProgram: (folder) => withPrograms.has(folder),
    foldersWith: (folder, name) => {
      inside ??= byParent(folders);
      const start = folder === '.' ? 0 : folder.length + 1;
      return (inside.get(folder) ?? [])
        .filter((path) => files.has(`${path}/${name}`))
        .map((path) => path.slice(start))
        .sort();
    },
  };
}

function byParent(folders: Iterable<string>): Map<string, string[]> {
  const inside = new Map<string, string[]>();
  for (const path of folders) {
    if (path === '.') continue;
    const siblings = inside.get(folderOf(path));
    if (siblings === undefined) inside.set(folderOf(path), [path]);
    else siblings.push(path);
  }
  return inside;
}

/** Adds a folder and those above it, up to the first that is known. */
function note(known: Set<string>, folder: string): void {
  for (const at of ancestors(folder)) {
    if (known.has(at)) return;
    known.add(at);
  }
}
