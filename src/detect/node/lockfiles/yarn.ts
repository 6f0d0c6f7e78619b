/**
 * yarn.lock, by its lines. Version 1: https://classic.yarnpkg.com/lang/en/docs/yarn-lock/ ; from Yarn 2 on it
 * is YAML with a `__metadata` entry.
 */
import { lineAt } from '../../../text/lines.ts';
import { collector, eachLine, type Locked } from './locked.ts';

export interface YarnLockKind {
  /** Major versions of Yarn that write such a file, as an npm range. */
  writers: string;
  isBerry: boolean;
  /** Of the file's format; null where Yarn 1 wrote it or none stands there. */
  version: number | null;
  line: number;
}

/**
 * Which Yarn wrote it. `cacheKey` tells the line: up to 7 Yarn 2, 8 Yarn 3, above it Yarn 4; where it is
 * missing, `version` does: up to 4 Yarn 2, 5 and 6 Yarn 3, above it Yarn 4.
 */
export function yarnLockKind(text: string): YarnLockKind {
  const start = /^__metadata:/m.exec(text)?.index;
  if (start === undefined) {
    const header = text.search(/^# yarn lockfile v1/m);
    return { writers: '^1', isBerry: false, version: null, line: header === -1 ? 1 : lineAt(text, header) };
  }
  const block = text.slice(start, start + 400);
  const cacheKey = /^\s+cacheKey:\s*["']?(?<value>\d+)/m.exec(block)?.groups?.value;
  const found = /^\s+version:\s*["']?(?<value>\d+)/m.exec(block)?.groups?.value;
  const version = found === undefined ? null : Number(found);
  const kind = { isBerry: true, version, line: lineAt(text, start) };
  if (cacheKey !== undefined) return { writers: berryLine(Number(cacheKey), 8, 9), ...kind };
  if (version !== null) return { writers: berryLine(version, 5, 7), ...kind };
  return { writers: '>=2', ...kind };
}

function berryLine(value: number, three: number, four: number): string {
  if (value >= four) return '>=4';
  return value >= three ? '^3' : '^2';
}

const descriptor =
  /^"?(?<name>(@[^/@"]+\/)?[^/@",\s]+)@(npm:(?<target>(@[^/@"]+\/)?[^/@",\s^~<>=*\d][^/@",\s]*)@)?/;

/** The wanted packages; an alias (`a@npm:b@1`) counts as what it stands for. */
export function yarnLocked(text: string, wanted: ReadonlySet<string>): Locked[] {
  const found = collector();
  let open: { name: string; line: number } | null = null;
  eachLine(text, (line, number) => {
    const first = line.charCodeAt(0);
    if (line === '' || first === 0x23) return;
    if (first !== 0x20) {
      const { name, target } = descriptor.exec(line.slice(0, 512))?.groups ?? {};
      const real = target ?? name;
      open = real !== undefined && wanted.has(real) ? { name: real, line: number } : null;
      return;
    }
    if (open === null) return;
    const version = /^ {2}version:? "?(?<version>[^"\s]+)/.exec(line)?.groups?.version;
    if (version === undefined) return;
    found.add({ name: open.name, version: version === '0.0.0-use.local' ? null : version, line: open.line });
    open = null;
  });
  return found.all;
}
