import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { analyze, claimedPaths } from '../../src/analyze.ts';
import { clone } from '../../src/clone/clone.ts';
import { type RemoteTree, type RemoteTreeOptions, remoteTreeSource } from '../../src/clone/remote-tree.ts';
import { parseCloneUrl } from '../../src/clone/url.ts';
import { NidifyError } from '../../src/errors.ts';
import { claimMatcher } from '../../src/scan/claims.ts';
import { gitTreeSource } from '../../src/scan/git-tree.ts';
import { scan } from '../../src/scan/scan.ts';
import { type GitServer, startGitServer } from '../support/git-server.ts';

const claims = [{ names: ['package.json', '.nvmrc'] }];
const isWanted = (name: string) => claimMatcher(claims)(name) !== null;
const variables = ['HOME', 'XDG_CONFIG_HOME', 'TMPDIR', 'GIT_SSL_CAINFO', 'SSL_CERT_FILE'];

let root: string;
let server: GitServer;
let trees: RemoteTree[];
let before: Record<string, string | undefined>;

const at = (...parts: string[]) => path.join(root, ...parts);

function git(...args: string[]): string {
  const settings = ['user.name=t', 'user.email=t@example.com', 'init.defaultBranch=main'];
  return execFileSync('git', [...settings.flatMap((each) => ['-c', each]), ...args], {
    cwd: at('work'),
    encoding: 'utf8',
    env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', ...date },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
/** A commit without files on the disk: https://git-scm.com/docs/git-fast-import */
function importAll(files: readonly [string, string][]): void {
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const input = [
    `commit refs/heads/main\ncommitter t <t@example.com> 1700000000 +0000\n${data('all')}`,
    ...files.map(([name, text]) => `M 100644 inline ${name}\n${data(text)}`),
  ];
  execFileSync('git', ['fast-import', '--quiet'], { cwd: at('served', 'shop.git'), input: input.join('') });
}

const date = { GIT_COMMITTER_DATE: '2026-03-04T05:06:07+02:00' };

function put(files: Record<string, string>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(at('work', name)), { recursive: true });
    writeFileSync(at('work', name), text);
  }
  git('add', '-A', '-f');
  git('commit', '-qm', 'change');
  git('push', '-q', '--force', '../served/shop.git', 'HEAD');
  return git('rev-parse', 'HEAD');
}

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'nidify-remote-'));
  mkdirSync(at('served'));
  server = await startGitServer(at('served'));
});
afterAll(async () => {
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  for (const name of ['work', 'tmp', 'home', 'served/shop.git']) {
    rmSync(at(name), { recursive: true, force: true });
    mkdirSync(at(name));
  }
  git('init', '-q');
  git('init', '-q', '--bare', '../served/shop.git');
  serve('[uploadpack]\n\tallowFilter = true\n');
  writeFileSync(at('home', '.gitconfig'), `[http]\n\tsslCAInfo = ${server.certificate}\n`);
  trees = [];
  before = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
  process.env.HOME = at('home');
  process.env.TMPDIR = at('tmp');
  for (const name of variables.slice(1, 2).concat(variables.slice(3))) delete process.env[name];
  Object.assign(server, { fault: null, login: null, isOld: false });
  server.reset();
});
afterEach(() => {
  for (const tree of trees) tree.remove();
  for (const name of variables) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

function serve(settings: string): void {
  writeFileSync(at('served', 'server.gitconfig'), `[safe]\n\tdirectory = *\n${settings}`);
}

async function remote(options: RemoteTreeOptions = {}, suffix = ''): Promise<RemoteTree> {
  const tree = await remoteTreeSource(`${server.address}/shop.git${suffix}`, options);
  trees.push(tree);
  return tree;
}

async function failure(promise: Promise<unknown>): Promise<NidifyError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof NidifyError) return error;
  throw new Error(`expected a NidifyError, got ${String(error)}`);
}

const fetches = () => server.requests.filter((each) => each.startsWith('POST')).length;

