/** The tree of a folder that is no repository, as `fileTree` gives that of a commit. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { FileTree } from '../../src/image/dependencies/tree.ts';
import { directorySource } from '../../src/scan/directory.ts';
import { highestLimits } from '../../src/scan/limits.ts';

const mostBytes = 8 * 1024 * 1024;

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
