import { createReadStream } from 'node:fs';
import { blobFile } from '../image/blobs.ts';
import type { Registry } from './types.ts';

/** Registries bound the connections of one client. */
const atOnce = 3;

export interface SendOptions {
  signal?: AbortSignal | undefined;
  /** Told of all blobs together. */
  onBytes?: (done: number, total: number) => void;
}

/** Sends blobs of a layout that the registry does not have, a few at a time. */
export async function sendBlobs(
  registry: Registry,
  layout: string,
  blobs: readonly { digest: string; size: number }[],
  { signal, onBytes }: SendOptions = {},
): Promise<void> {
  const distinct = [...new Map(blobs.map((each) => [each.digest, each])).values()];
  const total = distinct.reduce((sum, { size }) => sum + size, 0);
  const done = new Map<string, number>();
  const tell = (digest: string, count: number) => {
    done.set(digest, count);
    onBytes?.(
      [...done.values()].reduce((sum, each) => sum + each, 0),
      total,
    );
  };
  const waiting = distinct.values();
  // The first failure ends the others at their next blob; what they are sending is of no harm.
  let hasFailed = false;
  const send = async () => {
    for (const { digest, size } of waiting) {
      signal?.throwIfAborted();
      if (hasFailed) return;
      const open = (from: number) =>
        counted(createReadStream(blobFile(layout, digest), { start: from }), (count) =>
          tell(digest, from + count),
        );
      try {
        await registry.putBlob({ digest, size }, open);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
      tell(digest, size);
    }
  };
  const results = await Promise.allSettled(Array.from({ length: atOnce }, send));
  const failed = results.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function* counted(
  content: AsyncIterable<Buffer>,
  tell: (count: number) => void,
): AsyncGenerator<Buffer> {
  let count = 0;
  for await (const chunk of content) {
    yield chunk;
    count += chunk.length;
    tell(count);
  }
}
