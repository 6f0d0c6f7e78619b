/**
 * A repository on a server, read without a clone: the folders of one commit, and of its files only those that are
 * looked at. Partial clones: https://git-scm.com/docs/partial-clone
 */
import path from 'node:path';
import { ExitCode, NidifyError } from '../errors.ts';
import { withoutCredentials } from '../scan/facts.ts';
import { gitTreeSource, type Supply } from '../scan/git-tree.ts';
import type { TreeSource } from '../scan/types.ts';
import { temporaryFolder } from '../temporary.ts';
import { bounded, type CloneOptions, type Git, gitFor, packBytes, succeeded, tooLarge } from './git.ts';
import { type CloneUrl, parseCloneUrl } from './url.ts';

export interface RemoteTreeOptions extends CloneOptions {
  /** The whole id of a commit; the newest one of the branch unless told. */
  commit?: string;
  /** Branch or tag, instead of one in the address; the remote's default branch unless told. */
  branch?: string;
  /**
   * Which files will be read: those come together with the first one. Others cost a request each time that some of
   * them are read.
   */
  isWanted?: (path: string) => boolean;
}

export interface RemoteTree extends TreeSource {
  /** The commit that is read. */
  commit: string;
  /** Its branch or tag, as far as that was asked for or the remote says it. */
  branch: string | null;
  /** When the commit was made, in UTC. */
  committed: string;
  /** Bytes of all objects that came until now. */
  fetchedBytes(): number;
  /** The bare repository that the objects come to. */
  directory: string;
  /** Has all files of the commit brought, in one request. */
  complete(signal?: AbortSignal): Promise<void>;
  /** Whether the server sent single files; else all files of the commit came at once. */
  isPartial: boolean;
  /** Deletes what came; at the latest the end of the process does. */
  remove(): void;
}

/** Manifests and lock files of one commit: as much as a scan reads at most. */
const defaultMaxBytes = 512 * 1024 * 1024;
/** A line for each object of a commit with 1,500,000 files. */
const maxListing = 128 * 1024 * 1024;
const commitId = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/**
 * One commit of a remote repository as a source. What comes is its folders (a request), then the files that are read
 * (one request for all that are missing). From a server that does not send single files comes the whole commit.
 *
 * @throws NidifyError `url-refused`, `usage` and `clone-not-found` (exit 2: no such repository, branch or commit),
 *   `clone-refused` (6: broken or too large), `clone-failed`, `tool-timed-out` and `aborted` (75); reading throws
 *   the same
 */
export async function remoteTreeSource(
  from: CloneUrl | string,
  options: RemoteTreeOptions = {},
): Promise<RemoteTree> {
  const url = addressOf(from, options);
  const { commit } = options;
  if (commit !== undefined && !commitId.test(commit)) {
    throw new NidifyError({
      code: 'usage',
      message: `${JSON.stringify(commit)} is not the whole id of a commit`,
      hint: 'It has 40 (SHA-256: 64) hexadecimal digits; a branch or tag goes by its own option.',
      exitCode: ExitCode.usage,
    });
  }
  const folder = temporaryFolder('nidify-tree-');
  try {
    const repository = path.join(folder.directory, 'repository.git');
    const git = await gitFor(folder.directory, url, options);
    const remote: Remote = { git, url, repository, maxBytes: options.maxBytes ?? defaultMaxBytes };
    const head = await fetchCommit(remote, commit);
    const objects = await objectsOf(remote);
    const isPartial = ![...objects.values()].some(({ type }) => type === 'blob');
    const supply = supplyOf(remote, head, objects, options.isWanted);
    const source = gitTreeSource(repository, head.commit, supply);
    const facts = await source.facts();
    return {
      list: (given) => source.list(given).catch(refusal(remote)),
      read: (paths, given) => source.read(paths, given).catch(refusal(remote)),
      blobs: (given) => source.blobs(given).catch(refusal(remote)),
      async facts() {
        const { committed } = facts ?? {};
        return {
          ...{ url: withoutCredentials(url.url), ...head },
          ...(committed === undefined ? {} : { committed }),
        };
      },
      ...head,
      committed: facts?.committed ?? new Date(0).toISOString(),
      directory: repository,
      async complete(signal) {
        await supply.bring(await filesOf(remote, head.commit), signal);
      },
      fetchedBytes: () => packBytes(repository),
      isPartial,
      remove: folder.remove,
    };
  } catch (error) {
    folder.remove();
    throw error;
  }
}

