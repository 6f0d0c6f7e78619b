/** The files of a repository by the ids of their contents. */
import { ExitCode, NidifyError } from '../../errors.ts';
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
