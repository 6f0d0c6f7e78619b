/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-blobs */
import { redirected, refused } from '../http/http.ts';
import { pushFailed, TemporaryFailure } from './failure.ts';
import { patience } from './patience.ts';
import type { Session } from './session.ts';
import type { Answer } from './transport.ts';
import type { BlobDescriptor } from './types.ts';

export interface UploadInput {
  session: Session;
  blob: BlobDescriptor;
  open: (from: number) => AsyncIterable<Uint8Array>;
  chunkBytes: number;
  /** Whether the registry has the blob by now. */
  isThere: () => Promise<boolean>;
  /** Told how many bytes the registry has been sent. */
  onBytes: (bytes: number) => void;
}

/** As the registry keeps it between two requests. */
interface Upload {
  url: URL;
  /** Bytes that it has. */
  offset: number;
  /** Least bytes of every piece but the last. */
  leastBytes: number;
  /** Some of it was sent by a request that was cut. */
  isResumed: boolean;
}

/** The registry looks at all of a blob before it answers. */
const commitTimeoutMs = 300_000;
/** What is gained by less is no progress: a connection that is cut all the time would be tried for ever. */
const progressBytes = 256 * 1024;

/** A registry that has forgotten the upload, or takes a blob in one piece only. */
class LostUpload extends Error {
  readonly failure: Error;

  constructor(failure: Error) {
    super(failure.message);
    this.failure = failure;
  }
}

/**
 * Sends a blob in pieces. After a failure the registry is asked how much it has, and gets the rest; where it does not
 * know any more, the blob starts anew. Nothing has the blob's name before all of it is there.
 */
export async function upload(input: UploadInput): Promise<void> {
  const { session, blob, chunkBytes, isThere } = input;
  const patient = patience(session.patience);
  let at: Upload | null = null;
  let isCertain = false;
  let isWhole = false;
  let gained = 0;
  for (;;) {
    try {
      if (at !== null && !isCertain) {
        at = await whereItIs(session, at, blob);
        // The answer to the last request may be all that was lost.
        if (at === null && (await isThere())) return;
      }
      at ??= await begin(session);
      while (at.offset < blob.size) {
        if (at.offset >= gained + progressBytes) {
          gained = at.offset;
          patient.progressed();
        }
        isCertain = false;
        const rest = blob.size - at.offset;
        at = await append(input, at, isWhole ? rest : Math.min(rest, Math.max(chunkBytes, at.leastBytes)));
        isCertain = true;
      }
      isCertain = false;
      await commit(session, at, blob);
      return;
    } catch (error) {
      if (!(error instanceof LostUpload)) {
        await patient.after(error);
        continue;
      }
      if (isWhole) throw error.failure;
      if (await isThere()) return;
      isWhole = true;
      at = null;
    }
  }
}

async function begin(session: Session): Promise<Upload> {
  const url = await session.address('blobs/uploads/');
  const answer = await session.send('pull,push', { method: 'POST', url, body: '' });
  if (answer.status !== 202) throw session.unexpected(answer, 'a blob', 'pull,push');
  const least = Number(answer.header('oci-chunk-min-length') ?? 0);
  const leastBytes = Number.isSafeInteger(least) ? least : 0;
  return { url: nextOf(answer, null), offset: 0, leastBytes, isResumed: false };
}

/** Where the registry wants to go on; null where it has forgotten. */
async function whereItIs(session: Session, at: Upload, blob: BlobDescriptor): Promise<Upload | null> {
  const answer = await session.send('pull,push', { method: 'GET', url: at.url });
  if (answer.status === 204 || answer.status === 200) {
    const offset = offsetOf(answer);
    // Registries say 0-0 for no byte as for one.
    if (offset === null || offset <= 1 || offset > blob.size) return null;
    return { ...at, url: nextOf(answer, at.url), offset, isResumed: true };
  }
  const failure = session.unexpected(answer, 'the upload of a blob', 'pull,push');
  if (failure instanceof TemporaryFailure || answer.status === 401 || answer.status === 403) throw failure;
  return null;
}

async function append(input: UploadInput, at: Upload, size: number): Promise<Upload> {
  const { session, blob, open, onBytes } = input;
  const end = at.offset + size;
  const answer = await session.send('pull,push', {
    method: 'PATCH',
    url: at.url,
    headers: {
      'content-type': 'application/octet-stream',
      'content-range': `${at.offset}-${end - 1}`,
    },
    body: {
      size,
      open: () => piece(open(at.offset), size, blob, (bytes) => onBytes(at.offset + bytes)),
    },
  });
  if (answer.status !== 202) {
    const failure = session.unexpected(answer, `blob ${blob.digest}`, 'pull,push');
    const lost = at.offset === 0 ? [404, 416] : [400, 404, 405, 416, 501];
    throw lost.includes(answer.status) ? new LostUpload(failure) : failure;
  }
  const has = offsetOf(answer);
  if (has !== null && has !== end) {
    throw new TemporaryFailure(session.host, `it has ${has} bytes of a blob where ${end} were sent`);
  }
  return { ...at, url: nextOf(answer, at.url), offset: end };
}

async function commit(session: Session, at: Upload, blob: BlobDescriptor): Promise<void> {
  const url = new URL(at.url);
  // What the registry has put there stays as it is: it may be signed.
  url.search = `${url.search}${url.search === '' ? '?' : '&'}digest=${encodeURIComponent(blob.digest)}`;
  const answer = await session.send('pull,push', {
    method: 'PUT',
    url,
    headers: { 'content-type': 'application/octet-stream' },
    body: '',
    timeoutMs: Math.max(commitTimeoutMs, session.timeoutMs),
  });
  if (answer.status !== 201) {
    const failure = session.unexpected(answer, `blob ${blob.digest}`, 'pull,push');
    // What a cut request has left may be wrong, as the digest shows: another try from the beginning.
    const isLost = answer.status === 404 || (answer.status === 400 && at.isResumed);
    throw isLost ? new LostUpload(failure) : failure;
  }
  const stated = answer.header('docker-content-digest');
  if (stated !== null && stated !== blob.digest) {
    throw refused(answer.url, 'the registry says another digest than that of the blob');
  }
}

/** Exactly so many bytes. */
async function* piece(
  source: AsyncIterable<Uint8Array>,
  size: number,
  { digest }: BlobDescriptor,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let sent = 0;
  for await (const bytes of source) {
    const part = bytes.subarray(0, size - sent);
    yield part;
    sent += part.length;
    onBytes(sent);
    if (sent === size) return;
  }
  throw pushFailed(`blob ${digest} is shorter than it should be`);
}

/** Each answer says where the next request goes; never from an encrypted address to one that is not. */
function nextOf(answer: Answer, before: URL | null): URL {
  const location = answer.header('location');
  if (location !== null) return redirected(answer.url, location, 0);
  if (before !== null) return before;
  throw refused(answer.url, 'it does not say where to send a blob');
}

function offsetOf(answer: Answer): number | null {
  const end = /^(?:bytes[= ])?0-(\d{1,15})$/.exec(answer.header('range')?.trim() ?? '')?.[1];
  return end === undefined ? null : Number(end) + 1;
}
