/** An engine's image as an OCI layout: the one form in which everything here handles images. */
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { extract } from 'tar-stream';
import { ExitCode, NidifyError } from '../errors.ts';
import { exec, lastLines } from '../exec.ts';
import { type Blob, type Compression, writeBlob } from '../image/blobs.ts';
import { mediaTypes } from '../image/documents.ts';
import { isRecord } from '../parse/value.ts';
import type { ContainerImage } from './build.ts';
import { engineVariables, storeOf } from './engine.ts';

const transferTimeoutMs = 3_600_000;
const maxDocumentBytes = 4 * 1024 * 1024;

export interface ExportInput {
  image: Pick<ContainerImage, 'engine' | 'name'>;
  /** An empty folder for the layout. */
  directory: string;
  /** A place for what the engine writes, on a disk that has room for the unpacked image. */
  scratch: string;
  compression: Compression;
  signal?: AbortSignal | undefined;
}

/**
 * @returns the digest of the manifest
 * @throws NidifyError `image-not-exported` (exit 5), `tool-missing` (4)
 */
export async function exportLayout(input: ExportInput): Promise<{ manifest: string }> {
  const { image, directory, scratch, signal } = input;
  await mkdir(path.join(directory, 'blobs/sha256'), { recursive: true });
  await mkdir(scratch);
  try {
    const program = storeOf(image.engine.name);
    const isBuildah = program !== 'docker';
    const file = path.join(scratch, isBuildah ? 'layout' : 'image.tar');
    const args = isBuildah
      ? ['push', '--quiet', image.name, `oci:${file}:latest`]
      : ['save', '--output', file, image.name];
    const { exitCode, stderrTail } = await exec({
      ...{ program, args, cwd: '/', timeoutMs: transferTimeoutMs, signal, allow: engineVariables },
    });
    if (exitCode !== 0) throw failed(`${program} ${args[0]}: ${lastLines(stderrTail, 3)}`);
    const source = isBuildah ? await layoutSource(file) : await archiveSource(file);
    return await rewritten(source, input);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** An image as an engine wrote it: its configuration as it is, and its layers in order. */
interface Saved {
  config: Buffer;
  /** Names of layers from the lowest up. */
  layers: readonly string[];
  /** Gives each layer once, in whatever order they are stored. */
  each(use: (name: string, content: AsyncIterable<Buffer>) => Promise<void>): Promise<void>;
}

/** Compressed as other layers are, whatever the engine does: the digests then depend on the content alone. */
async function rewritten({ config, layers, each }: Saved, input: ExportInput): Promise<{ manifest: string }> {
  const { directory, compression, signal } = input;
  const document: unknown = JSON.parse(config.toString('utf8'));
  const rootfs = isRecord(document) && isRecord(document.rootfs) ? document.rootfs.diff_ids : null;
  const blobs = new Map<string, Blob>();
  await each(async (name, content) => {
    blobs.set(name, await writeBlob(directory, unpacked(content), compression, signal));
  });
  const ordered = layers.map((name) => {
    const blob = blobs.get(name);
    if (blob === undefined) throw failed(`the layer ${name} is missing`);
    return blob;
  });
  if (JSON.stringify(ordered.map(({ diffId }) => diffId)) !== JSON.stringify(rootfs)) {
    throw failed('its layers are not those that its configuration names');
  }
  async function* bytes(value: Buffer) {
    yield value;
  }
  const ofConfig = await writeBlob(directory, bytes(config), 'none', signal);
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: { mediaType: mediaTypes.config, digest: ofConfig.digest, size: ofConfig.size },
    layers: ordered.map(({ digest, size }) => ({ mediaType: mediaTypes.layer[compression], digest, size })),
  };
  const stored = await writeBlob(directory, bytes(Buffer.from(JSON.stringify(manifest))), 'none', signal);
  return { manifest: stored.digest };
}

/** The bytes of a tar file, compressed with gzip or not. */
async function* unpacked(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const pieces = content[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done === true) return;
  async function* all(): AsyncGenerator<Buffer> {
    yield first.value;
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
  }
  // https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) return yield* all();
  const { createGunzip } = await import('node:zlib');
  const { Readable, pipeline } = await import('node:stream');
  const gunzip = createGunzip();
  // Its error reaches whoever reads.
  pipeline(Readable.from(all()), gunzip, () => {});
  for await (const chunk of gunzip) yield chunk;
}

/** What Podman and Buildah write: https://github.com/opencontainers/image-spec/blob/main/image-layout.md */
async function layoutSource(folder: string): Promise<Saved> {
  const blob = (digest: string) => {
    if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw failed(`${digest} is no digest`);
    return path.join(folder, 'blobs', ...digest.split(':'));
  };
  const index = JSON.parse(await readFile(path.join(folder, 'index.json'), 'utf8'));
  const manifest = JSON.parse(await readFile(blob(index.manifests[0].digest), 'utf8'));
  const layers: string[] = manifest.layers.map(({ digest }: { digest: string }) => digest);
  return {
    config: await readFile(blob(manifest.config.digest)),
    layers,
    async each(use) {
      for (const digest of new Set(layers)) await use(digest, createReadStream(blob(digest)));
    },
  };
}

/** What `docker save` writes: `manifest.json` names the configuration and the layers, which are entries beside it. */
async function archiveSource(file: string): Promise<Saved> {
  const documents = new Map<string, Buffer>();
  const links = new Map<string, string>();
  await entries(file, async (name, header, content) => {
    if (header.linkname !== null) {
      links.set(name, path.posix.normalize(path.posix.join(path.posix.dirname(name), header.linkname)));
    } else if (header.size <= maxDocumentBytes) {
      const chunks: Buffer[] = [];
      for await (const chunk of content) chunks.push(chunk);
      documents.set(name, Buffer.concat(chunks));
    }
  });
  const manifest: unknown = JSON.parse(
    (documents.get('manifest.json') ?? Buffer.from('null')).toString('utf8'),
  );
  const [first] = Array.isArray(manifest) ? manifest : [];
  const config =
    isRecord(first) && typeof first.Config === 'string' ? documents.get(first.Config) : undefined;
  const names: unknown = isRecord(first) ? first.Layers : null;
  if (config === undefined || !Array.isArray(names)) throw failed('docker save wrote no manifest.json');
  // The same layer twice is a link to the first one.
  const layers = names.map((name) => links.get(String(name)) ?? String(name));
  return {
    config,
    layers,
    async each(use) {
      const wanted = new Set(layers);
      await entries(file, async (name, { linkname }, content) => {
        if (linkname === null && wanted.delete(name)) await use(name, content);
      });
    },
  };
}

interface EntryHeader {
  size: number;
  /** Where a link leads; null for a file. */
  linkname: string | null;
}

async function entries(
  file: string,
  use: (name: string, header: EntryHeader, content: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const { pipeline } = await import('node:stream/promises');
  const reader = extract();
  const reading = pipeline(createReadStream(file), reader);
  try {
    for await (const entry of reader) {
      const { name, type, size = 0, linkname } = entry.header;
      const isLink = type === 'symlink' || type === 'link';
      const link = type === 'link' ? path.posix.relative(path.posix.dirname(name), linkname ?? '') : linkname;
      if (isLink || type === 'file')
        await use(name, { size, linkname: isLink ? (link ?? '') : null }, buffersOf(entry));
      entry.resume();
    }
  } catch (error) {
    await reading.catch(() => {});
    throw error;
  }
  await reading;
}

async function* buffersOf(entry: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  for await (const chunk of entry) if (Buffer.isBuffer(chunk)) yield chunk;
}

function failed(why: string): NidifyError {
  return new NidifyError({
    code: 'image-not-exported',
    message: `the image could not be taken out of the engine: ${why}`,
    exitCode: ExitCode.buildFailed,
  });
}
