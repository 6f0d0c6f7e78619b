import { ExitCode, NidifyError } from '../errors.ts';
import { exec } from '../exec.ts';
import { withoutCredentials } from './facts.ts';
import { type IgnoreScope, ignoreCut, isIgnored, isPruned, scopeWith } from './ignore.ts';
import { parseIgnoreFile } from './ignore-rules.ts';
import type { Entry, Listing, ListOptions, ReadResult, TreeSource } from './types.ts';

const timeoutMs = 120_000;
const ignoreFileBytes = 1024 * 1024;
/** A tree of 300,000 entries prints about 40 MB. */
const listingBytes = 256 * 1024 * 1024;

interface TreeEntry {
  mode: string;
  id: string;
  /** Bytes; 0 for what is no blob, null where it is not known before the object is there. */
  size: number | null;
}

/** Where the objects come from, when the repository does not have them all. */
export interface Supply {
  /**
   * Has the blobs brought that are not there yet, all of them at once.
   *
   * @returns bytes of each that is there now
   */
  bring(ids: readonly string[], signal: AbortSignal | undefined): Promise<ReadonlyMap<string, number>>;
  /** Which paths will be read anyway: they are brought together with the first ones. */
  isWanted(path: string): boolean;
}

/**
 * A commit's tree as a source, without a checkout: what `git clone --no-checkout` or a bare repository has.
 * Git is asked for objects only (`ls-tree`, `cat-file`), which runs nothing that the repository configures,
 * and fetches nothing.
 *
 * @param repository the `.git` directory, a bare repository, or a work tree
 * @param commit anything that names a tree; `HEAD` by default
 * @param supply for a repository that does not have its blobs
 * @throws NidifyError `no-tree` (usage) when there is no such tree; `tool-missing` (4) without git
 */
export function gitTreeSource(repository: string, commit = 'HEAD', supply: Supply | null = null): TreeSource {
  let tree: Promise<Tree> | undefined;
  const treeOf = (options: ListOptions) => {
    tree ??= openTree(repository, commit, supply, options);
    return tree;
  };
  return {
    async list(options) {
      return visible(await treeOf(options), options);
    },
    async read(paths, options) {
      return readBlobs(await treeOf(options), paths, options);
    },
    async blobs(options) {
      const { entries } = await treeOf(options);
      return new Map([...entries].flatMap(([path, { mode, id }]) => (mode === '160000' ? [] : [[path, id]])));
    },
    async facts() {
      const [id, url, head] = await Promise.all([
        text(repository, ['rev-parse', '--verify', '--end-of-options', `${commit}^{commit}`]),
        text(repository, ['config', '--local', '--get', 'remote.origin.url']),
        commit === 'HEAD' ? text(repository, ['symbolic-ref', '--quiet', 'HEAD']) : null,
      ]);
      const committed = id === null ? null : await commitTime(repository, id);
      return {
        url: url === null ? null : withoutCredentials(url),
        branch: head?.startsWith(branches) === true ? head.slice(branches.length) : null,
        commit: id,
        ...(committed === null ? {} : { committed }),
      };
    },
  };
}

const branches = 'refs/heads/';

/** The commit itself says it: `git log` would do what the repository configures. */
async function commitTime(repository: string, id: string): Promise<string | null> {
  const content = await text(repository, ['cat-file', 'commit', id]);
  const [headers = ''] = (content ?? '').split('\n\n', 1);
  const seconds = /^committer .* (?<seconds>\d{1,11}) [+-]\d+$/m.exec(headers)?.groups?.seconds;
  return seconds === undefined ? null : new Date(Number(seconds) * 1000).toISOString();
}

/** A tree that was listed once, with where its blobs are. */
interface Tree {
  repository: string;
  entries: ReadonlyMap<string, TreeEntry>;
  supply: Supply | null;
  /** Small blobs that were read, by id: a manifest is asked for by several, and each question is a process. */
  known: Map<string, Uint8Array>;
}

const keptBytes = 64 * 1024;

/** The tree; where blobs must be brought, with those that are going to be read. */
async function openTree(
  repository: string,
  commit: string,
  supply: Supply | null,
  { signal }: ListOptions,
): Promise<Tree> {
  const entries = await listTree(repository, commit, supply === null, signal);
  const tree = { repository, entries, supply, known: new Map() };
  if (supply !== null) {
    const wanted = [...entries].filter(([path, { mode }]) => {
      if (mode === '160000' || path.split('/').slice(0, -1).some(isPruned)) return false;
      return mode === '120000' ? supply.isWanted(path) : isIgnoreFile(path) || supply.isWanted(path);
    });
    await sized(
      tree,
      wanted.map(([, entry]) => entry),
      signal,
    );
  }
  return tree;
}

