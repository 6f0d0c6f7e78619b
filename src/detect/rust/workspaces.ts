/** Which packages belong together: https://doc.rust-lang.org/cargo/reference/workspaces.html */
import { isRecord, stringAt, stringsAt, valueAt } from '../../parse/value.ts';
import { ownerOf } from '../shared/folders.ts';
import { globMatcher } from '../shared/glob.ts';
import { parseTomlFile } from '../shared/parsed.ts';
import { resolvePath } from '../shared/resolve.ts';
import { ancestors, filesNamed, folderOf, isBelow, join } from '../shared/tree.ts';
import type { DetectContext } from '../types.ts';
import { type Manifest, manifestOf, pathDependencies } from './manifest.ts';

/** A workspace, or a package that stands alone. */
export interface CargoProject {
  folder: string;
  /** The manifest with `[workspace]`; null for a package alone. */
  root: Manifest | null;
  /** Packages, the one at the root first; in path order. */
  members: Manifest[];
  /** The members that commands at the root mean: `default-members`, else the root package, else all. */
  defaults: Manifest[];
}

/** All workspaces and packages of a repository, in path order. Vendored crates are none of its own. */
export async function cargoProjects(context: DetectContext): Promise<CargoProject[]> {
  const paths = new Set(context.inventory.paths);
  const manifests: Manifest[] = [];
  for (const file of filesNamed(context, ['Cargo.toml'])) {
    if (paths.has(join(folderOf(file.path), '.cargo-checksum.json'))) continue;
    const document = await parseTomlFile(file);
    if (document !== null) manifests.push(manifestOf(file, document));
  }
  const byFolder = new Map(manifests.map((manifest) => [manifest.folder, manifest]));
  const taken = new Set<string>();
  const own = manifests.filter(({ folder }) => !isForeign(folder));
  const roots = own.filter(isWorkspace);
  const below = manifestsBelow(roots, manifests);
  const workspaces = roots.map((root) => workspaceOf(root, below.get(root.folder) ?? [], byFolder, taken));
  const alone = own.filter((manifest) => !taken.has(manifest.folder) && isPackage(manifest));
  const projects = [
    ...workspaces,
    ...alone.map((manifest) => ({
      folder: manifest.folder,
      root: null,
      members: [manifest],
      defaults: [manifest],
    })),
  ];
  return projects.filter(({ members }) => members.length > 0).sort((a, b) => byText(a.folder, b.folder));
}

/** Other people's code, kept in the repository: it counts where a workspace takes it in. */
function isForeign(folder: string): boolean {
  return /(^|\/)(vendor|third[_-]party)(\/|$)/.test(folder);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isWorkspace({ document }: Manifest): boolean {
  return isRecord(valueAt(document.value, ['workspace']));
}

function isPackage({ document }: Manifest): boolean {
  return isRecord(valueAt(document.value, ['package']));
}

/** What lies below each workspace: a repository may hold many. */
function manifestsBelow(
  roots: readonly Manifest[],
  manifests: readonly Manifest[],
): ReadonlyMap<string, Manifest[]> {
  const below = new Map(roots.map(({ folder }) => [folder, [] as Manifest[]]));
  for (const manifest of manifests) {
    for (const at of ancestors(manifest.folder)) below.get(at)?.push(manifest);
  }
  return below;
}

function workspaceOf(
  root: Manifest,
  below: readonly Manifest[],
  byFolder: ReadonlyMap<string, Manifest>,
  taken: Set<string>,
): CargoProject {
  const { value } = root.document;
  const excluded = stringsAt(value, ['workspace', 'exclude']).map((path) => resolvePath(root.folder, path));
  const excludedFolders = new Set(excluded.filter((path) => path !== null));
  const isExcluded = (folder: string) => ownerOf(folder, excludedFolders) !== null;
  const isListed = globMatcher(stringsAt(value, ['workspace', 'members']));
  const members = new Map<string, Manifest>();
  const queue: Manifest[] = [root];
  for (const manifest of below) {
    const { folder } = manifest;
    if (folder === root.folder || isWorkspace(manifest)) continue;
    const inside = root.folder === '.' ? folder : folder.slice(root.folder.length + 1);
    const isNamed = isListed(inside);
    const names = stringAt(manifest.document.value, ['package', 'workspace']);
    const isPointed = names !== null && resolvePath(folder, names) === root.folder;
    if ((isNamed && !isExcluded(folder)) || isPointed) queue.push(manifest);
  }
  for (let manifest = queue.shift(); manifest !== undefined; manifest = queue.shift()) {
    if (members.has(manifest.folder)) continue;
    members.set(manifest.folder, manifest);
    for (const path of pathDependencies(manifest)) {
      const folder = resolvePath(manifest.folder, path);
      const next = folder === null ? undefined : byFolder.get(folder);
      if (next === undefined || isWorkspace(next) || isExcluded(next.folder)) continue;
      if (isBelow(next.folder, root.folder)) queue.push(next);
    }
  }
  for (const folder of members.keys()) taken.add(folder);
  const packages = [...members.values()].filter(isPackage);
  return { folder: root.folder, root, members: packages, defaults: defaultsOf(root, packages) };
}

function defaultsOf(root: Manifest, packages: Manifest[]): Manifest[] {
  const patterns = stringsAt(root.document.value, ['workspace', 'default-members']);
  if (patterns.length === 0) return isPackage(root) ? [root] : packages;
  const isDefault = globMatcher(patterns);
  return packages.filter(({ folder }) => {
    const inside =
      folder === root.folder ? '.' : root.folder === '.' ? folder : folder.slice(root.folder.length + 1);
    return isDefault(inside);
  });
}
