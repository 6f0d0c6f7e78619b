import { effectiveLock } from '../lock/effective.ts';
import type { Lock } from '../lock/types.ts';
import { look, placeOf } from './disk.ts';
import { previousLock } from './previous.ts';

/**
 * What an earlier run decided, for the planner: `nidify.lock` of an output folder, with the pins of a
 * `flake.lock` beside it that `nix flake update` moved.
 *
 * @throws NidifyError `unsafe-path` (6), `lock-invalid` (3), `lock-too-new` (4)
 */
export function lockedIn(directory: string, repository?: string): Lock | null {
  const place = placeOf(directory, repository);
  const flakeLock = look(place, 'flake.lock');
  const text = flakeLock.kind === 'file' ? (flakeLock.content?.toString('utf8') ?? null) : null;
  return effectiveLock(previousLock(place), text);
}
