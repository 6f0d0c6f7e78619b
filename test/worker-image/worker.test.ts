import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { openWorker } from '../../src/worker-image/worker.ts';
import { fakeBuilder } from '../support/builder.ts';
import { folderWith } from '../support/folder.ts';
import { memoryRegistry } from './memory-registry.ts';

const git = (directory: string, ...args: string[]) =>
  execFileSync('git', ['-C', directory, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
    encoding: 'utf8',
  }).trim();

function repository(): string {
  const directory = folderWith({
    'package.json': '{ "name": "shop", "engines": { "node": "22" } }\n',
    'src/index.js': '1\n',
  });
  git(directory, 'init', '--quiet', '--initial-branch=main');
  git(directory, 'remote', 'add', 'origin', 'https://me:secret@Example.com/Team/Shop.git');
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '--message', 'first');
  return directory;
}

const options = () => ({ registry: 'registry.example.com/team', client: memoryRegistry() });

describe('a worker of a directory', () => {
  it('is the commit, and not what lies beside it', async () => {
    const directory = repository();
    const before = await openWorker(directory, options());
    writeFileSync(path.join(directory, 'package.json'), '{ "name": "shop", "engines": { "node": "20" } }\n');
    writeFileSync(path.join(directory, 'go.mod'), 'module x\n');
    const after = await openWorker(directory, options());
    expect(after.plan).toEqual(before.plan);
    expect(after.environmentDigest).toBe(before.environmentDigest);
    expect(before.commit).toMatchObject({
      id: git(directory, 'rev-parse', 'HEAD'),
      url: 'https://example.com/Team/Shop.git',
      branch: 'main',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.000)?Z$/),
    });
    expect(before.imageName).toBe('registry.example.com/team/snapshot');
    expect(JSON.stringify(before.plan)).not.toContain('secret');
  });

  it('has another environment when a manifest is added, and the same one when a source is', async () => {
    const directory = repository();
    const first = await openWorker(directory, options());
    writeFileSync(path.join(directory, 'src/other.js'), '2\n');
    git(directory, 'add', '--all');
    git(directory, 'commit', '--quiet', '--message', 'source');
    const second = await openWorker(directory, options());
    expect(second.commit.id).not.toBe(first.commit.id);
    expect(second.environmentDigest).toBe(first.environmentDigest);
    mkdirSync(path.join(directory, 'api'));
    writeFileSync(path.join(directory, 'api/go.mod'), 'module api\n\ngo 1.23\n');
    git(directory, 'add', '--all');
    git(directory, 'commit', '--quiet', '--message', 'manifest');
    const third = await openWorker(directory, options());
    expect(third.environmentDigest).not.toBe(first.environmentDigest);
    // An older commit is still what it was.
    const again = await openWorker(directory, { ...options(), commit: first.commit.id });
    expect(again.environmentDigest).toBe(first.environmentDigest);
  });

  it.each([
    ['a folder within it', 'src', undefined],
    ['a commit that is not there', '.', 'f'.repeat(40)],
    ['an option in the place of a commit', '.', '--all'],
  ])('is none of %s', async (_, folder, commit) => {
    const directory = path.join(repository(), folder);
    const opened = openWorker(directory, { ...options(), commit });
    await expect(opened).rejects.toMatchObject({ code: 'no-commit', exitCode: 2 });
  });

  it('renders what a cluster needs for this very commit', async () => {
    const worker = await openWorker(repository(), options());
    const { objects, yaml } = await worker.render('kubernetes', {
      builder: 'nix',
      builderImage: `registry.example.com/nix@sha256:${'a'.repeat(64)}`,
      image: `registry.example.com/team/snapshot@sha256:${'b'.repeat(64)}`,
    });
    expect(objects.map(({ kind }) => kind)).toContain('Job');
    expect(yaml).toContain(worker.commit.id);
    expect(yaml).not.toContain('secret@');
  });
});

describe('the bounds of a commit', () => {
  it('are those of its own nidify.jsonc, whatever the working tree has', async () => {
    const directory = repository();
    const configure = (timeout: number) =>
      writeFileSync(path.join(directory, 'nidify.jsonc'), `{ "build": { "timeout": ${timeout} } }\n`);
    configure(11);
    git(directory, 'add', '--all');
    git(directory, 'commit', '--quiet', '--message', 'bounds');
    const first = git(directory, 'rev-parse', 'HEAD');
    configure(22);
    git(directory, 'commit', '--quiet', '--all', '--message', 'other bounds');
    configure(33);
    for (const [subject, commit, timeout] of [
      [directory, undefined, 22],
      [directory, first, 11],
      [directory, `${first}^`, undefined],
      [`file://${directory}`, undefined, 22],
    ] as const) {
      const asked: unknown[] = [];
      const nix = (config: unknown) => {
        asked.push(config);
        throw new Error('that was all');
      };
      const worker = await openWorker(subject, { ...options(), commit, nix });
      await expect(worker.build()).rejects.toThrow('that was all');
      await worker.close();
      expect(asked).toEqual([timeout === undefined ? undefined : { timeout }]);
    }
  });
});