/** Has missing blobs brought, and says the sizes of those that are there. */
async function sized(
  { supply }: Tree,
  entries: readonly TreeEntry[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const unknown = entries.filter(({ size, mode }) => size === null && mode !== '160000');
  if (supply === null || unknown.length === 0) return;
  const sizes = await supply.bring([...new Set(unknown.map(({ id }) => id))], signal);
  for (const entry of unknown) entry.size = sizes.get(entry.id) ?? null;
}

function isIgnoreFile(path: string): boolean {
  return path === '.gitignore' || path.endsWith('/.gitignore');
}

/** Nothing is fetched (a partial clone would, through what its configuration says), nothing is replaced. */
const offline = {
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
};

async function git(
  repository: string,
  args: readonly string[],
  options: { stdin?: string; maxOutputBytes?: number; signal?: AbortSignal | undefined } = {},
) {
  return exec({
    program: 'git',
    args: ['-C', repository, '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', ...args],
    cwd: repository,
    timeoutMs,
    env: offline,
    whenMissing: 'Install git, or name a directory with the files.',
    ...options,
  });
}

async function text(repository: string, args: readonly string[]): Promise<string | null> {
  const { exitCode, stdout } = await git(repository, args);
  const answer = stdout.toString('utf8').trim();
  return exitCode === 0 && answer !== '' ? answer : null;
}

const treeLine = /^(?<mode>\d{6}) (?<type>\w+) (?<id>[0-9a-f]+)(?: +(?<size>\d+|-))?\t(?<path>.*)$/s;

async function listTree(
  repository: string,
  commit: string,
  hasSizes: boolean,
  signal: AbortSignal | undefined,
): Promise<Map<string, TreeEntry>> {
  const { exitCode, stdout, stderrTail } = await git(
    repository,
    ['ls-tree', '-r', ...(hasSizes ? ['-l'] : []), '-z', '--full-tree', '--end-of-options', commit],
    { signal, maxOutputBytes: listingBytes },
  );
  if (exitCode !== 0) {
    throw new NidifyError({
      code: 'no-tree',
      message: `${repository} has no tree ${commit}: ${stderrTail.trim().split('\n').at(-1) ?? 'git failed'}`,
      hint: 'Name a commit, branch or tag that the repository has.',
      exitCode: ExitCode.usage,
    });
  }
  const entries = new Map<string, TreeEntry>();
  for (const line of stdout.toString('utf8').split('\0')) {
    const groups = treeLine.exec(line)?.groups;
    if (groups?.path === undefined || groups.mode === undefined || groups.id === undefined) continue;
    const size = hasSizes ? Number(groups.size) || 0 : null;
    entries.set(groups.path, { mode: groups.mode, id: groups.id, size });
  }
  return entries;
}

/** What a walk of the checkout would show: ignored folders are left out even where they are committed. */
async function visible(tree: Tree, options: ListOptions): Promise<Listing> {
  const { limits, ignore = [] } = options;
  const leftOut = parseIgnoreFile(ignore.join('\n'));
  const ignoreFiles = await ignoreFilesOf(tree, options);
  const scopes = new Map<string, IgnoreScope | null | undefined>();
  const listing: Listing = { entries: [], truncated: null, findings: [] };

  /** Scope of a folder, or undefined where the folder (or one above it) is ignored. */
  const enter = (folder: string): IgnoreScope | null | undefined => {
    if (scopes.has(folder)) return scopes.get(folder);
    const scope = folder === '' ? withOwn('', null) : below(folder);
    scopes.set(folder, scope);
    return scope;
  };
  const below = (folder: string): IgnoreScope | null | undefined => {
    const slash = folder.lastIndexOf('/');
    const name = folder.slice(slash + 1);
    const above = enter(slash === -1 ? '' : folder.slice(0, slash));
    if (above === undefined || isPruned(name)) return undefined;
    if (leftOut.test(folder, name, true) === true || isIgnored(above, folder, name, true)) return undefined;
    listing.entries.push({ path: folder, kind: 'directory' });
    return withOwn(folder, above);
  };
  const withOwn = (folder: string, above: IgnoreScope | null): IgnoreScope | null => {
    const own = ignoreFiles.get(folder);
    if (own === undefined) return above;
    const scope = scopeWith(own, folder, above);
    if (scope.file.isCut) listing.findings.push(ignoreCut(folder));
    return scope;
  };

  for (const [path, { mode }] of tree.entries) {
    if (listing.entries.length >= limits.entries) {
      listing.truncated = 'entries';
      break;
    }
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    const scope = enter(slash === -1 ? '' : path.slice(0, slash));
    if (scope === undefined) continue;
    if (leftOut.test(path, name, false) === true || isIgnored(scope, path, name, false)) continue;
    if (path.length > 2 * limits.depth && path.split('/').length > limits.depth + 1) {
      listing.truncated = 'depth';
      continue;
    }
    listing.entries.push({ path, kind: kindOf(mode) });
  }
  return listing;
}

function kindOf(mode: string): Entry['kind'] {
  if (mode === '120000') return 'symlink';
  // A submodule is a folder whose content is elsewhere.
  return mode === '160000' ? 'directory' : 'file';
}

async function ignoreFilesOf(tree: Tree, options: ListOptions): Promise<Map<string, string>> {
  const paths = [...tree.entries.keys()].filter(isIgnoreFile);
  const regular = paths.filter((path) => tree.entries.get(path)?.mode !== '120000');
  const bounded = { ...options, limits: { ...options.limits, fileBytes: ignoreFileBytes } };
  const results = await readBlobs(tree, regular, bounded);
  const texts = new Map<string, string>();
  results.forEach((result, at) => {
    const path = regular[at];
    if (path === undefined || 'problem' in result) return;
    texts.set(
      path === '.gitignore' ? '' : path.slice(0, -'/.gitignore'.length),
      Buffer.from(result.content).toString('utf8'),
    );
  });
  return texts;
}

/** All blobs in one `git cat-file --batch`, within the bounds; symbolic links are followed inside the tree. */
async function readBlobs(
  tree: Tree,
  paths: readonly string[],
  { limits, signal }: ListOptions,
): Promise<ReadResult[]> {
  const { entries } = tree;
  const links = paths.filter((path) => entries.get(path)?.mode === '120000');
  const targets = await linkTargets(tree, links, signal);
  const read = paths.flatMap((path) => entries.get(targets.get(path) ?? path) ?? []);
  await sized(tree, read, signal);
  let left = limits.totalBytes;
  const plans = paths.map((path): ReadResult | SizedEntry => {
    const entry = entries.get(targets.get(path) ?? path);
    if (targets.has(path) && (entry === undefined || entry.mode === '120000')) {
      return { problem: 'outside-root', detail: 'a symbolic link that leads out of the repository' };
    }
    if (entry === undefined) return { problem: 'unreadable', detail: 'ENOENT' };
    if (entry.mode === '160000') return { problem: 'not-a-file', detail: 'not a regular file' };
    if (!isSized(entry)) return { problem: 'unreadable', detail: 'the object is missing' };
    if (entry.size > limits.fileBytes) {
      return { problem: 'too-large', detail: `${entry.size} bytes, more than ${limits.fileBytes}` };
    }
    if (entry.size > left)
      return { problem: 'total-limit', detail: 'the bound for all files together is reached' };
    left -= entry.size;
    return entry;
  });
  const contents = await contentsOf(
    tree,
    plans.flatMap((plan) => ('id' in plan ? [plan] : [])),
    signal,
  );
  return plans.map((plan) => {
    if (!('id' in plan)) return plan;
    const content = contents.get(plan.id);
    return content === undefined ? { problem: 'unreadable', detail: 'the object is missing' } : { content };
  });
}

type SizedEntry = TreeEntry & { size: number };

function isSized(entry: TreeEntry): entry is SizedEntry {
  return entry.size !== null;
}

/** Where symbolic links lead, one step, as paths of the tree; '' for what leaves it. */
async function linkTargets(
  tree: Tree,
  links: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const entries = links.flatMap((path) => tree.entries.get(path) ?? []);
  await sized(tree, entries, signal);
  const short = entries.filter(isSized).filter(({ size }) => size <= 4096);
  const contents = await contentsOf(tree, short, signal);
  return new Map(
    links.map((path) => {
      const target = contents.get(tree.entries.get(path)?.id ?? '');
      return [path, target === undefined ? '' : resolved(path, Buffer.from(target).toString('utf8'))];
    }),
  );
}

function resolved(link: string, target: string): string {
  if (target.startsWith('/')) return '';
  const steps = link.split('/').slice(0, -1);
  for (const step of target.split('/')) {
    if (step === '..') {
      if (steps.pop() === undefined) return '';
    } else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.some(isPruned) ? '' : steps.join('/');
}

async function contentsOf(
  { repository, known }: Tree,
  entries: readonly SizedEntry[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const missing = entries.filter(({ id }) => !known.has(id));
  const contents = await batch(repository, missing, signal);
  for (const [id, content] of contents) if (content.length <= keptBytes) known.set(id, content.slice());
  return missing.length === entries.length ? contents : new Map([...known, ...contents]);
}

/** `git cat-file --batch`: https://git-scm.com/docs/git-cat-file#_batch_output */
async function batch(
  repository: string,
  entries: readonly SizedEntry[],
  signal: AbortSignal | undefined,
): Promise<Map<string, Uint8Array>> {
  const sizes = new Map(entries.map(({ id, size }) => [id, size]));
  const contents = new Map<string, Uint8Array>();
  if (sizes.size === 0) return contents;
  let bytes = 0;
  for (const size of sizes.values()) bytes += size + 128;
  const stdin = [...sizes.keys()].map((id) => `${id}\n`).join('');
  const { stdout } = await git(repository, ['cat-file', '--batch'], { stdin, signal, maxOutputBytes: bytes });
  let at = 0;
  while (at < stdout.length) {
    const end = stdout.indexOf(0x0a, at);
    if (end === -1) break;
    const [id, type, size] = stdout.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (id === undefined || type !== 'blob' || size === undefined) continue;
    contents.set(id, stdout.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return contents;
}
