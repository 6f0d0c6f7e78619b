/** What of a repository's own flake comes to Nix: attributes, locked inputs, and files. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attributePathOf } from '../../src/build/own-flake.ts';
import { addressesOf, readOwnLock } from '../../src/build/own-lock.ts';
import { copyTracked } from '../../src/build/own-source.ts';
import { exec } from '../../src/exec.ts';

const rev = '0a044a4a11deb9b6f49e9200c5f5dcd3a4307e6c';
const narHash = `sha256-${'A'.repeat(43)}=`;

describe('an attribute', () => {
  test.each([
    ['tool', ['tool']],
    ['.#tool', ['tool']],
    ['packages.x86_64-linux.default', ['packages', 'x86_64-linux', 'default']],
    ['checks."a.b".c', ['checks', 'a.b', 'c']],
  ])('%s', (given, names) => {
    expect(attributePathOf(given)).toEqual(names);
  });

  test.each(['', '.', '.#', './sub', 'a..b', 'a b', '--impure', '"${x}"', 'a^out', 'a"b"', '/etc#x', 'a.'])(
    'is not %j',
    (given) => {
      expect(() => attributePathOf(given)).toThrow(expect.objectContaining({ code: 'usage', exitCode: 2 }));
    },
  );
});

describe('a lock', () => {
  const lock = (nodes: object, inputs: object = { it: 'it' }) =>
    readOwnLock(JSON.stringify({ version: 7, root: 'root', nodes: { root: { inputs }, ...nodes } }));
  const of = (locked: object, more: object = {}) =>
    lock({ it: { locked: { rev, narHash, ...locked }, ...more } });
  const source = (locked: object, more: object = {}) => of(locked, more).nodes.it?.source;

  test('is not needed', () => {
    expect(readOwnLock(null)).toMatchObject({ inputs: {}, nodes: {} });
  });

  test.each([
    [{ type: 'github', owner: 'o', repo: 'r' }, `https://github.com/o/r/archive/${rev}.tar.gz`],
    [
      { type: 'gitlab', owner: 'o', repo: 'r', host: 'git.example' },
      `https://git.example/api/v4/projects/o%2Fr/repository/archive.tar.gz?sha=${rev}`,
    ],
    [{ type: 'sourcehut', owner: '~o', repo: 'r' }, `https://git.sr.ht/~o/r/archive/${rev}.tar.gz`],
    [{ type: 'tarball', url: 'https://example.com/a.tar.gz' }, 'https://example.com/a.tar.gz'],
  ])('names archives: %j', (locked, url) => {
    expect(source(locked)).toEqual({ archive: { url, narHash } });
    expect(addressesOf(of(locked))).toEqual([url]);
  });

  test('names Git repositories, and folders of the repository itself', () => {
    const git = { type: 'git', url: 'ssh://git@example.com/o/r', ref: 'main' };
    expect(source(git)).toEqual({
      checkout: { url: git.url, rev, ref: 'main', submodules: false, narHash },
    });
    expect(addressesOf(of(git))).toEqual(['git+ssh://git@example.com/o/', git.url]);
    expect(source({ type: 'path', path: './sub/flake' }, { parent: [] })).toEqual({
      within: { path: 'sub/flake' },
    });
  });

  test('may follow others, and itself', () => {
    const node = { locked: { type: 'github', owner: 'o', repo: 'r', rev, narHash } };
    const { inputs, nodes } = lock(
      { a: { ...node, inputs: { x: ['b', 'c'], none: [] } }, b: { ...node, inputs: { c: 'c' } }, c: node },
      { a: 'a', b: 'b' },
    );
    expect(inputs).toEqual({ a: 'a', b: 'b' });
    expect(nodes.a?.inputs).toEqual({ x: 'c', none: 'root' });
    expect(() => lock({ a: node }, { a: ['b'], b: ['a'] })).toThrow(/no end/);
  });

  test('names nixpkgs, for a mirror', () => {
    expect(of({ type: 'github', owner: 'NixOS', repo: 'nixpkgs' }).nixpkgs).toEqual([{ rev, narHash }]);
  });

  test.each([
    { type: 'path', path: '/root/.ssh' },
    { type: 'path', path: '../other' },
    { type: 'path', path: 'a/../../b' },
    { type: 'git', url: 'file:///root/private' },
    { type: 'git', url: '/root/private' },
    { type: 'git', url: 'ext::sh -c id' },
    { type: 'git', url: 'https://example.com/r', ref: '--upload-pack=x' },
    { type: 'tarball', url: 'file:///etc/passwd' },
    { type: 'tarball', url: 'https://example.com/a file:///' },
    { type: 'github', owner: '..', repo: 'r' },
    { type: 'github', owner: 'o', repo: 'r', host: 'evil/x' },
    { type: 'github', owner: 'o', repo: 'r', dir: '../..' },
  ])('may not name %j', (locked) => {
    expect(() => of(locked)).toThrow(expect.objectContaining({ code: 'flake-input-refused', exitCode: 6 }));
  });

  test('must have hashes, and be one', () => {
    const invalid = expect.objectContaining({ code: 'flake-lock-invalid', exitCode: 3 });
    expect(() => of({ type: 'github', owner: 'o', repo: 'r', narHash: 'sha256-' })).toThrow(invalid);
    expect(() => of({ type: 'github', owner: 'o', repo: 'r', rev: 'main' })).toThrow(invalid);
    expect(() => lock({}, { it: 'it' })).toThrow(invalid);
    expect(() => readOwnLock('{')).toThrow(invalid);
    expect(() => of({ type: 'hg', url: 'https://example.com/r' })).toThrow(
      expect.objectContaining({ code: 'flake-input-unsupported' }),
    );
  });
});

describe('its files', () => {
  let root: string;
  let from: string;
  let to: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), 'nidify-own-')));
    [from, to] = [path.join(root, 'from'), path.join(root, 'to')];
    mkdirSync(from);
    mkdirSync(to);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const put = (name: string, text = name, mode = 0o644) => {
    mkdirSync(path.dirname(path.join(from, name)), { recursive: true });
    writeFileSync(path.join(from, name), text, { mode });
  };
  const git = async (...args: string[]) => {
    const { exitCode, stderrTail } = await exec({ program: 'git', args, cwd: from, timeoutMs: 20_000 });
    if (exitCode !== 0) throw new Error(stderrTail);
  };
  const copied = () => readdirSync(to, { recursive: true }).sort();

  test('are those that Git tracks, as they are now', async () => {
    await git('init', '-q');
    put('flake.nix');
    put('bin/tool', 'tool', 0o755);
    put('gone');
    put('folder/file');
    symlinkSync('/etc/passwd', path.join(from, 'link'));
    await git('add', '.');
    put('.env', 'TOKEN=secret');
    put('flake.nix', 'changed');
    rmSync(path.join(from, 'gone'));
    rmSync(path.join(from, 'folder'), { recursive: true });
    symlinkSync('/etc', path.join(from, 'folder'));
    copyTracked(from, to);
    expect(copied()).toEqual(['bin', 'bin/tool', 'flake.nix', 'link']);
    expect(readFileSync(path.join(to, 'flake.nix'), 'utf8')).toBe('changed');
    expect(statSync(path.join(to, 'bin/tool')).mode & 0o111).toBe(0o111);
    expect(readlinkSync(path.join(to, 'link'))).toBe('/etc/passwd');
  });

  test('are those of the folder that has the flake', async () => {
    await git('init', '-q');
    for (const name of ['sub/flake.nix', 'sub/a', 'submarine', 'other/b']) put(name);
    await git('add', '.');
    copyTracked(path.join(from, 'sub'), to);
    expect(copied()).toEqual(['a', 'flake.nix']);
  });

  test.each([
    ['not in Git', [], 'not-in-git'],
    [
      'not tracked',
      [
        ['init', '-q'],
        ['add', 'other'],
      ],
      'flake-missing',
    ],
    [
      'in a split index',
      [
        ['init', '-q'],
        ['add', '.'],
        ['update-index', '--split-index'],
      ],
      'not-in-git',
    ],
  ])('are refused where they are %s', async (_, commands, code) => {
    put('flake.nix');
    put('other');
    for (const command of commands) await git(...command);
    expect(() => copyTracked(from, to)).toThrow(expect.objectContaining({ code, exitCode: 3 }));
    expect(copied()).toEqual([]);
  });

  test('lie in the repository, whatever its index says', async () => {
    await git('init', '-q');
    put('flake.nix');
    put('aa/secret');
    await git('add', '.');
    const index = path.join(from, '.git/index');
    writeFileSync(index, readFileSync(index, 'latin1').replace('aa/secret', '../secret'), 'latin1');
    writeFileSync(path.join(root, 'secret'), 'secret');
    expect(() => copyTracked(from, to)).toThrow(
      expect.objectContaining({ code: 'index-refused', exitCode: 6 }),
    );
    expect(readdirSync(root)).toEqual(['from', 'secret', 'to']);
  });
});
