/** Where the commit of a worker image is read from. */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { claimedPaths } from '../analyze.ts';
import { looksLikeUrl, parseCloneUrl } from '../clone/url.ts';
import { ExitCode, NidifyError } from '../errors.ts';
import { gitTreeSource } from '../scan/git-tree.ts';
import type { TreeSource } from '../scan/types.ts';
import type { Commit } from './marks.ts';

export interface OpenRepository {
  /** A work tree or a Git folder, absolute. */
  directory: string;
  commit: Commit;
  tree: TreeSource;
  /** Bytes of Git's objects that came until now; null where all are here. */
  fetchedBytes(): number | null;
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
  { commit: revision = 'HEAD', signal }: OpenOptions,
): Promise<OpenRepository> {
  const directory = path.resolve(subject);
  const isTop = ['.git', 'objects'].some((name) => existsSync(path.join(directory, name)));
  const facts = isTop ? await gitTreeSource(directory, revision).facts() : null;
  signal?.throwIfAborted();
  if (facts === null || facts.commit === null) {
    throw new NidifyError({
      code: 'no-commit',
      message: isTop
        ? `${subject} has no commit ${revision}`
        : `${subject} is not the top of a Git repository`,
      hint: isTop ? commitHint(revision) : topHint(directory),
      exitCode: ExitCode.usage,
    });
  }
  const { commit: id, url, branch, committed = null } = facts;
  return {
    directory: realpathSync(directory),
    commit: { id, url, branch, time: committed },
    // Asked once: each question is a process.
    tree: { ...gitTreeSource(directory, id), facts: async () => facts },
    fetchedBytes: () => null,
    complete: async () => {},
    close: () => {},
  };
}

function commitHint(revision: string): string {
  return revision === 'HEAD'
    ? 'A worker image is made from a commit, and named by it: commit something first.'
    : '`git log --oneline` shows what there is; a commit or branch of a remote has to be fetched first.';
}

/** Where the commits of a folder are, if it is in a repository. */
function topHint(directory: string): string {
  for (let above = path.dirname(directory); ; above = path.dirname(above)) {
    if (existsSync(path.join(above, '.git'))) {
      const project = path.relative(above, directory).split(path.sep).join('/');
      return `Name the top, ${above}, and the project in it: --project ${project}.`;
    }
    if (above === path.dirname(above)) break;
  }
  return 'A worker image is made from a commit, and named by it: name the top of a Git repository, or a Git URL.';
}

async function ofUrl(
  subject: string,
  { commit: revision, timeoutMs, signal }: OpenOptions,
): Promise<OpenRepository> {
  const { remoteTreeSource } = await import('../clone/remote-tree.ts');
  const isClaimed = claimedPaths();
  const given = parseCloneUrl(subject);
  const wanted = revision ?? given.ref;
  const isId = wanted !== null && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(wanted);
  const url = { ...given, ref: isId || revision !== undefined ? null : given.ref };
  const tree = await remoteTreeSource(url, {
    ...(signal === undefined ? {} : { signal }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(wanted === null ? {} : isId ? { commit: wanted } : { branch: wanted }),
    isWanted: (name) => isClaimed(name) || /^(?:\.nidify\/)?flake\.lock$/.test(name),
  });
  const facts = await tree.facts();
  return {
    ...{ directory: tree.directory, tree },
    commit: { id: tree.commit, url: facts?.url ?? null, branch: tree.branch, time: tree.committed },
    fetchedBytes: tree.fetchedBytes,
    complete: () => tree.complete(signal),
    close: tree.remove,
  };
}
