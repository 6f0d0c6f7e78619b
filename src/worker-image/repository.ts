/** Where the commit of a worker image is read from. */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { looksLikeUrl, parseCloneUrl } from '../clone/url.ts';
import { gitTreeSource } from '../scan/git-tree.ts';
import type { Source } from '../scan/types.ts';
import { commitOf } from './commit.ts';
import type { Commit } from './marks.ts';

export interface OpenRepository {
  /** A work tree or a Git folder, absolute. */
  directory: string;
  commit: Commit;
  tree: Source;
  /** Makes sure that all objects of the commit are in the directory. */
  complete(): Promise<void>;
  close(): void;
}

export interface OpenOptions {
  commit?: string | undefined;
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** @throws NidifyError `no-commit`, `url-refused`, `clone-not-found` (exit 2), `clone-failed` (75) */
export async function openRepository(subject: string, options: OpenOptions): Promise<OpenRepository> {
  return looksLikeUrl(subject) ? ofUrl(subject, options) : ofDirectory(subject, options);
}

async function ofDirectory(
  subject: string,
  { commit: revision, signal }: OpenOptions,
): Promise<OpenRepository> {
  const directory = realpathSync(path.resolve(subject));
  const commit = await commitOf(directory, revision, signal);
  return {
    ...{ directory, commit },
    tree: gitTreeSource(directory, commit.id),
    complete: async () => {},
    close: () => {},
  };
}

async function ofUrl(subject: string, options: OpenOptions): Promise<OpenRepository> {
  const { clone } = await import('../clone/clone.ts');
  const { signal, timeoutMs } = options;
  const made = await clone(parseCloneUrl(subject, options.commit), {
    ...(signal === undefined ? {} : { signal }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  try {
    const opened = await ofDirectory(made.directory, { signal });
    return { ...opened, close: made.remove };
  } catch (error) {
    made.remove();
    throw error;
  }
}
