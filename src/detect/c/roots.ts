/** Which folders are projects of C and C++, and what builds each. */
import { append } from '../../append.ts';
import { addTo } from '../../grouped.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { depthOf, filesNamed, folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import { recipeNames } from '../tasks/claims.ts';
import type { DetectContext } from '../types.ts';
import { isOwned, isWithin } from './owners.ts';
import { isQmake, onlyProject } from './qmake.ts';
import { isVendored, sourcesAt, sourcesBelow } from './tree.ts';

export type BuildTool = 'cmake' | 'meson' | 'bazel' | 'autotools' | 'qmake' | 'make';

export interface Root {
  folder: string;
  tool: BuildTool;
  file: ClaimedFile;
}

/** In the order in which one that has several is built: each is newer than the next. */
const builders: readonly { tool: BuildTool; names: readonly string[] }[] = [
  { tool: 'cmake', names: ['CMakeLists.txt'] },
  { tool: 'meson', names: ['meson.build'] },
  { tool: 'bazel', names: ['MODULE.bazel', 'WORKSPACE.bazel', 'WORKSPACE'] },
  { tool: 'autotools', names: ['configure.ac', 'configure.in', 'configure.ac.in', 'configure.in.in'] },
  { tool: 'qmake', names: [] },
  { tool: 'make', names: recipeNames.make },
];

/** The outermost folders that say how they are built; other ecosystems', other people's and examples left out. */
export function buildRoots(context: DetectContext): Root[] {
  const byFolder = new Map<string, Root[]>();
  for (const { tool, names } of builders) {
    for (const file of tool === 'qmake' ? qmakeProjects(context) : filesNamed(context, names)) {
      const folder = folderOf(file.path);
      if (isVendored(folder) || isSideFolder(folder) || !isRoot(context, folder, tool, file)) continue;
      addTo(byFolder, folder, { folder, tool, file });
    }
  }
  const taken = new Set<string>();
  const roots: Root[] = [];
  for (const folder of [...byFolder.keys()].sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1))) {
    if (isWithin(folder, taken)) continue;
    taken.add(folder);
    append(roots, (byFolder.get(folder) ?? []).slice(0, 1));
  }
  return roots;
}

/** Of each folder the project file that stands for it. */
function qmakeProjects({ inventory }: DetectContext): ClaimedFile[] {
  const folders = new Set(
    [...inventory.files.values()]
      .filter(({ path, text }) => path.endsWith('.pro') && text !== null && isQmake(text))
      .map(({ path }) => folderOf(path)),
  );
  return [...folders].flatMap((folder) => onlyProject(inventory, folder) ?? []);
}

function isRoot({ inventory }: DetectContext, folder: string, tool: BuildTool, file: ClaimedFile): boolean {
  const text = file.text ?? '';
  if (tool === 'cmake') return /^[^#\n]*\bproject\s*\(/im.test(text) && !isOwned(inventory, folder, false);
  if (tool === 'meson') return /^[^#\n]*\bproject\s*\(/m.test(text) && !isOwned(inventory, folder, false);
  if (tool === 'autotools') return /\bAC_INIT\b/.test(text) && !isOwned(inventory, folder, false);
  if (tool === 'qmake') return !isOwned(inventory, folder, false);
  if (isOwned(inventory, folder, true)) return false;
  if (tool === 'bazel') {
    const { c, cpp } = sourcesBelow(inventory, folder);
    return c + cpp > 0 && (/\brules_cc\b/.test(text) || nameOf(file.path) !== 'MODULE.bazel');
  }
  const { c, cpp, fortran } = sourcesAt(inventory, folder);
  return c + cpp + fortran > 0;
}
