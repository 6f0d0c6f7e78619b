/** The folder that a builder gets: the generated files and the toolchain, and nothing of the repository. */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Built } from '../build/build.ts';
import { placeOf } from '../build/store-place.ts';
import { folder, link, storeFiles, storeFolders } from '../image/store-files.ts';
import { type TarEntry, tar } from '../image/tar.ts';
import { toolchainArchive } from '../render/container/files.ts';
import type { GeneratedFile } from '../render/types.ts';

/**
 * Writes the context.
 *
 * @param files those of the container target, below `from`
 * @param built what the toolchain is; null where the image has none from Nix
 * @param directory an empty private folder
 */
export async function writeContext(
  files: readonly GeneratedFile[],
  from: string,
  built: Built | null,
  directory: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const { path: name, text, mode } of files) {
    if (!name.startsWith(`${from}/`)) continue;
    const file = path.join(directory, name.slice(from.length + 1));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
  }
  if (built === null) return;
  const archive = Readable.from(tar(toolchainEntries(built)), { objectMode: false });
  await pipeline(archive, createWriteStream(path.join(directory, toolchainArchive)), { signal });
}

async function* toolchainEntries(built: Built): AsyncGenerator<TarEntry> {
  yield* storeFolders;
  const store = path.dirname(placeOf(built.storePath, built.storeDirectory));
  for (const each of built.closure) yield* storeFiles(each, store);
  yield folder('opt', 0o755, 0);
  yield link('opt/environment', built.storePath);
}
