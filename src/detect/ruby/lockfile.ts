/** Bundler's lock file: https://bundler.io/guides/rationale.html#checking-your-code-into-version-control */
export interface LockedGem {
  name: string;
  version: string;
  line: number;
  /** Platforms for which a compiled gem is locked; `ruby` where its sources are. */
  platforms: Set<string>;
}

export interface Lockfile {
  gems: Map<string, LockedGem>;
  /** Names that the Gemfile asks for. */
  direct: Set<string>;
  /** Line of the first gem that comes from a Git repository. */
  git: number | null;
  platforms: { names: string[]; line: number | null };
  ruby: { raw: string; line: number } | null;
  bundler: { raw: string; line: number } | null;
  /** Line of a conflict that was not resolved. */
  conflict: number | null;
}

const spec = /^ {4}(?<name>[^\s(]+) \((?<version>[^\s)-]+)(?:-(?<platform>[^\s)]+))?\)$/;

/** Reads line by line: a file of any size and shape. */
export function parseLockfile(text: string): Lockfile {
  const lock: Lockfile = {
    gems: new Map(),
    direct: new Set(),
    git: null,
    platforms: { names: [], line: null },
    ruby: null,
    bundler: null,
    conflict: null,
  };
  let section = '';
  let number = 0;
  for (const whole of text.split('\n')) {
    number++;
    const line = whole.endsWith('\r') ? whole.slice(0, -1) : whole;
    if (line.length > 500) continue;
    if (/^(<{7}|={7}|>{7})( |$)/.test(line)) lock.conflict ??= number;
    else if (/^[A-Z]/.test(line)) {
      section = line.trim();
      if (section === 'GIT') lock.git ??= number;
      if (section === 'PLATFORMS') lock.platforms.line = number;
    } else readLine(lock, section, line, number);
  }
  return lock;
}

function readLine(lock: Lockfile, section: string, line: string, number: number): void {
  const value = line.trim();
  if (value === '') return;
  if (section === 'PLATFORMS') lock.platforms.names.push(value);
  else if (section === 'DEPENDENCIES') lock.direct.add(/^[^\s(!]+/.exec(value)?.[0] ?? value);
  else if (section === 'BUNDLED WITH') lock.bundler ??= { raw: value, line: number };
  else if (section === 'RUBY VERSION') {
    const raw = /^ruby (?<version>\d+(\.\d+)*)/.exec(value)?.groups?.version;
    if (raw !== undefined) lock.ruby ??= { raw, line: number };
  } else if (section === 'GEM' || section === 'GIT' || section === 'PATH') {
    const { name, version, platform = 'ruby' } = spec.exec(line)?.groups ?? {};
    if (name === undefined || version === undefined) return;
    const known = lock.gems.get(name);
    if (known === undefined)
      lock.gems.set(name, { name, version, line: number, platforms: new Set([platform]) });
    else known.platforms.add(platform);
  }
}

/** Whether a compiled gem is there for Linux as nixpkgs has it: with glibc. */
export function hasLinuxBinary({ platforms }: LockedGem): boolean {
  return [...platforms].some((name) => name.includes('linux') && !name.includes('musl'));
}

/** Whether Bundler installs on Linux what the lock file lists: for `ruby` it takes sources. */
export function locksLinux({ platforms: { names } }: Lockfile): boolean {
  return names.length === 0 || names.some((name) => name === 'ruby' || name.includes('linux'));
}
