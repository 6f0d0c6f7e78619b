/** Reading parsed data of unknown shape: a wrong type reads as absent. */

export type Path = readonly (string | number)[];

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The part of a value at a path; undefined where there is none. Inherited properties are not read. */
export function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}

export function stringAt(value: unknown, path: Path): string | null {
  const found = valueAt(value, path);
  return typeof found === 'string' && found.trim() !== '' ? found.trim() : null;
}

/** Own entries of the record at a path; none where there is no record. */
export function entriesAt(value: unknown, path: Path): [string, unknown][] {
  const found = valueAt(value, path);
  return isRecord(found) ? Object.entries(found) : [];
}

/** Strings of the array at a path; none where there is no array. */
export function stringsAt(value: unknown, path: Path): string[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found.filter((item): item is string => typeof item === 'string') : [];
}
