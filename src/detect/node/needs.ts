/** Needs that the detectors of Node.js and Bun make alike. */
import type { Evidence } from '../../plan/schema.ts';
import { evidence } from '../evidence.ts';
import type { EnvironmentVariableNeed, PackageManagerNeed, ToolchainNeed, VersionRequest } from '../types.ts';
import { yarnLockKind } from './lockfiles/yarn.ts';
import type { Manager } from './managers.ts';
import type { WorkspaceFacts } from './projects.ts';

export function nodeToolchain(
  project: string,
  requests: VersionRequest[],
  because: Evidence[],
): ToolchainNeed {
  return { kind: 'toolchain', id: 'node', project, requests, because };
}

/** The package manager of a workspace, as the need of one of its projects, and what it has to be told. */
export function packageManagerNeeds(
  project: string,
  { manager }: WorkspaceFacts,
): (PackageManagerNeed | EnvironmentVariableNeed)[] {
  const { id, requests, lock, because } = manager;
  return [
    { kind: 'package-manager', id, project, requests, lockfile: lock?.file.path ?? null, because },
    ...yarnLockVersion(project, manager),
  ];
}

/** The first version of Yarn 4's: from here on a version says which settings were the default, and nothing of the format. */
const firstOfYarn4 = 8;

/**
 * A later Yarn 4 than the one that wrote the lock file installs nothing with `--immutable`, and runs nothing, before it
 * has raised the file's version: unless it is told to keep that.
 */
function yarnLockVersion(project: string, { id, lock }: Manager): EnvironmentVariableNeed[] {
  if (id !== 'yarn' || lock === null || lock.file.text === null) return [];
  const { version, line } = yarnLockKind(lock.file.text);
  if (version === null || version < firstOfYarn4) return [];
  const because = [evidence(lock.file, line, 'yarn/lockfile-version')];
  const name = 'YARN_LOCKFILE_VERSION_OVERRIDE';
  return [{ kind: 'environment-variable', name, value: String(version), project, because }];
}
