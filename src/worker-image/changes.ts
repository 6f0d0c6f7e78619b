import type { Plan } from '../plan/schema.ts';

/** Paths, each list sorted by code unit. */
export interface Changes {
  added: string[];
  changed: string[];
  removed: string[];
}

/**
 * Which of the files that decide an environment are others than before.
 *
 * @param before Git blob id by path; null where only the presence of a file counts
 */
export function changesOf(
  before: Readonly<Record<string, string | null>>,
  inputs: Plan['repository']['inputs'],
): Changes {
  const now = new Map(inputs.map(({ path, blob }) => [path, blob]));
  const was = new Map(Object.entries(before));
  const paths = (all: Iterable<string>, isWanted: (path: string) => boolean) =>
    [...all].filter(isWanted).sort();
  return {
    added: paths(now.keys(), (path) => !was.has(path)),
    changed: paths(now.keys(), (path) => was.has(path) && was.get(path) !== now.get(path)),
    removed: paths(was.keys(), (path) => !now.has(path)),
  };
}
