/**
 * Which files Git knows, read from its index: a flake in a Git repository sees nothing else.
 * Format: https://git-scm.com/docs/index-format
 */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const maxBytes = 128 * 1024 * 1024;
/** Systems open no longer path; version 4 shortens names, so that a small index could hold terabytes. */
const maxPath = 4096;
const entryPrefix = 62;
/** After the times, the device and the inode of the file. */
const modeOffset = 24;

/**
 * The paths among these that are not in the index of the repository around a folder.
 *
 * @param paths from the folder
 * @returns null outside Git; all of them when the index is not there yet or of an unknown format
 */
export function untracked(directory: string, paths: readonly string[]): string[] | null {
  const repository = repositoryAround(path.resolve(directory));
  if (repository === null) return null;
  const fromTop = new Map(
    paths.map((file) => [
      file,
      path.relative(repository.top, path.resolve(directory, file)).split(path.sep).join('/'),
    ]),
  );
  const tracked = trackedPaths(repository.git, new Set(fromTop.values()));
  if (tracked === null) return [...paths];
  return paths.filter((file) => !tracked.has(fromTop.get(file) ?? file));
}

function repositoryAround(directory: string): { top: string; git: string } | null {
  for (let top = directory; ; top = path.dirname(top)) {
    const git = gitDirectory(path.join(top, '.git'));
    if (git !== null) return { top, git };
    if (path.dirname(top) === top) return null;
  }
}

/** `.git` is a folder, or a file that names one (linked work trees, submodules). */
function gitDirectory(dotGit: string): string | null {
  try {
    const status = statSync(dotGit);
    if (status.isDirectory()) return dotGit;
    if (!status.isFile() || status.size > 4096) return null;
    const named = /^gitdir: (?<folder>.+)$/m.exec(readFileSync(dotGit, 'utf8'))?.groups?.folder;
    return named === undefined ? null : path.resolve(path.dirname(dotGit), named);
  } catch {
    return null;
  }
}

function trackedPaths(git: string, wanted: ReadonlySet<string>): Set<string> | null {
  const bytes = indexBytes(git);
  return bytes === null ? null : (pathsOf(bytes, 20, wanted) ?? pathsOf(bytes, 32, wanted));
}

function indexBytes(git: string): Buffer | null {
  try {
    const index = path.join(git, 'index');
    const status = statSync(index);
    if (!status.isFile() || status.size > maxBytes) return null;
    return readFileSync(index);
  } catch {
    return null;
  }
}

/** What Git tracks below a folder. */
export interface Tracked {
  /** Paths of files and symbolic links from the folder; submodules are left out. */
  paths: string[];
  /** Some of the names are not UTF-8. */
  hasOtherNames: boolean;
}

/**
 * All that is in the index of the repository around a folder, and below that folder.
 *
 * @returns null outside Git, and where there is no index that can be read
 */
export function trackedBelow(directory: string): Tracked | null {
  const folder = path.resolve(directory);
  const repository = repositoryAround(folder);
  const bytes = repository === null ? null : indexBytes(repository.git);
  if (repository === null || bytes === null) return null;
  const below = path.relative(repository.top, folder).split(path.sep).join('/');
  const prefix = Buffer.from(below === '' ? '' : `${below}/`);
  return filesBelow(bytes, 20, prefix) ?? filesBelow(bytes, 32, prefix);
}

function filesBelow(index: Buffer, idBytes: 20 | 32, prefix: Buffer): Tracked | null {
  const paths = new Set<string>();
  let hasOtherNames = false;
  const end = eachEntry(index, idBytes, (name, mode) => {
    const isFile = (mode & 0o170000) === 0o100000 || (mode & 0o170000) === 0o120000;
    if (!isFile || name.length <= prefix.length || !name.subarray(0, prefix.length).equals(prefix)) return;
    const own = name.subarray(prefix.length);
    const text = own.toString('utf8');
    if (Buffer.from(text).equals(own)) paths.add(text);
    else hasOtherNames = true;
  });
  if (end === null || !hasAllEntries(index, end, idBytes)) return null;
  return { paths: [...paths], hasOtherNames };
}

/** Extensions that keep entries elsewhere: a split index in another file, a sparse one in the trees of commits. */
function hasAllEntries(index: Buffer, end: number, idBytes: number): boolean {
  for (let at = end; at + 8 <= index.length - idBytes; at += 8 + index.readUInt32BE(at + 4)) {
    const name = index.toString('latin1', at, at + 4);
    if (name === 'link' || name === 'sdir') return false;
  }
  return true;
}

/**
 * @param idBytes 20 for SHA-1, 32 for SHA-256: the index does not say which
 * @param wanted which paths are asked for
 * @returns those of them that are there; null when it cannot be read like this
 */
export function pathsOf(index: Buffer, idBytes: 20 | 32, wanted: ReadonlySet<string>): Set<string> | null {
  const paths = new Set<string>();
  const lengths = new Set([...wanted].map((each) => Buffer.byteLength(each)));
  const end = eachEntry(index, idBytes, (name) => {
    if (!lengths.has(name.length)) return;
    const known = name.toString('utf8');
    if (wanted.has(known)) paths.add(known);
  });
  return end === null ? null : paths;
}

/** @returns where the entries end; null when the index cannot be read with ids of this length */
function eachEntry(
  index: Buffer,
  idBytes: 20 | 32,
  take: (name: Buffer, mode: number) => void,
): number | null {
  if (index.length < 12 || index.toString('latin1', 0, 4) !== 'DIRC') return null;
  const version = index.readUInt32BE(4);
  if (version < 2 || version > 4) return null;
  let previous: Buffer = Buffer.alloc(0);
  let at = 12;
  for (let left = index.readUInt32BE(8); left > 0; left--) {
    const start = at;
    const flagsAt = start + entryPrefix - 22 + idBytes;
    if (flagsAt + 2 > index.length) return null;
    const flags = index.readUInt16BE(flagsAt);
    const isExtended = (flags & 0x4000) !== 0;
    at = flagsAt + (isExtended ? 4 : 2);
    let kept = 0;
    if (version === 4) {
      const strip = varint(index, at);
      if (strip === null || strip.value > previous.length) return null;
      kept = previous.length - strip.value;
      at = strip.next;
    }
    const end = index.indexOf(0, at);
    if (end === -1) return null;
    if (kept + end - at > maxPath) return null;
    const own = index.subarray(at, end);
    const name = kept === 0 ? own : Buffer.concat([previous.subarray(0, kept), own]);
    // The flags repeat the length: it tells the right size of ids from the wrong one.
    if (Math.min(name.length, 0xfff) !== (flags & 0xfff)) return null;
    take(name, index.readUInt32BE(start + modeOffset));
    previous = name;
    // Versions 2 and 3 pad entries with 1 to 8 NULs to a multiple of eight bytes.
    at = version === 4 ? end + 1 : start + ((end - start + 8) & ~7);
  }
  return at;
}

/** The offset encoding of packs: seven bits a byte, most significant first, each continuation adds one. */
function varint(bytes: Buffer, start: number): { value: number; next: number } | null {
  let at = start;
  let value = 0;
  for (let count = 0; count < 5; count++) {
    const byte = bytes[at++];
    if (byte === undefined) return null;
    value = count === 0 ? byte & 0x7f : ((value + 1) << 7) | (byte & 0x7f);
    if ((byte & 0x80) === 0) return { value, next: at };
  }
  return null;
}