describe('a remote tree', () => {
  test('is what the tree of a clone is, and knows its commit', async () => {
    const commit = put({
      'package.json': '{"name":"shop"}',
      'apps/web/package.json': '{"name":"web"}',
      'dist/package.json': '{}',
      '.gitignore': 'dist\n',
      '.gitmodules': '[submodule "s"]\n\tpath = s\n\turl = https://example.com/s\n',
      'käse/.nvmrc': '20\n',
      'src/large.txt': 'x'.repeat(100_000),
    });
    execFileSync('ln', ['-s', '../package.json', at('work', 'apps', 'package.json')]);
    const head = put({});
    expect(head).not.toBe(commit);
    const tree = await remote({ isWanted });
    const [far, near] = await Promise.all([
      scan(tree, { claims }),
      scan(gitTreeSource(at('work')), { claims }),
    ]);
    expect(far.paths).toEqual(near.paths);
    expect([...far.files]).toEqual([...near.files]);
    expect(far.files.get('apps/package.json')?.text).toBe('{"name":"shop"}');
    expect(far.source).toEqual({
      url: `${server.address}/shop.git`,
      branch: 'main',
      commit: head,
      committed: '2026-03-04T03:06:07.000Z',
    });
    expect(tree).toMatchObject({ commit: head, branch: 'main', isPartial: true });
  });

  test('gives the plan of the checkout', async () => {
    put({
      'package.json': '{"name":"shop","engines":{"node":"^22"}}',
      'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
      '.github/workflows/ci.yml': 'on: push\njobs: {}\n',
    });
    const tree = await remote({ isWanted: claimedPaths() });
    const [far, near] = await Promise.all([analyze(tree), analyze(at('work'))]);
    const local = { ...near.repository.source, url: `${server.address}/shop.git` };
    expect(far).toEqual({ ...near, repository: { ...near.repository, source: local } });
    expect(far.repository.inputs.length).toBeGreaterThan(1);
    // Which refs there are and the folders; then all files at once.
    expect(fetches()).toBe(3);
  });

  test('of 5,000 files brings the few that are read, in one request', async () => {
    const files: [string, string][] = [['package.json', '{}']];
    for (let n = 0; n < 5000; n++) files.push([`src/${n % 50}/${n}.ts`, noise(n, 800)]);
    for (let n = 0; n < 50; n++) files.push([`packages/${n}/package.json`, `{"name":"p${n}"}`]);
    importAll(files);
    const tree = await remote({ isWanted });
    const folders = server.sent();
    const { files: found } = await scan(tree, { claims });
    expect(found.size).toBe(51);
    const all = packs(at('served', 'shop.git'));
    expect(server.sent()).toBeLessThan(all / 10);
    expect(tree.fetchedBytes()).toBeLessThanOrEqual(server.sent());
    expect(tree.fetchedBytes()).toBeGreaterThan(folders / 2);
    // Which refs there are and the folders; then the 51 files.
    expect(fetches()).toBe(3);
  });

  test('brings what is read later, all at once, and nothing twice', async () => {
    put({ a: 'a', b: 'b', c: 'c', d: 'd' });
    const tree = await remote();
    const options = { limits: { entries: 9, depth: 9, fileBytes: 9, lockFileBytes: 9, totalBytes: 99 } };
    const read = async (...paths: string[]) =>
      (await tree.read(paths, { ...options, signal: undefined })).map((each) =>
        'content' in each ? Buffer.from(each.content).toString() : each.problem,
      );
    const start = fetches();
    expect(await Promise.all([read('a', 'b'), read('b', 'a')])).toEqual([
      ['a', 'b'],
      ['b', 'a'],
    ]);
    const once = fetches();
    expect(await read('b', 'a', 'missing')).toEqual(['b', 'a', 'unreadable']);
    expect(fetches()).toBe(once);
    expect(once - start).toBeLessThanOrEqual(2);
  });

  test('of a commit that no branch has any more', async () => {
    const first = put({ 'package.json': '{"name":"first"}' });
    put({ 'package.json': '{"name":"second"}' });
    const tree = await remote({ commit: first, isWanted }, '#main');
    const { files } = await scan(tree, { claims });
    expect(files.get('package.json')?.text).toBe('{"name":"first"}');
    expect(tree).toMatchObject({ commit: first, branch: 'main' });
  });

  test.each(['branch/x', 'v1'])('of the branch or tag %s', async (name) => {
    put({ 'package.json': '{"name":"other"}' });
    const other = git('rev-parse', 'HEAD');
    git('tag', '-a', '-m', 'x', 'v1');
    git('push', '-q', '../served/shop.git', 'v1', 'HEAD:refs/heads/branch/x');
    put({ 'package.json': '{"name":"main"}' });
    expect(await remote({ branch: name })).toMatchObject({ commit: other, branch: name });
  });

  test('from a server that does not filter comes as a whole', async () => {
    serve('');
    const commit = put({ 'package.json': '{"name":"shop"}', 'b.txt': 'b' });
    for (const options of [{}, { commit }]) {
      server.reset();
      const tree = await remote({ ...options, isWanted });
      const asked = fetches();
      const { files } = await scan(tree, { claims });
      expect(files.get('package.json')?.text).toBe('{"name":"shop"}');
      expect(tree).toMatchObject({ commit, isPartial: false });
      expect(fetches()).toBe(asked);
    }
  });

  test('from an old server, which gives nothing but tips', async () => {
    server.isOld = true;
    const first = put({ 'package.json': '{"name":"first"}' });
    const tip = put({ 'package.json': '{"name":"tip"}' });
    for (const options of [{}, { commit: tip }]) {
      const tree = await remote(options);
      const { files } = await scan(tree, { claims });
      expect(files.get('package.json')?.text).toBe('{"name":"tip"}');
      expect(tree.commit).toBe(tip);
    }
    expect(await failure(remote({ commit: first }))).toMatchObject({ code: 'clone-not-found', exitCode: 2 });
  });
});

