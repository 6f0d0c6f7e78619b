/** The packages of a plan, each once, under keys that environments refer to. */
import { append } from '../append.ts';
import type { AttributeFact, Selection } from '../catalogue/types.ts';
import { merged } from './context.ts';
import { inputName } from './inputs.ts';
import type { Evidence, Library, PackageManager, Service, System, Tool, Toolchain } from './schema.ts';

export type ServicePackage = NonNullable<Service['package']>;

/** Collects packages; asking for the same one twice adds evidence to it. */
export interface Parts {
  toolchains: Map<string, Toolchain>;
  packageManagers: Map<string, PackageManager>;
  libraries: Map<string, Library>;
  tools: Map<string, Tool>;
  /** Servers that the environment can start. */
  services: Map<string, ServicePackage>;
  /** Names that must be permitted, by channel. */
  permits: Map<string, { unfree: Set<string>; insecure: Set<string> }>;
}

export function emptyParts(): Parts {
  return {
    toolchains: new Map(),
    packageManagers: new Map(),
    libraries: new Map(),
    tools: new Map(),
    services: new Map(),
    permits: new Map(),
  };
}

/** A key that is unique over all inputs: the plain name for the main channel's. */
export function keyOf(main: string, name: string, channel: string): string {
  return channel === main ? name : `${name}@${inputName(channel, main)}`;
}

export function permit(
  parts: Parts,
  channel: string,
  { unfree, insecure }: Pick<AttributeFact, 'unfree' | 'insecure'>,
): void {
  const names = parts.permits.get(channel) ?? { unfree: new Set<string>(), insecure: new Set<string>() };
  for (const name of unfree) names.unfree.add(name);
  for (const name of insecure) names.insecure.add(name);
  parts.permits.set(channel, names);
}

/** What all of a selection's entries have in common. */
export function versioned(
  main: string,
  id: string,
  { fact, line, match, status }: Selection,
  requested: string | null,
  because: readonly Evidence[],
): Omit<Toolchain, 'optional'> {
  return {
    key: `${id}-${line}`,
    attribute: fact.attribute,
    input: inputName(fact.channel, main),
    systems: fact.systems === null ? null : [...fact.systems],
    grade: fact.grade,
    id,
    ...versionOf(fact, line, requested),
    requested,
    match,
    status,
    because: [...because],
  };
}

/** A line that is taken by name (rustup) gives whatever it is asked for. */
function versionOf({ version, precision }: Selection['fact'], line: string, requested: string | null) {
  if (version !== null) return { version, precision };
  if (/^\d/.test(line)) return { version: line, precision: 'line' as const };
  if (line === 'default' || requested === null) return { version: null, precision: 'line' as const };
  return { version: requested, precision: 'exact' as const };
}

/** Adds a library or a tool, or evidence to the one that is there. */
export function addPart<T extends Library | Tool>(parts: Map<string, T>, part: T): T {
  const known = parts.get(part.key);
  if (known === undefined) {
    const added = { ...part, because: [...part.because] };
    parts.set(part.key, added);
    return added;
  }
  known.systems = union(known.systems, part.systems);
  append(known.because, part.because);
  return known;
}

/** The entries of one kind; what was added for a thousand projects is evidence once. */
export function finished<T extends { because: Evidence[] }>(parts: ReadonlyMap<string, T>): T[] {
  return [...parts.values()].map((part) => ({ ...part, because: merged(part.because) }));
}

function union(a: System[] | null, b: System[] | null): System[] | null {
  return a === null || b === null ? null : [...new Set([...a, ...b])];
}
