/** `mix.lock`: https://hexdocs.pm/mix/Mix.Tasks.Deps.html */

export interface LockedPackage {
  name: string;
  /** Null for what comes from Git. */
  version: string | null;
  /** From 1. */
  line: number;
}

const entry = /^\s{0,20}"(?<key>[\w.-]{1,200})":\s{0,20}\{:(?<source>hex|git),\s{0,20}(?<rest>.*)$/;
const hexPackage = /^:(?:"(?<quoted>[\w.-]{1,200})"|(?<name>\w{1,200})),\s{0,20}"(?<version>[\w.+-]{1,100})"/;

/** The packages of a lock file, one of them a line; other lines are passed over. */
export function parseMixLock(text: string): LockedPackage[] {
  return text.split('\n').flatMap((whole, at) => {
    const { key, source, rest = '' } = entry.exec(whole.slice(0, 1000))?.groups ?? {};
    if (key === undefined) return [];
    const { quoted, name, version } = source === 'hex' ? (hexPackage.exec(rest)?.groups ?? {}) : {};
    return [{ name: quoted ?? name ?? key, version: version ?? null, line: at + 1 }];
  });
}
