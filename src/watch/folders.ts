/**
 * Watches folders for signs of a change, one watcher each: recursive watching has holes in Node 20 on Linux, and
 * libraries watch every file, or folders that are ignored. A sign is only a hint: whoever gets it looks at the tree.
 */
import { type FSWatcher, lstatSync, realpathSync, watch } from 'node:fs';
import path from 'node:path';
import { isErrno } from '../errors.ts';
import { lockFileName } from '../lock/types.ts';
import { isPruned } from '../scan/ignore.ts';
import type { Entry } from '../scan/types.ts';
import { folderBeside } from '../write/output.ts';

/** Beyond this many a tree is looked at from time to time instead. */
const maxFolders = 20_000;
/** After this many signs of other files it is looked all the same: the system drops what is too much. */
const manySigns = 5000;

/** In folders that no scan enters: another branch is checked out, another environment is generated. */
const always = new Set(['.git/HEAD', folderBeside, `${folderBeside}/${lockFileName}`]);

export interface Folders {
  /**
   * Watches exactly the folders of a tree.
   *
   * @param entries folders and symbolic links that were seen
   * @returns whether one of them was not watched before: what happened in it until now is not known
   */
  follow(entries: readonly Entry[]): boolean;
  /** How many are watched. */
  size(): number;
  close(): void;
}

/** Watching is not possible here, or not for so many folders. */
export class CannotWatch extends Error {}

/**
 * @param root absolute
 * @param isClaimed whether the content of a path counts
 * @param fire told of every sign
 * @throws CannotWatch also from `follow`; then nothing is watched any more
 */
export function watchFolders(root: string, isClaimed: (path: string) => boolean, fire: () => void): Folders {
  const watchers = new Map<string, FSWatcher>();
  let known = new Set<string>();
  let targets = new Set<string>();
  let signs = 0;

  const drop = (folder: string) => {
    for (const [each, watcher] of watchers) {
      if (folder !== '' && each !== folder && !each.startsWith(`${folder}/`)) continue;
      watchers.delete(each);
      watcher.close();
    }
  };
  const close = () => drop('');

  const onSign = (folder: string, kind: string, name: string | null) => {
    if (name === null) return fire();
    const at = folder === '' ? name : `${folder}/${name}`;
    // Also what a watcher says of its own folder: it was moved or removed, and the watcher with it.
    if (kind === 'rename' && name === path.basename(path.join(root, folder))) {
      drop(folder);
      return fire();
    }
    signs++;
    const isFolderKnown = known.has(at);
    if (kind === 'rename' && isFolderKnown) drop(at);
    if (isFolderKnown || signs >= manySigns || counts(folder, at, name, kind)) {
      signs = 0;
      fire();
    }
  };
  const counts = (folder: string, at: string, name: string, kind: string): boolean => {
    if (always.has(at) || name === '.gitignore') return true;
    if (folder === '.git' || folder === folderBeside) return false;
    if (isClaimed(at) || targets.has(at)) return true;
    // What came may be a folder with manifests in it.
    return kind === 'rename' && !isPruned(name) && isFolder(path.join(root, at));
  };

  const add = (folder: string): void => {
    try {
      const watcher = watch(path.join(root, folder), { persistent: true }, (kind, name) =>
        onSign(folder, kind, name),
      );
      watcher.on('error', () => {
        drop(folder);
        fire();
      });
      watchers.set(folder, watcher);
    } catch (error) {
      if (!isErrno(error)) throw error;
      // Gone since it was seen, or not to be read: then nothing in it is evidence either.
      if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP'].includes(error.code ?? '')) return;
      close();
      throw new CannotWatch(
        error.code === 'ENOSPC' || error.code === 'EMFILE'
          ? `the system allows no more watchers (${error.code})`
          : `folders cannot be watched (${error.code})`,
      );
    }
  };

  return {
    follow(entries) {
      const wanted = new Set(['']);
      for (const { path: at, kind } of entries) if (kind === 'directory') wanted.add(at);
      known = new Set(wanted);
      targets = targetsOf(root, entries, isClaimed);
      for (const extra of ['.git', folderBeside]) wanted.add(extra);
      if (wanted.size > maxFolders) {
        close();
        throw new CannotWatch(`the repository has more than ${maxFolders} folders`);
      }
      for (const folder of [...watchers.keys()]) if (!wanted.has(folder)) drop(folder);
      const before = new Set(watchers.keys());
      for (const folder of wanted) if (!before.has(folder)) add(folder);
      return [...watchers.keys()].some((folder) => !before.has(folder));
    },
    size: () => watchers.size,
    close,
  };
}

function isFolder(file: string): boolean {
  try {
    return lstatSync(file).isDirectory();
  } catch {
    return false;
  }
}

/** Files that are read through a symbolic link with a name that counts. */
function targetsOf(
  root: string,
  entries: readonly Entry[],
  isClaimed: (path: string) => boolean,
): Set<string> {
  const links = entries.filter(({ path: at, kind }) => kind === 'symlink' && isClaimed(at));
  return new Set(
    links.flatMap(({ path: at }) => {
      try {
        return [
          path
            .relative(root, realpathSync(path.join(root, at)))
            .split(path.sep)
            .join('/'),
        ];
      } catch {
        return [];
      }
    }),
  );
}
