/** Languages of a project, beyond C and C++, and whether it has anything to compile. */
import type { Inventory } from '../../scan/types.ts';
import { type Census, censusOf } from '../sources/census.ts';
import type { BuildFacts } from './facts.ts';
import type { Root } from './roots.ts';
import { sourcesBelow } from './tree.ts';

export interface ProjectLanguages {
  ids: string[];
  hasCompiler: boolean;
  /** One whose toolchain comes with the project, since no ecosystem of its own has described it. */
  other: Census | null;
}

/** Languages that Meson and Autotools compile with a compiler of their own beside that of C. */
const compiled = ['vala', 'd'];

/**
 * @param own what there is of C and C++
 * @returns null where the build is not one of ours
 */
export function projectLanguages(
  inventory: Inventory,
  { folder, tool }: Root,
  own: readonly string[],
  { languages: declared }: BuildFacts,
): ProjectLanguages | null {
  const others = compiled.filter((each) => declared?.includes(each));
  if (others.length > 0) {
    // C stands beside Vala as what it is compiled to.
    const { c, cpp } = sourcesBelow(inventory, folder);
    const present = own.filter((each) => (each === 'c' ? c : cpp) > 0);
    return { ids: [...others, ...present], hasCompiler: true, other: null };
  }
  // A build that declares no language installs data, or programs of a language that is not compiled.
  const isUncompiled = (tool === 'meson' || tool === 'cmake') && own.length === 0 && declared?.length === 0;
  const isMade = tool === 'make' || tool === 'autotools';
  const other = isUncompiled || isMade ? otherLanguage(inventory, folder, own) : null;
  if (own.length === 0 && other === null && !isUncompiled) return null;
  const ids = [...(other?.language.id == null ? [] : [other.language.id]), ...own];
  return { ids, hasCompiler: !isUncompiled, other };
}

/**
 * A language that make compiles more of here than of C and C++: OCaml with a few stubs in C. Scripts beside C are
 * what builds and tests it; alone they are what is installed.
 */
function otherLanguage(inventory: Inventory, folder: string, own: readonly string[]): Census | null {
  const { c, cpp } = sourcesBelow(inventory, folder);
  const [most] = censusOf(inventory, folder).filter(
    ({ language, count }) =>
      language.id !== null &&
      !own.includes(language.id) &&
      language.needsC !== 'alone' &&
      (own.length === 0 || (language.isCompiled && count > c + cpp)),
  );
  return most ?? null;
}
