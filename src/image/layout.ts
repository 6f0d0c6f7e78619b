import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BuiltEnvironment } from '../build/types.ts';
import { type Blob, type Compression, writeBlob } from './blobs.ts';
import {
  architectureOf,
  configDocument,
  type Descriptor,
  indexDocument,
  type LayerDocument,
  manifestDocument,
  mediaTypes,
} from './documents.ts';
import type { PlannedLayer } from './layers.ts';
import { storeFiles, storeFolders } from './store-files.ts';
import { systemFiles } from './system-files.ts';
import { type TarEntry, tar } from './tar.ts';

export interface ImageInput {
  environment: BuiltEnvironment;
  layers: readonly PlannedLayer[];
  labels: Readonly<Record<string, string>>;
  compression: Compression;
  /** `shop:1.0`, as Docker knows it, and the tag within the layout. */
  name: { name: string; tag: string };
  /** As Node calls it; this machine's unless told. */
  processor?: string;
  signal?: AbortSignal;
  /** Told before each layer. */
  onLayer?: (number: number, count: number) => void;
}

export interface ImageLayer extends Blob {
  /** Store paths in it; none in the last, which has the files of the system around them. */
  paths: readonly string[];
}

export interface Image {
  manifest: Descriptor;
  config: Descriptor;
  layers: readonly ImageLayer[];
  /** `docker image ls` shows these bytes. */
  unpackedSize: number;
}

/**
 * Writes an OCI image layout (https://github.com/opencontainers/image-spec/blob/main/image-layout.md) into an
 * empty folder.
 */
export async function writeLayout(directory: string, input: ImageInput): Promise<Image> {
  const { environment, compression, signal, labels } = input;
  const architecture = architectureOf(input.processor ?? process.arch);
  const count = input.layers.length + 1;
  await mkdir(path.join(directory, 'blobs/sha256'), { recursive: true });
  const layers: ImageLayer[] = [];
  for (const planned of input.layers) {
    input.onLayer?.(layers.length + 1, count);
    const paths = planned.map((each) => each.path);
    const content = tar(storeLayer(paths, environment.storeDirectory ?? '/nix/store'));
    layers.push({ ...(await writeBlob(directory, content, compression, signal)), paths });
  }
  input.onLayer?.(count, count);
  const system = await writeBlob(directory, tar(systemFiles(environment)), compression, signal);
  layers.push({ ...system, paths: [] });

  const documents = layers.map((layer): LayerDocument => ({ blob: layer, origin: originOf(layer) }));
  const config = await writeDocument(
    directory,
    mediaTypes.config,
    configDocument(documents, environment.storePath, labels, architecture),
  );
  const manifest = await writeDocument(
    directory,
    mediaTypes.manifest,
    manifestDocument(config, documents, compression, labels),
  );
  const index = indexDocument(manifest, architecture, input.name);
  await writeFile(path.join(directory, 'index.json'), JSON.stringify(index));
  await writeFile(path.join(directory, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  const unpackedSize = layers.reduce((sum, layer) => sum + layer.unpackedSize, 0);
  return { manifest, config, layers, unpackedSize };
}

async function* storeLayer(paths: readonly string[], directory: string): AsyncGenerator<TarEntry> {
  yield* storeFolders;
  for (const each of paths) yield* storeFiles(each, directory);
}

function originOf({ paths: [first, ...others] }: ImageLayer): string {
  if (first === undefined) return 'nidify: users, folders and links';
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

async function writeDocument(directory: string, mediaType: string, document: object): Promise<Descriptor> {
  async function* content() {
    yield Buffer.from(JSON.stringify(document));
  }
  const { digest, size } = await writeBlob(directory, content(), 'none');
  return { mediaType, digest, size };
}
