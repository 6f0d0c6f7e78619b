/** The files of a repository by the ids of their contents, from Git or from a folder: the ids are the same. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { ExitCode, NidifyError } from '../../errors.ts';
import { directorySource } from '../../scan/directory.ts';
import { highestLimits } from '../../scan/limits.ts';
import { git } from '../repository/git.ts';

export interface FileTree {
  /** Path from the root to the id of the blob; no folders, no submodules. */
  blobs: ReadonlyMap<string, string>;
  /** The text of a file of the tree, which is small; empty where it is not. */
  read(file: string): Promise<string>;
}

const mostBytes = 8 * 1024 * 1024;
const listingBytes = 256 * 1024 * 1024;

/**
 * The tree of a commit; nothing is fetched.
 *
 * @throws NidifyError `no-commit` (exit 2)
 */
export async function treeOfCommit(
  repository: string,
  commit: string,
  signal?: AbortSignal | undefined,
): Promise<FileTree> {
  const ask = (args: readonly string[], maxOutputBytes: number) =>
    git(['-C', repository, ...args], { cwd: repository, signal, maxOutputBytes });
  const { exitCode, stdout } = await ask(
    ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit],
    listingBytes,
  );
  if (exitCode !== 0) {
    throw new NidifyError({
      code: 'no-commit',
      message: `the repository has no commit ${commit}`,
      exitCode: ExitCode.usage,
    });
  }
  const blobs = new Map<string, string>();
  for (const line of stdout.toString('utf8').split('\0')) {
    const { id, name } = /^\d{6} blob (?<id>[0-9a-f]+)\t(?<name>.*)$/s.exec(line)?.groups ?? {};
    if (id !== undefined && name !== undefined) blobs.set(name, id);
  }
  return {
    blobs,
    async read(file) {
      const id = blobs.get(file);
      if (id === undefined) return '';
      const { stdout: text } = await ask(['cat-file', 'blob', id], mostBytes);
      return text.toString('utf8');
    },
  };
}

/** The files of a folder as `copyRepository` copies them. */
export async function treeOfDirectory(
  directory: string,
  signal?: AbortSignal | undefined,
): Promise<FileTree> {
  const { entries } = await directorySource(directory).list({ limits: highestLimits, signal });
  const blobs = new Map<string, string>();
  for (const { path: name, kind } of entries) {
    signal?.throwIfAborted();
    if (kind === 'file' || kind === 'symlink') blobs.set(name, await blobOf(path.join(directory, name)));
  }
  return {
    blobs,
    async read(file) {
      if (!blobs.has(file)) return '';
      const { size } = await lstat(path.join(directory, file));
      return size > mostBytes ? '' : readFile(path.join(directory, file), 'utf8');
    },
  };
}

/** https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
async function blobOf(file: string): Promise<string> {
  const stats = await lstat(file);
  const hash = createHash('sha1');
  if (stats.isSymbolicLink()) {
    const target = await readlink(file, { encoding: 'buffer' });
    return hash.update(`blob ${target.length}\0`).update(target).digest('hex');
  }
  hash.update(`blob ${stats.size}\0`);
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
