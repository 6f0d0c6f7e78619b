/**
 * Which package manager installs a workspace, in which version, from which lock file.
 *
 * What is stated comes first (`packageManager`: https://nodejs.org/api/packages.html#packagemanager,
 * `devEngines`, `only-allow`, Rush, Volta, Lerna, Yarn's own release in the repository), then lock files,
 * then configuration that only one of them reads, then what installs the packages around it, then npm.
 */
import { stringAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { fileIn, join } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { DetectContext, FindingNeed, VersionRequest } from '../types.ts';
import { type Lock, lockRequest, locksIn, staleness } from './locks.ts';
import { dependenciesOf, keyEvidence, type Manifest, scriptsOf, textAt } from './manifest.ts';
import { hasPath, type Workspace } from './packages.ts';
import { pinOf, rangeOf, type VersionText } from './version-text.ts';
import { devEngines, manifestsAbove, shortened } from './versions.ts';

export type ManagerId = 'npm' | 'pnpm' | 'yarn' | 'bun';

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

/** One place that names a package manager. */
interface Sign {
  id: ManagerId;
  version: VersionText | null;
  because: Evidence;
}

const managerIds: readonly ManagerId[] = ['npm', 'pnpm', 'yarn', 'bun'];

function isManager(name: string): name is ManagerId {
  return managerIds.some((id) => id === name);
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
      ? defaultEvidence(workspace, lock)
      : [...new Set([choice.because, ...lockEvidence(lock)])];
  findings.push(...lockFindings(id, stated[0], locks, lock, choice?.why ?? null, workspace));
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

function lockEvidence(lock: Lock | null): Evidence[] {
  return lock === null ? [] : [presence(lock.file.path, 'node/lockfile')];
}

function defaultEvidence({ manifest, folder }: Workspace, lock: Lock | null): Evidence[] {
  return [presence(manifest?.file.path ?? folder, 'node/default-package-manager'), ...lockEvidence(lock)];
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

/** What names a package manager outright, in order. */
async function statements(
  context: DetectContext,
  workspace: Workspace,
): Promise<{ stated: Sign[]; findings: FindingNeed[] }> {
  const { inventory } = context;
  const { folder, manifest, rush } = workspace;
  const stated: Sign[] = [];
  const findings: FindingNeed[] = [];
  // Yarn runs the release that its configuration names, whatever version was called:
  // https://yarnpkg.com/configuration/yarnrc#yarnPath
  const release = yarnRelease(context, folder);
  if (rush !== null) stated.push(...rushSigns(rush.file, rush.value));
  // Corepack looks upwards for the nearest manifest that names one.
  for (const above of manifestsAbove(context, folder)) {
    const text = textAt(above, ['packageManager']);
    if (text === null) continue;
    const sign = packageManagerField(above, text, findings);
    if (sign !== null) stated.push(sign);
    break;
  }
  if (manifest !== null) {
    stated.push(...(await devEngineSigns(manifest)));
    const enforced = onlyAllow(manifest);
    if (enforced !== null) stated.push(enforced);
    for (const id of ['pnpm', 'yarn', 'npm'] as const) {
      const version = pinOf(textAt(manifest, ['volta', id]) ?? '');
      if (version !== undefined)
        stated.push({ id, version, because: keyEvidence(manifest.file, ['volta', id], `${id}/volta`) });
    }
  }
  const lerna = fileIn(inventory, folder, 'lerna.json');
  if (lerna !== null) {
    const document = await parseJsonFile(lerna, { comments: true });
    const client = stringAt(document?.value, ['npmClient']);
    if (client !== null && isManager(client) && document !== null) {
      stated.push({
        id: client,
        version: null,
        because: evidence(lerna, document.line(['npmClient']), 'node/lerna'),
      });
    }
  }
  if (release !== null) {
    const isDenied = stated[0] !== undefined && stated[0].id !== 'yarn';
    if (isDenied) stated.push(release);
    else stated.unshift(release);
  }
  return { stated, findings };
}

const packageManagerText = /^(?<name>[a-z]+)@(?<version>[^+\s]+)(\+\S*)?$/i;

/** `pnpm@9.1.0+sha512.…`: https://github.com/nodejs/corepack#when-authoring-packages */
function packageManagerField(manifest: Manifest, text: string, findings: FindingNeed[]): Sign | null {
  const because = keyEvidence(manifest.file, ['packageManager'], 'node/package-manager');
  const { name = text, version } = packageManagerText.exec(text.slice(0, 512))?.groups ?? {};
  const id = name.toLowerCase();
  if (!isManager(id)) {
    if (id === 'deno') return null;
    findings.push({
      kind: 'finding',
      code: 'package-manager-unknown',
      severity: 'warning',
      message: `${manifest.file.path}:${because.line} names the package manager "${shortened(text)}", which nidify does not know`,
      hint: 'Name npm, pnpm, yarn or bun with a version: "pnpm@10.4.1".',
      because: [because],
    });
    return null;
  }
  const pin = version === undefined ? undefined : pinOf(version);
  return { id, version: pin ?? rangeText(version), because };
}

/** Corepack wants an exact version, but people write `pnpm@^9` and `pnpm@9.x` too. */
function rangeText(version: string | undefined): VersionText | null {
  if (version === undefined || version.length > 64 || !/^[\^~>=<]*\d+(\.(\d+|x|\*))*$/.test(version))
    return null;
  return { raw: version, scheme: 'semver' };
}

async function devEngineSigns(manifest: Manifest): Promise<Sign[]> {
  const signs: Sign[] = [];
  for (const id of managerIds) {
    for (const text of devEngines(manifest, 'packageManager', id)) {
      const version = text === null ? null : (pinOf(text) ?? (await rangeOf(text)) ?? null);
      const because = keyEvidence(manifest.file, ['devEngines', 'packageManager'], 'node/dev-engines');
      signs.push({ id, version, because });
    }
  }
  return signs;
}

/** `npx only-allow pnpm` before the installation: https://github.com/pnpm/only-allow */
function onlyAllow(manifest: Manifest): Sign | null {
  const script = scriptsOf(manifest).get('preinstall') ?? '';
  const id = /\bonly-allow\s+(?<id>npm|pnpm|yarn|bun)\b/.exec(script)?.groups?.id;
  if (id === undefined || !isManager(id)) return null;
  return {
    id,
    version: null,
    because: keyEvidence(manifest.file, ['scripts', 'preinstall'], 'node/only-allow'),
  };
}

function rushSigns(file: ClaimedFile, value: unknown): Sign[] {
  const signs: Sign[] = [];
  for (const id of ['pnpm', 'npm', 'yarn'] as const) {
    const version = pinOf(stringAt(value, [`${id}Version`]) ?? '');
    if (version === undefined) continue;
    const line = (file.text ?? '').split('\n').findIndex((each) => each.includes(`"${id}Version"`)) + 1;
    signs.push({ id, version, because: evidence(file, line || null, 'node/rush') });
  }
  return signs;
}

/** `yarnPath` of `.yarnrc.yml`, `yarn-path` of Yarn 1's `.yarnrc`; only where the release lies there. */
function yarnRelease(context: DetectContext, folder: string): Sign | null {
  for (const name of ['.yarnrc.yml', '.yarnrc']) {
    const file = fileIn(context.inventory, folder, name);
    for (const [at, line] of (file?.text ?? '').split(/\r?\n/).entries()) {
      const path = /^(yarnPath:|yarn-path)\s+["']?(?<path>[^"'\s#]+)/.exec(line)?.groups?.path;
      if (path === undefined || file === null) continue;
      const version = pinOf(/yarn-(?<version>\d[\w.-]*?)\.c?js$/.exec(path)?.groups?.version ?? '');
      if (!hasPath(context.inventory, join(folder, path.replace(/^\.\//, '')))) return null;
      return { id: 'yarn', version: version ?? null, because: evidence(file, at + 1, 'yarn/yarn-path') };
    }
  }
  return null;
}

/** What only one package manager reads, or a range that names it. */
async function hintsOf(context: DetectContext, { folder, manifest }: Workspace): Promise<Sign[]> {
  const { inventory } = context;
  const signs: Sign[] = [];
  for (const [name, id] of [
    ['pnpm-workspace.yaml', 'pnpm'],
    ['.yarnrc.yml', 'yarn'],
    ['bunfig.toml', 'bun'],
    ['.yarnrc', 'yarn'],
  ] as const) {
    const file = fileIn(inventory, folder, name);
    if (file !== null) signs.push({ id, version: null, because: presence(file.path, `node/${name}`) });
  }
  if (manifest !== null) {
    for (const id of ['pnpm', 'yarn', 'bun'] as const) {
      const text = textAt(manifest, ['engines', id]);
      const version = text === null ? undefined : await rangeOf(text);
      if (version === undefined) continue;
      signs.push({ id, version, because: keyEvidence(manifest.file, ['engines', id], `${id}/engines`) });
    }
  }
  const types =
    manifest === null
      ? undefined
      : ['@types/bun', 'bun-types'].find((name) => dependenciesOf(manifest).has(name));
  if (manifest !== null && types !== undefined) {
    const field = dependenciesOf(manifest).get(types)?.field ?? 'devDependencies';
    signs.push({
      id: 'bun',
      version: null,
      because: keyEvidence(manifest.file, [field, types], 'bun/types'),
    });
  }
  for (const id of ['pnpm', 'yarn', 'bun'] as const) {
    for (const { raw, scheme, because } of await versionFileRequests(inventory, folder, [id])) {
      signs.push({ id, version: { raw, scheme }, because });
    }
  }
  return signs;
}

/** Exact pins first, then what the lock file was written by, then ranges of compatibility. */
async function requestsFor(
  id: ManagerId,
  stated: readonly Sign[],
  hints: readonly Sign[],
  lock: Lock | null,
  { manifest }: Workspace,
): Promise<VersionRequest[]> {
  const pins = [...stated, ...hints.filter(({ because }) => because.rule.startsWith('version-files/'))];
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
