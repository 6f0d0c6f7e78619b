/** The files of a repository by the ids of their contents. */
import { highestLimits } from '../../scan/limits.ts';
import type { TreeSource } from '../../scan/types.ts';

export interface FileTree {
  /** Path from the root to the id of the blob; no folders, no submodules. */
  blobs: ReadonlyMap<string, string>;
  /** The text of a file of the tree, which is small; empty where it is not. */
  read(file: string): Promise<string>;
}

const mostBytes = 8 * 1024 * 1024;

/**
 * The files of a commit.
 *
 * @throws NidifyError what the source throws
 */
export async function fileTree(source: TreeSource, signal?: AbortSignal | undefined): Promise<FileTree> {
  const options = { limits: { ...highestLimits, fileBytes: mostBytes }, signal };
  const blobs = await source.blobs(options);
  return {
    blobs,
    async read(file) {
      if (!blobs.has(file)) return '';
      const [result] = await source.read([file], options);
      return result !== undefined && 'content' in result ? Buffer.from(result.content).toString('utf8') : '';
    },
  };
}
