import { lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ExitCode, isErrno, NidifyError } from '../errors.ts';

/** What nidify writes is far smaller: anything larger was not written by it. */
const maxBytes = 16 * 1024 * 1024;

/** Where files go: the output folder, and the repository whose symbolic links are not followed. */
export interface Place {
  /** Absolute. */
  directory: string;
  /** Absolute; the output folder itself unless that lies inside the repository. */
  boundary: string;
}

/**
 * @param directory the output folder; need not exist
 * @param repository the repository's folder: between it and the output folder nothing may be a link
 */
export function placeOf(directory: string, repository: string = directory): Place {
  const absolute = path.resolve(directory);
  const root = path.resolve(repository);
  return { directory: absolute, boundary: isInside(root, absolute) ? root : absolute };
}

/** What stands at a path: nothing, or a regular file with its content (null when it is beyond any bound). */
export type Existing = { kind: 'none' } | { kind: 'file'; content: Buffer | null; mode: number };

/**
 * Looks at a path below the output folder without following a symbolic link.
 *
 * @throws NidifyError `unsafe-path` (exit 6) for a path that leaves the folder, a symbolic link at it or on
 *   the way to it, and for anything that is no regular file
 */
export function look(place: Place, relative: string): Existing {
  const target = targetOf(place, relative);
  for (const parent of parentsOf(place, target)) {
    const status = statusOf(parent);
    if (status === null) return { kind: 'none' };
    if (!status.isDirectory()) throw inTheWay(parent, place, status.isSymbolicLink());
  }
  const status = statusOf(target);
  if (status === null) return { kind: 'none' };
  if (!status.isFile()) throw inTheWay(target, place, status.isSymbolicLink());
  return {
    kind: 'file',
    content: status.size > maxBytes ? null : contentOf(target),
    mode: status.mode & 0o777,
  };
}

/** The absolute path of a file below the output folder. */
export function targetOf(place: Place, relative: string): string {
  const isPlain =
    relative !== '' &&
    !relative.includes('\0') &&
    !relative.includes('\\') &&
    relative.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isPlain) throw unsafe(`${JSON.stringify(relative)} is not a path below the output folder`);
  const target = path.join(place.directory, relative);
  const first = path.relative(place.boundary, target).split(path.sep)[0];
  if (first?.toLowerCase() === '.git') throw unsafe(`${relative} lies in Git's own folder`);
  return target;
}

/** Folders from below the boundary down to the one that holds the target; the boundary itself is the user's word. */
export function parentsOf(place: Place, target: string): string[] {
  const parts = path.relative(place.boundary, target).split(path.sep);
  return parts.slice(0, -1).map((_, at) => path.join(place.boundary, ...parts.slice(0, at + 1)));
}

function statusOf(file: string) {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    throw isErrno(error) ? notAccessible(error) : error;
  }
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw isErrno(error) ? notAccessible(error) : error;
  }
}

/** What the system refused, as an error of the family. */
export function notAccessible(error: NodeJS.ErrnoException): NidifyError {
  return new NidifyError({
    code: 'not-accessible',
    message: `nothing was changed: ${error.message}`,
    hint: 'Give yourself permission to read and write there, or write elsewhere with `--output DIR`.',
    exitCode: ExitCode.refused,
    cause: error,
  });
}

function isInside(folder: string, candidate: string): boolean {
  const relative = path.relative(folder, candidate);
  return (
    relative === '' ||
    (!relative.startsWith(`..${path.sep}`) && relative !== '..' && !path.isAbsolute(relative))
  );
}

function inTheWay(found: string, place: Place, isLink: boolean): NidifyError {
  const name = path.relative(place.boundary, found) || found;
  return unsafe(
    isLink
      ? `${name} is a symbolic link: nidify does not write through links`
      : `${name} is in the way: it is not a regular file or folder`,
  );
}

function unsafe(message: string): NidifyError {
  return new NidifyError({
    code: 'unsafe-path',
    message,
    hint: 'Remove it, or write elsewhere with `--output DIR`; `--force` does not change this.',
    exitCode: ExitCode.refused,
  });
}
