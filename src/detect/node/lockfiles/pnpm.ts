/**
 * pnpm-lock.yaml, by its lines: pnpm writes one key per line, and a lock file of some megabytes is no document
 * to build a tree of. Keys: `/name/1.0.0` (5), `/name@1.0.0(peer@2)` (6), `name@1.0.0` (9);
 * https://github.com/pnpm/spec/tree/master/lockfile
 */
import { lineAt } from '../../../text/lines.ts';
import { collector, eachLine, type Locked } from './locked.ts';

const versionLine = /^lockfileVersion:\s*['"]?(?<version>\d+(\.\d+)?)/m;

/** `lockfileVersion`, such as 5.4, 6 or 9, with its line; null where the file does not say. */
export function pnpmLockVersion(text: string): { version: number; line: number } | null {
  const match = versionLine.exec(text.slice(0, 4_096));
  if (match?.groups?.version === undefined) return null;
  return { version: Number(match.groups.version), line: lineAt(text, match.index) };
}

const spaced = /^\/?(?<name>(@[^/@]+\/)?[^/@]+)\/(?<version>\d[^/_(]*)/;
const joined = /^\/?(?<name>(@[^/@]+\/)?[^/@]+)@(?<version>[^(]+)/;

/** The wanted packages of the section `packages`. */
export function pnpmLocked(text: string, wanted: ReadonlySet<string>): Locked[] {
  const found = collector();
  let isInside = false;
  eachLine(text, (line, number) => {
    const first = line.charCodeAt(0);
    if (first !== 0x20) {
      if (line !== '' && first !== 0x23) isInside = line.startsWith('packages:');
      return;
    }
    // A key of the section: two spaces, then the key.
    if (!isInside || line.charCodeAt(1) !== 0x20 || line.charCodeAt(2) === 0x20) return;
    const key = keyOf(line);
    if (key === null) return;
    const { name, version } = (joined.exec(key) ?? spaced.exec(key))?.groups ?? {};
    if (name !== undefined && wanted.has(name)) found.add({ name, version: version ?? null, line: number });
  });
  return found.all;
}

const maxKey = 512;

/** `  'a': ` and `  a:`, without a registry's host before it. */
function keyOf(line: string): string | null {
  if (line.length > maxKey) return null;
  const { key } = /^ {2}(?<key>.+?):(\s|$)/.exec(line)?.groups ?? {};
  if (key === undefined) return null;
  const plain = /^(['"]).*\1$/.test(key) ? key.slice(1, -1) : key;
  return plain.replace(/^[\w.-]+\.[a-z]+(:\d+)?\/(?=.)/, '/');
}
