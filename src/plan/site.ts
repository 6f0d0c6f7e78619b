import type { PlanContext } from './context.ts';
import type { Group } from './groups.ts';
import { resolve } from './native.ts';
import type { Parts } from './parts.ts';
import type { Evidence, System } from './schema.ts';

/** Where an environment is built: for which projects, from which channel, into which plan. */
export interface Site {
  context: PlanContext;
  group: Group;
  /** The main channel. */
  main: string;
  systems: readonly System[];
  parts: Parts;
  /** Keys of the servers that this environment starts, and of what manages them. */
  servers: readonly string[];
}

/** Keys of programs by canonical attribute; what the channel does not have is left out. */
export function programKeys(
  { context, main, parts }: Site,
  names: readonly string[],
  channel: string,
  because: readonly Evidence[] = [],
): string[] {
  const keys = names.map((name) => resolve(context, name, 'program', channel, main, null, because, parts));
  return keys.filter((key) => key !== null);
}
