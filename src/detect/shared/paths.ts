/** Questions about all paths of a repository, answered by halving: an inventory has them sorted by code unit. */
import type { Inventory } from '../../scan/types.ts';

type Paths = Pick<Inventory, 'paths'>;

/** Whether a file lies at this path, claimed or not. */
export function hasPath({ paths }: Paths, path: string): boolean {
  return paths[firstFrom(paths, path)] === path;
}

/** Whether a file or a folder with files lies at this path. */
export function isThere(inventory: Paths, path: string): boolean {
  if (path === '.') return inventory.paths.length > 0;
  const { paths } = inventory;
  return hasPath(inventory, path) || paths[firstFrom(paths, `${path}/`)]?.startsWith(`${path}/`) === true;
}

/** The path itself where it is a file's, else the first in the folder that it is; undefined where nothing is there. */
export function firstAt(inventory: Paths, path: string): string | undefined {
  return hasPath(inventory, path) ? path : pathsBelow(inventory, path)[0];
}

/** All paths in a folder and below it, in their order. */
export function pathsBelow({ paths }: Paths, folder: string): readonly string[] {
  // "0" is the character after "/".
  return folder === '.' ? paths : paths.slice(firstFrom(paths, `${folder}/`), firstFrom(paths, `${folder}0`));
}

/** Where the first path stands that comes not before this text. */
function firstFrom(paths: readonly string[], text: string): number {
  let from = 0;
  let to = paths.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((paths[middle] ?? '') < text) from = middle + 1;
    else to = middle;
  }
  return from;
}
