import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  openSync,
  type PathLike,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import fastGlob from 'fast-glob';
import { ExitCode, isErrno, NidifyError } from '../errors.ts';
import type { Finding } from '../plan/schema.ts';
import { gitFacts } from './facts.ts';
import { scanFinding } from './finding.ts';
import { type IgnoreScope, ignoreCut, isIgnored, isPruned, scopeWith } from './ignore.ts';
import { parseIgnoreFile } from './ignore-rules.ts';
import type { Entry, Listing, ListOptions, ReadResult, Source } from './types.ts';

/** A `.gitignore` beyond this is not one that a person wrote. */
const ignoreFileBytes = 1024 * 1024;

/**
 * A directory of this machine as a source.
 *
 * @throws NidifyError `no-directory` (usage) when it is not there or no directory
 */
export function directorySource(directory: string): Source {
  const root = realRoot(directory);
  return {
    async list(options) {
      return walk(root, options);
    },
    async read(paths, { limits }) {
      let left = limits.totalBytes;
      return paths.map((relative) => {
        const result = readBounded(root, relative, Math.min(limits.fileBytes, left), left < limits.fileBytes);
        if ('content' in result) left -= result.content.length;
        return result;
      });
    },
    async facts() {
      return gitFacts(root);
    },
  };
}

function realRoot(directory: string): string {
  try {
    const root = realpathSync(directory);
    if (statSync(root).isDirectory()) return root;
  } catch (cause) {
    if (!isErrno(cause)) throw cause;
    if (cause.code === 'EACCES') throw noDirectory(directory, 'cannot be opened: permission denied', cause);
  }
  throw noDirectory(directory, 'is not a directory');
}

function noDirectory(directory: string, why: string, cause?: unknown): NidifyError {
  return new NidifyError({
    code: 'no-directory',
    message: `${directory} ${why}`,
    hint: 'Name a directory that holds a repository, or a Git URL.',
    exitCode: ExitCode.usage,
    cause,
  });
}

/** What fast-glob takes for the root: it would read a backslash in the real one's name as a slash. */
const standIn = path.resolve('/repository');

/**
 * One walk. fast-glob descends; what it is shown passes through here, so that ignored folders are never
 * opened and the bounds hold while walking, not after it.
 */
function walk(root: string, { limits, ignore = [], signal }: ListOptions): Listing {
  const listing: Listing = { entries: [], truncated: null, findings: [] };
  const scopes = new Map<string, IgnoreScope | null>();
  const leftOut = ignore.length === 0 ? null : parseIgnoreFile(ignore.join('\n'));
  let count = 0;

  const readFolder = (shown: PathLike): Dirent[] => {
    signal?.throwIfAborted();
    const relative = path.relative(standIn, String(shown)).split(path.sep).join('/');
    const folder = path.join(root, relative);
    if (count >= limits.entries) {
      listing.truncated = 'entries';
      return [];
    }
    if (depthOf(relative) > limits.depth) {
      listing.truncated ??= 'depth';
      return [];
    }
    let children: Dirent[];
    try {
      children = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      if (!isErrno(error)) throw error;
      if (relative === '') throw noDirectory(root, `cannot be listed (${error.code})`, error);
      listing.findings.push(unreadableFolder(relative, error.code ?? 'error'));
      return [];
    }
    const scope = scopeOf(root, relative, children, scopes, listing.findings);
    const base = relative === '' ? '' : `${relative}/`;
    const kept = children.filter((child) => {
      const isFolder = child.isDirectory();
      const at = base + child.name;
      if (isFolder && isPruned(child.name)) return false;
      if (leftOut?.test(at, child.name, isFolder) === true) return false;
      return !isIgnored(scope, at, child.name, isFolder);
    });
    count += kept.length;
    return kept;
  };

  const found = fastGlob.sync('**', {
    cwd: standIn,
    dot: true,
    onlyFiles: false,
    followSymbolicLinks: false,
    objectMode: true,
    // One pattern finds nothing twice.
    unique: false,
    // Only the overload with `withFileTypes` is ever called.
    fs: { readdirSync: readFolder as unknown as typeof readdirSync },
  });
  if (found.length > limits.entries) {
    found.length = limits.entries;
    listing.truncated = 'entries';
  }
  listing.entries = found.map(({ path: at, dirent }) => ({ path: at, kind: kindOf(dirent as Dirent) }));
  return listing;
}

function kindOf(entry: Dirent): Entry['kind'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'symlink' : 'other';
}

/** Folders between the root and what lies in this folder: 0 for the root. */
function depthOf(folder: string): number {
  return folder === '' ? 0 : folder.split('/').length;
}

function scopeOf(
  root: string,
  folder: string,
  children: readonly Dirent[],
  scopes: Map<string, IgnoreScope | null>,
  findings: Finding[],
): IgnoreScope | null {
  const slash = folder.lastIndexOf('/');
  const above = folder === '' ? null : (scopes.get(slash === -1 ? '' : folder.slice(0, slash)) ?? null);
  let scope = above;
  if (children.some((child) => child.name === '.gitignore' && child.isFile())) {
    const result = readBounded(root, folder === '' ? '.gitignore' : `${folder}/.gitignore`, ignoreFileBytes);
    if ('content' in result) scope = scopeWith(Buffer.from(result.content).toString('utf8'), folder, above);
    if ('problem' in result ? result.problem === 'too-large' : scope?.file.isCut) {
      findings.push(ignoreCut(folder));
    }
  }
  scopes.set(folder, scope);
  return scope;
}

function unreadableFolder(folder: string, code: string) {
  return scanFinding(
    'unreadable-folder',
    'warning',
    folder,
    `${folder} cannot be read (${code}): what it holds is not known`,
    'Give yourself permission to read it, or leave it out with "ignore" in nidify.jsonc.',
  );
}

/**
 * Reads a regular file inside the root, at most so many bytes. Nothing else is opened: not a FIFO (which
 * would block), not a device, not what a symbolic link outside the root points to.
 */
function readBounded(root: string, relative: string, bytes: number, isTotal = false): ReadResult {
  const absolute = path.join(root, relative);
  let descriptor: number | null = null;
  try {
    descriptor = openInside(root, absolute);
    if (descriptor === null)
      return { problem: 'outside-root', detail: 'a symbolic link that leads out of the repository' };
    const status = fstatSync(descriptor);
    if (!status.isFile()) return { problem: 'not-a-file', detail: 'not a regular file' };
    if (status.size > bytes) {
      if (isTotal) return { problem: 'total-limit', detail: 'the bound for all files together is reached' };
      return { problem: 'too-large', detail: `${status.size} bytes, more than ${bytes}` };
    }
    return { content: readWhole(descriptor, status.size) };
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (error.code === 'ELOOP') return { problem: 'outside-root', detail: 'a loop of symbolic links' };
    return { problem: 'unreadable', detail: error.code ?? 'error' };
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

const openFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** @returns null for a symbolic link that leads out of the root */
function openInside(root: string, absolute: string): number | null {
  try {
    return openSync(absolute, openFlags);
  } catch (error) {
    if (!isErrno(error) || error.code !== 'ELOOP') throw error;
  }
  const target = realpathSync(absolute);
  const isInside = target.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
  const isPrunedTarget = path.relative(root, target).split(path.sep).some(isPruned);
  if (!isInside || isPrunedTarget) return null;
  return openSync(target, openFlags);
}

function readWhole(descriptor: number, size: number): Uint8Array {
  const buffer = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const count = readSync(descriptor, buffer, filled, size - filled, null);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}
