import type { Headers } from 'undici';
import { ExitCode, isErrno, NidifyError } from '../errors.ts';
import { agentFor } from './agent.ts';

export interface FetchOptions {
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** The head of an answer, whatever its status. */
export interface Answer {
  url: URL;
  status: number;
  statusText: string;
  headers: Headers;
}

/** As many as an answer may lead through. */
const maxRedirects = 5;

/**
 * Asks, and gives the answer to `read`, whatever its status. Headers go to the origin that they are meant for, and
 * not where it redirects to.
 *
 * @throws NidifyError `network-unavailable` (exit 75) when the server cannot be reached, `response-refused` (6) where
 *   it redirects to what is not safe
 */
export async function request<T>(
  address: string,
  options: FetchOptions & { headers?: Record<string, string> },
  read: (answer: Answer, body: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  const { fetch } = await import('undici');
  const dispatcher = await agentFor();
  const time = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal === undefined ? time : AbortSignal.any([time, options.signal]);
  try {
    const first = new URL(address);
    let url = first;
    for (let redirects = 0; ; redirects++) {
      const headers = url.origin === first.origin ? (options.headers ?? {}) : {};
      const response = await fetch(url, { dispatcher, signal, redirect: 'manual', headers });
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) {
        const { status, statusText } = response;
        return await read({ url, status, statusText, headers: response.headers }, response.body ?? nothing());
      }
      await response.body?.cancel();
      url = redirected(url, location, redirects);
    }
  } catch (cause) {
    if (cause instanceof NidifyError || options.signal?.aborted) throw cause;
    const why = time.aborted ? `no answer in ${options.timeoutMs / 1000} s` : reasonOf(cause);
    throw unavailable(address, why, cause);
  } finally {
    await dispatcher.destroy();
  }
}

/**
 * Gets something small: a short text, or the beginning of a file. Proxies (`https_proxy`, `no_proxy` …) and
 * the company's certificates (`NIX_SSL_CERT_FILE`, `SSL_CERT_FILE`) are those of the environment.
 *
 * @param read takes what it wants of the body; the rest is not downloaded
 * @throws NidifyError `network-unavailable` (exit 75) when the server cannot be reached or fails,
 *   `not-found` (2) for 404 and its like, `response-refused` (6) where it redirects to what is not safe
 */
export function download<T>(
  address: string,
  options: FetchOptions,
  read: (body: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  return request(address, options, (answer, body) => {
    if (answer.status < 200 || answer.status >= 300) throw unsuccessful(answer);
    return read(body);
  });
}

/**
 * Gets a text.
 *
 * @throws NidifyError as `download`; `response-refused` (6) for a longer one
 */
export function fetchText(address: string, options: FetchOptions & { maxBytes: number }): Promise<string> {
  return download(address, options, async (body) =>
    (await bytesOf(new URL(address), body, options.maxBytes)).toString('utf8'),
  );
}

/**
 * A whole body.
 *
 * @throws NidifyError `response-refused` (6) for a longer one
 */
export async function bytesOf(url: URL, body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw refused(url, `it is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Where an answer leads to: never from an encrypted address to one that is not. */
export function redirected(from: URL, location: string, redirects: number): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : null;
  const isSafe = to?.protocol === 'https:' || (to?.protocol === 'http:' && from.protocol === 'http:');
  if (to === null || !isSafe) throw refused(from, 'it leads to an address that is not encrypted');
  if (redirects >= maxRedirects) throw refused(from, 'it leads on and on');
  return to;
}

function unsuccessful({ status, statusText, url }: Answer): NidifyError {
  const text = `${status} ${statusText}`.trim();
  if (status >= 500 || status === 429) return unavailable(url.href, text);
  return new NidifyError({
    code: 'not-found',
    message: `${shown(url)}: ${text}`,
    hint: 'Look at "channel" in nidify.jsonc, and at the address of the mirror if one is set.',
    exitCode: ExitCode.usage,
  });
}

/** undici wraps the system's error; its words are the useful ones. */
export function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(inner instanceof Error)) return String(inner);
  // Where a name has several addresses, the error of all of them has no words.
  return inner.message || (isErrno(inner) && inner.code) || inner.name;
}

/** Without what may be secret in it: user, password and query. */
export function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

function unavailable(address: string, why: string, cause?: unknown): NidifyError {
  return new NidifyError({
    code: 'network-unavailable',
    message: `${shown(new URL(address))} is not available: ${why}`,
    hint: 'Try again later; behind a proxy set https_proxy, with a mirror NIDIFY_CHANNELS_URL.',
    exitCode: ExitCode.temporary,
    cause,
  });
}

/** An answer that is not what was asked for. */
export function refused(url: URL, why: string): NidifyError {
  return new NidifyError({
    code: 'response-refused',
    message: `${shown(url)} is not what it should be: ${why}`,
    exitCode: ExitCode.refused,
  });
}
