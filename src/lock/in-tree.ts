import { highestLimits } from '../scan/limits.ts';
import type { Source } from '../scan/types.ts';
import { effectiveLock } from './effective.ts';
import { parseLock } from './read.ts';
import { type Lock, lockFileName } from './types.ts';

/** Where an earlier run may have put its files: the top, or the folder beside an own flake. */
const folders = ['', '.nidify/'];

/**
 * What an earlier run decided, as it is committed: `nidify.lock`, with the pins of a `flake.lock` beside it.
 *
 * @throws NidifyError `lock-invalid` (exit 3), `lock-too-new` (4)
 */
export async function lockInTree(
  tree: Source,
  signal?: AbortSignal,
): Promise<{ lock: Lock; path: string } | null> {
  const names = folders.flatMap((folder) => [`${folder}${lockFileName}`, `${folder}flake.lock`]);
  const results = await tree.read(names, { limits: highestLimits, signal });
  const texts = results.map((result) =>
    'content' in result ? Buffer.from(result.content).toString('utf8') : null,
  );
  for (const [at, folder] of folders.entries()) {
    const [lock = null, flakeLock = null] = texts.slice(2 * at, 2 * at + 2);
    const path = `${folder}${lockFileName}`;
    const effective = lock === null ? null : effectiveLock(parseLock(lock, path), flakeLock);
    if (effective !== null) return { lock: effective, path };
  }
  return null;
}
