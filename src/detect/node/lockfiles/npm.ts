/** package-lock.json and npm-shrinkwrap.json: https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json */
import { entriesAt, isRecord, stringAt, valueAt } from '../../../parse/value.ts';
import { lineTable } from '../../../text/lines.ts';
import { collector, type Locked } from './locked.ts';

/** `lockfileVersion`; 1 where the file does not say. */
export function npmLockVersion(value: unknown): number {
  const version = valueAt(value, ['lockfileVersion']);
  return typeof version === 'number' ? version : 1;
}

/** The wanted packages of a parsed lock file; `packages` of versions 2 and 3 before `dependencies` of 1. */
export function npmLocked(value: unknown, text: string, wanted: ReadonlySet<string>): Locked[] {
  const found = collector();
  let lineOf: ((offset: number) => number) | null = null;
  const line = (key: string) => {
    lineOf ??= lineTable(text);
    const offset = text.indexOf(`${JSON.stringify(key)}:`);
    return offset === -1 ? 1 : lineOf(offset);
  };
  const packages = entriesAt(value, ['packages']);
  for (const [path, entry] of packages) {
    const at = path.lastIndexOf('node_modules/');
    if (at === -1 || !isRecord(entry)) continue;
    const name = stringAt(entry, ['name']) ?? path.slice(at + 'node_modules/'.length);
    if (wanted.has(name)) found.add({ name, version: stringAt(entry, ['version']), line: line(path) });
  }
  if (packages.length > 0) return found.all;
  // Nested dependencies, without recursion: a lock file may be nested as deep as it likes.
  const open: unknown[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const [name, entry] of entriesAt(next, ['dependencies'])) {
      if (!isRecord(entry)) continue;
      open.push(entry);
      if (wanted.has(name)) found.add({ name, version: stringAt(entry, ['version']), line: line(name) });
    }
  }
  return found.all;
}
