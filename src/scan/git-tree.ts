import { ExitCode, NidifyError } from '../errors.ts';
import { exec } from '../exec.ts';
import { withoutCredentials } from './facts.ts';
import { type IgnoreScope, ignoreCut, isIgnored, isPruned, scopeWith } from './ignore.ts';
import { parseIgnoreFile } from './ignore-rules.ts';
import type { Entry, Listing, ListOptions, ReadResult, Source } from './types.ts';

const timeoutMs = 120_000;
const ignoreFileBytes = 1024 * 1024;
/** A tree of 300,000 entries prints about 40 MB. */
const listingBytes = 256 * 1024 * 1024;

interface TreeEntry {
  mode: string;
  id: string;
  /** Bytes; 0 for what is no blob. */
  size: number;
}

/**
 * A commit's tree as a source, without a checkout: what `git clone --no-checkout` or a bare repository has.
 * Git is asked for objects only (`ls-tree`, `cat-file`), which runs nothing that the repository configures,
 * and fetches nothing.
 *
 * @param repository the `.git` directory, a bare repository, or a work tree
 * @param commit anything that names a tree; `HEAD` by default
 * @throws NidifyError `no-tree` (usage) when there is no such tree; `tool-missing` (4) without git
 */
export function gitTreeSource(repository: string, commit = 'HEAD'): Source {
  let tree: Promise<Map<string, TreeEntry>> | undefined;
  const entriesOf = (options: ListOptions) => {
    tree ??= listTree(repository, commit, options);
    return tree;
  };
  return {
    async list(options) {
      return visible(repository, await entriesOf(options), options);
    },
    async read(paths, options) {
      return readBlobs(repository, await entriesOf(options), paths, options);
    },
    async facts() {
      const [id, url] = await Promise.all([
        text(repository, ['rev-parse', '--verify', '--end-of-options', `${commit}^{commit}`]),
        text(repository, ['config', '--local', '--get', 'remote.origin.url']),
      ]);
      return { url: url === null ? null : withoutCredentials(url), branch: null, commit: id };
    },
  };
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

const treeLine = /^(?<mode>\d{6}) (?<type>\w+) (?<id>[0-9a-f]+) +(?<size>\d+|-)\t(?<path>.*)$/s;

async function listTree(
  repository: string,
  commit: string,
  { signal }: ListOptions,
): Promise<Map<string, TreeEntry>> {
  const { exitCode, stdout, stderrTail } = await git(
    repository,
    ['ls-tree', '-r', '-l', '-z', '--full-tree', '--end-of-options', commit],
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
    entries.set(groups.path, { mode: groups.mode, id: groups.id, size: Number(groups.size) || 0 });
  }
  return entries;
}

/** What a walk of the checkout would show: ignored folders are left out even where they are committed. */
async function visible(
  repository: string,
  tree: ReadonlyMap<string, TreeEntry>,
  options: ListOptions,
): Promise<Listing> {
  const { limits, ignore = [] } = options;
  const leftOut = parseIgnoreFile(ignore.join('\n'));
  const ignoreFiles = await ignoreFilesOf(repository, tree, options);
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

  for (const [path, { mode }] of tree) {
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

async function ignoreFilesOf(
  repository: string,
  tree: ReadonlyMap<string, TreeEntry>,
  options: ListOptions,
): Promise<Map<string, string>> {
  const paths = [...tree.keys()].filter((path) => path === '.gitignore' || path.endsWith('/.gitignore'));
  const regular = paths.filter((path) => tree.get(path)?.mode !== '120000');
  const bounded = { ...options, limits: { ...options.limits, fileBytes: ignoreFileBytes } };
  const results = await readBlobs(repository, tree, regular, bounded);
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
  repository: string,
  tree: ReadonlyMap<string, TreeEntry>,
  paths: readonly string[],
  { limits, signal }: ListOptions,
): Promise<ReadResult[]> {
  const links = paths.filter((path) => tree.get(path)?.mode === '120000');
  const targets = await linkTargets(repository, tree, links, signal);
  let left = limits.totalBytes;
  const plans = paths.map((path): ReadResult | TreeEntry => {
    const entry = tree.get(targets.get(path) ?? path);
    if (targets.has(path) && (entry === undefined || entry.mode === '120000')) {
      return { problem: 'outside-root', detail: 'a symbolic link that leads out of the repository' };
    }
    if (entry === undefined) return { problem: 'unreadable', detail: 'ENOENT' };
    if (entry.mode === '160000') return { problem: 'not-a-file', detail: 'not a regular file' };
    if (entry.size > limits.fileBytes) {
      return { problem: 'too-large', detail: `${entry.size} bytes, more than ${limits.fileBytes}` };
    }
    if (entry.size > left)
      return { problem: 'total-limit', detail: 'the bound for all files together is reached' };
    left -= entry.size;
    return entry;
  });
  const contents = await batch(
    repository,
    plans.flatMap((plan) => ('id' in plan ? [plan] : [])),
    signal,
  );
  return plans.map((plan) => {
    if (!('id' in plan)) return plan;
    const content = contents.get(plan.id);
    return content === undefined ? { problem: 'unreadable', detail: 'the object is missing' } : { content };
  });
}

/** Where symbolic links lead, one step, as paths of the tree; '' for what leaves it. */
async function linkTargets(
  repository: string,
  tree: ReadonlyMap<string, TreeEntry>,
  links: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const entries = links.flatMap((path) => tree.get(path) ?? []);
  const contents = await batch(
    repository,
    entries.filter(({ size }) => size <= 4096),
    signal,
  );
  return new Map(
    links.map((path) => {
      const target = contents.get(tree.get(path)?.id ?? '');
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

/** `git cat-file --batch`: https://git-scm.com/docs/git-cat-file#_batch_output */
async function batch(
  repository: string,
  entries: readonly TreeEntry[],
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
