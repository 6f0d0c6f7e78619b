import type { StorePath } from './closure.ts';

/** The paths of one layer, sorted. */
export type PlannedLayer = readonly StorePath[];

/**
 * Distributes a closure over layers: one path each, and what is left together in a last one.
 *
 * A layer of its own pays where another image, or the next version of this one, has the same path: its bytes
 * are then neither stored nor sent again. So paths are ranked by their size times the number of paths that
 * need them, itself included. The layers are ordered from the most needed up, since Docker can share a layer
 * only when all layers below it are the same; the environment, which changes most often, comes last.
 *
 * @param limit how many layers there may be, at least one
 */
export function planLayers(closure: readonly StorePath[], limit: number): PlannedLayer[] {
  const users = usersOf(closure);
  const usersCount = (each: StorePath) => users.get(each.path) ?? 0;
  const weight = (each: StorePath) => each.narSize * (1 + usersCount(each));
  const ranked = [...closure].sort((a, b) => weight(b) - weight(a) || compare(a.path, b.path));
  const single = closure.length <= limit ? ranked : ranked.slice(0, limit - 1);
  const rest = ranked.slice(single.length);
  const layers = single
    .sort((a, b) => usersCount(b) - usersCount(a) || compare(a.path, b.path))
    .map((each) => [each]);
  return rest.length === 0 ? layers : [...layers, rest.sort((a, b) => compare(a.path, b.path))];
}

/** How many paths need each path, directly or by way of others. */
function usersOf(closure: readonly StorePath[]): Map<string, number> {
  const references = new Map(closure.map((each) => [each.path, each.references]));
  const users = new Map<string, number>();
  for (const { path } of closure) {
    const seen = new Set([path]);
    // A set may grow while it is walked: what is added is visited too.
    for (const each of seen) for (const next of references.get(each) ?? []) seen.add(next);
    seen.delete(path);
    for (const each of seen) users.set(each, (users.get(each) ?? 0) + 1);
  }
  return users;
}

/** By code unit: the same order whatever the language of the machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
