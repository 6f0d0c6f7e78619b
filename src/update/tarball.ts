import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { download, type FetchOptions, refused } from '../http/http.ts';

const block = 512;
/** The first entry stands behind at most one global header; this is more than both. */
const maxBytes = 64 * 1024;

/**
 * The time of a source archive, which is the time of its commit: that of the first entry. Only the
 * beginning of the archive is downloaded.
 *
 * @returns seconds since 1970
 * @throws NidifyError as `download`; `response-refused` (6) when it is no gzipped tar archive
 */
export function tarballTime(url: string, options: FetchOptions): Promise<number> {
  return download(url, options, async (body) => {
    // The callback is for errors, which the loop below throws.
    const unpacked = pipeline(Readable.from(body), createGunzip(), () => {});
    let start = Buffer.alloc(0);
    try {
      for await (const chunk of unpacked) {
        start = Buffer.concat([start, chunk]);
        const time = firstEntryTime(start);
        if (time !== null) return time;
        if (start.length > maxBytes) break;
      }
    } catch (error) {
      if (!isZlibError(error)) throw error;
    } finally {
      unpacked.destroy();
    }
    throw refused(new URL(url), 'it is no gzipped tar archive');
  });
}

/**
 * Format: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html (ustar)
 *
 * @returns null while more of the archive is needed
 */
export function firstEntryTime(archive: Buffer): number | null {
  let at = 0;
  while (at + block <= archive.length) {
    const size = octal(archive.subarray(at + 124, at + 136));
    const type = String.fromCharCode(archive[at + 156] ?? 0);
    if (type !== 'g' && type !== 'x') return octal(archive.subarray(at + 136, at + 148));
    if (size === null) return null;
    at += block + Math.ceil(size / block) * block;
  }
  return null;
}

function octal(field: Buffer): number | null {
  const text = field
    .toString('latin1')
    .replace(/[\0 ]+$/, '')
    .trim();
  return /^[0-7]{1,11}$/.test(text) ? Number.parseInt(text, 8) : null;
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
