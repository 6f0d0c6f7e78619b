import { adoptedPins, withPins } from './adopt.ts';
import type { Lock } from './types.ts';

/**
 * The lock to plan with: the one on disk, with the pins of a `flake.lock` that `nix flake update` moved.
 *
 * @param flakeLock text of the `flake.lock` beside it; null when there is none
 */
export function effectiveLock(lock: Lock | null, flakeLock: string | null): Lock | null {
  if (lock === null || flakeLock === null) return lock;
  const pins = adoptedPins(flakeLock, lock);
  return pins === null ? lock : withPins(lock, pins);
}
