/** Languages of a project, beyond C and C++, and whether it has anything to compile. */
import type { Inventory } from '../../scan/types.ts';
import { folderOf, isBelow, isSideFolder } from '../shared/tree.ts';
import type { BuildFacts } from './facts.ts';
import type { BuildTool } from './roots.ts';
import { isVendored, sourcesBelow } from './tree.ts';

export interface ProjectLanguages {
  ids: string[];
  hasCompiler: boolean;
}

/** Languages that Meson and Autotools compile with a compiler of their own beside that of C. */
const compiled = ['vala', 'd'];

/**
 * @param own what there is of C and C++
 * @returns null where the build is not one of ours
 */
export function projectLanguages(
  inventory: Inventory,
  folder: string,
  own: readonly string[],
  tool: BuildTool,
  { languages: declared }: BuildFacts,
): ProjectLanguages | null {
  const others = compiled.filter((each) => declared?.includes(each));
  if (others.length > 0) {
    // C stands beside Vala as what it is compiled to.
    const { c, cpp } = sourcesBelow(inventory, folder);
    const present = own.filter((each) => (each === 'c' ? c : cpp) > 0);
    return { ids: [...others, ...present], hasCompiler: true };
  }
  if (own.length > 0) return { ids: [...own], hasCompiler: true };
  // A build that declares no language installs data, or programs of a language that is not compiled.
  const isUncompiled = (tool === 'meson' || tool === 'cmake') && declared?.length === 0;
  return isUncompiled ? { ids: hasPython(inventory, folder) ? ['python'] : [], hasCompiler: false } : null;
}

function hasPython({ paths }: Inventory, folder: string): boolean {
  return paths.some((path) => {
    if (!/\.py(\.in)?$/.test(path) || !isBelow(path, folder)) return false;
    const at = folderOf(path);
    return (
      !isSideFolder(at) && !isVendored(at) && !/(^|\/)(build-aux|docs?|meson|scripts|tools)(\/|$)/.test(at)
    );
  });
}