function addressOf(from: CloneUrl | string, { branch }: RemoteTreeOptions): CloneUrl {
  if (typeof from === 'string') return parseCloneUrl(from, branch);
  return branch === undefined ? from : { ...parseCloneUrl(from.url, branch), login: from.login };
}

/** A server's repository, and the bare one here that its objects come to. */
interface Remote {
  git: Git;
  url: CloneUrl;
  repository: string;
  maxBytes: number;
}

interface Head {
  commit: string;
  branch: string | null;
}

/** Objects of Git stay together as they came, so that their size is that of what came. */
const asOnePack = ['-c', 'fetch.unpackLimit=1', '-c', 'transfer.unpackLimit=1'];
const onlyFolders = '--filter=blob:none';

async function fetchCommit(remote: Remote, commit: string | undefined): Promise<Head> {
  if (commit === undefined) return cloneNewest(remote);
  const { git, url, repository } = remote;
  const format = commit.length === 64 ? ['--object-format=sha256'] : [];
  await git(['init', '--quiet', '--bare', '--template=', ...format, '--', repository]).then(succeeded(url));
  const result = await receive(remote, ['--depth', '1', onlyFolders, 'origin', commit]);
  if (result.exitCode === 0) return { commit, branch: url.ref };
  if (isGone.test(result.stderrTail)) throw commitGone(url, commit);
  if (!isUnadvertised.test(result.stderrTail)) succeeded(url)(result);
  await fetchTip(remote, commit, [onlyFolders]);
  return { commit, branch: url.ref };
}

/**
 * What a branch or tag points to at present, for a server that gives nothing else.
 *
 * @throws NidifyError `clone-not-found` (2) when that is another commit
 */
async function fetchTip(remote: Remote, commit: string, how: readonly string[]): Promise<void> {
  const { git, url, repository } = remote;
  await receive(remote, ['--depth', '1', ...how, 'origin', url.ref ?? 'HEAD'])
    .then(succeeded(url))
    .catch((error: unknown) => {
      const isNone = error instanceof NidifyError && error.code === 'clone-not-found';
      throw isNone ? commitGone(url, commit) : error;
    });
  const { stdout } = await git(['-C', repository, 'rev-parse', '--verify', 'FETCH_HEAD^{commit}']);
  if (stdout.toString('latin1').trim() !== commit) throw commitGone(url, commit);
}

const isGone = /not our ref|upload-pack: not our ref|remote error: want .* not valid|bad object/i;
const isUnadvertised = /does not allow request for unadvertised object/i;

function commitGone(url: CloneUrl, commit: string): NidifyError {
  const branch = url.ref === null ? '' : ` (asked for on ${url.ref})`;
  return new NidifyError({
    code: 'clone-not-found',
    message: `${url.shown} has no commit ${commit}${branch}, or does not give it`,
    hint: 'Its branch may have been rewritten: name the newest commit, or the branch alone.',
    exitCode: ExitCode.usage,
  });
}

