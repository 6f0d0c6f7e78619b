import type { Evidence } from '../../plan/schema.ts';
import type { DependencyNeed, NativeNames } from '../types.ts';

export interface NamedDependency {
  name: string;
  /** Locked version where a lock file says it, else null. */
  version: string | null;
  because: Evidence;
}

/** Of a project's dependencies those of which the catalogue knows what they need. */
export function nativeDependencies(
  native: NativeNames,
  ecosystem: DependencyNeed['ecosystem'],
  project: string,
  found: readonly NamedDependency[],
): DependencyNeed[] {
  return found
    .filter(({ name }) => native[ecosystem].has(name))
    .map(({ name, version, because }) => ({
      kind: 'dependency',
      ecosystem,
      name,
      version,
      project,
      because: [because],
    }));
}
