import { adoptedPins } from '../lock/adopt.ts';
import { hashOf } from '../lock/make.ts';
import { parseLock } from '../lock/read.ts';
import { type Lock, lockFileName } from '../lock/types.ts';
import { type Existing, look, type Place } from './disk.ts';

/**
 * The lock that stands in an output folder.
 *
 * @returns null when there is none
 * @throws NidifyError as `parseLock`, and `unsafe-path` when it is a link
 */
export function previousLock(place: Place): Lock | null {
  const existing = look(place, lockFileName);
  if (existing.kind === 'none') return null;
  return parseLock(existing.content?.toString('utf8') ?? '');
}

/** Whose a file on disk is: as nidify left it, changed since, or never nidify's. */
export type Ownership = 'own' | 'edited' | 'foreign';

/** A `flake.lock` that `nix flake update` moved counts as nidify's own. */
export function ownership(path: string, content: Buffer | null, previous: Lock | null): Ownership {
  if (path === lockFileName) return previous === null ? 'foreign' : 'own';
  const recorded =
    previous !== null && Object.hasOwn(previous.outputs, path) ? previous.outputs[path] : undefined;
  if (previous === null || recorded === undefined) return 'foreign';
  if (content === null) return 'edited';
  if (hashOf(content) === recorded) return 'own';
  return path === 'flake.lock' && adoptedPins(content.toString('utf8'), previous) !== null ? 'own' : 'edited';
}

/** Files of the previous lock that are not written any more, with what stands there. */
export function obsolete(
  place: Place,
  previous: Lock | null,
  paths: ReadonlySet<string>,
): { path: string; existing: Existing & { kind: 'file' }; ownership: Ownership }[] {
  return Object.keys(previous?.outputs ?? {})
    .filter((path) => !paths.has(path))
    .flatMap((path) => {
      const existing = look(place, path);
      if (existing.kind === 'none') return [];
      return [{ path, existing, ownership: ownership(path, existing.content, previous) }];
    });
}
