import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { blobFile } from '../image/blobs.ts';
import type { Descriptor } from '../image/documents.ts';
import { isRecord } from '../parse/value.ts';
import { eachOf } from './each-of.ts';
import { pushFailed } from './failure.ts';
import { digestOfBytes, openRegistry } from './registry.ts';
import type { BlobDescriptor, Registry, RegistryEvent, RegistryOptions } from './types.ts';

/** A name for a manifest, or for an index of several. */
export interface Tagged {
  tag: string;
  manifest: Descriptor;
}

export interface Pushed {
  /** Bytes of blobs that were sent, and of those that the registry had. */
  sentBytes: number;
  presentBytes: number;
}

interface Content {
  blobs: Map<string, BlobDescriptor>;
  /** Each after those that it names. */
  manifests: Map<string, { bytes: Buffer; mediaType: string }>;
}

/**
 * Pushes images of a layout: their blobs, three at a time; then their manifests by digest, which shows whether the
 * registry keeps what it gets; and only then the tags, in this order. A push that fails leaves no tag of an image
 * that is not there as a whole, and what has been sent is not sent again by the next one.
 *
 * A blob that the layout does not have must be in the registry.
 *
 * @param layout the folder of an OCI image layout
 * @param reference registry and repository, without tag
 * @throws NidifyError as Registry says, and `push-failed` (exit 5)
 */
export async function pushLayout(
  layout: string,
  reference: string,
  tags: readonly Tagged[],
  options: RegistryOptions,
): Promise<Pushed> {
  const content = await contentOf(layout, tags);
  const stop = new AbortController();
  const onAbort = () => stop.abort();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  if (options.signal?.aborted) stop.abort();
  const registry = openRegistry(reference, { ...options, signal: stop.signal });
  try {
    const pushed: Pushed = { sentBytes: 0, presentBytes: 0 };
    // The largest first: the others fit beside it.
    const blobs = [...content.blobs.values()].sort((a, b) => b.size - a.size);
    await eachOf(blobs, stop, async (blob) => {
      const state = await pushBlob(registry, layout, blob, options.onEvent);
      pushed[state === 'sent' ? 'sentBytes' : 'presentBytes'] += blob.size;
    });
    for (const [digest, { bytes, mediaType }] of content.manifests) {
      await registry.putManifest(digest, bytes, mediaType);
    }
    for (const { tag, manifest } of tags) {
      const found = content.manifests.get(manifest.digest);
      if (found !== undefined) await registry.putManifest(tag, found.bytes, found.mediaType);
    }
    return pushed;
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
    await registry.close();
  }
}

/** Whether a registry answers, and lets the user in: to be known before an image is made, which takes a while. */
export async function requireRegistry(reference: string, options: RegistryOptions): Promise<void> {
  const registry = openRegistry(reference, options);
  try {
    await registry.hasBlob(digestOfBytes(Buffer.alloc(0)));
  } finally {
    await registry.close();
  }
}

async function pushBlob(
  registry: Registry,
  layout: string,
  blob: BlobDescriptor,
  onEvent: ((event: RegistryEvent) => void) | undefined,
): Promise<'present' | 'sent'> {
  const { digest, size } = blob;
  const file = blobFile(layout, digest);
  const found = await stat(file).catch(() => null);
  if (found !== null && found.size !== size) {
    throw pushFailed(`blob ${digest} has ${found.size} bytes in the layout, and ${size} in its manifest`);
  }
  if (found !== null) return registry.putBlob(blob, (start) => createReadStream(file, { start }));
  if (!(await registry.hasBlob(digest))) {
    throw pushFailed(`blob ${digest} is neither in the layout nor in the registry`);
  }
  onEvent?.({ kind: 'blob', digest, bytes: size, total: size, state: 'present' });
  return 'present';
}

async function contentOf(layout: string, tags: readonly Tagged[]): Promise<Content> {
  const content: Content = { blobs: new Map(), manifests: new Map() };
  for (const { manifest } of tags) await gather(layout, manifest, content);
  return content;
}

/** An index names manifests, a manifest names a configuration and layers. */
async function gather(layout: string, { digest, mediaType }: Descriptor, content: Content): Promise<void> {
  if (content.manifests.has(digest)) return;
  const bytes = await readFile(blobFile(layout, digest)).catch((cause: unknown) => {
    throw pushFailed(`the layout has no manifest ${digest}`, cause);
  });
  if (digestOfBytes(bytes) !== digest) throw pushFailed(`the layout has another manifest than ${digest}`);
  const record = parsed(bytes);
  if (record === null) throw pushFailed(`${digest} is no manifest`);
  for (const child of descriptorsIn(record.manifests)) await gather(layout, child, content);
  for (const blob of [...descriptorsIn([record.config]), ...descriptorsIn(record.layers)]) {
    content.blobs.set(blob.digest, blob);
  }
  content.manifests.set(digest, { bytes, mediaType });
}

function parsed(bytes: Buffer): Record<string, unknown> | null {
  try {
    const document: unknown = JSON.parse(bytes.toString('utf8'));
    return isRecord(document) ? document : null;
  } catch {
    return null;
  }
}

function descriptorsIn(value: unknown): Descriptor[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown) => {
    if (!isRecord(each)) return [];
    const { mediaType, digest, size } = each;
    const isOne = typeof mediaType === 'string' && typeof size === 'number' && isDigest(digest);
    return isOne ? [{ mediaType, digest, size }] : [];
  });
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value);
}
