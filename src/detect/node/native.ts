/** Dependencies that need something beyond npm: named in manifests or locked, directly or not. */
import { addTo } from '../../grouped.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { ancestors, folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import type { CompilerNeed, DependencyNeed, DetectContext, Need } from '../types.ts';
import { bunLocked } from './lockfiles/bun.ts';
import type { Locked } from './lockfiles/locked.ts';
import { npmLocked } from './lockfiles/npm.ts';
import { pnpmLocked } from './lockfiles/pnpm.ts';
import { yarnLocked } from './lockfiles/yarn.ts';
import type { Manager } from './managers.ts';
import { dependenciesOf, keyEvidence } from './manifest.ts';
import { namedFiles, type Workspace } from './packages.ts';

/** The dependencies of a workspace whose names the catalogue knows, with their locked versions. */
export async function nativeNeeds(
  { native: { npm: wanted } }: DetectContext,
  workspace: Workspace,
  { lock }: Manager,
): Promise<DependencyNeed[]> {
  if (wanted.size === 0) return [];
  const locked = lock === null ? [] : await lockedPackages(lock.file, wanted);
  const byName = new Map<string, Locked[]>();
  for (const each of locked) addTo(byName, each.name, each);
  const needs: DependencyNeed[] = [];
  const direct = new Set<string>();
  const add = (name: string, version: string | null, project: string, because: Evidence[]) => {
    needs.push({ kind: 'dependency', ecosystem: 'npm', name, version, project, because });
  };
  // A line far down a lock file is looked up once, however many packages name the dependency.
  const lines = new Map<Locked, Evidence[]>();
  const lockLine = (each: Locked) => {
    let because = lines.get(each);
    if (because === undefined) {
      because = lock === null ? [] : [evidence(lock.file, each.line, 'node/locked')];
      lines.set(each, because);
    }
    return because;
  };
  for (const { folder, manifest } of workspace.packages) {
    for (const [name, { field, range }] of dependenciesOf(manifest)) {
      if (!wanted.has(name)) continue;
      direct.add(name);
      const because = [keyEvidence(manifest.file, [field, name], 'node/dependency')];
      const versions = byName.get(name) ?? [];
      if (versions.length === 0) add(name, exact.test(range) ? range : null, folder, because);
      for (const each of versions) add(name, each.version, folder, [...because, ...lockLine(each)]);
    }
  }
  const owner = workspace.packages[0]?.folder ?? workspace.folder;
  for (const each of locked) {
    if (!direct.has(each.name)) add(each.name, each.version, owner, lockLine(each));
  }
  return needs;
}

/** A range that only one version satisfies. */
const exact = /^\d+\.\d+\.\d+(-[\w.-]{1,64})?$/;

async function lockedPackages(file: ClaimedFile, wanted: ReadonlySet<string>): Promise<Locked[]> {
  const { text } = file;
  if (text === null) return [];
  switch (nameOf(file.path)) {
    case 'pnpm-lock.yaml':
      return pnpmLocked(text, wanted);
    case 'yarn.lock':
      return yarnLocked(text, wanted);
    case 'bun.lock':
      return bunLocked(text, wanted);
    default: {
      const document = await parseJsonFile(file);
      return document === null ? [] : npmLocked(document.value, text, wanted);
    }
  }
}

/** Addons of the repository itself: a `binding.gyp` is built by node-gyp, with a compiler. */
export function addonNeeds({ inventory, native }: DetectContext, projects: ReadonlySet<string>): Need[] {
  const needs: Need[] = [];
  for (const { path } of namedFiles(inventory, 'binding.gyp')) {
    if (isSideFolder(folderOf(path))) continue;
    const project = ancestors(folderOf(path)).find((folder) => projects.has(folder));
    if (project === undefined) continue;
    const because = [presence(path, 'node/binding-gyp')];
    needs.push({ kind: 'compiler', project, because } satisfies CompilerNeed);
    if (native.npm.has('node-gyp')) {
      needs.push({ kind: 'dependency', ecosystem: 'npm', name: 'node-gyp', version: null, project, because });
    }
  }
  return needs;
}
