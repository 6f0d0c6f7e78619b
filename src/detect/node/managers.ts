/**
 * Which package manager installs a workspace, in which version, from which lock file.
 *
 * What is stated comes first (`packageManager`: https://nodejs.org/api/packages.html#packagemanager,
 * `devEngines`, `only-allow`, Rush, Volta, Lerna, Yarn's own release in the repository), then lock files,
 * then configuration that only one of them reads, then what installs the packages around it, then npm.
 */
import { append } from '../../append.ts';
import type { Evidence } from '../../plan/schema.ts';
import { presence } from '../evidence.ts';
import { fileIn } from '../shared/tree.ts';
import type { DetectContext, FindingNeed, VersionRequest } from '../types.ts';
import { type Lock, lockRequest, locksIn, staleness } from './locks.ts';
import { hintsOf, type ManagerId, type Sign, statements } from './manager-signs.ts';
import { keyEvidence, textAt } from './manifest.ts';
import type { Workspace } from './packages.ts';
import { rangeOf } from './version-text.ts';

export interface Manager {
  id: ManagerId;
  requests: VersionRequest[];
  /** The lock file that it reads; null where there is none. */
  lock: Lock | null;
  /** Yarn from 2 on. */
  isBerry: boolean;
  because: Evidence[];
  findings: FindingNeed[];
}

/**
 * Decides for a workspace.
 *
 * @param enclosing what installs the workspace around this one, for packages that say nothing themselves
 */
export async function managerOf(
  context: DetectContext,
  workspace: Workspace,
  enclosing: ManagerId | null,
): Promise<Manager> {
  const { stated, findings } = await statements(context, workspace);
  const locks = locksIn(context, workspace);
  const hints = await hintsOf(context, workspace);
  const choice = chosen(stated, locks, hints, workspace);
  const id = choice?.id ?? enclosing ?? 'npm';
  const lock = locks.find((each) => each.manager === id) ?? null;
  const pins = stated.filter((sign) => sign.id === id);
  const requests = await requestsFor(id, pins, hints, lock, workspace);
  const because =
    choice === null
      ? [presence(workspace.packages[0]?.manifest.file.path ?? '.', 'node/default-package-manager')]
      : [choice.because];
  if (lock !== null && because[0]?.file !== lock.file.path)
    because.push(presence(lock.file.path, 'node/lockfile'));
  append(findings, lockFindings(id, stated[0], locks, lock, choice?.why ?? null, workspace));
  const major = /\d+/.exec(requests[0]?.raw ?? '')?.[0];
  const isBerry =
    id === 'yarn' && (major === undefined ? hasBerryConfig(context, workspace) : Number(major) >= 2);
  if (isBerry && major === undefined) {
    const file = fileIn(context.inventory, workspace.folder, '.yarnrc.yml');
    if (file !== null)
      requests.push({ raw: '>=2', scheme: 'semver', because: presence(file.path, 'node/yarnrc') });
  }
  return { id, requests, lock, isBerry, because, findings };
}

function hasBerryConfig({ inventory }: DetectContext, { folder }: Workspace): boolean {
  return fileIn(inventory, folder, '.yarnrc.yml') !== null;
}

interface Choice {
  id: ManagerId;
  because: Evidence;
  /** Why this lock file and not the others; null where there were none. */
  why: string | null;
}

function chosen(
  stated: readonly Sign[],
  locks: readonly Lock[],
  hints: readonly Sign[],
  workspace: Workspace,
): Choice | null {
  const first = stated[0];
  if (first !== undefined)
    return { id: first.id, because: first.because, why: `${first.because.file} names it` };
  const managers = [...new Set(locks.map(({ manager }) => manager))];
  const ofLock = (lock: Lock, why: string | null): Choice => ({
    id: lock.manager,
    because: presence(lock.file.path, 'node/lockfile'),
    why,
  });
  const only = locks[0];
  if (only !== undefined && managers.length === 1) return ofLock(only, null);
  if (only !== undefined) {
    const whole = locks.filter((lock) => staleness(lock, workspace) === 0);
    const left = whole.length > 0 ? whole : locks;
    const hinted = hints.find(({ id }) => left.some(({ manager }) => manager === id));
    const byHint = left.find(({ manager }) => manager === hinted?.id);
    if (hinted !== undefined && byHint !== undefined)
      return ofLock(byHint, `${hinted.because.file} speaks for it`);
    const best = left[0] ?? only;
    return ofLock(
      best,
      new Set(left.map(({ manager }) => manager)).size === 1
        ? 'only its lock file holds every direct dependency'
        : 'a lock file of npm may be written by accident, one of another package manager is not',
    );
  }
  const hint = hints[0];
  return hint === undefined ? null : { id: hint.id, because: hint.because, why: null };
}