/** A clone says in one request what the default branch is called, and takes a tag for a branch. */
async function cloneNewest(remote: Remote): Promise<Head> {
  const { git, url, repository, maxBytes } = remote;
  const branch = url.ref === null ? [] : ['--branch', url.ref];
  await bounded(url, repository, maxBytes, (signal) =>
    git(
      [
        ...[...asOnePack, 'clone', '--quiet', '--bare', '--depth', '1', onlyFolders, '--no-tags'],
        ...['--single-branch', '--no-local', '--template=', ...branch, '--', url.url, repository],
      ],
      { signal },
    ).then(succeeded(url)),
  );
  const [commit, head] = await Promise.all([
    git(['-C', repository, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}']),
    git(['-C', repository, 'symbolic-ref', '--quiet', '--short', 'HEAD']),
  ]);
  if (commit.exitCode !== 0) {
    throw new NidifyError({
      code: 'clone-refused',
      message: `${url.shown} has no commit`,
      hint: 'Push one, or name a branch that has one.',
      exitCode: ExitCode.unserved,
    });
  }
  const name = head.stdout.toString('utf8').trim();
  return { commit: commit.stdout.toString('latin1').trim(), branch: url.ref ?? (name === '' ? null : name) };
}

/** `git fetch` into our repository; the address stands in the environment, where no other user sees it. */
async function receive(
  { git, url, repository, maxBytes }: Remote,
  args: readonly string[],
  { stdin, signal: stop }: { stdin?: string; signal?: AbortSignal | undefined } = {},
) {
  return bounded(url, repository, maxBytes, (full) =>
    git(
      [
        ...['-C', repository, ...asOnePack, '-c', 'fetch.negotiationAlgorithm=noop'],
        ...['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--no-auto-maintenance', ...args],
      ],
      {
        signal: stop === undefined ? full : AbortSignal.any([full, stop]),
        settings: [['remote.origin.url', url.url]],
        ...(stdin === undefined ? {} : { stdin }),
      },
    ),
  );
}

/** A few folders can name each other so often that their list has no end. */
function refusal({ url, maxBytes }: Pick<Remote, 'url' | 'maxBytes'>): (error: unknown) => never {
  return (error) => {
    throw error instanceof NidifyError && error.code === 'tool-output-limit'
      ? tooLarge(url, maxBytes)
      : error;
  };
}

interface StoredObject {
  type: string;
  size: number;
}

/** Everything that is here. Nothing that is not is asked for: Git would fetch it, one by one. */
async function objectsOf({ git, url, repository, maxBytes }: Remote): Promise<Map<string, StoredObject>> {
  const format = '--batch-check=%(objectname) %(objecttype) %(objectsize)';
  const list = await git(['-C', repository, 'cat-file', '--batch-all-objects', '--unordered', format], {
    maxOutputBytes: maxListing,
  })
    .then(succeeded(url))
    .catch(refusal({ url, maxBytes }));
  const objects = new Map<string, StoredObject>();
  for (const line of list.stdout.toString('latin1').split('\n')) {
    const [id, type, size] = line.split(' ');
    if (id !== undefined && type !== undefined) objects.set(id, { type, size: Number(size) });
  }
  return objects;
}

/** Ids of all files of a commit; submodules are commits of other repositories. */
async function filesOf({ git, url, repository, maxBytes }: Remote, commit: string): Promise<string[]> {
  const list = await git(['-C', repository, 'ls-tree', '-r', '-z', '--full-tree', commit], {
    maxOutputBytes: maxListing,
  })
    .then(succeeded(url))
    .catch(refusal({ url, maxBytes }));
  const entries = list.stdout.toString('latin1').split('\0');
  return [...new Set(entries.flatMap((entry) => /^\d{6} blob ([0-9a-f]+)\t/.exec(entry)?.[1] ?? []))];
}

function supplyOf(
  remote: Remote,
  head: Head,
  objects: Map<string, StoredObject>,
  isWanted: (path: string) => boolean = () => false,
): Supply {
  const bring = async (ids: readonly string[], signal: AbortSignal | undefined) => {
    const missing = ids.filter((id) => !objects.has(id));
    if (missing.length === 0) return;
    const stdin = missing.map((id) => `${id}\n`).join('');
    const byId = [onlyFolders, '--no-write-fetch-head', '--stdin', 'origin'];
    const result = await receive(remote, byId, { stdin, signal });
    // A server that filters, and gives only what has a name: then everything. Or its branch was rewritten in the
    // meantime, and what it had before is gone: then that is told.
    if (isUnadvertised.test(result.stderrTail) || isGone.test(result.stderrTail)) {
      await fetchTip(remote, head.commit, ['--refetch', '--no-filter']);
    } else succeeded(remote.url)(result);
    for (const [id, object] of await objectsOf(remote)) objects.set(id, object);
  };
  // Calls come at the same time; each must see what the one before has brought.
  let before: Promise<unknown> = Promise.resolve();
  return {
    isWanted,
    async bring(ids, signal) {
      signal?.throwIfAborted();
      const turn = before.then(() => bring(ids, signal));
      before = turn.catch(() => {});
      await turn;
      return new Map(ids.flatMap((id) => (objects.has(id) ? [[id, objects.get(id)?.size ?? 0]] : [])));
    },
  };
}
