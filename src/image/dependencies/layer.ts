/** What installing added or changed, as entries of a layer. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { ExitCode, NidifyError } from '../../errors.ts';
import { contentOf, folder } from '../store-files.ts';
import { user } from '../system-files.ts';
import type { TarEntry } from '../tar.ts';
import { isLeftOut, normalised } from './managers.ts';

/** What was there before, by path from the folder (one character a byte): for a folder nothing, else what it holds. */
export type Before = ReadonlyMap<string, string | null>;

export interface Place {
  kind: 'home' | 'project';
  /** On this machine. */
  directory: string;
  before: Before;
}

const slash = Buffer.from('/');

/** What a folder holds now. */
export async function stateOf(directory: string): Promise<Before> {
  const state = new Map<string, string | null>();
  for await (const { name, file, kind } of filesBelow(directory)) {
    state.set(name.toString('latin1'), kind === 'directory' ? null : await idOf(file, kind));
  }
  return state;
}

/**
 * The entries of the layer, sorted by the bytes of their names. Times, owners and modes are those of every layer of
 * nidify; links are as they are, and never followed.
 *
 * @throws NidifyError `image-refused` (exit 6) for names that mean something else in a layer
 */
export async function* dependencyEntries(
  places: readonly Place[],
  signal?: AbortSignal | undefined,
): AsyncGenerator<TarEntry> {
  for (const { kind: place, directory, before } of places) {
    const root = (place === 'home' ? user.home : user.workFolder).slice(1);
    // A folder is told when something in it is; one that is new, in any case.
    let waiting: TarEntry[] = [folder(root, 0o755, user.id)];
    for await (const { name, file, kind } of filesBelow(directory, (...each) => isLeftOut(place, ...each))) {
      signal?.throwIfAborted();
      const key = name.toString('latin1');
      const path = Buffer.concat([Buffer.from(`${root}/`), name]);
      if (kind !== 'directory' && before.has(key) && before.get(key) === (await idOf(file, kind))) continue;
      waiting = waiting.filter((each) => isAncestor(each.path, path));
      if (kind === 'directory') {
        waiting.push({ path, type: 'directory', mode: 0o755, owner: user.id, size: 0 });
        if (before.get(key) === null) continue;
      }
      yield* waiting;
      waiting = [];
      if (kind !== 'directory') yield await entryOf(path, file, kind);
    }
  }
}

function isAncestor(above: Buffer, path: Buffer): boolean {
  return (
    path.length > above.length && path[above.length] === 0x2f && path.subarray(0, above.length).equals(above)
  );
}

interface Found {
  /** From the folder. */
  name: Buffer;
  file: Buffer;
  kind: 'file' | 'directory' | 'symlink';
}

/** Folders before what they hold. Sockets, pipes and devices are left out: no layer can hold them. */
async function* filesBelow(
  directory: string | Buffer,
  isSkipped: (name: string, isFolder: boolean) => boolean = () => false,
  above: Buffer | null = null,
): AsyncGenerator<Found> {
  const names = (await readdir(directory, { encoding: 'buffer' })).sort(Buffer.compare);
  for (const each of names) {
    const name = above === null ? each : Buffer.concat([above, slash, each]);
    const file = Buffer.concat([Buffer.from(directory), slash, each]);
    const stats = await lstat(file);
    if (isSkipped(name.toString('utf8'), stats.isDirectory())) continue;
    if (each.subarray(0, 4).toString('latin1') === '.wh.') throw refused(name);
    if (stats.isDirectory()) {
      yield { name, file, kind: 'directory' };
      yield* filesBelow(file, isSkipped, name);
    } else if (stats.isSymbolicLink()) yield { name, file, kind: 'symlink' };
    else if (stats.isFile()) yield { name, file, kind: 'file' };
  }
}

async function idOf(file: Buffer, kind: 'file' | 'symlink'): Promise<string> {
  if (kind === 'symlink') return `link ${(await readlink(file, { encoding: 'buffer' })).toString('latin1')}`;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return `${((await lstat(file)).mode & 0o100) === 0 ? 'file' : 'program'} ${hash.digest('hex')}`;
}

async function entryOf(path: Buffer, file: Buffer, kind: 'file' | 'symlink'): Promise<TarEntry> {
  if (kind === 'symlink') {
    const target = await readlink(file, { encoding: 'buffer' });
    return { path, type: 'symlink', mode: 0o777, owner: user.id, size: 0, target };
  }
  const { mode, size } = await lstat(file);
  const entry = { path, type: 'file', mode: (mode & 0o111) === 0 ? 0o644 : 0o755, owner: user.id } as const;
  const rule = normalised.find((each) => each.file.test(path.toString('utf8')));
  if (rule === undefined) return { ...entry, size, content: () => contentOf(file, size) };
  const text = Buffer.from(rule.fix(await readFile(file, 'latin1')), 'latin1');
  return {
    ...entry,
    size: text.length,
    async *content() {
      yield text;
    },
  };
}

function refused(name: Buffer): NidifyError {
  return new NidifyError({
    code: 'image-refused',
    message: `installing wrote ${JSON.stringify(name.toString('utf8'))}, a name that removes files of an image`,
    exitCode: ExitCode.refused,
  });
}
