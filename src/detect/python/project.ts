/** A project: its manifests, its place in a workspace, and what they say together. */
import { entriesAt, isRecord, type Path, stringAt, stringsAt, valueAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import { presence } from '../evidence.ts';
import { globMatcher } from '../shared/glob.ts';
import { resolvePath } from '../shared/resolve.ts';
import { ancestors } from '../shared/tree.ts';
import type { DetectContext } from '../types.ts';
import { type Declarations, type Declared, declaredDependencies } from './declared.ts';
import type { PythonFolder } from './folders.ts';
import { chooseManager, type Manager } from './managers.ts';
import { type Manifests, projectSection } from './manifests.ts';
import { type PathIndex, pathsOf } from './paths.ts';
import { literal } from './setup-py.ts';

export interface Project {
  folder: string;
  manifests: Manifests;
  /** Manifests of the uv workspace whose member this is. */
  root: Manifests | null;
  hasMembers: boolean;
  manager: Manager;
  declared: readonly Declared[];
  requirements: Declarations['requirements'];
  name: string | null;
  because: Evidence[];
  paths: PathIndex;
}

/** Joins what the folders say with the workspaces that they stand in. */
export function projectsOf(context: DetectContext, folders: readonly PythonFolder[]): Project[] {
  const byFolder = new Map(folders.map(({ manifests }) => [manifests.folder, manifests]));
  const borrowed = poetryPaths(folders);
  const paths = pathsOf(context.inventory);
  return folders.map(({ manifests, because }) => {
    const root = workspaceOf(byFolder, manifests);
    const { all, requirements } = declaredDependencies(context.inventory, manifests);
    return {
      folder: manifests.folder,
      manifests,
      root,
      hasMembers: workspaceTable(manifests) !== null,
      manager: managerIn(manifests, root, borrowed),
      declared: all,
      requirements,
      name: nameOfProject(manifests),
      because,
      paths,
    };
  });
}

function managerIn(manifests: Manifests, root: Manifests | null, borrowed: ReadonlySet<string>): Manager {
  const own = chooseManager(manifests);
  if (root !== null) {
    const lock = root.locks.get('uv');
    const because =
      root.pyproject === null ? [] : [root.pyproject.because(workspacePath, 'python/uv-workspace')];
    return { id: 'uv', lockfile: lock?.path ?? null, because, findings: own.findings };
  }
  if (own.id === 'pip' && borrowed.has(manifests.folder) && manifests.pyproject !== null) {
    return { ...own, id: 'poetry', because: [presence(manifests.pyproject.file.path, 'python/poetry-path')] };
  }
  return own;
}

const workspacePath: Path = ['tool', 'uv', 'workspace'];

function workspaceTable({ pyproject }: Manifests): Record<string, unknown> | null {
  const table = valueAt(pyproject?.value, workspacePath);
  return isRecord(table) ? table : null;
}

/** The workspace above a folder whose members it matches; https://docs.astral.sh/uv/concepts/projects/workspaces/ */
function workspaceOf(
  folders: ReadonlyMap<string, Manifests>,
  { folder, pyproject }: Manifests,
): Manifests | null {
  if (pyproject === null || folder === '.') return null;
  for (const at of ancestors(folder).slice(1)) {
    const root = folders.get(at);
    const table = root === undefined ? null : workspaceTable(root);
    if (root === undefined || table === null) continue;
    const inside = at === '.' ? folder : folder.slice(at.length + 1);
    const { members, exclude } = membersOf(table);
    return members(inside) && !exclude(inside) ? root : null;
  }
  return null;
}

/** More globs than a person writes are not compared with every folder. */
const maxGlobs = 500;

type Members = Record<'members' | 'exclude', (folder: string) => boolean>;
const known = new WeakMap<object, Members>();

/** What a workspace takes and leaves out, by one reading of its globs. */
function membersOf(table: object): Members {
  const before = known.get(table);
  if (before !== undefined) return before;
  const matcher = (key: keyof Members) => globMatcher(stringsAt(table, [key]).slice(0, maxGlobs));
  const members = { members: matcher('members'), exclude: matcher('exclude') };
  known.set(table, members);
  return members;
}

/** Folders that Poetry projects depend on by path: they are installed by Poetry too. */
function poetryPaths(folders: readonly PythonFolder[]): Set<string> {
  const found = new Set<string>();
  for (const { manifests } of folders) {
    const value = manifests.pyproject?.value;
    const groups = entriesAt(value, ['tool', 'poetry', 'group']).map(([, group]) =>
      valueAt(group, ['dependencies']),
    );
    for (const table of [valueAt(value, ['tool', 'poetry', 'dependencies']), ...groups]) {
      for (const [, dependency] of entriesAt(table, [])) {
        const path = stringAt(dependency, ['path']);
        const resolved = path === null ? null : resolvePath(manifests.folder, path);
        if (resolved !== null) found.add(resolved);
      }
    }
  }
  return found;
}

function nameOfProject({ pyproject, setupCfg, setupPy }: Manifests): string | null {
  return (
    stringAt(pyproject?.value, ['project', 'name']) ??
    stringAt(pyproject?.value, ['tool', 'poetry', 'name']) ??
    stringAt(pyproject?.value, ['tool', 'flit', 'metadata', 'module']) ??
    setupCfg?.ini.get('metadata')?.entries.get('name')?.value ??
    (setupPy === null ? null : (literal(setupPy.text ?? '', 'name')?.value ?? null))
  );
}

/** Whether installing the project means building it as a package, for pip. */
export function isPackage({ pyproject, setupPy, setupCfg }: Manifests): boolean {
  if (setupPy !== null || (setupCfg !== null && projectSection(setupCfg) !== null)) return true;
  return ['build-system', 'project'].some((table) => isRecord(valueAt(pyproject?.value, [table])));
}

/** Whether a build backend is named: without one, uv and pip take a folder for an application. */
export function hasBackend({ pyproject, setupPy }: Manifests): boolean {
  return setupPy !== null || isRecord(valueAt(pyproject?.value, ['build-system']));
}

export function declares({ declared }: Project, ...names: readonly string[]): Declared | null {
  return declared.find(({ name, group }) => group.kind !== 'build' && names.includes(name)) ?? null;
}
