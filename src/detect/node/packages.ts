/**
 * The packages of a repository and the workspaces that hold them: read once, asked by the detectors of Node.js,
 * Bun and Deno.
 */
import { append } from '../../append.ts';
import { byKey } from '../../grouped.ts';
import { isRecord, stringAt, stringsAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { parseJsonFile, parseYamlFile } from '../shared/parsed.ts';
import { hasPath } from '../shared/paths.ts';
import { ancestors, folderOf, isSideFolder, join, nameOf } from '../shared/tree.ts';
import type { DetectContext } from '../types.ts';
import { type MemberTest, memberTest } from './glob.ts';
import { isMarker, type Manifest, readManifest, workspacePatterns } from './manifest.ts';

export interface Package {
  folder: string;
  manifest: Manifest;
}

/** A root and the packages that are installed with it; a package of its own is a workspace of one. */
export interface Workspace {
  folder: string;
  /** null where only pnpm-workspace.yaml or rush.json stands at the root. */
  manifest: Manifest | null;
  /** The root's own package first; the others in path order. */
  packages: Package[];
  rush: RushFile | null;
}

export interface RushFile {
  file: ClaimedFile;
  value: unknown;
}

export interface Packages {
  workspaces: Workspace[];
  /** Manifests in folders of examples and tests. */
  side: ClaimedFile[];
}

const models = new WeakMap<DetectContext, Promise<Packages>>();

/** The packages of a repository, read once for each context. */
export function packagesOf(context: DetectContext): Promise<Packages> {
  let model = models.get(context);
  if (model === undefined) {
    model = readPackages(context);
    models.set(context, model);
  }
  return model;
}

/** Folders of other people's code and of built output: their manifests describe nothing to be worked on. */
export const foreignFolders = /(^|\/)(vendor|vendored|third[_-]party|Pods|\.yarn|dist)(\/|$)/;

async function readPackages(context: DetectContext): Promise<Packages> {
  const side: ClaimedFile[] = [];
  const manifests = new Map<string, Manifest>();
  const configs: ClaimedFile[] = [];
  const { inventory } = context;
  for (const name of ['pnpm-workspace.yaml', 'lerna.json', 'rush.json']) {
    append(
      configs,
      namedFiles(inventory, name).filter(({ path }) => !isSideFolder(folderOf(path))),
    );
  }
  for (const file of namedFiles(inventory, 'package.json')) {
    const folder = folderOf(file.path);
    if (isSideFolder(folder)) {
      side.push(file);
    } else if (!foreignFolders.test(folder)) {
      const manifest = await readManifest(file);
      if (manifest !== null) manifests.set(folder, manifest);
    }
  }
  const declared = await declarations(configs, manifests);
  return { workspaces: grouped(inventory, manifests, declared), side };
}

interface Declaration {
  isMember: MemberTest;
  rush: RushFile | null;
}

/** What each root says of its members, by folder. */
async function declarations(
  configs: readonly ClaimedFile[],
  manifests: ReadonlyMap<string, Manifest>,
): Promise<Map<string, Declaration>> {
  const patterns = new Map<string, string[]>();
  const rushes = new Map<string, RushFile>();
  const add = (folder: string, more: readonly string[]) => {
    patterns.set(folder, [...(patterns.get(folder) ?? []), ...more]);
  };
  for (const [folder, manifest] of manifests) {
    const own = workspacePatterns(manifest);
    if (own !== null) add(folder, own);
  }
  const lerna: ClaimedFile[] = [];
  for (const file of configs) {
    const folder = folderOf(file.path);
    const name = nameOf(file.path);
    if (name === 'pnpm-workspace.yaml') {
      add(folder, await pnpmPackages(file));
    } else if (name === 'rush.json') {
      const document = await parseJsonFile(file, { comments: true });
      if (document === null) continue;
      rushes.set(folder, { file, value: document.value });
      add(folder, rushFolders(document.value));
    } else {
      lerna.push(file);
    }
  }
  for (const file of lerna) {
    // Lerna asks the package manager for its workspaces, where it has some:
    // https://lerna.js.org/docs/api-reference/configuration
    const folder = folderOf(file.path);
    if (patterns.has(folder)) continue;
    const document = await parseJsonFile(file, { comments: true });
    const own = stringsAt(document?.value, ['packages']);
    add(folder, own.length > 0 ? own : ['packages/*']);
  }
  return new Map(
    [...patterns].map(([folder, list]) => [
      folder,
      { isMember: memberTest(list), rush: rushes.get(folder) ?? null },
    ]),
  );
}

/**
 * `packages` of pnpm-workspace.yaml: https://pnpm.io/pnpm-workspace_yaml. The list that everyone writes is read
 * by its lines, which spares loading a YAML parser; any other form goes through one.
 */
async function pnpmPackages(file: ClaimedFile): Promise<string[]> {
  const { list } =
    /^packages:[ \t]*(#.*)?\r?\n(?<list>([ \t]*(#.*)?\r?\n|[ \t]*-[ \t].*(\r?\n|$))*)(?=\S|$)/m.exec(
      file.text ?? '',
    )?.groups ?? {};
  const items = list
    ?.split(/\r?\n/)
    .filter((line) => !/^\s*(#.*)?$/.test(line))
    .map((line) => plainItem.exec(line)?.groups)
    .map((item) => item?.single ?? item?.double ?? item?.plain);
  if (items?.every((item) => item !== undefined)) return items;
  return stringsAt((await parseYamlFile(file))?.value, ['packages']);
}

const plainItem =
  /^\s*-\s+('(?<single>[^'\\]*)'|"(?<double>[^"\\]*)"|(?<plain>[\w@./][^:#'"{}[\]&*!|>%`,]*(\*{1,2}[^:#'"{}[\]&!|>%`,]*)?))\s*(#.*)?$/;

/** https://rushjs.io/pages/configs/rush_json/ */
function rushFolders(value: unknown): string[] {
  const projects = valueAt(value, ['projects']);
  if (!Array.isArray(projects)) return [];
  return projects
    .filter(isRecord)
    .map((project) => stringAt(project, ['projectFolder']))
    .filter((folder) => folder !== null);
}

function grouped(
  inventory: Inventory,
  manifests: ReadonlyMap<string, Manifest>,
  declared: ReadonlyMap<string, Declaration>,
): Workspace[] {
  const rootOf = rootFinder(inventory, declared);
  const workspaces = new Map<string, Workspace>();
  const workspaceAt = (folder: string): Workspace => {
    let workspace = workspaces.get(folder);
    if (workspace === undefined) {
      const manifest = manifests.get(folder) ?? null;
      workspace = { folder, manifest, packages: [], rush: declared.get(folder)?.rush ?? null };
      workspaces.set(folder, workspace);
    }
    return workspace;
  };
  for (const folder of declared.keys()) if (rootOf(folder) === folder) workspaceAt(folder);
  for (const [folder, manifest] of [...manifests].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const root = rootOf(folder);
    const isAlone = root === folder && !declared.has(folder);
    if (isAlone && isMarker(manifest) && !isProject(inventory, manifest)) continue;
    const { packages } = workspaceAt(root);
    if (folder === root) packages.unshift({ folder, manifest });
    else packages.push({ folder, manifest });
  }
  return [...workspaces.values()]
    .filter(({ packages }) => packages.length > 0)
    .sort((a, b) => rank(a) - rank(b) || (a.folder < b.folder ? -1 : 1));
}

function rank({ folder }: Workspace): number {
  return folder === '.' ? 0 : 1;
}

/**
 * The root of the workspace that a folder belongs to; the folder itself where none claims it. A workspace
 * within a workspace is part of the outer one, unless it has a lock file of its own.
 */
function rootFinder(inventory: Inventory, declared: ReadonlyMap<string, Declaration>) {
  const known = new Map<string, string>();
  const rootOf = (folder: string): string => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    let root = folder;
    if (!(declared.has(folder) && hasLockfile(inventory, folder))) {
      for (const above of ancestors(folder)) {
        if (above === folder) continue;
        const relative = above === '.' ? folder : folder.slice(above.length + 1);
        if (declared.get(above)?.isMember(relative) !== true) continue;
        root = rootOf(above);
        break;
      }
    }
    known.set(folder, root);
    return root;
  };
  return rootOf;
}

/** In the order in which one is taken where several lie side by side without another sign. */
export const lockfileNames = [
  'bun.lock',
  'bun.lockb',
  'pnpm-lock.yaml',
  'yarn.lock',
  'npm-shrinkwrap.json',
  'package-lock.json',
] as const;

function hasLockfile(inventory: Inventory, folder: string): boolean {
  return lockfileNames.some((name) => inventory.files.has(join(folder, name)));
}

const entryNames = ['index', 'server', 'app', 'main'];
const entryEndings = ['js', 'mjs', 'cjs', 'ts'];

/** Whether a manifest without scripts and dependencies still stands beside a program or a lock file. */
function isProject(inventory: Inventory, { folder, value }: Manifest): boolean {
  if (hasLockfile(inventory, folder)) return true;
  const main = stringAt(value, ['main']);
  const names = entryNames.flatMap((name) => entryEndings.map((ending) => `${name}.${ending}`));
  if (main !== null) names.push(main.replace(/^\.\//, ''));
  // A library's own output beside its sources is no program.
  if (folder !== '.' && valueAt(value, ['name']) === undefined) return false;
  return names.some((name) => hasPath(inventory, join(folder, name)));
}

const nameIndexes = new WeakMap<Inventory, Map<string, ClaimedFile[]>>();

/** Claimed files of one name, in path order, by one index of all. */
export function namedFiles(inventory: Inventory, name: string): readonly ClaimedFile[] {
  let index = nameIndexes.get(inventory);
  if (index === undefined) {
    index = byKey(inventory.files.values(), ({ path }) => nameOf(path));
    nameIndexes.set(inventory, index);
  }
  return index.get(name) ?? [];
}
