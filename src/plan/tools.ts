import type { PackageManager, Plan, Toolchain } from './schema.ts';

/** Toolchains, and package managers that are packages of their own: not npm, which node brings along. */
export function ownPackages({
  toolchains,
  packageManagers,
}: Pick<Plan, 'toolchains' | 'packageManagers'>): (Toolchain | PackageManager)[] {
  return [...toolchains, ...packageManagers.filter(({ bundledWith }) => bundledWith === null)];
}
