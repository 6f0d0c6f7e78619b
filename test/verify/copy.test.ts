import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyFile, copyRepository } from '../../src/verify/copy.ts';
import { folderWith } from '../support/folder.ts';

describe('the copy of a repository', () => {
  it('is what a fresh clone has: nothing ignored, nothing installed, no history', async () => {
    const from = folderWith({
      '.gitignore': 'dist/\n.env\n',
      '.env': 'TOKEN=1',
      'dist/old.js': '',
      'node_modules/x/index.js': '',
      '.git/config': '',
      'src/a.ts': 'a',
      'bin/run': '#!/bin/sh\n',
    });
    chmodSync(path.join(from, 'bin/run'), 0o755);
    chmodSync(path.join(from, 'src/a.ts'), 0o444);
    mkdirSync(path.join(from, 'empty'));
    const to = folderWith();
    await copyRepository(from, to);
    const names = readdirSync(to, { recursive: true, encoding: 'utf8' }).sort();
    expect(names).toEqual(['.gitignore', 'bin', 'bin/run', 'empty', 'src', 'src/a.ts']);
    expect(lstatSync(path.join(to, 'bin/run')).mode & 0o111).not.toBe(0);
    // A step may write what the repository says is read-only.
    expect(lstatSync(path.join(to, 'src/a.ts')).mode & 0o200).not.toBe(0);
    expect(readFileSync(path.join(from, 'src/a.ts'), 'utf8')).toBe('a');
  });

  it('follows no link, and takes no pipe', async () => {
    const outside = folderWith({ secret: 'secret' });
    const from = folderWith({ 'a.txt': 'a' });
    symlinkSync(path.join(outside, 'secret'), path.join(from, 'leak'));
    symlinkSync(outside, path.join(from, 'folder'));
    symlinkSync('a.txt', path.join(from, 'fine'));
    execFileSync('mkfifo', [path.join(from, 'pipe')]);
    const to = folderWith();
    await copyRepository(from, to);
    expect(readdirSync(to).sort()).toEqual(['a.txt', 'fine', 'folder', 'leak']);
    expect(lstatSync(path.join(to, 'folder')).isSymbolicLink()).toBe(true);
    expect(readlinkSync(path.join(to, 'fine'))).toBe('a.txt');
  });

  it('is of no file that came in the place of the one that was listed', () => {
    const outside = folderWith({ secret: 'secret' });
    const from = folderWith({ 'real/secret': 'mine' });
    symlinkSync(path.join(outside, 'secret'), path.join(from, 'file'));
    symlinkSync(outside, path.join(from, 'folder'));
    execFileSync('mkfifo', [path.join(from, 'pipe')]);
    const to = folderWith();
    for (const name of ['file', 'folder/secret', 'pipe']) {
      expect(() => copyFile(from, name, path.join(to, 'copy'))).toThrow(
        `${name} changed while it was copied`,
      );
    }
    expect(readdirSync(to)).toEqual([]);
    copyFile(from, 'real/secret', path.join(to, 'copy'));
    expect(readFileSync(path.join(to, 'copy'), 'utf8')).toBe('mine');
  });

  it('says which file has a name that cannot be read', async () => {
    const from = folderWith();
    execFileSync('sh', ['-c', 'printf x > "$(printf "caf\\351.txt")"'], { cwd: from });
    await expect(copyRepository(from, folderWith())).rejects.toMatchObject({
      code: 'file-unreadable',
      exitCode: 3,
    });
  });
});
