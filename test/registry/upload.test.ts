import { describe, expect, it } from 'vitest';
import { type Fault, ociServer, type Seen, sha256 } from '../support/oci-server.ts';
import { blobOf, failure, open } from './support.ts';

const megabyte = 1024 * 1024;
const size = 5 * megabyte + 7;
const { bytes, from } = blobOf(size);
const digest = sha256(bytes);
const blob = { digest, size };
const chunkBytes = 2 * megabyte;

/** Does it to the nth request with this method. */
function at(method: string, which: number, fault: Fault) {
  let count = 0;
  return (request: Seen) => (request.method === method && ++count === which ? fault : null);
}

describe('a blob', () => {
  it('is sent in pieces, and not when it is there', async () => {
    const server = await ociServer();
    const { registry, events } = open(server.host, { chunkBytes });
    expect(await registry.putBlob(blob, from)).toBe('sent');
    expect(server.blobs.get(digest)?.equals(bytes)).toBe(true);
    const upload = '/v2/team/shop/blobs/uploads/';
    expect(server.calls()).toEqual([
      `HEAD /v2/team/shop/blobs/${digest}`,
      `POST ${upload}`,
      ...Array(3).fill(`PATCH ${upload}ID`),
      `PUT ${upload}ID`,
    ]);
    expect(server.seen.map(({ range }) => range).filter((range) => range !== undefined)).toEqual([
      `0-${chunkBytes - 1}`,
      `${chunkBytes}-${2 * chunkBytes - 1}`,
      `${2 * chunkBytes}-${size - 1}`,
    ]);
    const states = events.map((event) => (event.kind === 'blob' ? [event.state, event.bytes] : []));
    expect(states.filter(([state]) => state === 'sending').length).toBeGreaterThanOrEqual(4);
    expect(states.at(-1)).toEqual(['sent', size]);
    expect(await registry.putBlob(blob, from)).toBe('present');
    expect(events.at(-1)).toMatchObject({ state: 'present', bytes: size, total: size });
    expect(server.received()).toBe(size);
  });

  it('of no bytes is one too', async () => {
    const server = await ociServer();
    const empty = { digest: sha256(''), size: 0 };
    expect(await open(server.host).registry.putBlob(empty, blobOf(0).from)).toBe('sent');
    expect(server.blobs.has(empty.digest)).toBe(true);
  });

  it('is gone on with where the connection was cut', async () => {
    const server = await ociServer({ fault: at('PATCH', 2, { cut: 1.5 * megabyte }) });
    const { registry, retries } = open(server.host, { chunkBytes });
    expect(await registry.putBlob(blob, from)).toBe('sent');
    expect(server.blobs.get(digest)?.equals(bytes)).toBe(true);
    // What came before the cut is not sent again.
    expect(server.received()).toBe(size);
    expect(server.seen.map(({ range }) => range)).toContain(`${3.5 * megabyte}-${size - 1}`);
    expect(retries()).toHaveLength(1);
  });

  it('arrives over a connection that is cut again and again', async () => {
    const server = await ociServer({
      fault: ({ method }) => (method === 'PATCH' ? { cut: megabyte } : null),
    });
    const { registry, retries } = open(server.host, { chunkBytes });
    expect(await registry.putBlob(blob, from)).toBe('sent');
    expect(server.blobs.get(digest)?.equals(bytes)).toBe(true);
    expect(server.received()).toBe(size);
    // More often than failures in a row are allowed: each time something was gained.
    expect(retries()).toHaveLength(5);
  });

  it('is given up where nothing is gained', async () => {
    const server = await ociServer({ fault: ({ method }) => (method === 'PATCH' ? { cut: 10 } : null) });
    const { registry, retries } = open(server.host, { chunkBytes });
    expect(await failure(registry.putBlob(blob, from))).toMatchObject({
      code: 'registry-unavailable',
      exitCode: 75,
    });
    expect(retries()).toHaveLength(3);
    expect(server.blobs.size).toBe(0);
  });

  it('starts anew where the registry has forgotten it', async () => {
    const server = await ociServer({ forgets: true, fault: at('PATCH', 2, { cut: megabyte }) });
    expect(await open(server.host, { chunkBytes }).registry.putBlob(blob, from)).toBe('sent');
    expect(server.blobs.get(digest)?.equals(bytes)).toBe(true);
    expect(server.received()).toBe(size + 3 * megabyte);
  });

  it('is there when only the last answer was lost', async () => {
    const server = await ociServer({ fault: at('PUT', 1, { cutAnswer: true }) });
    const { registry } = open(server.host);
    expect(await registry.putBlob(blob, from)).toBe('sent');
    expect(server.received()).toBe(size);
    expect(server.calls().filter((call) => call.startsWith('PUT'))).toHaveLength(1);
  });

  it('goes in one piece to a registry that takes no other', async () => {
    const refusing = (request: Seen) =>
      request.method === 'PATCH' && !request.range?.startsWith('0-') ? { status: 416 } : null;
    const server = await ociServer({ fault: refusing });
    expect(await open(server.host, { chunkBytes }).registry.putBlob(blob, from)).toBe('sent');
    expect(server.seen.filter(({ method }) => method === 'PATCH').at(-1)?.range).toBe(`0-${size - 1}`);
  });

  it('that is shorter than said is no fault of the registry', async () => {
    const server = await ociServer();
    const { registry, retries } = open(server.host);
    const more = { digest, size: size + 1 };
    expect(await failure(registry.putBlob(more, from))).toMatchObject({
      code: 'push-failed',
      exitCode: 5,
      message: expect.stringContaining('shorter'),
    });
    expect(retries()).toEqual([]);
    expect(server.blobs.size).toBe(0);
  });

  it('with another content than its digest says is not taken', async () => {
    const server = await ociServer();
    const wrong = { digest: sha256('other'), size };
    expect(await failure(open(server.host).registry.putBlob(wrong, from))).toMatchObject({
      code: 'push-failed',
      message: expect.stringContaining('DIGEST_INVALID'),
    });
    expect(server.blobs.size).toBe(0);
  });

  it('goes to where the registry says, without the log-in that is not for there', async () => {
    const storage = await ociServer({
      fault: ({ method }) => ({ status: method === 'PUT' ? 201 : 202 }),
    });
    const server = await ociServer({
      fault: ({ method, authorization }) => {
        if (authorization === undefined)
          return { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } };
        return method === 'POST'
          ? { status: 202, headers: { location: `http://${storage.host}/here` } }
          : null;
      },
    });
    const { registry } = open(server.host, { credentials: async () => ({ username: 'u', password: 'p' }) });
    expect(await registry.putBlob(blob, from)).toBe('sent');
    expect(storage.seen.map(({ method, authorization }) => [method, authorization])).toEqual([
      ['PATCH', undefined],
      ['PUT', undefined],
    ]);
    expect(storage.seen.at(-1)?.query.get('digest')).toBe(digest);
  });

  it('stops when it is told to', async () => {
    const abort = new AbortController();
    const server = await ociServer();
    const { registry } = open(server.host, {
      signal: abort.signal,
      onEvent: (event) => event.kind === 'blob' && event.bytes > 2 * megabyte && abort.abort(),
    });
    expect(await failure(registry.putBlob(blob, from))).toMatchObject({ code: 'aborted', exitCode: 75 });
    expect(server.blobs.size).toBe(0);
  });
});
