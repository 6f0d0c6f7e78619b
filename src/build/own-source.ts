/** The files of a repository's own flake: what Git tracks, and nothing else of the folder. */
import { lstatSync, mkdirSync, readlinkSync, realpathSync, type Stats, symlinkSync } from 'node:fs';
import path from 'node:path';
import { ExitCode, isErrno, NidifyError } from '../errors.ts';
import { copyFile } from '../verify/copy.ts';
import { trackedBelow } from '../write/git-index.ts';

/**
 * Copies what Git tracks into an empty folder, as it is in the work tree: everybody on this machine may read what
 * comes into the store, so that an untracked `.env` must not. Git's index is read, and Git is not run: it would run
 * what the repository configures. Files that are gone, and submodules, are left out.
 *
 * @param from the folder of the flake, which may be one below the top of the repository
 * @throws NidifyError `not-in-git`, `flake-missing` (exit 3), `repository-changed` (75)
 */
export function copyTracked(from: string, to: string, signal?: AbortSignal): void {
  const tracked = trackedBelow(from);
  if (tracked === null) {
    throw new NidifyError({
      code: 'not-in-git',
      message: `${from} is in no Git repository whose index can be read`,
      hint: 'Only what Git tracks is given to Nix: `git init && git add flake.nix flake.lock …`. A sparse or split index is not read.',
      exitCode: ExitCode.unserved,
    });
  }
  if (tracked.hasOtherNames) {
    throw new NidifyError({
      code: 'file-unreadable',
      message: `${from} has files whose names are not UTF-8`,
      hint: 'Rename them.',
      exitCode: ExitCode.unserved,
    });
  }
  if (!tracked.paths.includes('flake.nix')) {
    throw new NidifyError({
      code: 'flake-missing',
      message: `Git tracks no flake.nix in ${from}`,
      hint: 'Name the folder that has one; `git add flake.nix` where it is new.',
      exitCode: ExitCode.unserved,
    });
  }
  const root = realpathSync(from);
  for (const name of tracked.paths) {
    signal?.throwIfAborted();
    if (!isWithin(name)) throw refusedName(name);
    const file = path.join(root, name);
    const stats = statsOf(file);
    // Where a link is in the place of a folder, Git says that the file is gone.
    if (stats === null || realpathSync(path.dirname(file)) !== path.dirname(file)) continue;
    const target = path.join(to, name);
    mkdirSync(path.dirname(target), { recursive: true });
    if (stats.isSymbolicLink()) symlinkSync(readlinkSync(file), target);
    else if (stats.isFile()) copyFile(root, name, target);
  }
}

/** An index may come with the repository, and say anything. */
function isWithin(name: string): boolean {
  return (
    path.posix.normalize(name) === name &&
    !name.startsWith('/') &&
    !name.split('/').some((step) => step === '..' || step.toLowerCase() === '.git')
  );
}

function refusedName(name: string): NidifyError {
  return new NidifyError({
    code: 'index-refused',
    message: `the index of Git names ${JSON.stringify(name)}, which is no file of the repository`,
    hint: 'Clone it anew.',
    exitCode: ExitCode.refused,
  });
}

function statsOf(file: string): Stats | null {
  try {
    return lstatSync(file);
  } catch (error) {
    if (isErrno(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}
