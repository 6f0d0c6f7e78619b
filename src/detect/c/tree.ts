/** Folders and sources of projects of C, C++ and Fortran. */
import type { Inventory } from '../../scan/types.ts';
import { ancestors, folderOf } from '../shared/tree.ts';

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

interface Counts {
  /** Of the folder itself. */
  own: ReadonlyMap<string, SourceCount>;
  /** Of the folder and those below. */
  below: ReadonlyMap<string, SourceCount>;
}

const known = new WeakMap<Inventory, Counts>();

function countsOf(inventory: Inventory): Counts {
  let counts = known.get(inventory);
  if (counts === undefined) {
    const own = countByFolder(inventory);
    const below = new Map<string, SourceCount>();
    for (const [folder, count] of own) {
      for (const at of ancestors(folder)) add(below, at, count);
    }
    counts = { own, below };
    known.set(inventory, counts);
  }
  return counts;
}

function add(counts: Map<string, SourceCount>, folder: string, { c, cpp, fortran }: SourceCount): void {
  const count = counts.get(folder);
  if (count === undefined) counts.set(folder, { c, cpp, fortran });
  else {
    count.c += c;
    count.cpp += cpp;
    count.fortran += fortran;
  }
}

/** How many sources a folder and the folders below hold; other people's left out. */
export function sourcesBelow(inventory: Inventory, folder: string): SourceCount {
  return countsOf(inventory).below.get(folder) ?? { c: 0, cpp: 0, fortran: 0 };
}

/** How many sources stand in the folder itself or in its `src`. */
export function sourcesAt(inventory: Inventory, folder: string): SourceCount {
  const total = { c: 0, cpp: 0, fortran: 0 };
  const prefix = folder === '.' ? '' : `${folder}/`;
  for (const at of [folder, `${prefix}src`, `${prefix}source`]) {
    const count = countsOf(inventory).own.get(at);
    total.c += count?.c ?? 0;
    total.cpp += count?.cpp ?? 0;
    total.fortran += count?.fortran ?? 0;
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
