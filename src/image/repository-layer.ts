/**
 * The layer with the repository: the files of one commit, and a shallow `.git` from which the worker goes on.
 *
 * All of it is made from Git's objects, in a repository of its own that borrows them: neither the working tree nor
 * the configuration, the hooks or the ignored files of the repository that is packed are ever looked at.
 */
import { lstat, mkdir, readdir, readlink, rm } from 'node:fs/promises';
import path from 'node:path';
import { isRefName } from '../clone/url.ts';
import { diskFull, saysDiskFull } from '../disk-full.ts';
import { ExitCode, NidifyError, usage } from '../errors.ts';
import { withoutCredentials } from '../scan/facts.ts';
import { temporaryFolder } from '../temporary.ts';
import { git, run } from './repository/git.ts';
import { located, makeRepository } from './repository/own.ts';
import { listTree, type TreeFile } from './repository/tree.ts';
import { contentOf, folder } from './store-files.ts';
import { user } from './system-files.ts';
import type { TarEntry } from './tar.ts';

export interface RepositoryLayerOptions {
  /** Where the worker pulls from; null: nowhere. A user and a password in it are left out. */
  url: string | null;
  /** The branch that the worker is on; null: no branch (a detached HEAD). */
  branch: string | null;
  /** Without it there are the files only. */
  withGit?: boolean;
  signal?: AbortSignal | undefined;
}

/**
 * The entries of the layer. Equal commits, addresses and branches give equal entries, however the objects are stored;
 * `.git` has them as one pack, which is written anew.
 *
 * Files are as `git checkout` writes them where nothing is configured: ends of lines as `.gitattributes` says, links as
 * they are, submodules as empty folders, files of LFS as their pointers.
 *
 * @param gitDirectory `.git`, a bare repository or a work tree
 * @param commit anything that names a commit of it
 * @throws NidifyError `no-commit`, `usage` (exit 2), `repository-refused` (6) for a tree that must not be unpacked,
 *   `objects-missing` (3) where the repository has the commit but not all of its files, `disk-full` (5)
 */
export async function* repositoryLayer(
  gitDirectory: string,
  commit: string,
  { url, branch, withGit = true, signal }: RepositoryLayerOptions,
): AsyncGenerator<TarEntry> {
  const remote = url === null ? null : checkedUrl(url);
  if (branch !== null && !isRefName(branch)) {
    throw usage(`${JSON.stringify(branch)} is not the name of a branch`, 'Name a branch, or none.');
  }
  const found = await located(gitDirectory, commit, signal);
  const temporary = temporaryFolder('nidify-repository-');
  try {
    const own = path.join(temporary.directory, 'git');
    const files = path.join(temporary.directory, 'files');
    await mkdir(files);
    await makeRepository(own, { ...found, branch, url: remote });
    const { id } = found;
    const tree = await listTree(own, id, signal);
    await packObjects(own, id, signal);
    await run(own, ['read-tree', id], signal);
    await run(own, ['--work-tree', files, 'checkout-index', '--all', '--quiet'], signal);
    yield folder(user.workFolder.slice(1), 0o755, user.id);
    if (withGit) yield* gitFiles(own, `${user.workFolder.slice(1)}/.git`);
    for (const entry of tree) {
      signal?.throwIfAborted();
      yield await asEntry(entry, files);
    }
  } finally {
    temporary.remove();
  }
}

/** Credentials never enter; nor does what Git would start a program for. */
function checkedUrl(url: string): string {
  const shown = url.startsWith('file:///') ? url : withoutCredentials(url);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (shown === null || /^-|^[\w+.-]+::|[\u0000-\u001f\u007f]/.test(shown)) {
    throw usage('the address of the repository is not one to pull from', 'Name an address as Git takes it.');
  }
  return shown;
}

/**
 * All objects of the commit in one pack, which depends on nothing but them: no deltas, none of what is stored is
 * copied, and they come in the order of their ids.
 */
async function packObjects(own: string, id: string, signal: AbortSignal | undefined): Promise<void> {
  const listed = await git(['--git-dir', own, 'rev-list', '--objects', '--no-object-names', id], {
    cwd: own,
    signal,
    maxOutputBytes: 256 * 1024 * 1024,
  });
  if (listed.exitCode !== 0) throw incomplete(listed.stderrTail);
  const ids = listed.stdout.toString('latin1').trimEnd().split('\n').sort();
  const packed = await git(
    [
      ...['--git-dir', own, 'pack-objects', '--quiet', '--window=0', '--depth=0', '--threads=1'],
      ...['--no-reuse-object', '--no-reuse-delta', '--compression=6', path.join(own, 'objects/pack/pack')],
    ],
    { cwd: own, signal, stdin: `${ids.join('\n')}\n` },
  );
  if (packed.exitCode !== 0) {
    if (saysDiskFull(packed.stderrTail)) throw diskFull('the objects of the commit');
    throw incomplete(packed.stderrTail);
  }
  // From here on what is not in the pack is not there.
  await rm(path.join(own, 'objects/info/alternates'));
}

function incomplete(said: string): NidifyError {
  return new NidifyError({
    code: 'objects-missing',
    message: `the repository does not have all of the commit's files: ${said.trim().split('\n').at(-1) ?? ''}`,
    hint: 'A partial clone lacks some: fetch the commit completely.',
    exitCode: ExitCode.unserved,
  });
}

/** What Git wrote, sorted by name; of the modes only what a clone has. */
async function* gitFiles(from: string, to: string): AsyncGenerator<TarEntry> {
  yield folder(to, 0o755, user.id);
  const names = (await readdir(from, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const name of names) {
    const [file, inside] = [path.join(from, name.name), `${to}/${name.name}`];
    if (name.isDirectory()) yield* gitFiles(file, inside);
    else yield await fileEntry(Buffer.from(inside), Buffer.from(file), 0o644);
  }
}

async function asEntry({ path: name, kind }: TreeFile, files: string): Promise<TarEntry> {
  const inside = Buffer.concat([Buffer.from(`${user.workFolder.slice(1)}/`), name]);
  const file = Buffer.concat([Buffer.from(`${files}/`), name]);
  if (kind === 'directory') {
    return { path: inside, type: 'directory', mode: 0o755, owner: user.id, size: 0 };
  }
  if (kind === 'symlink') {
    const target = await readlink(file, { encoding: 'buffer' });
    return { path: inside, type: 'symlink', mode: 0o777, owner: user.id, size: 0, target };
  }
  return fileEntry(inside, file, kind === 'executable' ? 0o755 : 0o644);
}

async function fileEntry(inside: Buffer, file: Buffer, mode: number): Promise<TarEntry> {
  const { size } = await lstat(file);
  return { path: inside, type: 'file', mode, owner: user.id, size, content: () => contentOf(file, size) };
}
