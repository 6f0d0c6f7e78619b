/** Folders of a repository, and which of some contain the others: each question is answered by looking upwards. */
import type { Inventory } from '../../scan/types.ts';
import { ancestors, folderOf } from './tree.ts';

const known = new WeakMap<Inventory, ReadonlySet<string>>();

/** Every folder that holds a file, or a folder that does. */
export function foldersOf(inventory: Inventory): ReadonlySet<string> {
  let folders = known.get(inventory);
  if (folders === undefined) {
    const found = new Set<string>();
    for (const path of inventory.paths) {
      for (const folder of ancestors(folderOf(path))) {
        if (found.has(folder)) break;
        found.add(folder);
      }
    }
    folders = found;
    known.set(inventory, folders);
  }
  return folders;
}

/** Those that lie in none of the others, in their order. */
export function outermost(folders: Iterable<string>): string[] {
  const all = new Set(folders);
  return [...all].filter((folder) => !ancestors(folder).some((above) => above !== folder && all.has(above)));
}

/** The folder itself or the nearest above it that is one of these; null where none is. */
export function ownerOf(folder: string, owners: ReadonlySet<string>): string | null {
  return ancestors(folder).find((above) => owners.has(above)) ?? null;
}
