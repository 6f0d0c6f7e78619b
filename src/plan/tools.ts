import type { PackageManager, Plan, Service, Toolchain } from './schema.ts';

/**
 * Toolchains, package managers that are packages of their own (not npm, which node brings along), and the services that
 * the environment can start: what has a version line.
 */
export function ownPackages({
  toolchains,
  packageManagers,
  services,
}: Pick<Plan, 'toolchains' | 'packageManagers' | 'services'>): (
  | Toolchain
  | PackageManager
  | NonNullable<Service['package']>
)[] {
  return [
    ...toolchains,
    ...packageManagers.filter(({ bundledWith }) => bundledWith === null),
    ...services.flatMap((each) => each.package ?? []),
  ];
}
