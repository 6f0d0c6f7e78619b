import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { directorySource } from '../../src/scan/directory.ts';
import { scan } from '../../src/scan/scan.ts';
import type { Claims } from '../../src/scan/types.ts';
import { folderWith } from '../support/folder.ts';

const claims: Claims[] = [
  { names: ['package.json', '.nvmrc'], presence: ['main.py'], suffixes: ['.cargo/config.toml'] },
];

const scanned = (folder: string, options = {}) => scan(directorySource(folder), { claims, ...options });
const codes = async (folder: string, options = {}) =>
  (await scanned(folder, options)).findings.map(({ code }) => code);

describe('a scan of a directory', () => {
  it('is of that directory, whatever characters its name has', async () => {
    const parent = folderWith({
      'odd\\name $(x) [a]*/in\\side/package.json': '{"name":"this"}',
      'odd/name $(x) [a]*/package.json': '{"name":"another"}',
    });
    const { files } = await scanned(path.join(parent, 'odd\\name $(x) [a]*'));
    expect([...files.values()].map(({ path: at, text }) => [at, text])).toEqual([
      ['in\\side/package.json', '{"name":"this"}'],
    ]);
  });

  it('lists what is not ignored, sorted, and reads what is claimed', async () => {
    const folder = folderWith({
      'package.json': '{}',
      'b/package.json': '{"name":"b"}',
      'a/readme.md': '',
      'a/.cargo/config.toml': 'x',
      'config.toml': 'not claimed',
      'node_modules/x/package.json': '{}',
      'main.py': '',
    });
    const { paths, files } = await scanned(folder);
    expect(paths).toEqual([
      'a/.cargo/config.toml',
      'a/readme.md',
      'b/package.json',
      'config.toml',
      'main.py',
      'package.json',
    ]);
    expect([...files.values()].map(({ path: at, text }) => [at, text])).toEqual([
      ['a/.cargo/config.toml', 'x'],
      ['b/package.json', '{"name":"b"}'],
      ['main.py', null],
      ['package.json', '{}'],
    ]);
  });

  it('gives the blob ids that Git gives', async () => {
    const folder = folderWith({ 'package.json': '{"a": "ü"}\r\n' });
    const { files } = await scanned(folder);
    const id = execFileSync('git', ['hash-object', '--no-filters', 'package.json'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(files.get('package.json')?.blob).toBe(id.trim());
  });

  it('expects no file of a folder that is called like any other', async () => {
    const folder = folderWith({ 'src/dune/a.ml': '', 'Gemfile/x': '' });
    const { findings } = await scan(directorySource(folder), { claims: [{ names: ['dune', 'Gemfile'] }] });
    expect(findings.map(({ code, because }) => [code, because[0]?.file])).toEqual([
      ['not-a-file', 'Gemfile'],
    ]);
  });

  it('says what it did not read', async () => {
    const folder = folderWith({ '.nvmrc': 'x', 'big/package.json': '' });
    truncateSync(path.join(folder, 'big/package.json'), 200 * 1024 * 1024);
    mkdirSync(path.join(folder, 'folder/package.json'), { recursive: true });
    mkdirSync(path.join(folder, 'fifo'));
    execFileSync('mkfifo', [path.join(folder, 'fifo/package.json')]);
    writeFileSync(path.join(folder, 'package.json'), Buffer.from('{"a":\0}'));
    const { findings } = await scanned(folder);
    expect(findings.map(({ code, because }) => [code, because[0]?.file]).sort()).toEqual([
      ['not-a-file', 'fifo/package.json'],
      ['not-a-file', 'folder/package.json'],
      ['unreadable-file', 'big/package.json'],
      ['unreadable-file', 'package.json'],
    ]);
  });

  it('reads UTF-16 with a byte order mark, and drops the mark of UTF-8', async () => {
    const folder = folderWith({
      '.nvmrc': Buffer.from('\ufeff20\n', 'utf16le'),
      'package.json': '\ufeff{}',
    });
    const { files } = await scanned(folder);
    expect(files.get('.nvmrc')?.text).toBe('20\n');
    expect(files.get('package.json')?.text).toBe('{}');
  });

  it('never follows a symbolic link out of the root, nor into a loop', async () => {
    const outside = folderWith({ 'package.json': '{"secret":true}' });
    const folder = folderWith({ 'real/package.json': '{"name":"real"}' });
    symlinkSync('/etc/passwd', path.join(folder, '.nvmrc'));
    symlinkSync(outside, path.join(folder, 'linked'));
    symlinkSync('..', path.join(folder, 'real/loop'));
    symlinkSync('real/package.json', path.join(folder, 'package.json'));
    mkdirSync(path.join(folder, 'self'));
    symlinkSync('package.json', path.join(folder, 'self/package.json'));
    const { files, findings } = await scanned(folder);
    expect([...files.keys()]).toEqual(['.nvmrc', 'package.json', 'real/package.json', 'self/package.json']);
    expect(files.get('.nvmrc')?.text).toBeNull();
    expect(files.get('package.json')?.text).toBe('{"name":"real"}');
    expect(findings.map(({ because }) => because[0]?.file)).toEqual(['.nvmrc', 'self/package.json']);
  });

  it('is bounded in entries and depth, and says so', async () => {
    const folder = folderWith({ 'a/b/c/d/package.json': '{}', 'x/1': '', 'x/2': '', 'x/3': '' });
    expect(await codes(folder, { limits: { entries: 4 } })).toEqual(['tree-too-large']);
    expect(await codes(folder, { limits: { depth: 3 } })).toEqual(['tree-too-large']);
    expect(await codes(folder, { limits: { depth: 8 } })).toEqual([]);
  });

  it('is bounded in bytes of all files together', async () => {
    const folder = folderWith({ 'a/package.json': 'x'.repeat(60), 'b/package.json': 'y'.repeat(60) });
    for (const name of ['c', 'd', 'e/f']) mkdirSync(path.join(folder, name), { recursive: true });
    writeFileSync(path.join(folder, 'e/f/package.json'), 'z');
    writeFileSync(path.join(folder, 'package.json'), 'root');
    const { files, findings } = await scanned(folder, { limits: { totalBytes: 100 * 16 } });
    // Near the root first.
    expect([...files.values()].map(({ text }) => text?.[0] ?? null)).toEqual(['x', null, 'z', 'r']);
    expect(findings).toMatchObject([{ code: 'unreadable-file', because: [{ file: 'b/package.json' }] }]);
    const many = await scanned(folder, { limits: { totalBytes: 0 } });
    expect(many.findings.map(({ message }) => message)).toEqual([
      expect.stringContaining('package.json and 3 more files are not read'),
    ]);
  });

  it('takes lock files that are larger than what people write', async () => {
    const folder = folderWith({ 'package.json': 'x'.repeat(100), 'yarn.lock': 'x'.repeat(100) });
    const lockClaims = [{ names: ['package.json'], locks: ['yarn.lock'] }];
    const limits = { fileBytes: 50, lockFileBytes: 100 };
    const { files, findings } = await scan(directorySource(folder), { claims: lockClaims, limits });
    expect(files.get('yarn.lock')?.text).toHaveLength(100);
    expect(files.get('package.json')?.text).toBeNull();
    expect(findings.map(({ message }) => message)).toEqual([
      'package.json is too large to be a manifest (100 bytes, more than 50): what it asks for is not known',
    ]);
  });

  it('refuses what is no directory', () => {
    const folder = folderWith({ file: '' });
    expect(() => directorySource(path.join(folder, 'file'))).toThrow(/is not a directory/);
    expect(() => directorySource(path.join(folder, 'missing'))).toThrow(/is not a directory/);
  });

  it('stops when it is aborted', async () => {
    const signal = AbortSignal.abort();
    await expect(scanned(folderWith(), { signal })).rejects.toThrow(/abort/);
  });
});
