/** Databases that a project cannot run without. */
import { evidence } from '../evidence.ts';
import type { ServiceNeed } from '../types.ts';
import { declaration, type MixProject } from './projects.ts';

/** Drivers of Ecto's adapters: https://hexdocs.pm/ecto/Ecto.html#module-repositories */
const drivers = [
  { id: 'postgresql', port: 5432, name: 'postgrex' },
  { id: 'mysql', port: 3306, name: 'myxql' },
] as const;

/**
 * The database of an application with Ecto: one installs the driver of the adapter that its repository is configured
 * for. A package for others may offer several.
 */
export function serviceNeeds(project: MixProject): ServiceNeed[] {
  if (project.mix.isPackage) return [];
  const isLocked = (name: string) => project.lock?.packages.find((each) => each.name === name);
  // What cannot be read of mix.exs may be known from its lock.
  const known = (name: string) => {
    const declared = declaration(project, name);
    if (declared !== null) {
      return evidence(declared.file, declared.dependency.line, 'elixir/dependency');
    }
    const locked = project.mix.isRead ? undefined : isLocked(name);
    return locked === undefined || project.lock === null
      ? null
      : evidence(project.lock.file, locked.line, 'elixir/mix-lock');
  };
  if (known('ecto_sql') === null && known('phoenix_ecto') === null) return [];
  return drivers.flatMap(({ id, port, name }) => {
    const because = known(name);
    return because === null ? [] : [{ kind: 'service', id, version: null, port, because: [because] }];
  });
}
