import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Clone, clone, withClone } from '../../src/clone/clone.ts';
import { accessSettings } from '../../src/clone/settings.ts';
import { parseCloneUrl } from '../../src/clone/url.ts';
import { NidifyError } from '../../src/errors.ts';
import { exec } from '../../src/exec.ts';

let root: string;
let clones: Clone[];
const variables = ['HOME', 'XDG_CONFIG_HOME', 'TMPDIR'];
let before: Record<string, string | undefined>;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'nidify-origin-'));
  clones = [];
  before = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
  mkdirSync(at('tmp'));
  process.env.TMPDIR = at('tmp');
  useSettings('');
});
afterEach(() => {
  for (const each of clones) each.remove();
  for (const name of variables) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  rmSync(root, { recursive: true, force: true });
});

const at = (...parts: string[]) => path.join(root, ...parts);

function useSettings(text: string): void {
  mkdirSync(at('home'), { recursive: true });
  writeFileSync(at('home', '.gitconfig'), text);
  process.env.HOME = at('home');
  delete process.env.XDG_CONFIG_HOME;
}

async function git(...args: string[]): Promise<string> {
  const settings = [
    ...['user.name=t', 'user.email=t@example.com', 'init.defaultBranch=main', 'protocol.file.allow=always'],
    ...['core.hooksPath=/dev/null', 'core.protectNTFS=false'],
  ].flatMap((setting) => ['-c', setting]);
  const result = await exec({
    program: 'git',
    args: [...settings, ...args],
    cwd: at('origin'),
    timeoutMs: 20_000,
    env: { GIT_CONFIG_GLOBAL: '/dev/null' },
  });
  if (result.exitCode !== 0) throw new Error(result.stderrTail);
  return result.stdout.toString().trim();
}

async function origin(files: Record<string, string>): Promise<void> {
  mkdirSync(at('origin'));
  await git('init', '-q');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(at('origin', name)), { recursive: true });
    writeFileSync(at('origin', name), text);
  }
  await commit();
}

async function commit(): Promise<void> {
  await git('add', '-A');
  await git('commit', '-q', '-m', 'change');
}

async function cloned(suffix = '', options: Parameters<typeof clone>[1] = {}): Promise<string> {
  const made = await clone(parseCloneUrl(`file://${at('origin')}${suffix}`), options);
  clones.push(made);
  return made.directory;
}

async function failure(promise: Promise<unknown>): Promise<NidifyError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof NidifyError) return error;
  throw new Error(`expected a NidifyError, got ${String(error)}`);
}

describe('a clone', () => {
  test('has the newest commit only, in a private folder that goes', async () => {
    await origin({ 'package.json': '{}' });
    writeFileSync(at('origin', 'b'), 'b');
    await commit();
    let seen = '';
    await withClone(`file://${at('origin')}`, {}, async (directory) => {
      seen = directory;
      expect(readFileSync(path.join(directory, 'package.json'), 'utf8')).toBe('{}');
      expect(statSync(path.dirname(directory)).mode & 0o777).toBe(0o700);
      expect(existsSync(path.join(directory, '.git', 'shallow'))).toBe(true);
    });
    expect(existsSync(seen)).toBe(false);
    expect(readdirSync(at('tmp'))).toEqual([]);
  });

  test.each(['#feature/x', '#v1'])('of the branch or tag %s', async (suffix) => {
    await origin({ a: 'main' });
    await git('tag', 'v1');
    await git('checkout', '-q', '-b', 'feature/x');
    writeFileSync(at('origin', 'b'), 'feature');
    await commit();
    await git('checkout', '-q', 'main');
    expect(existsSync(path.join(await cloned(suffix), 'b'))).toBe(suffix === '#feature/x');
  });

  test('a branch that is not there: wrong usage, and nothing is left behind', async () => {
    await origin({ a: 'a' });
    expect(await failure(cloned('#missing'))).toMatchObject({ code: 'clone-not-found', exitCode: 2 });
    expect(readdirSync(at('tmp'))).toEqual([]);
  });

  test('a repository that is not there: wrong usage', async () => {
    expect(await failure(cloned())).toMatchObject({ code: 'clone-not-found', exitCode: 2 });
  });

  test('a file that is no repository: wrong usage', async () => {
    writeFileSync(at('origin'), 'root:x:0:0\n');
    expect(await failure(cloned())).toMatchObject({ code: 'clone-not-found', exitCode: 2 });
  });

  test('a repository without a commit cannot be served', async () => {
    mkdirSync(at('origin'));
    await git('init', '-q');
    expect((await failure(cloned())).exitCode).toBe(3);
  });

  test('what takes too long is temporary', async () => {
    await origin({ a: 'a' });
    expect(await failure(cloned('', { timeoutMs: 1 }))).toMatchObject({
      code: 'tool-timed-out',
      exitCode: 75,
    });
  });
});

