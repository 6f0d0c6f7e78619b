import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type RepositoryLayerOptions, repositoryLayer } from '../../src/image/repository-layer.ts';
import { tar } from '../../src/image/tar.ts';
import { folderWith } from '../support/folder.ts';

const env = {
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};

async function git(cwd: string, args: string[], input?: string | Buffer): Promise<string> {
  const options = { cwd, env, extendEnv: false, ...(input === undefined ? {} : { input }) };
  // Ownership of the files of a layer is the worker's, not ours.
  return (
    await execa('git', ['-c', 'safe.directory=*', '-c', 'protocol.file.allow=always', ...args], options)
  ).stdout;
}

async function bytesOf(directory: string, commit: string, options: Partial<RepositoryLayerOptions> = {}) {
  const entries = repositoryLayer(directory, commit, { url: null, branch: 'main', ...options });
  return Buffer.concat(await Readable.from(tar(entries)).toArray());
}

async function extracted(archive: Buffer): Promise<string> {
  const into = folderWith();
  await execa('tar', ['--no-same-owner', '-xf', '-', '-C', into], { input: archive });
  return path.join(into, 'work');
}

/** A repository with two commits and everything that a tree can hold, and what must not get into a layer. */
async function repository(): Promise<string> {
  const directory = folderWith({
    'README.md': 'first\n',
    'bin/run': '#!/bin/sh\necho ran\n',
    '.gitattributes': '*.bat text eol=crlf\n*.psd filter=lfs\n*.c ident\n',
    'windows.bat': 'one\r\ntwo\r\n',
    'id.c': '$Id$\n',
    'image.psd': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
    '.gitignore': 'ignored\n',
    ignored: 'SECRET-ignored',
  });
  await git(directory, ['init', '--quiet', '-b', 'main']);
  await git(directory, ['add', '.']);
  await git(directory, ['commit', '--quiet', '-m', 'first']);
  writeFileSync(path.join(directory, 'bin/run'), '#!/bin/sh\necho again\n', { mode: 0o755 });
  symlinkSync('/etc/passwd', path.join(directory, 'outside'));
  symlinkSync('bin/run', path.join(directory, 'inside'));
  await git(directory, ['add', '.']);
  await git(directory, ['update-index', '--chmod=+x', 'bin/run']);
  await git(directory, ['update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},sub`]);
  await git(directory, ['commit', '--quiet', '-m', 'second']);
  writeFileSync(path.join(directory, 'README.md'), 'SECRET-uncommitted\n');
  writeFileSync(path.join(directory, 'untracked'), 'SECRET-untracked');
  writeFileSync(path.join(directory, '.git/hooks/post-merge'), '#!/bin/sh\necho SECRET-hook\n', {
    mode: 0o755,
  });
  await git(directory, ['config', 'core.fsmonitor', 'echo SECRET-config']);
  await git(directory, ['config', 'core.autocrlf', 'true']);
  return directory;
}

describe('repositoryLayer', () => {
  it('has the files of the commit, and a shallow repository in which Git works on', async () => {
    const directory = await repository();
    const remote = path.join(folderWith(), 'remote.git');
    await git(directory, ['clone', '--quiet', '--bare', '.', remote]);
    const archive = await bytesOf(directory, 'HEAD', { url: `file://${remote}` });
    expect(archive.includes('SECRET')).toBe(false);
    const listed = (await execa('tar', ['-tvf', '-', '--numeric-owner'], { input: archive })).stdout.split(
      '\n',
    );
    expect(listed.every((line) => line.includes(' 1000/1000 '))).toBe(true);
    expect(listed.find((line) => line.endsWith(' work/bin/run'))).toMatch(/^-rwxr-xr-x /);
    expect(listed.find((line) => line.endsWith(' work/README.md'))).toMatch(/^-rw-r--r-- /);
    expect(listed.find((line) => line.includes('work/outside -> /etc/passwd'))).toMatch(/^lrwxrwxrwx /);
    expect(listed.find((line) => line.endsWith(' work/sub/'))).toMatch(/^drwxr-xr-x /);

    const work = await extracted(archive);
    expect(readFileSync(path.join(work, 'README.md'), 'utf8')).toBe('first\n');
    expect(readFileSync(path.join(work, 'windows.bat'), 'utf8')).toBe('one\r\ntwo\r\n');
    expect(readFileSync(path.join(work, 'id.c'), 'utf8')).toMatch(/^\$Id: [0-9a-f]{40} \$\n$/);
    expect(readFileSync(path.join(work, 'image.psd'), 'utf8')).toMatch(/^version /);
    expect(await git(work, ['status', '--porcelain', '--branch'])).toBe('## main...origin/main');
    expect(await git(work, ['log', '--format=%s'])).toBe('second');
    expect(await git(work, ['fsck', '--full'])).toBe('');

    await git(directory, ['stash', '--quiet']);
    writeFileSync(path.join(directory, 'new.txt'), 'third\n');
    await git(directory, ['add', 'new.txt']);
    await git(directory, ['commit', '--quiet', '-m', 'third']);
    await git(directory, ['push', '--quiet', remote, 'main']);
    await git(work, ['pull', '--quiet']);
    expect(readFileSync(path.join(work, 'new.txt'), 'utf8')).toBe('third\n');
    expect(await git(work, ['log', '--format=%s'])).toBe('third\nsecond');
    await git(work, ['fetch', '--quiet', '--unshallow']);
    expect(await git(work, ['log', '--format=%s'])).toBe('third\nsecond\nfirst');
    writeFileSync(path.join(work, 'own.txt'), 'a change of the worker\n');
    await git(work, ['add', 'own.txt']);
    await git(work, ['commit', '--quiet', '-m', 'own']);
    expect(await git(work, ['status', '--porcelain'])).toBe('');
  });

  it('depends on the commit only, not on how and where its objects are stored', async () => {
    const directory = await repository();
    const loose = await bytesOf(directory, 'HEAD');
    const packed = path.join(folderWith(), 'elsewhere', 'clone');
    await git(directory, ['clone', '--quiet', '--no-local', directory, packed]);
    await git(packed, ['repack', '-adfq', '--depth=50', '--window=250']);
    await git(packed, ['config', 'core.compression', '1']);
    await git(packed, ['config', 'index.version', '4']);
    const id = await git(packed, ['rev-parse', 'HEAD']);
    expect((await bytesOf(packed, id)).equals(loose)).toBe(true);
    expect((await bytesOf(path.join(packed, '.git'), 'main')).equals(loose)).toBe(true);
    const worktree = path.join(folderWith(), 'tree');
    const shallow = folderWith();
    await git(shallow, ['clone', '--quiet', '--depth', '1', `file://${directory}`, '.']);
    expect((await bytesOf(shallow, id)).equals(loose)).toBe(true);
    await git(packed, ['worktree', 'add', '--quiet', '--detach', worktree]);
    expect((await bytesOf(worktree, 'HEAD')).equals(loose)).toBe(true);
    expect((await bytesOf(packed, 'HEAD^')).equals(loose)).toBe(false);
  });

  it('is detached without a branch, and leaves the repository out when asked to', async () => {
    const directory = await repository();
    const first = await git(directory, ['rev-parse', 'HEAD^']);
    const detached = await extracted(await bytesOf(directory, first, { branch: null }));
    expect(await git(detached, ['rev-parse', '--abbrev-ref', 'HEAD'])).toBe('HEAD');
    expect(await git(detached, ['rev-parse', '--is-shallow-repository'])).toBe('false');
    expect(await git(detached, ['status', '--porcelain'])).toBe('');
    const archive = await bytesOf(directory, 'HEAD', { withGit: false });
    const { stdout } = await execa('tar', ['-tf', '-'], { input: archive });
    expect(stdout).toContain('work/README.md');
    expect(stdout).not.toContain('work/.git/');
  });

  it('has no credentials of the address, and quotes what the configuration would take otherwise', async () => {
    const directory = await repository();
    const branch = 'a"b;#]c';
    const url = 'https://user:SECRET-password@example.org/x"y.git?token=SECRET-token';
    const archive = await bytesOf(directory, 'HEAD', { url, branch });
    expect(archive.includes('SECRET')).toBe(false);
    const work = await extracted(archive);
    expect(await git(work, ['remote', 'get-url', 'origin'])).toBe('https://example.org/x%22y.git');
    expect(await git(work, ['rev-parse', '--abbrev-ref', '@{upstream}'])).toBe(`origin/${branch}`);
    for (const refused of ['ext::sh -c id', '--upload-pack=x', 'https://example.org/\nx']) {
      const made = await bytesOf(directory, 'HEAD', { url: refused }).catch((error: unknown) => error);
      if (Buffer.isBuffer(made)) expect(made.includes('\nx"')).toBe(false);
      else expect(made).toMatchObject({ exitCode: 2 });
    }
    await expect(bytesOf(directory, 'HEAD', { branch: '../../hooks/x' })).rejects.toMatchObject({
      exitCode: 2,
    });
  });

  it.each([
    ['..', 'leads elsewhere'],
    ['.', 'leads elsewhere'],
    ['../../etc/passwd', 'leads elsewhere'],
    ['/etc/passwd', 'leads elsewhere'],
    ['.git', 'own folder'],
    ['.GIT', 'own folder'],
    ['git~1', 'own folder'],
    ['.git. .', 'own folder'],
    ['.git::$INDEX_ALLOCATION', 'own folder'],
    ['.g\u200cit', 'own folder'],
    ['sub\\.git', 'own folder'],
    ['.wh.passwd', 'removes files'],
  ])('refuses a tree with the name %j', async (name, why) => {
    const directory = folderWith();
    await git(directory, ['init', '--quiet', '-b', 'main']);
    const blob = await git(directory, ['hash-object', '-w', '--stdin'], 'x');
    const commit = await commitOf(directory, [['100644', name, blob]]);
    await expect(bytesOf(directory, commit)).rejects.toMatchObject({
      code: 'repository-refused',
      exitCode: 6,
      message: expect.stringContaining(why),
    });
  });

  it('refuses to write through a link, and a name that is there twice', async () => {
    const directory = folderWith();
    await git(directory, ['init', '--quiet', '-b', 'main']);
    const blob = await git(directory, ['hash-object', '-w', '--stdin'], '/tmp');
    const below = await treeOf(directory, [['100644', 'file', blob]]);
    const trees: [string, string, string][][] = [
      [
        ['120000', 'a', blob],
        ['40000', 'a', below],
      ],
      [
        ['100644', 'a', blob],
        ['100644', 'a', blob],
      ],
      [['120000', '.gitmodules', blob]],
    ];
    for (const tree of trees) {
      const commit = await commitOf(directory, tree);
      const refused = await bytesOf(directory, commit).then(
        () => null,
        (error: unknown) => error,
      );
      expect(refused, JSON.stringify(tree)).toMatchObject({ exitCode: 6 });
    }
  });

  it('says which commit is not there, and that a part of one is missing', async () => {
    const directory = await repository();
    await expect(bytesOf(directory, 'f'.repeat(40))).rejects.toMatchObject({
      code: 'no-commit',
      exitCode: 2,
    });
    await expect(bytesOf(directory, '--output=x')).rejects.toMatchObject({ code: 'no-commit' });
    const blob = await git(directory, ['rev-parse', 'HEAD:README.md']);
    rmSync(path.join(directory, '.git/objects', blob.slice(0, 2), blob.slice(2)), { force: true });
    await expect(bytesOf(directory, 'HEAD')).rejects.toMatchObject({ code: 'objects-missing', exitCode: 3 });
  });

  it('streams a large file, and leaves nothing behind, wherever it stops', async () => {
    const directory = folderWith();
    mkdirSync(path.join(directory, 'data'));
    await git(directory, ['init', '--quiet', '-b', 'main']);
    await execa('dd', ['if=/dev/urandom', `of=${directory}/data/large`, 'bs=1M', 'count=24', 'status=none']);
    await git(directory, ['add', '.']);
    await git(directory, ['-c', 'core.compression=0', 'commit', '--quiet', '-m', 'large']);
    const expected = createHash('sha256')
      .update(readFileSync(path.join(directory, 'data/large')))
      .digest('hex');
    const temporary = mkdtempSync(path.join(tmpdir(), 'nidify-test-'));
    onTestFinished(() => rmSync(temporary, { recursive: true, force: true }));
    const before = process.env.TMPDIR;
    process.env.TMPDIR = temporary;
    try {
      let [largest, total] = [0, 0];
      const hash = createHash('sha256');
      for await (const entry of repositoryLayer(directory, 'HEAD', { url: null, branch: 'main' })) {
        for await (const chunk of entry.content?.() ?? []) {
          largest = Math.max(largest, chunk.length);
          total += chunk.length;
          if (entry.path.toString() === 'work/data/large') hash.update(chunk);
        }
      }
      expect(hash.digest('hex')).toBe(expected);
      expect(total).toBeGreaterThan(2 * 24 * 2 ** 20);
      expect(largest).toBeLessThanOrEqual(2 ** 20);
      for await (const entry of repositoryLayer(directory, 'HEAD', { url: null, branch: 'main' })) {
        if (entry.path.toString() === 'work/.git/HEAD') break;
      }
      const signal = AbortSignal.abort();
      const stopped = repositoryLayer(directory, 'HEAD', { url: null, branch: 'main', signal });
      await expect(stopped.next()).rejects.toMatchObject({ exitCode: 75 });
      expect((await execa('ls', ['-A', temporary])).stdout).toBe('');
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });
});

/** As bytes: `git mktree` would sort the entries and refuse some. */
async function treeOf(directory: string, entries: [string, string, string][]): Promise<string> {
  const bytes = entries.flatMap(([mode, name, id]) => [
    Buffer.from(`${mode} ${name}\0`),
    Buffer.from(id, 'hex'),
  ]);
  const args = ['hash-object', '-t', 'tree', '-w', '--literally', '--stdin'];
  return git(directory, args, Buffer.concat(bytes));
}

async function commitOf(directory: string, entries: [string, string, string][]): Promise<string> {
  return git(directory, ['commit-tree', '-m', 'hostile', await treeOf(directory, entries)]);
}
