/** Folders and sources of C and C++ projects. */
import type { Inventory } from '../../scan/types.ts';
import { folderOf, isBelow } from '../shared/tree.ts';

const vendored =
  /(^|\/)(third[-_ ]?party|3rd[-_]?party|vendor(ed)?|external|extern|externals|deps|submodules|subprojects|contrib|node_modules|vcpkg|build|_build|cmake-build-[\w-]+|\.[^/]+)(\/|$)/i;

/** Whether a folder holds other people's sources, or what a build has left. */
export function isVendored(folder: string): boolean {
  return vendored.test(folder);
}

const cSource = /\.c$/;
const cppSource = /\.(cc|cpp|cxx|c\+\+|C|cppm|ixx)$/;

export interface SourceCount {
  c: number;
  cpp: number;
}

const counts = new WeakMap<Inventory, ReadonlyMap<string, SourceCount>>();

/** How many sources a folder and the folders below hold; other people's left out. */
export function sourcesBelow(inventory: Inventory, folder: string): SourceCount {
  let known = counts.get(inventory);
  if (known === undefined) {
    known = countByFolder(inventory);
    counts.set(inventory, known);
  }
  const total = { c: 0, cpp: 0 };
  for (const [at, count] of known) {
    if (!isBelow(at, folder)) continue;
    total.c += count.c;
    total.cpp += count.cpp;
  }
  return total;
}

/** How many sources stand in the folder itself or in its `src`. */
export function sourcesAt(inventory: Inventory, folder: string): SourceCount {
  const total = { c: 0, cpp: 0 };
  sourcesBelow(inventory, folder);
  const prefix = folder === '.' ? '' : `${folder}/`;
  for (const at of [folder, `${prefix}src`, `${prefix}source`]) {
    const count = counts.get(inventory)?.get(at);
    total.c += count?.c ?? 0;
    total.cpp += count?.cpp ?? 0;
  }
  return total;
}

function countByFolder({ paths }: Inventory): Map<string, SourceCount> {
  const found = new Map<string, SourceCount>();
  for (const path of paths) {
    const isC = cSource.test(path);
    if (!isC && !cppSource.test(path)) continue;
    const folder = folderOf(path);
    if (isVendored(folder)) continue;
    const count = found.get(folder) ?? { c: 0, cpp: 0 };
    count[isC ? 'c' : 'cpp']++;
    found.set(folder, count);
  }
  return found;
}
