/** Which native needs a project's crates have. */
import { append } from '../../append.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { fileIn } from '../shared/tree.ts';
import type { DependencyNeed, Need, ToolNeed } from '../types.ts';
import { bringers, frontCrates, isIdleEdge, vendorings } from './crates.ts';
import { crateFinder, type LockedCrate, parseCargoLock } from './lockfile.ts';
import { activeDependencies, type CrateDependency, type Manifest, packageKey } from './manifest.ts';
import type { CargoProject } from './workspaces.ts';

/** A direct dependency of a package. */
export interface Direct {
  manifest: Manifest;
  dependency: CrateDependency;
}

/** Direct dependencies of all packages, as Linux builds them with their default features. */
export function directDependencies({ root, members }: CargoProject): Direct[] {
  return members.flatMap((manifest) =>
    activeDependencies(manifest, root).map((dependency) => ({ manifest, dependency })),
  );
}

/**
 * Needs of the crates that the catalogue knows: those that the lock file reaches from the direct dependencies;
 * without a lock file, the direct ones and what they are known to bring.
 */
export function nativeNeeds(
  inventory: Inventory,
  known: ReadonlySet<string>,
  project: CargoProject,
  direct: readonly Direct[],
): Need[] {
  const lock = fileIn(inventory, project.folder, 'Cargo.lock');
  const vendored = vendoredCrates(direct);
  const found =
    lock?.text == null ? fromManifests(known, direct) : fromLock(known, lock, lock.text, project, direct);
  const needs: Need[] = [];
  for (const { name, version, because } of found) {
    if (name === 'openssl-src') append(needs, opensslTools(project.folder, because));
    else if (!vendored.has(name)) needs.push(needOf(project.folder, name, version, because));
  }
  const source = vendored.get('openssl-sys');
  if (source !== undefined && !needs.some(({ kind }) => kind === 'tool')) {
    append(needs, opensslTools(project.folder, [directEvidence(source)]));
  }
  return needs;
}

type Found = Pick<DependencyNeed, 'name' | 'version' | 'because'>;

function needOf(
  project: string,
  name: string,
  version: string | null,
  because: DependencyNeed['because'],
): DependencyNeed {
  return { kind: 'dependency', ecosystem: 'crates', name, version, project, because };
}

/** OpenSSL compiles itself with perl and make: https://docs.rs/openssl/latest/openssl/#vendored */
function opensslTools(project: string, because: ToolNeed['because']): ToolNeed[] {
  return ['perl', 'make'].map((id) => ({ kind: 'tool', id, project, because }));
}

function directEvidence({ manifest, dependency }: Direct) {
  return evidence(manifest.file, dependency.line, 'rust/dependency');
}

function vendoredCrates(direct: readonly Direct[]): Map<string, Direct> {
  const vendored = new Map<string, Direct>();
  for (const each of direct) {
    const { crate, features } = each.dependency;
    for (const row of vendorings) {
      if (row.by !== null && !row.by.includes(crate)) continue;
      if (features.some((name) => row.features.test(name))) vendored.set(row.crate, each);
    }
  }
  return vendored;
}

function fromManifests(known: ReadonlySet<string>, direct: readonly Direct[]): Found[] {
  const found = new Map<string, Found>();
  for (const each of direct) {
    const { dependency } = each;
    const rows = bringers.filter(({ crate }) => crate === dependency.crate);
    const brought = rows.filter(({ when }) => when?.(dependency) ?? true).flatMap(({ brings }) => brings);
    const own = frontCrates.has(dependency.crate) ? [] : [dependency.crate];
    for (const name of [...own, ...brought]) {
      if (known.has(name) && !found.has(name)) {
        found.set(name, { name, version: null, because: [directEvidence(each)] });
      }
    }
  }
  return [...found.values()];
}

/** Breadth first, so that the evidence names the direct dependency that is nearest. */
function fromLock(
  known: ReadonlySet<string>,
  file: ClaimedFile,
  text: string,
  project: CargoProject,
  direct: readonly Direct[],
): Found[] {
  const crates = parseCargoLock(text);
  const find = crateFinder(crates);
  const features = new Set(direct.flatMap(({ dependency }) => dependency.features));
  const queue = direct.flatMap((via) => rootsOf(via, project, find).map((crate) => ({ crate, via })));
  const seen = new Set<LockedCrate>();
  const found: Found[] = [];
  for (const { crate, via } of queue) {
    if (seen.has(crate)) continue;
    seen.add(crate);
    const { name, version, line } = crate;
    if ((known.has(name) && !frontCrates.has(name)) || name === 'openssl-src') {
      if (crate.source !== null && !isBundledSqlite(crate)) {
        const because = [evidence(file, line, 'rust/cargo-lock'), directEvidence(via)];
        found.push({ name, version, because });
      }
    }
    for (const reference of crate.dependencies) {
      for (const next of find(reference)) {
        if (!isIdleEdge(name, next.name, features)) queue.push({ crate: next, via });
      }
    }
  }
  return found;
}

/** The crate of that name which the package's own entry lists; any of that name where it lists none. */
function rootsOf(
  { manifest, dependency }: Direct,
  { root }: CargoProject,
  find: (reference: string) => LockedCrate[],
): LockedCrate[] {
  const name = packageKey(manifest, root, 'name')?.value;
  const own = name === undefined ? [] : find(name).filter(({ source }) => source === null);
  const reference = own
    .flatMap(({ dependencies }) => dependencies)
    .find((each) => each.split(' ')[0] === dependency.crate);
  return find(reference ?? dependency.crate);
}

/** `cc` is a dependency only of the features that compile the bundled copy. */
function isBundledSqlite({ name, dependencies }: LockedCrate): boolean {
  return name === 'libsqlite3-sys' && dependencies.some((each) => each.split(' ')[0] === 'cc');
}
