import { createHash, type Hash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

export type Compression = 'gzip' | 'none';

/** What is in a layout under its own digest. */
export interface Blob {
  /** `sha256:<hexadecimal>` */
  digest: string;
  /** Bytes as stored. */
  size: number;
  /** Digest of the bytes before compression. */
  diffId: string;
  /** Bytes before compression. */
  unpackedSize: number;
}

/** zlib's own default. Fixed, so that an image does not depend on it; Node writes no time into the header. */
const gzipLevel = 6;
const gatheredBytes = 256 * 1024;

/**
 * Streams bytes into `blobs/sha256/` of a layout: what is in memory is one piece at a time.
 *
 * @param layout the folder of the layout
 */
export async function writeBlob(
  layout: string,
  content: AsyncIterable<Buffer>,
  compression: Compression,
  signal?: AbortSignal,
): Promise<Blob> {
  const folder = path.join(layout, 'blobs/sha256');
  const temporary = path.join(folder, `${randomBytes(8).toString('hex')}.tmp`);
  const before = counter();
  const after = counter();
  const file = createWriteStream(temporary, { flags: 'wx', mode: 0o644 });
  const options = signal === undefined ? {} : { signal };
  if (compression === 'gzip') {
    const gzip = createGzip({ level: gzipLevel });
    await pipeline(gathered(content), before.pass, gzip, after.pass, file, options);
  } else {
    await pipeline(gathered(content), before.pass, file, options);
    await rename(temporary, blobFile(layout, before.digest()));
    const [digest, size] = [before.digest(), before.size()];
    return { digest, size, diffId: digest, unpackedSize: size };
  }
  const digest = after.digest();
  await rename(temporary, blobFile(layout, digest));
  return { digest, size: after.size(), diffId: before.digest(), unpackedSize: before.size() };
}

/** Where a blob of a layout is. */
export function blobFile(layout: string, digest: string): string {
  return path.join(layout, 'blobs', ...digest.split(':'));
}

/** Thousands of small files make thousands of headers: fewer, larger pieces pass much faster. */
async function* gathered(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of content) {
    pieces.push(piece);
    size += piece.length;
    if (size < gatheredBytes) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(pieces);
}

function counter() {
  const hash: Hash = createHash('sha256');
  let size = 0;
  let digest: string | undefined;
  return {
    async *pass(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of source) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    },
    digest: () => {
      digest ??= `sha256:${hash.digest('hex')}`;
      return digest;
    },
    size: () => size,
  };
}
