import type { Plan } from './schema.ts';

/** Paths whose content is another one, sorted. */
export interface InputChanges {
  added: string[];
  removed: string[];
  changed: string[];
}

/**
 * What differs between inputs that were written down (in a lock, or in an image) and those of a plan.
 *
 * @param before Git blob id by path; null where only the presence counts
 */
export function changesOf(
  before: Readonly<Record<string, string | null>>,
  now: Plan['repository']['inputs'],
): InputChanges {
  const there = new Map(now.map(({ path, blob }) => [path, blob]));
  const known = Object.keys(before);
  return {
    added: [...there.keys()].filter((path) => !Object.hasOwn(before, path)).sort(),
    removed: known.filter((path) => !there.has(path)).sort(),
    changed: known.filter((path) => there.has(path) && there.get(path) !== before[path]).sort(),
  };
}