describe('a worker of a URL', () => {
  it('is the same as one of the directory, for a branch, a commit and the id of one after #', async () => {
    const directory = repository();
    git(directory, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    const id = git(directory, 'rev-parse', 'HEAD');
    const own = await openWorker(directory, options());
    const url = `file://${directory}`;
    for (const [address, commit] of [
      [url, undefined],
      [url, 'main'],
      [url, id],
      [`${url}#main`, undefined],
      [`${url}#${id}`, undefined],
    ] as const) {
      const worker = await openWorker(address, { ...options(), commit });
      expect(worker.environmentDigest).toBe(own.environmentDigest);
      expect(worker.commit.id).toBe(id);
      expect(worker.fetchedBytes()).toBeGreaterThan(100);
      await worker.close();
    }
    expect((await analyze(url)).repository.digest).toBe(own.plan.repository.digest);
  });
});

describe('a commit that is gone from where it was read', () => {
  /** Rewrites the only branch; the commit before is then in no branch, and not there at all where that is wanted. */
  function rewrite(directory: string, isGone: boolean): void {
    writeFileSync(path.join(directory, 'src/index.js'), 'rewritten\n');
    git(directory, 'add', '--all');
    git(directory, 'commit', '--quiet', '--amend', '--message', 'rewritten');
    if (!isGone) return;
    git(directory, 'reflog', 'expire', '--expire=now', '--all');
    git(directory, 'gc', '--quiet', '--prune=now');
  }

  const layers = { repository: true };

  it.each([
    ['a server that gives every object', 'true', ''],
    ['a server that gives every object, of a branch by name', 'true', '#main'],
    ['a server that gives what has a name only', 'false', ''],
  ])('is told as such, and no tag is written: %s', async (_, anything, suffix) => {
    const directory = repository();
    git(directory, 'config', 'uploadpack.allowFilter', 'true');
    git(directory, 'config', 'uploadpack.allowAnySHA1InWant', anything);
    const { client, ...given } = options();
    const worker = await openWorker(`file://${directory}${suffix}`, {
      ...{ ...given, client, builder: fakeBuilder() },
    });
    rewrite(directory, true);
    const error = await worker.build({ layers }).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({
      ...{ code: 'clone-not-found', exitCode: 2 },
      message: expect.stringContaining(`has no commit ${worker.commit.id}`),
      hint: expect.stringContaining('rewritten'),
    });
    // The environment's own is of no commit.
    expect([...client.tags.keys()].filter((tag) => !tag.includes('-env-'))).toEqual([]);
    await worker.close();
    // Who asks anew gets what the branch is now.
    const again = await openWorker(`file://${directory}${suffix}`, {
      ...given,
      client,
      builder: fakeBuilder(),
    });
    const result = await again.build({ layers });
    expect(result.commitId).toBe(git(directory, 'rev-parse', 'HEAD'));
    expect(client.tags.get(result.imageTag)).toBe(result.digest);
    await again.close();
  });

  it.each([
    ['comes in parts', 'true'],
    ['came as a whole', 'false'],
  ])('and only from its branch is what was analysed, under its own tag, where it %s', async (_, filter) => {
    const directory = repository();
    git(directory, 'config', 'uploadpack.allowFilter', filter);
    git(directory, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    const { client, ...given } = options();
    const worker = await openWorker(`file://${directory}`, { ...given, client, builder: fakeBuilder() });
    const before = git(directory, 'rev-parse', 'HEAD');
    rewrite(directory, filter === 'false');
    const result = await worker.build({ layers });
    expect(result.commitId).toBe(before);
    expect(result.imageTag).toBe(`${result.repoHash}-${before.slice(0, 12)}`);
    const last = result.layers.at(-1)?.digest ?? '';
    const content = gunzipSync(client.blobs.get(last) ?? Buffer.alloc(0)).toString('latin1');
    expect(content).toContain(before);
    expect(content).not.toContain('rewritten');
    await worker.close();
  });

  it('is told as such of a directory', async () => {
    const directory = repository();
    const { client, ...given } = options();
    const worker = await openWorker(directory, { ...given, client, builder: fakeBuilder() });
    rewrite(directory, true);
    await expect(worker.build({ layers })).rejects.toMatchObject({
      ...{ code: 'no-commit', exitCode: 2 },
      message: expect.stringContaining(worker.commit.id),
    });
    expect([...client.tags.keys()].filter((tag) => !tag.includes('-env-'))).toEqual([]);
  });
});
