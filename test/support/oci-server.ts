/** A registry in this process that does what it is told to do wrong: the distribution specification in its essence. */
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { onTestFinished } from 'vitest';

export interface Seen {
  method: string;
  path: string;
  query: URLSearchParams;
  authorization: string | undefined;
  range: string | undefined;
  /** Bytes of its body that have come. */
  bytes: number;
  body: string;
}

/** `cut`: bytes of the body after which the connection is gone; what came stays. */
export type Fault =
  | { status: number; headers?: Record<string, string>; body?: string }
  | { cut: number }
  | { cutAnswer: true }
  | 'hang';

export interface OciServer {
  host: string;
  /** Every request, in order. */
  seen: Seen[];
  blobs: Map<string, Buffer>;
  manifests: Map<string, { bytes: Buffer; type: string }>;
  /** Bytes of blobs that came, all in all. */
  received(): number;
  /** Lines `METHOD path`, without ids of uploads. */
  calls(): string[];
  /** Most requests at once. */
  most(): number;
}

export interface OciServerOptions {
  fault?: (request: Seen, server: OciServer) => Fault | null;
  /** Instead of what the registry answers to the request for an upload's state. */
  forgets?: boolean;
  /** Of manifests, in answers; null for none. */
  digest?: (digest: string) => string | null;
  tls?: { certificate: string; key: string };
  /** Before each answer. */
  delayMs?: number;
}

export const sha256 = (bytes: Uint8Array | string) =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** On a free port of 127.0.0.1, until the test is over. */
export async function ociServer(options: OciServerOptions = {}): Promise<OciServer> {
  const uploads = new Map<string, Buffer[]>();
  const sizeOf = (id: string) => (uploads.get(id) ?? []).reduce((sum, { length }) => sum + length, 0);
  let running = 0;
  let most = 0;
  const server: OciServer = {
    host: '',
    seen: [],
    blobs: new Map(),
    manifests: new Map(),
    received: () =>
      server.seen.filter(({ method }) => method === 'PATCH').reduce((sum, { bytes }) => sum + bytes, 0),
    calls: () =>
      server.seen.map(({ method, path }) => `${method} ${path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'ID')}`),
    most: () => most,
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<null> {
    const url = new URL(request.url ?? '/', 'http://server');
    const seen: Seen = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      authorization: request.headers.authorization,
      range: request.headers['content-range'],
      bytes: 0,
      body: '',
    };
    server.seen.push(seen);
    const fault = options.fault?.(seen, server) ?? null;
    if (fault === 'hang') return null;
    const id = /\/blobs\/uploads\/([^/]+)$/.exec(url.pathname)?.[1];
    const cut = fault !== null && 'cut' in fault ? fault.cut : Number.POSITIVE_INFINITY;
    const body: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) {
      const part = chunk.subarray(0, cut - seen.bytes);
      seen.bytes += part.length;
      if (seen.method === 'PATCH' && (fault === null || !('status' in fault)))
        uploads.get(id ?? '')?.push(part);
      else body.push(part);
      if (seen.bytes >= cut) {
        request.socket.destroy();
        return null;
      }
    }
    const bytes = Buffer.concat(body);
    seen.body = bytes.toString('latin1');
    if (options.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, options.delayMs));
    const give = (status: number, headers: Record<string, string> = {}, content: string | Buffer = '') => {
      if (fault !== null && typeof fault === 'object' && 'cutAnswer' in fault) request.socket.destroy();
      else response.writeHead(status, headers).end(content);
      return null;
    };
    if (fault !== null && 'status' in fault) return give(fault.status, fault.headers, fault.body);
    if (url.pathname === '/v2/') return give(200);
    const manifest = /\/manifests\/([^/]+)$/.exec(url.pathname)?.[1];
    if (manifest !== undefined) return manifests(seen.method, manifest, bytes, request, give);
    if (url.pathname.endsWith('/blobs/uploads/')) {
      const started = randomUUID();
      uploads.set(started, []);
      return give(202, { location: `${url.pathname}${started}?state=a%20b` });
    }
    if (id !== undefined) return upload(seen, id, url, give);
    const digest = /\/blobs\/([^/]+)$/.exec(url.pathname)?.[1] ?? '';
    const blob = server.blobs.get(digest);
    return blob === undefined ? give(404) : give(200, {}, seen.method === 'HEAD' ? '' : blob);
  }

  type Give = (status: number, headers?: Record<string, string>, content?: string | Buffer) => null;

  function manifests(
    method: string,
    name: string,
    bytes: Buffer,
    { headers }: IncomingMessage,
    give: Give,
  ): null {
    const shownDigest = (digest: string): Record<string, string> => {
      const said = options.digest === undefined ? digest : options.digest(digest);
      return said === null ? {} : { 'docker-content-digest': said };
    };
    if (method === 'PUT') {
      const stored = { bytes, type: headers['content-type'] ?? '' };
      if (name.startsWith('sha256:') && name !== sha256(bytes)) return give(400);
      server.manifests.set(name, stored).set(sha256(bytes), stored);
      return give(201, shownDigest(sha256(bytes)));
    }
    const found = server.manifests.get(name);
    if (found === undefined) return give(404);
    const answered = { 'content-type': found.type, ...shownDigest(sha256(found.bytes)) };
    return give(200, answered, method === 'HEAD' ? '' : found.bytes);
  }

  function upload(seen: Seen, id: string, url: URL, give: Give): null {
    const here = { location: `${url.pathname}?state=a%20b`, range: `0-${Math.max(0, sizeOf(id) - 1)}` };
    if (!uploads.has(id)) return give(404);
    if (seen.method === 'GET') {
      if (options.forgets !== true) return give(204, here);
      uploads.delete(id);
      return give(404);
    }
    if (seen.method === 'PATCH') {
      const start = Number(seen.range?.split('-')[0]);
      return start + seen.bytes === sizeOf(id) ? give(202, here) : give(416, here);
    }
    const content = Buffer.concat(uploads.get(id) ?? []);
    const digest = seen.query.get('digest') ?? '';
    if (sha256(content) !== digest) return give(400, {}, '{"errors":[{"code":"DIGEST_INVALID"}]}');
    uploads.delete(id);
    server.blobs.set(digest, content);
    return give(201, { 'docker-content-digest': digest });
  }

  const listener: RequestListener = (request, response) => {
    most = Math.max(most, ++running);
    answer(request, response)
      // A client that goes away in the middle.
      .catch(() => {})
      .finally(() => running--);
  };
  const { tls } = options;
  const node =
    tls === undefined
      ? createServer(listener)
      : createSecureServer({ cert: readFileSync(tls.certificate), key: readFileSync(tls.key) }, listener);
  await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    node.closeAllConnections();
    node.close();
  });
  const address = node.address();
  server.host = typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : '';
  return server;
}
