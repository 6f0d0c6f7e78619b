import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { storeFiles } from '../../src/image/store-files.ts';
import { type TarEntry, tar } from '../../src/image/tar.ts';
import { folderWith } from '../support/folder.ts';
import { fakeStore, hostileNames, libraryPath, longName } from './support.ts';

async function bytesOf(entries: AsyncIterable<TarEntry> | Iterable<TarEntry>): Promise<Buffer> {
  return Buffer.concat(await Readable.from(tar(entries)).toArray());
}

describe('tar', () => {
  it('writes what tar reads back: contents, links, modes and every name', async () => {
    const { directory } = fakeStore();
    const archive = await bytesOf(storeFiles(libraryPath, directory));
    expect(archive.length % 512).toBe(0);
    const into = folderWith();
    await execa('tar', ['-xf', '-', '-C', into], { input: archive });
    const made = path.join(into, libraryPath.slice(1));
    const original = path.join(directory, path.basename(libraryPath));
    await execa('diff', ['--recursive', '--no-dereference', original, made]);
    for (const name of hostileNames) expect(readFileSync(path.join(made, 'names', name), 'utf8')).toBe(name);
    expect(readFileSync(path.join(made, 'share', longName.slice(0, 255)), 'utf8')).toMatch(/^as long/);
    const { stdout } = await execa('tar', ['-tvf', '-', '--numeric-owner', '--utc', '--full-time'], {
      input: archive,
    });
    const lines = stdout.split('\n');
    expect(lines.every((line) => / 0\/0 +\d+ 1970-01-01 00:00:01 /.test(line))).toBe(true);
    expect(lines.find((line) => line.endsWith('/lib/libc.so.6'))).toMatch(/^-r-xr-xr-x /);
    expect(lines.find((line) => line.endsWith('/lib/empty'))).toMatch(/^-r--r--r-- /);
    expect(lines.find((line) => line.endsWith('/lib/'))).toMatch(/^dr-xr-xr-x /);
    expect(lines.find((line) => line.endsWith('/outside -> /etc/passwd'))).toMatch(/^lrwxrwxrwx /);
  });

  it('does not depend on times, on further mode bits, or on the order in which files were made', async () => {
    const files = ['z', 'a', 'B', 'a.b', 'a-b'];
    const archives = [];
    for (const names of [files, [...files].reverse()]) {
      const directory = folderWith();
      const folder = path.join(directory, path.basename(libraryPath));
      mkdirSync(folder);
      for (const [at, name] of names.entries()) {
        writeFileSync(path.join(folder, name), name, { mode: at % 2 === 0 ? 0o644 : 0o400 });
      }
      archives.push(await bytesOf(storeFiles(libraryPath, directory)));
    }
    expect(archives[0]?.equals(archives[1] ?? Buffer.alloc(0))).toBe(true);
  });

  it('says the size of a file that is larger than eight gibibytes', async () => {
    const size = 9 * 2 ** 30;
    const entry: TarEntry = {
      path: Buffer.from('large'),
      type: 'file',
      mode: 0o444,
      owner: 0,
      size,
      // The header is all that this looks at.
      async *content() {},
    };
    const { value } = await tar([entry]).next();
    expect((value as Buffer).toString('latin1')).toContain(`19 size=${size}\n`);
  });

  it('fails for a file that is not as long as it said', async () => {
    const entry = {
      path: Buffer.from('short'),
      type: 'file',
      mode: 0o444,
      owner: 0,
      size: 5,
      async *content() {
        yield Buffer.from('four');
      },
    } as const;
    await expect(bytesOf([entry])).rejects.toThrow('short has 4 bytes instead of 5');
  });

  it('refuses names that mean a removed file in a layer, and what is no file', async () => {
    const directory = folderWith({ [`${path.basename(libraryPath)}/.wh.passwd`]: '' });
    await expect(bytesOf(storeFiles(libraryPath, directory))).rejects.toMatchObject({ exitCode: 6 });
    const other = folderWith({ [`${path.basename(libraryPath)}/file`]: '' });
    await execa('mkfifo', [path.join(other, path.basename(libraryPath), 'pipe')]);
    await expect(bytesOf(storeFiles(libraryPath, other))).rejects.toMatchObject({ exitCode: 6 });
  });
});
