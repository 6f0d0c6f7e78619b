/** A clean copy of a repository: what a fresh clone has, so that nothing left over from earlier work helps. */
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { ExitCode, isErrno, NidifyError } from '../errors.ts';
import { directorySource } from '../scan/directory.ts';
import { highestLimits } from '../scan/limits.ts';

/**
 * Copies files, folders and links as they are: no link is followed. What `.gitignore` names, installed packages
 * and the folders of version control are left out; so are sockets, pipes and devices.
 *
 * @throws NidifyError `repository-too-large` (exit 3)
 */
export async function copyRepository(from: string, to: string, signal?: AbortSignal): Promise<void> {
  const { entries, truncated } = await directorySource(from).list({ limits: highestLimits, signal });
  if (truncated !== null) {
    throw new NidifyError({
      code: 'repository-too-large',
      message: `${from} has more ${truncated === 'depth' ? 'nested folders' : 'files'} than nidify copies`,
      hint: 'Name what is no part of it in .gitignore.',
      exitCode: ExitCode.unserved,
    });
  }
  const root = realpathSync(from);
  for (const { path: name, kind } of entries) {
    signal?.throwIfAborted();
    const target = path.join(to, name);
    mkdirSync(path.dirname(target), { recursive: true });
    if (kind === 'directory') mkdirSync(target, { recursive: true });
    else if (kind === 'symlink') symlinkSync(linkAt(root, name), target);
    else if (kind === 'file') copyFile(root, name, target);
  }
}

function linkAt(root: string, name: string): string {
  try {
    return readlinkSync(path.join(root, name));
  } catch (cause) {
    throw isErrno(cause) ? unreadable(name, cause) : cause;
  }
}

/**
 * Copies the file that has this name in the repository, and no other: between the listing and this moment a program may
 * have put a link, or another folder, in its place.
 */
export function copyFile(root: string, name: string, target: string): void {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_WRONLY, O_CREAT, O_EXCL } = constants;
  let from: number | undefined;
  let to: number | undefined;
  try {
    from = openSync(path.join(root, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stats = fstatSync(from);
    if (!stats.isFile() || !isAt(from, path.join(root, name))) throw changed(name);
    to = openSync(target, O_WRONLY | O_CREAT | O_EXCL, (stats.mode & 0o777) | 0o600);
    const buffer = Buffer.allocUnsafe(256 * 1024);
    for (let read = readSync(from, buffer); read > 0; read = readSync(from, buffer)) {
      writeSync(to, buffer, 0, read);
    }
  } catch (cause) {
    throw cause instanceof NidifyError || !isErrno(cause) || cause.code === 'ENOSPC'
      ? cause
      : unreadable(name, cause);
  } finally {
    for (const fd of [from, to]) if (fd !== undefined) closeSync(fd);
  }
}

/** Only Linux says what an open file's name is; the sandbox is one of Linux. */
function isAt(fd: number, file: string): boolean {
  return process.platform !== 'linux' || readlinkSync(`/proc/self/fd/${fd}`) === file;
}

function changed(name: string): NidifyError {
  return new NidifyError({
    code: 'repository-changed',
    message: `${name} changed while it was copied`,
    hint: 'Try again when nothing writes to the repository.',
    exitCode: ExitCode.temporary,
  });
}

function unreadable(name: string, cause: NodeJS.ErrnoException): NidifyError {
  if (cause.code === 'ELOOP') return changed(name);
  return new NidifyError({
    code: 'file-unreadable',
    message: `${name} cannot be copied: ${cause.code}`,
    hint: 'Names that are not UTF-8 cannot be read either: rename such a file, or name it in .gitignore.',
    exitCode: ExitCode.unserved,
    cause,
  });
}
