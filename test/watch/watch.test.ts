import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { jsonSchema } from '../../src/cli/schemas.ts';
import { createProgress } from '../../src/events/emitter.ts';
import { type EnvironmentEvent, environmentEventSchema } from '../../src/events/environment-change.ts';
import { type ProgressEvent, progressEventSchema } from '../../src/events/progress.ts';
import { type Watching, type WatchOptions, watch } from '../../src/watch/watch.ts';
import { folderWith } from '../support/folder.ts';

const manifest = (version: string) => `{\n  "name": "shop",\n  "engines": { "node": "${version}" }\n}\n`;

interface Following {
  root: string;
  ready: Watching[];
  /** The next event; the test fails when none comes. */
  next(): Promise<EnvironmentEvent | null>;
  /** That nothing has been told until something else, which is told now, is. */
  stop(): Promise<void>;
  put(name: string, text: string): void;
}

const running: AbortController[] = [];
afterEach(() => {
  for (const controller of running.splice(0)) controller.abort();
});

/** Follows a folder; resolved once changes are seen. */
async function following(files: Record<string, string>, options: WatchOptions = {}): Promise<Following> {
  const root = folderWith(files);
  const controller = new AbortController();
  running.push(controller);
  const ready: Watching[] = [];
  const events = watch(root, {
    quietMs: 20,
    ...options,
    signal: controller.signal,
    onReady: (how) => ready.push(how),
  });
  let pending = events.next();
  pending.catch(() => {});
  await expect.poll(() => ready.length, { timeout: 20_000 }).toBeGreaterThan(0);
  return {
    root,
    ready,
    async next() {
      const result = await within(pending);
      pending = events.next();
      pending.catch(() => {});
      if (result.done === true) return null;
      expect(environmentEventSchema.parse(result.value)).toEqual(result.value);
      return result.value;
    },
    async stop() {
      controller.abort();
      expect((await within(pending)).done).toBe(true);
    },
    put(name, text) {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), text);
    },
  };
}

function within<T>(promise: Promise<T>, ms = 20_000): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const filesOf = (event: EnvironmentEvent | null) =>
  event?.type === 'environment-change' ? event.files.map(({ path: at, state }) => `${at} ${state}`) : event;

describe.each([
  ['by signs of the system', {}],
  ['by looking now and then', { intervalMs: 30 }],
])('a working tree followed %s', (_, options) => {
  test('tells a change with its reason, and that it was taken back', async () => {
    const { root, next, put } = await following({ 'package.json': manifest('^20') }, options);
    const before = (await analyze(root)).repository.digest;
    put('package.json', manifest('^22'));
    const event = await next();
    const now = (await analyze(root)).repository.digest;
    expect(event).toMatchObject({
      type: 'environment-change',
      priority: 10,
      stale: ['environment'],
      digestBefore: before,
      digestNow: now,
      message: 'the environment is stale: package.json changed',
      files: [{ path: 'package.json', state: 'changed' }],
    });
    expect(event?.type === 'environment-change' && event.files[0]?.because).toContainEqual({
      file: 'package.json',
      line: 3,
      text: '"engines": { "node": "^22" }',
      rule: 'node/engines',
    });
    put('package.json', manifest('^20'));
    expect(await next()).toMatchObject({ type: 'environment-current', digestNow: before });
  });

  test('tells all that differs, and nothing of what does not count', async () => {
    const { root, next, put } = await following(
      { 'package.json': manifest('^20'), 'a.ts': '1', '.gitignore': 'dist\n', 'old/go.mod': 'module x\n' },
      options,
    );
    put('a.ts', '2');
    put('b.ts', '2');
    put('dist/package.json', '{}');
    put('node_modules/x/package.json', '{}');
    put('.nvmrc', '20\n');
    expect(filesOf(await next())).toEqual(['.nvmrc added']);
    put('apps/api/package.json', '{"name":"api"}');
    expect(filesOf(await next())).toEqual(['.nvmrc added', 'apps/api/package.json added']);
    rmSync(path.join(root, 'old'), { recursive: true });
    expect(filesOf(await next())).toEqual([
      '.nvmrc added',
      'apps/api/package.json added',
      'old/go.mod removed',
    ]);
    put('.gitignore', 'dist\napps\n');
    expect(filesOf(await next())).toEqual(['.nvmrc added', 'old/go.mod removed']);
  });

  test('tells that it cannot be understood, once, and what it is afterwards', async () => {
    const { root, next, put } = await following({ 'package.json': manifest('^20') }, options);
    put('nidify.jsonc', '{ "packages": ');
    expect(await next()).toMatchObject({
      type: 'environment-unknown',
      error: { message: expect.stringContaining('nidify.jsonc') },
    });
    unlinkSync(path.join(root, 'nidify.jsonc'));
    expect(await next()).toMatchObject({ type: 'environment-current' });
    put('nidify.jsonc', '{ "disable": ["python"] }');
    expect(filesOf(await next())).toEqual(['nidify.jsonc added']);
  });

  test('ends when its folder is gone', async () => {
    const { root, next } = await following({ 'package.json': '{}' }, options);
    rmSync(root, { recursive: true });
    await expect(next()).rejects.toMatchObject({ code: 'no-directory', exitCode: 2 });
  });
});