describe('what cannot be read', () => {
  const gone = 'a'.repeat(40);

  test.each([
    ['a commit that is not there', { commit: gone }, '', 'clone-not-found', 2],
    ['a branch that is not there', { branch: 'gone' }, '', 'clone-not-found', 2],
    ['a branch that is not there, with a commit', { commit: gone, branch: 'gone' }, '', 'clone-not-found', 2],
    ['a part of an id', { commit: 'abcdef1' }, '', 'usage', 2],
    ['an option', { commit: '--upload-pack=x' }, '', 'usage', 2],
    ['an option as a branch', { branch: '--upload-pack=x' }, '', 'url-refused', 2],
    ['more than is allowed', { maxBytes: 1 }, '', 'clone-refused', 6],
  ])('%s', async (_, options, suffix, code, exitCode) => {
    put({ 'package.json': '{}', 'b.txt': noise(1, 100_000) });
    expect(await failure(remote(options, suffix))).toMatchObject({ code, exitCode });
    expect(readdirSync(at('tmp'))).toEqual([]);
  });

  test('a repository without a commit cannot be served', async () => {
    expect((await failure(remote())).exitCode).toBe(3);
  });

  test('nothing but encrypted addresses', async () => {
    expect(await failure(remoteTreeSource('http://localhost/shop.git'))).toMatchObject({ exitCode: 2 });
    expect(await failure(remoteTreeSource('ext::sh -c id'))).toMatchObject({ exitCode: 2 });
  });

  test.each([
    ['that fails', 503, 75],
    ['without it', 404, 2],
  ] as const)('from a server %s', async (_, fault, exitCode) => {
    put({ 'package.json': '{}' });
    server.fault = fault;
    expect(await failure(remote())).toMatchObject({ exitCode });
  });

  test('is given up after its time, or when nobody waits any more, and leaves nothing', async () => {
    put({ 'package.json': '{}' });
    server.fault = 'hangs';
    expect(await failure(remote({ timeoutMs: 1500 }))).toMatchObject({
      code: 'tool-timed-out',
      exitCode: 75,
    });
    const controller = new AbortController();
    const pending = failure(remote({ signal: controller.signal }));
    const asked = server.requests.length;
    await expect.poll(() => server.requests.length).toBeGreaterThan(asked);
    controller.abort();
    expect(await pending).toMatchObject({ code: 'aborted', exitCode: 75 });
    expect(readdirSync(at('tmp'))).toEqual([]);
  });

  test('a file for which too much comes', async () => {
    put({ 'package.json': noise(1, 3_000_000), '.nvmrc': '20' });
    const tree = await remote({ maxBytes: 500_000 });
    await expect(scan(tree, { claims })).rejects.toMatchObject({ code: 'clone-refused', exitCode: 6 });
  });

  test('folders that name each other without end', async () => {
    put({ 'package.json': '{}' });
    const make = (entries: string) =>
      execFileSync('git', ['mktree', '-z'], { cwd: at('work'), input: entries, encoding: 'utf8' }).trim();
    const long = 'x'.repeat(200);
    let tree = git('rev-parse', 'HEAD^{tree}');
    for (let level = 0; level < 10; level++) {
      tree = make(Array.from({ length: 10 }, (_, n) => `040000 tree ${tree}\t${n}${long}\0`).join(''));
    }
    const commit = git('commit-tree', '-m', 'bomb', tree);
    git('push', '-q', '--force', '../served/shop.git', `${commit}:refs/heads/main`);
    const bomb = await remote();
    await expect(scan(bomb, { claims })).rejects.toMatchObject({ code: 'clone-refused', exitCode: 6 });
  });

  test('shows no password', async () => {
    put({ 'package.json': '{}' });
    const address = `${server.address.replace('//', '//me:secret@')}/shop.git`;
    const tree = await remoteTreeSource(address);
    trees.push(tree);
    expect(JSON.stringify(await tree.facts())).not.toContain('secret');
    const error = await failure(remoteTreeSource(address, { commit: gone }));
    expect(`${error.message}${error.hint}`).not.toContain('secret');
  });

  test('is removed when it is not needed any more', async () => {
    put({ 'package.json': '{}' });
    const tree = await remoteTreeSource(parseCloneUrl(`${server.address}/shop.git`));
    expect(readdirSync(at('tmp'))).toHaveLength(1);
    tree.remove();
    expect(readdirSync(at('tmp'))).toEqual([]);
  });
});

