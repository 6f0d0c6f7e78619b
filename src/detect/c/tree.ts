/** Folders and sources of projects of C, C++ and Fortran. */
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
/** https://gcc.gnu.org/onlinedocs/gfortran/GNU-Fortran-and-GCC.html */
const fortranSource = /\.(f|for|ftn|f90|f95|f03|f08)$/i;

export interface SourceCount {
  c: number;
  cpp: number;
  fortran: number;
}

const counts = new WeakMap<Inventory, ReadonlyMap<string, SourceCount>>();

/** How many sources a folder and the folders below hold; other people's left out. */
export function sourcesBelow(inventory: Inventory, folder: string): SourceCount {
  let known = counts.get(inventory);
  if (known === undefined) {
    known = countByFolder(inventory);
    counts.set(inventory, known);
  }
  const below = [...known].filter(([at]) => isBelow(at, folder)).map(([, count]) => count);
  return sumOf(below);
}

/** How many sources stand in the folder itself or in its `src`. */
export function sourcesAt(inventory: Inventory, folder: string): SourceCount {
  sourcesBelow(inventory, folder);
  const prefix = folder === '.' ? '' : `${folder}/`;
  const places = [folder, `${prefix}src`, `${prefix}source`];
  return sumOf(places.flatMap((at) => counts.get(inventory)?.get(at) ?? []));
}

function sumOf(all: readonly SourceCount[]): SourceCount {
  const total = { c: 0, cpp: 0, fortran: 0 };
  for (const { c, cpp, fortran } of all) {
    total.c += c;
    total.cpp += cpp;
    total.fortran += fortran;
  }
  return total;
}

function languageOf(path: string): keyof SourceCount | null {
  if (cSource.test(path)) return 'c';
  if (cppSource.test(path)) return 'cpp';
  return fortranSource.test(path) ? 'fortran' : null;
}

function countByFolder({ paths }: Inventory): Map<string, SourceCount> {
  const found = new Map<string, SourceCount>();
  for (const path of paths) {
    const language = languageOf(path);
    if (language === null) continue;
    const folder = folderOf(path);
    if (isVendored(folder)) continue;
    const count = found.get(folder) ?? { c: 0, cpp: 0, fortran: 0 };
    count[language]++;
    found.set(folder, count);
  }
  return found;
}