describe('following', () => {
  test('sees a folder that is moved, replaced, and changed afterwards', async () => {
    const { root, next, put } = await following({ 'a/sub/package.json': manifest('^20'), 'x.ts': '' });
    renameSync(path.join(root, 'a'), path.join(root, 'b'));
    expect(filesOf(await next())).toEqual(['a/sub/package.json removed', 'b/sub/package.json added']);
    mkdirSync(path.join(root, 'a/sub'), { recursive: true });
    put('a/sub/package.json', manifest('^20'));
    expect(filesOf(await next())).toEqual(['b/sub/package.json added']);
    put('a/sub/package.json', manifest('^22'));
    expect(filesOf(await next())).toEqual(['a/sub/package.json changed', 'b/sub/package.json added']);
  });

  test('sees files that editors put in the place of others', async () => {
    const { root, next, put } = await following({ 'package.json': manifest('^20') });
    for (const version of ['^22', '^24']) {
      put('.package.json.swp', manifest(version));
      renameSync(path.join(root, '.package.json.swp'), path.join(root, 'package.json'));
      expect(filesOf(await next())).toEqual(['package.json changed']);
    }
  });

  test('sees what a link leads to', async () => {
    const { root, next, put } = await following({ 'shared/base.txt': '20\n', 'package.json': '{}' });
    symlinkSync('shared/base.txt', path.join(root, '.nvmrc'));
    expect(filesOf(await next())).toEqual(['.nvmrc added']);
    put('shared/base.txt', '22\n');
    expect(filesOf(await next())).toEqual(['.nvmrc added']);
  });

  test('sees the script of a repository without a manifest', async () => {
    const { next, put } = await following({ 'readme.md': '' });
    put('src/main.ts', 'Deno.exit();\n');
    expect(filesOf(await next())).toEqual(['src/main.ts added']);
    put('src/main.ts', 'import "jsr:@std/path";\n');
    expect(filesOf(await next())).toEqual(['src/main.ts added']);
  });

  test('sees what the lock pins, not what else stands in it', async () => {
    const plan = await analyze(folderWith({ 'package.json': manifest('^22') }));
    const [pin] = plan.nixpkgs;
    if (pin === undefined) throw new Error('a plan has a pin');
    const { input, channel, rev, narHash, lastModified } = pin;
    const lock = (hash: string, outputs: Record<string, string>) =>
      JSON.stringify({
        ...{ schemaVersion: 1, generator: plan.generator, lines: [], inputs: {}, outputs },
        pins: [{ input, channel, rev, narHash: hash, lastModified }],
      });
    const name = '.nidify/nidify.lock';
    const { next, put } = await following({ 'package.json': manifest('^22'), [name]: lock(narHash, {}) });
    put(name, lock(narHash, { 'flake.nix': `sha256-${'B'.repeat(43)}=` }));
    put('.nvmrc', '22\n');
    expect(filesOf(await next())).toEqual(['.nvmrc added']);
    put(name, lock(`sha256-${'A'.repeat(43)}=`, {}));
    expect(filesOf(await next())).toEqual([`${name} changed`, '.nvmrc added']);
  });

  test('compares with the plan of the environment in use, where that is told', async () => {
    const old = await analyze(folderWith({ 'package.json': manifest('^20'), '.nvmrc': '20' }));
    const { next, put } = await following({ 'package.json': manifest('^22') }, { since: old });
    expect(filesOf(await next())).toEqual(['.nvmrc removed', 'package.json changed']);
    put('package.json', manifest('^20'));
    expect(filesOf(await next())).toEqual(['.nvmrc removed']);
    put('.nvmrc', '20');
    expect(await next()).toMatchObject({
      type: 'environment-current',
      digestNow: old.repository.digest,
    });
  });

  test('says that another commit is checked out, and tells a checkout once', async () => {
    const files = { 'package.json': manifest('^20'), '.nvmrc': '20\n', '.python-version': '3.13\n' };
    const root = folderWith(files);
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: root });
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-qm', 'one');
    git('checkout', '-q', '-b', 'next');
    for (const name of Object.keys(files)) unlinkSync(path.join(root, name));
    writeFileSync(path.join(root, 'go.mod'), 'module x\n');
    git('add', '-A');
    git('commit', '-qm', 'two');
    git('checkout', '-q', 'main');
    const controller = new AbortController();
    running.push(controller);
    let isReady = false;
    const events = watch(root, {
      signal: controller.signal,
      onReady: () => {
        isReady = true;
      },
    });
    const pending = events.next();
    await expect.poll(() => isReady, { timeout: 20_000 }).toBe(true);
    git('checkout', '-q', 'next');
    const { value } = await within(pending);
    expect(value).toMatchObject({
      stale: ['environment', 'repository'],
      files: [{ path: '.nvmrc' }, { path: '.python-version' }, { path: 'go.mod' }, { path: 'package.json' }],
      message:
        'the environment is stale: .nvmrc was removed, .python-version was removed, go.mod was added, one more file differs',
    });
  });

  test('leaves no watcher, timer or listener behind, however it ends', async () => {
    // Inotify instances of libuv stay with the process; what counts is that nothing is watched by them.
    const before = inotifyWatches();
    const controller = new AbortController();
    for (let run = 0; run < 20; run++) {
      const root = folderWith({ 'a/b/c/package.json': '{}' });
      const events = watch(root, { signal: controller.signal, quietMs: 5 });
      const pending = events.next();
      await expect.poll(inotifyWatches, { timeout: 20_000 }).toBeGreaterThan(before);
      writeFileSync(path.join(root, 'package.json'), '{}');
      await within(pending);
      await events.return();
      expect(inotifyWatches()).toBe(before);
    }
    const { stop } = await following({ 'a/b/c/package.json': '{}' });
    expect(inotifyWatches()).toBeGreaterThan(before);
    await stop();
    expect(inotifyWatches()).toBe(before);
  });

  test('ends at once with a signal that has aborted already, and fails without a folder', async () => {
    const root = folderWith({});
    expect((await watch(root, { signal: AbortSignal.abort() }).next()).done).toBe(true);
    await expect(watch(path.join(root, 'missing')).next()).rejects.toMatchObject({ code: 'no-directory' });
  });

  test('watches only folders that are seen', async () => {
    const { ready } = await following({
      'package.json': '{}',
      'src/a/b.ts': '',
      'node_modules/x/y/z.js': '',
      'dist/a/b.js': '',
      '.gitignore': 'dist\n',
    });
    expect(ready).toEqual([{ kind: 'folders', folders: 3 }]);
  });

  test('holds names that would end a line to one line', async () => {
    const { next, put } = await following({ 'package.json': '{}' });
    put('a\u202e\tb/package.json', '{"name":"b"}');
    const event = await next();
    expect(event?.message).toBe('the environment is stale: a b/package.json was added');
    expect(filesOf(event)).toEqual(['a\u202e\tb/package.json added']);
  });
});

