/** Lock files of a workspace: whose they are, which versions write and read them. */
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { fileIn, join } from '../shared/tree.ts';
import type { DetectContext, VersionRequest } from '../types.ts';
import { lineOfKey } from './locate.ts';
import { npmLockVersion } from './lockfiles/npm.ts';
import { pnpmLockVersion } from './lockfiles/pnpm.ts';
import { yarnLockKind } from './lockfiles/yarn.ts';
import type { ManagerId } from './manager-signs.ts';
import { dependenciesOf } from './manifest.ts';
import { lockfileNames, type Workspace } from './packages.ts';

export interface Lock {
  file: ClaimedFile;
  manager: ManagerId;
}

const managers: Record<(typeof lockfileNames)[number], ManagerId> = {
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'npm-shrinkwrap.json': 'npm',
  'package-lock.json': 'npm',
};

/** Where Rush keeps the one lock file of all projects. */
const rushFolder = 'common/config/rush';

/** The lock files of a workspace's root, in the order of `lockfileNames`. */
export function locksIn({ inventory }: DetectContext, { folder, rush }: Workspace): Lock[] {
  const at = rush === null ? folder : join(folder, rushFolder);
  return lockfileNames.flatMap((name) => {
    const file = fileIn(inventory, at, name);
    return file === null ? [] : [{ file, manager: managers[name] }];
  });
}

/** How many direct dependencies of the root a lock file does not name: it was not written after they came. */
export function staleness({ file }: Lock, { manifest }: Workspace): number {
  const { text } = file;
  if (text === null || manifest === null) return 0;
  return [...dependenciesOf(manifest).keys()].slice(0, 500).filter((name) => !text.includes(name)).length;
}

/**
 * What a lock file says of its package manager's version: the versions that wrote it, for where nothing else
 * is said, and those that read it.
 */
export function lockRequest(lock: Lock): { wrote: VersionRequest; reads: VersionRequest } | null {
  const { file, manager } = lock;
  const { text } = file;
  if (text === null) return null;
  const request = (raw: string, line: number): VersionRequest => ({
    raw,
    scheme: 'semver',
    because: evidence(file, line, `${manager}/lockfile-version`),
  });
  if (manager === 'npm') return npmRequest(text, request);
  if (manager === 'pnpm') {
    const found = pnpmLockVersion(text);
    if (found === null) return null;
    const { wrote, reads } = pnpmVersions(found.version);
    return { wrote: request(wrote, found.line), reads: request(reads, found.line) };
  }
  if (manager === 'yarn') {
    const { writers, isBerry, line } = yarnLockKind(text);
    return { wrote: request(writers, line), reads: request(isBerry ? '>=2' : writers, line) };
  }
  return null;
}

/** Versions 2 and 3 are npm 7's and later; npm 6 reads 2 only in part. Any npm reads version 1. */
function npmRequest(text: string, request: (raw: string, line: number) => VersionRequest) {
  // The number stands near the top of the file, which may have megabytes.
  const version = npmLockVersion({ lockfileVersion: numberAfter(text.slice(0, 4_096)) });
  if (version < 2) return null;
  const minimum = request('>=7', lineOfKey(text.slice(0, 4_096), ['lockfileVersion']));
  return { wrote: minimum, reads: minimum };
}

function numberAfter(text: string): number | undefined {
  const value = /"lockfileVersion"\s*:\s*(?<value>\d+)/.exec(text)?.groups?.value;
  return value === undefined ? undefined : Number(value);
}

/**
 * https://github.com/pnpm/spec/tree/master/lockfile; pnpm 8 ignores version 5, pnpm 9 and 10 take over
 * version 6, pnpm 8 does not know version 9.
 */
function pnpmVersions(version: number): { wrote: string; reads: string } {
  if (version < 5.3) return { wrote: '>=3 <8', reads: '<8' };
  if (version < 5.4) return { wrote: '>=6 <8', reads: '>=5.10 <8' };
  if (version < 6) return { wrote: '>=6.35 <8', reads: '>=6.35 <8' };
  if (version < 7) return { wrote: '^8', reads: '>=7.24' };
  if (version < 10) return { wrote: '>=9', reads: '>=9' };
  const major = Math.floor(version);
  return { wrote: `>=${major}`, reads: `>=${major}` };
}
