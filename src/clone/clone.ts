import path from 'node:path';
import { ExitCode, NidifyError } from '../errors.ts';
import { temporaryFolder } from '../temporary.ts';
import { bounded, type CloneOptions, defaultMaxBytes, type Git, gitFor, succeeded, tooLarge } from './git.ts';
import { type CloneUrl, parseCloneUrl } from './url.ts';

export type { CloneOptions } from './git.ts';

/** A clone in a private folder. */
export interface Clone {
  directory: string;
  /** Deletes it; at the latest the end of the process does. */
  remove(): void;
}

const maxListing = 256 * 1024 * 1024;

/**
 * Clones the newest commit of a branch: no history, no tags, no submodules, no hooks, no filters, no
 * large-file downloads. Size is looked at before files are made.
 *
 * @param from an address as `parseCloneUrl` takes it, or what it gave
 * @throws NidifyError `url-refused` (exit 2), `tool-missing` (4), `clone-refused` (6: broken or far too large),
 *   `clone-not-found` (2), `clone-failed` and `tool-timed-out` (75)
 */
export async function clone(from: CloneUrl | string, options: CloneOptions = {}): Promise<Clone> {
  const url = typeof from === 'string' ? parseCloneUrl(from) : from;
  const folder = temporaryFolder('nidify-clone-');
  try {
    const directory = path.join(folder.directory, 'repository');
    const git = await gitFor(folder.directory, url, options);
    await fetchObjects(git, url, directory, options.maxBytes ?? defaultMaxBytes);
    await refuseBombs(git, url, directory, options.maxBytes ?? defaultMaxBytes);
    await git(['-C', directory, 'checkout', '--quiet', '--force', 'HEAD']).then(succeeded(url));
    return { directory, remove: folder.remove };
  } catch (error) {
    folder.remove();
    throw error;
  }
}

/** Runs something on a clone that is gone afterwards. */
export async function withClone<T>(
  url: CloneUrl | string,
  options: CloneOptions,
  use: (directory: string) => Promise<T>,
): Promise<T> {
  const made = await clone(url, options);
  try {
    return await use(made.directory);
  } finally {
    made.remove();
  }
}

async function fetchObjects(git: Git, url: CloneUrl, directory: string, maxBytes: number): Promise<void> {
  const branch = url.ref === null ? [] : ['--branch', url.ref];
  await bounded(url, path.join(directory, '.git'), maxBytes, (signal) =>
    git(
      [
        'clone',
        ...['--quiet', '--depth', '1', '--no-tags', '--single-branch', '--no-recurse-submodules'],
        ...['--no-checkout', '--no-local', '--template=', ...branch],
        ...['--', url.url, directory],
      ],
      { signal },
    ).then(succeeded(url)),
  );
}

/** A small pack can hold terabytes of files, or a tree that names itself without end. */
async function refuseBombs(git: Git, url: CloneUrl, directory: string, maxBytes: number): Promise<void> {
  const head = await git(['-C', directory, 'rev-parse', '--verify', '--quiet', 'HEAD']);
  if (head.exitCode !== 0) {
    throw new NidifyError({
      code: 'clone-refused',
      message: `${url.shown} has no commit`,
      hint: 'Push one, or name a branch that has one.',
      exitCode: ExitCode.unserved,
    });
  }
  const list = await git(['-C', directory, 'ls-tree', '-r', '-z', '--long', 'HEAD'], {
    maxOutputBytes: maxListing,
  })
    .then(succeeded(url))
    .catch((error: unknown) => {
      throw error instanceof NidifyError && error.code === 'tool-output-limit'
        ? tooLarge(url, maxBytes)
        : error;
    });
  let total = 0;
  for (const entry of list.stdout.toString('latin1').split('\0')) {
    const size = /^\d+ blob [0-9a-f]+ +(?<size>\d+)\t/.exec(entry)?.groups?.size;
    total += Number(size ?? 0);
    if (total > maxBytes) throw tooLarge(url, maxBytes);
  }
}