test('an event folds into the progress of the build that it causes', async () => {
  const { next, put } = await following({ 'package.json': manifest('^20') });
  put('package.json', manifest('^22'));
  const change = await next();
  if (change?.type !== 'environment-change') throw new Error('a change was made');
  const events: ProgressEvent[] = [];
  const progress = createProgress((event) => events.push(event));
  progress.because(change);
  await progress.phase('build', 'building', async () => {});
  expect(events.map(({ priority }) => priority)).toEqual([10, 0]);
  expect(events[0]?.environmentChange).toEqual(change);
  for (const event of events) expect(progressEventSchema.parse(event)).toEqual(event);
  const schema = jsonSchema('event');
  for (const name of ['progressEvent', 'environmentChange', 'environmentCurrent', 'environmentUnknown']) {
    expect(schema).toContain(`"${name}"`);
  }
});

/** How many files and folders this process has inotify watch. */
function inotifyWatches(): number {
  let count = 0;
  for (const fd of readdirSync('/proc/self/fd')) {
    try {
      if (readlinkSync(`/proc/self/fd/${fd}`) !== 'anon_inode:inotify') continue;
      const info = readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
      count += info.split('\n').filter((line) => line.startsWith('inotify')).length;
    } catch {
      // Closed since it was listed.
    }
  }
  return count;
}
