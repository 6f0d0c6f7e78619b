/** In which languages a project is written, by the endings of its files. */
import type { Inventory } from '../../scan/types.ts';
import { outermost, ownerOf } from '../shared/folders.ts';
import { pathsBelow } from '../shared/paths.ts';
import { folderOf } from '../shared/tree.ts';

const languages: readonly (readonly [ending: RegExp, id: string])[] = [
  [/\.kt$/, 'kotlin'],
  [/\.scala$/, 'scala'],
  [/\.clj[cs]?$/, 'clojure'],
  [/\.java$/, 'java'],
];

/** Languages by project: a file belongs to the nearest folder above it. */
export function languagesByFolder(
  inventory: Inventory,
  folders: readonly string[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const owners = new Set(folders);
  const found = new Map<string, Set<string>>(folders.map((folder) => [folder, new Set<string>()]));
  const ownerByFolder = new Map<string, string | null>();
  for (const path of outermost(folders).flatMap((folder) => pathsBelow(inventory, folder))) {
    const id = languages.find(([ending]) => ending.test(path))?.[1];
    if (id === undefined) continue;
    const folder = folderOf(path);
    let owner = ownerByFolder.get(folder);
    if (owner === undefined) {
      owner = /(^|\/)buildSrc(\/|$)/.test(folder) ? null : ownerOf(folder, owners);
      ownerByFolder.set(folder, owner);
    }
    if (owner !== null) found.get(owner)?.add(id);
  }
  return found;
}
