/** Projects of stack and cabal, with their packages. */
import type { ClaimedFile } from '../../scan/types.ts';
import { parseYamlFile } from '../shared/parsed.ts';
import { ancestors, fileIn, filesNamed, folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import type { DetectContext } from '../types.ts';
import { type HaskellPackage, parseCabal } from './cabal.ts';
import { readHpack } from './hpack.ts';

export interface DescribedPackage {
  folder: string;
  file: ClaimedFile;
  described: HaskellPackage;
}

export interface HaskellProject {
  folder: string;
  manager: 'stack' | 'cabal';
  /** stack.yaml, cabal.project, or the package's own description. */
  file: ClaimedFile;
  packages: DescribedPackage[];
}

const elsewhere = /(^|\/)(\.stack-work|dist|dist-newstyle|node_modules|vendor|third[_-]party|\.cabal)(\/|$)/;

/** In path order; examples and tests are packages of their own, but no projects. */
export async function haskellProjects(context: DetectContext): Promise<HaskellProject[]> {
  const { inventory } = context;
  const packages: DescribedPackage[] = [];
  const folders = new Set<string>();
  for (const file of inventory.files.values()) {
    const folder = folderOf(file.path);
    if (!file.path.endsWith('.cabal') || file.text === null || elsewhere.test(folder)) continue;
    packages.push({ folder, file, described: parseCabal(file.text) });
    folders.add(folder);
  }
  for (const file of filesNamed(context, ['package.yaml'])) {
    const folder = folderOf(file.path);
    if (folders.has(folder) || elsewhere.test(folder)) continue;
    const document = await parseYamlFile(file);
    const described = document === null ? null : readHpack(document);
    if (described !== null) packages.push({ folder, file, described });
  }
  const roots = new Map<string, HaskellProject>();
  for (const file of filesNamed(context, ['stack.yaml', 'cabal.project'])) {
    const folder = folderOf(file.path);
    if (elsewhere.test(folder) || isSideFolder(folder)) continue;
    const isStack = nameOf(file.path) === 'stack.yaml';
    // A snapshot pins every package; a freeze file does so for cabal.
    const isFrozen =
      fileIn(inventory, folder, 'cabal.project.freeze') !== null &&
      fileIn(inventory, folder, 'stack.yaml.lock') === null;
    if (roots.has(folder) && isFrozen === isStack) continue;
    roots.set(folder, { folder, manager: isStack ? 'stack' : 'cabal', file, packages: [] });
  }
  for (const each of packages) {
    const owner = ancestors(each.folder).find((at) => roots.has(at));
    if (owner !== undefined) roots.get(owner)?.packages.push(each);
    else if (!isSideFolder(each.folder))
      roots.set(each.folder, { folder: each.folder, manager: 'cabal', file: each.file, packages: [each] });
  }
  return [...roots.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
}