/** Text that cannot be compressed, the same each time. */
function noise(seed: number, bytes: number): string {
  let state = seed + 1;
  let text = '';
  while (text.length < bytes) {
    state = (state * 48271) % 2147483647;
    text += state.toString(36);
  }
  return text;
}

function packs(repository: string): number {
  const folder = path.join(repository, 'objects', 'pack');
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
}

describe('the login of an address', () => {
  const login = 'me@corp:s3cr%t/#word';
  const address = (user: string) => `${server.address.replace('//', `//${user}@`)}/shop.git`;
  const own = () => address(login.split(':').map(encodeURIComponent).join(':'));
  const real = process.env.PATH;

  beforeEach(() => {
    server.login = login;
    put({ 'package.json': '{"name":"shop"}', 'b.txt': 'b' });
    // Notes its words, and has Git note those of all that it starts.
    const text = [
      '#!/bin/sh',
      `echo "git $*" >> '${at('home', 'started')}'`,
      `export GIT_TRACE='${at('home', 'started')}' GIT_TRACE_REDACT=0 PATH='${real}'`,
      'exec git "$@"',
    ];
    mkdirSync(at('home', 'bin'));
    writeFileSync(at('home', 'bin/git'), `${text.join('\n')}\n`, { mode: 0o755 });
    writeFileSync(
      at('home', '.gitconfig'),
      `[http]\n\tsslCAInfo = ${server.certificate}\n[credential]\n\thelper = store --file=${at('home', 'store')}\n`,
    );
    process.env.PATH = `${at('home', 'bin')}:${real}`;
  });
  afterEach(() => {
    process.env.PATH = real;
  });

  const started = () => readFileSync(at('home', 'started'), 'utf8');

  test('opens a server, is in no word of any program, in no setting, and is kept nowhere', async () => {
    const head = git('rev-parse', 'HEAD');
    for (const options of [{}, { commit: head }, { branch: 'main' }]) {
      const tree = await remoteTreeSource(parseCloneUrl(own()), options);
      trees.push(tree);
      await tree.complete();
      expect(readFileSync(path.join(tree.directory, 'config'), 'utf8')).not.toContain('s3cr');
    }
    const cloned = await clone(own());
    expect(readFileSync(path.join(cloned.directory, '.git/config'), 'utf8')).not.toMatch(/s3cr|corp/);
    cloned.remove();
    expect(started()).toMatch(/remote-https/);
    expect(started()).not.toMatch(/s3cr|corp/);
    expect(existsSync(at('home', 'store'))).toBe(false);
  });

  test.skipIf(process.platform !== 'linux')('is not in the list of processes', async () => {
    server.fault = 'hangs';
    const stop = new AbortController();
    const opening = remoteTreeSource(own(), { signal: stop.signal });
    opening.catch(() => {});
    await expect.poll(() => server.requests.length, { timeout: 20_000 }).toBeGreaterThan(0);
    const lines = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => {
        try {
          return readFileSync(`/proc/${name}/cmdline`, 'latin1');
        } catch {
          return '';
        }
      });
    stop.abort();
    expect(await failure(opening)).toMatchObject({ code: 'aborted' });
    expect(lines.filter((line) => line.includes(`${server.address.slice(8)}/shop.git`))).not.toEqual([]);
    expect(lines.filter((line) => line.includes('s3cr'))).toEqual([]);
  });

  test('that is wrong is told, and not shown', async () => {
    for (const wrong of [address('me:wr0ng'), address('wr0ng')]) {
      const error = await failure(remoteTreeSource(wrong));
      expect(error).toMatchObject({ code: 'clone-denied', exitCode: 2 });
      expect(`${error.message}${error.hint}`).not.toContain('wr0ng');
    }
  });

  test('without a password is asked of the helpers that the user has', async () => {
    const kept = own().replace('/shop.git', '');
    writeFileSync(at('home', 'store'), `${kept}\n`, { mode: 0o600 });
    const tree = await remoteTreeSource(address('me%40corp'));
    trees.push(tree);
    expect(tree.commit).toBe(git('rev-parse', 'HEAD'));
    await expect(remoteTreeSource(address('another'))).rejects.toMatchObject({ code: 'clone-denied' });
  });
});
