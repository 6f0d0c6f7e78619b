/** Needs that the detectors of Node.js and Bun make alike. */
import type { Evidence } from '../../plan/schema.ts';
import type { PackageManagerNeed, ToolchainNeed, VersionRequest } from '../types.ts';
import type { WorkspaceFacts } from './projects.ts';

export function nodeToolchain(
  project: string,
  requests: VersionRequest[],
  because: Evidence[],
): ToolchainNeed {
  return { kind: 'toolchain', id: 'node', project, requests, because };
}

/** The package manager of a workspace, as the need of one of its projects. */
export function packageManagerNeed(project: string, { manager }: WorkspaceFacts): PackageManagerNeed {
  const { id, requests, lock, because } = manager;
  return { kind: 'package-manager', id, project, requests, lockfile: lock?.file.path ?? null, because };
}