describe('a hostile repository', () => {
  test('its submodules are not fetched', async () => {
    mkdirSync(at('sub'));
    await origin({ a: 'a' });
    const id = await git('rev-parse', 'HEAD');
    writeFileSync(
      at('origin', '.gitmodules'),
      `[submodule "s"]\n\tpath = s\n\turl = file://${at('origin')}\n`,
    );
    await git('add', '.gitmodules');
    await git('update-index', '--add', '--cacheinfo', `160000,${id},s`);
    await git('commit', '-q', '-m', 'submodule');
    const directory = await cloned();
    expect(readdirSync(path.join(directory, 's'))).toEqual([]);
    expect(existsSync(path.join(directory, '.git', 'modules'))).toBe(false);
  });

  test('a submodule whose address is an option is refused by Git’s own check', async () => {
    await origin({ '.gitmodules': '[submodule "s"]\n\tpath = s\n\turl = --upload-pack=touch /tmp/x\n' });
    expect(await failure(cloned())).toMatchObject({ code: 'clone-refused', exitCode: 6 });
  });

  test('symbolic links stay links, and none is written through', async () => {
    await origin({ a: 'a' });
    symlinkSync('/etc/hostname', at('origin', 'link'));
    symlinkSync(tmpdir(), at('origin', 'folder'));
    await commit();
    const directory = await cloned();
    expect(lstatSync(path.join(directory, 'link')).isSymbolicLink()).toBe(true);
    expect(lstatSync(path.join(directory, 'folder')).isSymbolicLink()).toBe(true);
  });

  test('neither the user’s filters nor the user’s hooks and templates run on it', async () => {
    await origin({ a: 'a', '.gitattributes': '* filter=evil\n*.bin filter=lfs\n' });
    mkdirSync(at('hooks'));
    mkdirSync(at('template', 'hooks'), { recursive: true });
    for (const hook of [at('hooks', 'post-checkout'), at('template', 'hooks', 'post-checkout')]) {
      writeFileSync(hook, `#!/bin/sh\ntouch ${at('ran')}\n`);
      chmodSync(hook, 0o755);
    }
    useSettings(
      [
        `[filter "evil"]\n\tsmudge = touch ${at('ran')}\n\trequired = true`,
        `[filter "lfs"]\n\tprocess = touch ${at('ran')}\n\trequired = true`,
        `[core]\n\thooksPath = ${at('hooks')}\n\tfsmonitor = touch ${at('ran')}\n\tautocrlf = true`,
        `[init]\n\ttemplateDir = ${at('template')}`,
      ].join('\n'),
    );
    const directory = await cloned();
    expect(readFileSync(path.join(directory, 'a'), 'utf8')).toBe('a');
    expect(existsSync(at('ran'))).toBe(false);
    expect(existsSync(path.join(directory, '.git', 'hooks'))).toBe(false);
  });

  test('files far larger than what came are refused before they are made', async () => {
    await origin({ bomb: '0'.repeat(3_000_000) });
    expect(await failure(cloned('', { maxBytes: 1_000_000 }))).toMatchObject({
      code: 'clone-refused',
      exitCode: 6,
    });
  });

  test('a file named as Git’s own folder is refused', async () => {
    await origin({ a: 'a' });
    const blob = await git('hash-object', '-w', 'a');
    writeFileSync(at('entry'), '');
    const tree = await exec({
      program: 'git',
      args: ['mktree'],
      cwd: at('origin'),
      stdin: `100644 blob ${blob}\t.GIT\n`,
      timeoutMs: 5000,
    });
    const id = await git('commit-tree', '-m', 'evil', tree.stdout.toString().trim());
    await git('update-ref', 'refs/heads/main', id);
    expect(await failure(cloned())).toMatchObject({ code: 'clone-refused', exitCode: 6 });
  });
});

describe('the user’s settings', () => {
  test('that log in or reach the server are kept, and no others', async () => {
    useSettings(
      [
        '[credential]\n\thelper = store --file=/x',
        '[credential "https://git.example.com"]\n\tusername = me',
        '[http]\n\tproxy = http://proxy:3128\n\tsslCAInfo = /ca.pem',
        '[url "ssh://git@example.com/"]\n\tinsteadOf = https://example.com/',
        '[core]\n\tsshCommand = ssh -i key\n\tpager = evil',
        '[alias]\n\tclone = !evil',
        '[filter "x"]\n\tsmudge = evil',
      ].join('\n'),
    );
    const settings = await accessSettings(at('tmp'), undefined);
    const own = settings.filter(([, value]) => !value.includes('safe.directory'));
    expect(own.map(([key]) => key.toLowerCase())).toEqual(
      expect.arrayContaining([
        'credential.helper',
        'credential.https://git.example.com.username',
        'http.proxy',
        'http.sslcainfo',
        'url.ssh://git@example.com/.insteadof',
        'core.sshcommand',
      ]),
    );
    expect(own.filter(([, value]) => value.includes('evil'))).toEqual([]);
  });

  test('a rewritten address works', async () => {
    await origin({ a: 'a' });
    useSettings(`[url "file://${root}/"]\n\tinsteadOf = file:///alias/\n`);
    const made = await clone(parseCloneUrl('file:///alias/origin'));
    clones.push(made);
    expect(existsSync(path.join(made.directory, 'a'))).toBe(true);
  });

  test('cannot turn an allowed address into one of a protocol that is not', async () => {
    useSettings('[url "git://127.0.0.1:1/"]\n\tinsteadOf = file:///\n[protocol]\n\tallow = always\n');
    const error = await failure(clone(parseCloneUrl('file:///srv/a')));
    expect(error).toMatchObject({ code: 'clone-refused', exitCode: 6 });
    expect(error.message).toContain("transport 'git' not allowed");
  });

  test('cannot turn an allowed address into a command', async () => {
    await origin({ a: 'a' });
    useSettings(
      `[url "ext::sh -c touch% ${at('ran')} "]\n\tinsteadOf = file:///\n[protocol]\n\tallow = always\n`,
    );
    await failure(cloned());
    expect(existsSync(at('ran'))).toBe(false);
  });
});
