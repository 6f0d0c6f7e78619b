import { lockFileName } from '../lock/types.ts';
import { look, placeOf } from './disk.ts';
import { obsolete, previousLock } from './previous.ts';
import { apply, removeEmptyFolders } from './replace.ts';

export interface CleanOptions {
  /** The output folder. */
  directory: string;
  /** The repository's folder, when the output folder lies in it. */
  repository?: string;
  dryRun?: boolean;
}

export interface CleanResult {
  removed: string[];
  /** Generated, then edited by a person: they stay. */
  kept: string[];
}

/**
 * Removes the generated files that nobody edited, their empty folders, and the lock.
 *
 * @returns nothing removed when there is no lock
 * @throws NidifyError `unsafe-path`, `not-accessible` (6), `lock-invalid` (3), `lock-too-new` (4)
 */
export async function clean(options: CleanOptions): Promise<CleanResult> {
  const place = placeOf(options.directory, options.repository);
  const previous = previousLock(place);
  if (previous === null) return { removed: [], kept: [] };
  const found = obsolete(place, previous, new Set());
  const own = found.filter(({ ownership }) => ownership === 'own');
  const changes = [
    ...own.map(({ path, existing }) => ({ path, text: null, mode: 0, before: existing })),
    { path: lockFileName, text: null, mode: 0, before: look(place, lockFileName) },
  ];
  const removed = changes.map(({ path }) => path);
  if (options.dryRun !== true) {
    apply(place, changes);
    removeEmptyFolders(place, removed);
  }
  return { removed, kept: found.filter(({ ownership }) => ownership !== 'own').map(({ path }) => path) };
}
