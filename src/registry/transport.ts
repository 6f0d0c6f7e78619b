import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { NidifyError } from '../errors.ts';
import { agentFor } from '../http/agent.ts';
import { redirected, refused } from '../http/http.ts';
import { isLoopback } from '../image/references.ts';
import { authoritiesOf } from './authorities.ts';
import { aborted, connectionFailure, isPlainServer, TemporaryFailure } from './failure.ts';

export interface Call {
  method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT';
  url: URL;
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array | string | { size: number; open(): AsyncIterable<Uint8Array> };
  /** Of the answer, where it is a success; 64 KiB unless told. */
  maxBytes?: number;
  timeoutMs?: number;
}

/** Whatever its status. Answers are small, and here as a whole. */
export interface Answer {
  url: URL;
  status: number;
  header(name: string): string | null;
  body: Buffer;
}

export interface Transport {
  /**
   * Asks once. What asks follows redirects, without its authorization where they lead to another server; what
   * changes something does not.
   *
   * @throws TemporaryFailure; NidifyError `certificate-refused`, `response-refused` (exit 6), `aborted` (75)
   */
  exchange(call: Call): Promise<Answer>;
  /** `https://host` or, where that is allowed and it does not speak TLS, `http://host`. */
  origin(): Promise<string>;
  close(): Promise<void>;
}

export interface TransportOptions {
  host: string;
  insecure: boolean;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

const defaultBytes = 64 * 1024;

export function transportTo({ host, insecure, timeoutMs, signal }: TransportOptions): Transport {
  const agents = new Map<string, Promise<Dispatcher>>();
  let origin: Promise<string> | undefined;

  /** What the flag allows, it allows for the registry, not for others that this one names. */
  function agentOf(url: URL): Promise<Dispatcher> {
    const isOwn = url.hostname === new URL(`https://${host}`).hostname;
    const isDirect = isLoopback(url.host);
    const key = `${isOwn} ${isDirect}`;
    const known = agents.get(key);
    if (known !== undefined) return known;
    const authorities = isOwn ? authoritiesOf(host) : [];
    const agent = agentFor({ insecure: insecure && isOwn, isDirect, authorities });
    agents.set(key, agent);
    return agent;
  }

  async function exchange(call: Call): Promise<Answer> {
    let { url } = call;
    const { authorization: _, ...others } = call.headers ?? {};
    for (let redirects = 0; ; redirects++) {
      const headers = url.origin === call.url.origin ? call.headers : others;
      const answer = await once({ ...call, url, ...(headers === undefined ? {} : { headers }) });
      const location = answer.header('location');
      if (answer.status < 300 || answer.status >= 400 || location === null) return answer;
      if (call.method !== 'GET' && call.method !== 'HEAD') return answer;
      url = redirected(url, location, redirects);
    }
  }

  async function once(call: Call): Promise<Answer> {
    if (signal?.aborted) throw aborted(host);
    const { request } = await import('undici');
    const patienceMs = call.timeoutMs ?? timeoutMs;
    const ends = new AbortController();
    const stop = () => ends.abort();
    const timer = setTimeout(stop, patienceMs);
    // Taken off again: it may live for many requests.
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    const sent = bodyOf(call.body, () => timer.refresh());
    try {
      const response = await request(call.url, {
        dispatcher: await agentOf(call.url),
        method: call.method,
        headers: { 'user-agent': 'nidify', ...call.headers, ...sent.headers },
        body: sent.body,
        signal: ends.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const { statusCode: status } = response;
      const header = (name: string) => {
        const value = response.headers[name];
        return value === undefined ? null : [value].flat().join(', ');
      };
      const body = await read(response.body, call, status >= 200 && status < 300);
      return { url: call.url, status, header, body };
    } catch (cause) {
      if (signal?.aborted) throw aborted(host);
      if (sent.failure !== null) throw sent.failure;
      if (cause instanceof NidifyError) throw cause;
      if (ends.signal.aborted) {
        throw new TemporaryFailure(call.url.host, `no answer in ${patienceMs / 1000} s`, { cause });
      }
      throw connectionFailure(call.url, cause);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  async function findOrigin(): Promise<string> {
    const secure = `https://${host}`;
    if (!insecure && !isLoopback(host)) return secure;
    try {
      await exchange({ method: 'GET', url: new URL('/v2/', secure) });
      return secure;
    } catch (error) {
      if (error instanceof NidifyError && isPlainServer(error)) return `http://${host}`;
      throw error;
    }
  }

  return {
    exchange,
    origin() {
      origin ??= findOrigin().catch((error: unknown) => {
        origin = undefined;
        throw error;
      });
      return origin;
    },
    async close() {
      const open = [...agents.values()];
      agents.clear();
      await Promise.all(open.map(async (agent) => (await agent).destroy()));
    },
  };
}

interface Sent {
  headers: Record<string, string>;
  body: string | Uint8Array | Readable | null;
  failure: unknown;
}

/** As undici takes it; what goes wrong while bytes are made is remembered, since it is not the connection's fault. */
function bodyOf(body: Call['body'], onBytes: () => void): Sent {
  const sent: Sent = { headers: {}, body: null, failure: null };
  if (body === undefined) return sent;
  if (typeof body === 'string' || body instanceof Uint8Array) {
    sent.body = body;
    return sent;
  }
  async function* bytes(source: AsyncIterable<Uint8Array>) {
    try {
      for await (const piece of source) {
        onBytes();
        yield piece;
      }
    } catch (error) {
      sent.failure = error;
      throw error;
    }
  }
  sent.headers = { 'content-length': String(body.size) };
  sent.body = Readable.from(bytes(body.open()), { objectMode: false });
  return sent;
}

/** Of an answer that is no success the beginning is enough. */
async function read(body: AsyncIterable<Uint8Array>, call: Call, isSuccess: boolean): Promise<Buffer> {
  const limit = isSuccess ? (call.maxBytes ?? defaultBytes) : defaultBytes;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit && isSuccess) throw refused(call.url, `it is longer than ${limit} bytes`);
    if (size > limit) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
