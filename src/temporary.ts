import { chmodSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, unlinkSync } from 'node:fs';
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
  try {
    rmSync(directory, { recursive: true, force: true, maxRetries: 2 });
  } catch {
    removeStubborn(directory);
  }
}

/**
 * Folders that may not be written, such as Go's module cache, and those nested deeper than paths are long: each is
 * brought up to the first level before it is looked into. What cannot be removed even so stays: a left-over is no
 * reason to lose the result of the work.
 */
function removeStubborn(directory: string): void {
  let count = 0;
  try {
    for (let folders = ['.']; folders.length > 0; ) {
      const below: string[] = [];
      for (const name of folders) {
        const folder = path.join(directory, name);
        for (const entry of readdirSync(folder, { withFileTypes: true, encoding: 'buffer' })) {
          const file = Buffer.concat([Buffer.from(`${folder}${path.sep}`), entry.name]);
          if (!entry.isDirectory()) {
            unlinkSync(file);
            continue;
          }
          chmodSync(file, 0o700);
          const moved = `.nidify-${count++}`;
          renameSync(file, path.join(directory, moved));
          below.push(moved);
        }
        if (name !== '.') rmdirSync(folder);
      }
      folders = below;
    }
    rmdirSync(directory);
  } catch {
    // See above.
  }
}
