import { createReadStream } from 'node:fs';
import { blobFile } from '../image/blobs.ts';
import { eachOf } from './each-of.ts';
import type { BlobDescriptor, Registry } from './types.ts';

export interface SendOptions {
  signal?: AbortSignal | undefined;
  /** Told of all blobs together. */
  onBytes?: (done: number, total: number) => void;
}

/** Sends blobs of a layout that the registry does not have, a few at a time. */
export async function sendBlobs(
  registry: Registry,
  layout: string,
  blobs: readonly BlobDescriptor[],
  { signal, onBytes }: SendOptions = {},
): Promise<void> {
  const distinct = [...new Map(blobs.map((each) => [each.digest, each])).values()];
  const total = distinct.reduce((sum, { size }) => sum + size, 0);
  const done = new Map<string, number>();
  const tell = (digest: string, count: number) => {
    done.set(digest, count);
    const sum = [...done.values()].reduce((before, each) => before + each, 0);
    onBytes?.(sum, total);
  };
  const stop = new AbortController();
  await eachOf(distinct, stop, async ({ digest, size }) => {
    signal?.throwIfAborted();
    await registry.putBlob({ digest, size }, (start) =>
      counted(
        createReadStream(blobFile(layout, digest), { start, ...(signal === undefined ? {} : { signal }) }),
        (count) => {
          // A client lives longer than one build, and does not know when that is to end.
          signal?.throwIfAborted();
          tell(digest, start + count);
        },
      ),
    );
    tell(digest, size);
  });
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
