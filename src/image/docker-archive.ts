import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { blobFile } from './blobs.ts';
import type { Image } from './layout.ts';
import { folder, textFile } from './store-files.ts';
import { type TarEntry, tar } from './tar.ts';

/**
 * The archive that `docker load` and `podman load` take: the blobs of a layout, with the `manifest.json`
 * that older versions look for beside the `index.json` that newer ones do.
 *
 * @param layout the folder of the layout
 * @param name `shop:1.0`
 */
export function dockerArchive(layout: string, image: Image, name: string): AsyncGenerator<Buffer> {
  return tar(entries(layout, image, name));
}

async function* entries(layout: string, image: Image, name: string): AsyncGenerator<TarEntry> {
  const { layers, config, manifest } = image;
  const manifests = [
    {
      Config: pathOf(config.digest),
      RepoTags: [name],
      Layers: layers.map(({ digest }) => pathOf(digest)),
    },
  ];
  yield folder('blobs', 0o755, 0);
  yield folder('blobs/sha256', 0o755, 0);
  const digests = new Set([...layers.map(({ digest }) => digest), config.digest, manifest.digest]);
  for (const digest of digests) yield await blobEntry(layout, digest);
  yield textFile('index.json', await readFile(path.join(layout, 'index.json'), 'utf8'));
  yield textFile('manifest.json', JSON.stringify(manifests));
  yield textFile('oci-layout', await readFile(path.join(layout, 'oci-layout'), 'utf8'));
}

function pathOf(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

async function blobEntry(layout: string, digest: string): Promise<TarEntry> {
  const file = blobFile(layout, digest);
  const { size } = await stat(file);
  const content = () => createReadStream(file);
  return { path: Buffer.from(pathOf(digest)), type: 'file', mode: 0o644, owner: 0, size, content };
}