/** Hints that pin a version, not only state what is compatible. */
const exactRules = /^(version-files\/|node\/package-manager$)/;

/** Exact pins first, then what the lock file was written by, then ranges of compatibility. */
async function requestsFor(
  id: ManagerId,
  stated: readonly Sign[],
  hints: readonly Sign[],
  lock: Lock | null,
  { manifest }: Workspace,
): Promise<VersionRequest[]> {
  const pins = [...stated, ...hints.filter(({ because }) => exactRules.test(because.rule))];
  const requests = pins.filter((sign) => sign.id === id).flatMap(requestOf);
  const ranges = hints
    .filter((sign) => sign.id === id && sign.because.rule === `${id}/engines`)
    .flatMap(requestOf);
  if (id === 'npm' && manifest !== null) {
    const version = await rangeOf(textAt(manifest, ['engines', 'npm']) ?? '');
    if (version !== null && version !== undefined)
      ranges.push({ ...version, because: keyEvidence(manifest.file, ['engines', 'npm'], 'npm/engines') });
  }
  const locked = lock === null ? null : lockRequest(lock);
  if (locked === null) return [...requests, ...ranges];
  if (requests.length > 0) return [...requests, locked.reads, ...ranges];
  const range = ranges[0];
  if (range === undefined) return [locked.wrote];
  const { default: intersects } = await import('semver/ranges/intersects.js');
  return intersects(locked.wrote.raw, range.raw, { loose: true })
    ? [locked.wrote, ...ranges]
    : [...ranges, locked.reads];
}

function requestOf({ version, because }: Sign): VersionRequest[] {
  return version === null ? [] : [{ ...version, because }];
}

function lockFindings(
  id: ManagerId,
  statement: Sign | undefined,
  locks: readonly Lock[],
  lock: Lock | null,
  why: string | null,
  workspace: Workspace,
): FindingNeed[] {
  const others = locks.filter(({ manager }) => manager !== id);
  if (others.length === 0) return lock === null ? missingLock(id, workspace) : [];
  const names = others.map(({ file }) => file.path).join(' and ');
  const because = [...(lock === null ? [] : [lock]), ...others].map(({ file }) =>
    presence(file.path, 'node/lockfile'),
  );
  if (lock === null) {
    if (statement === undefined) return [];
    return [
      {
        kind: 'finding',
        code: 'package-manager-mismatch',
        severity: 'warning',
        message: `${statement.because.file} names ${id}, but the lock file is ${names}: ${id} installs without it`,
        hint: `Run \`${id} install\` and commit its lock file, or name the other package manager.`,
        because: [statement.because, ...because],
      },
    ];
  }
  return [
    {
      kind: 'finding',
      code: 'several-lockfiles',
      severity: 'warning',
      message: `${lock.file.path} and ${names} lie side by side: ${id} was taken${why === null ? '' : `, because ${why}`}`,
      hint: 'Delete the other lock file, or name the package manager with "packageManager" in package.json.',
      because,
    },
  ];
}

function missingLock(id: ManagerId, { manifest, packages }: Workspace): FindingNeed[] {
  const needing = packages.find(({ manifest: { value } }) =>
    ['dependencies', 'devDependencies'].some((field) => Object.keys(Object(value[field])).length > 0),
  );
  if (needing === undefined) return [];
  const path = (manifest ?? needing.manifest).file.path;
  return [
    {
      kind: 'finding',
      code: 'no-lockfile',
      severity: 'info',
      message: `${path} has dependencies, but no lock file says which versions are installed`,
      hint: `Run \`${id} install\` and commit the lock file.`,
      because: [presence(path, 'node/lockfile')],
    },
  ];
}
