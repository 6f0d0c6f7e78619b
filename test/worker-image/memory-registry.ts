/** A registry in memory, which can be told to fail. */
import { createHash } from 'node:crypto';
import type { Registry } from '../../src/registry/types.ts';

export interface MemoryRegistry extends Registry {
  /** Digest by tag. */
  tags: Map<string, string>;
  blobs: Map<string, Buffer>;
  manifests: Map<string, { bytes: Buffer; mediaType: string }>;
  /** What was asked of it: `putBlob sha256:…`. */
  calls: string[];
  /** Fails at this call, counted from 1; 0: never. */
  failAt: number;
}

export const sha256 = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export function memoryRegistry(): MemoryRegistry {
  const call = (text: string) => {
    registry.calls.push(text);
    if (registry.calls.length === registry.failAt) throw new Error(`cut at ${text}`);
  };
  const found = (name: string) => {
    const digest = registry.tags.get(name) ?? name;
    const stored = registry.manifests.get(digest);
    return stored === undefined ? null : { digest, ...stored };
  };
  const registry: MemoryRegistry = {
    tags: new Map(),
    blobs: new Map(),
    manifests: new Map(),
    calls: [],
    failAt: 0,
    async manifest(name) {
      call(`manifest ${name}`);
      return found(name);
    },
    async digestOf(name) {
      call(`digestOf ${name}`);
      return found(name)?.digest ?? null;
    },
    async putManifest(tag, bytes, mediaType) {
      call(`putManifest ${tag}`);
      const document = JSON.parse(bytes.toString('utf8'));
      // As a real one does: what a manifest names has to be there.
      if (document.manifests === undefined) {
        for (const { digest } of [document.config, ...document.layers]) {
          if (!registry.blobs.has(digest)) throw new Error(`MANIFEST_BLOB_UNKNOWN ${digest}`);
        }
      }
      for (const { digest } of document.manifests ?? []) {
        if (!registry.manifests.has(digest)) throw new Error(`MANIFEST_UNKNOWN ${digest}`);
      }
      const digest = sha256(bytes);
      registry.manifests.set(digest, { bytes, mediaType });
      if (tag !== digest) registry.tags.set(tag, digest);
      return digest;
    },
    async hasBlob(digest) {
      call(`hasBlob ${digest}`);
      return registry.blobs.has(digest);
    },
    async putBlob({ digest, size }, open) {
      call(`putBlob ${digest}`);
      if (registry.blobs.has(digest)) return 'present';
      const chunks: Uint8Array[] = [];
      for await (const chunk of open(0)) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      if (sha256(bytes) !== digest || bytes.length !== size) throw new Error('DIGEST_INVALID');
      registry.blobs.set(digest, bytes);
      return 'sent';
    },
    async blob(digest) {
      call(`blob ${digest}`);
      const bytes = registry.blobs.get(digest);
      if (bytes === undefined) throw new Error(`BLOB_UNKNOWN ${digest}`);
      return bytes;
    },
    close: async () => {},
  };
  return registry;
}
