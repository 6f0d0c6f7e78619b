import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const folders = new Set<string>();
let isWatching = false;

/**
 * A folder of one's own (0700, unpredictable name) that is gone when `remove` is called, and at the latest
 * when the process ends.
 *
 * @param parent for what is renamed to its place afterwards, which must be on the same disk
 */
export function temporaryFolder(
  prefix: string,
  parent: string = tmpdir(),
): { directory: string; remove(): void } {
  if (!isWatching) {
    isWatching = true;
    process.once('exit', () => {
      for (const folder of folders) removeFolder(folder);
    });
  }
  const directory = mkdtempSync(path.join(parent, prefix));
  folders.add(directory);
  return { directory, remove: () => removeFolder(directory) };
}

function removeFolder(directory: string): void {
  folders.delete(directory);
  rmSync(directory, { recursive: true, force: true, maxRetries: 2 });
}
