import { constants } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { ExitCode, NidifyError } from '../errors.ts';
import type { TarEntry } from './tar.ts';

const slash = Buffer.from('/');
/** In a layer such a name means that a file of a layer below is gone. */
const whiteout = Buffer.from('.wh.');
const chunkBytes = 1024 * 1024;

/** What every layer with store paths begins with. */
export const storeFolders: readonly TarEntry[] = ['nix', 'nix/store'].map((path) => folder(path, 0o755, 0));

/**
 * The files of a store path as entries of a layer, sorted by the bytes of their names. As in a NAR, of a
 * file's mode only the executable bit is kept. Links are entries, never followed: nothing outside the store
 * is read.
 *
 * @param storePath `/nix/store/…`: where the entries are in the image
 * @param directory where the store is on this machine
 * @throws NidifyError `image-refused` (exit 6) for what no image can hold
 */
export async function* storeFiles(storePath: string, directory: string): AsyncGenerator<TarEntry> {
  const name = storePath.slice(storePath.lastIndexOf('/'));
  yield* entriesOf(Buffer.from(directory + name), Buffer.from(storePath.slice(1)));
}

async function* entriesOf(file: Buffer, path: Buffer): AsyncGenerator<TarEntry> {
  const stat = await lstat(file);
  if (stat.isDirectory()) {
    yield { path, type: 'directory', mode: 0o555, owner: 0, size: 0 };
    const names = (await readdir(file, { encoding: 'buffer' })).sort(Buffer.compare);
    for (const name of names) {
      if (name.subarray(0, whiteout.length).equals(whiteout)) {
        throw refused(path, `holds ${name.toString()}, a name that removes files of an image`);
      }
      yield* entriesOf(Buffer.concat([file, slash, name]), Buffer.concat([path, slash, name]));
    }
  } else if (stat.isSymbolicLink()) {
    const target = await readlink(file, { encoding: 'buffer' });
    yield { path, type: 'symlink', mode: 0o777, owner: 0, size: 0, target };
  } else if (stat.isFile()) {
    const mode = (stat.mode & 0o100) === 0 ? 0o444 : 0o555;
    yield { path, type: 'file', mode, owner: 0, size: stat.size, content: () => contentOf(file, stat.size) };
  } else {
    throw refused(path, 'is neither a file, nor a folder, nor a link');
  }
}

/** The bytes of a regular file, which is no link; one byte more than `size` where it grew. */
export async function* contentOf(file: Buffer, size: number): AsyncGenerator<Buffer> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    // One byte more than there should be: a file that grows is noticed, not cut.
    let left = size + 1;
    while (left > 0) {
      const length = Math.min(chunkBytes, left);
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, null);
      if (bytesRead === 0) return;
      left -= bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

export function folder(path: string, mode: number, owner: number): TarEntry {
  return { path: Buffer.from(path), type: 'directory', mode, owner, size: 0 };
}

export function link(path: string, target: string): TarEntry {
  return {
    path: Buffer.from(path),
    type: 'symlink',
    mode: 0o777,
    owner: 0,
    size: 0,
    target: Buffer.from(target),
  };
}

export function textFile(path: string, text: string): TarEntry {
  const bytes = Buffer.from(text);
  return {
    path: Buffer.from(path),
    type: 'file',
    mode: 0o644,
    owner: 0,
    size: bytes.length,
    async *content() {
      yield bytes;
    },
  };
}

function refused(path: Buffer, what: string): NidifyError {
  return new NidifyError({
    code: 'image-refused',
    message: `/${path.toString()} ${what}`,
    exitCode: ExitCode.refused,
  });
}
