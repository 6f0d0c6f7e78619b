/**
 * The API server of a cluster. Where it is and how one logs in there is the official client's to say (kubeconfig
 * files, plugins that get credentials, the account of a pod); requests are made here, so that status codes, aborting
 * and cut connections are seen as they are.
 */
import http from 'node:http';
import https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { ExitCode, NidifyError } from '../../errors.ts';
import { type Failure, failureOf, isTemporary, statusFailure } from './failure.ts';

export interface ConnectOptions {
  kubeconfig?: string | undefined;
  context?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Of one answer, not of a stream. */
  timeoutMs?: number | undefined;
  /** First pause before a request is tried again; it doubles. */
  retryMs?: number | undefined;
  onRetry?: ((why: string, waitMs: number) => void) | undefined;
}

export interface Request {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: object;
  contentType?: string;
}

export interface Answer {
  status: number;
  body: unknown;
}

export interface Cluster {
  /** An answer, whatever its status; tried again while that may help. */
  ask(request: Request): Promise<Answer>;
  /**
   * Lines of an answer that does not end by itself, as they come.
   *
   * @throws NidifyError when the status is not 200, Error when the connection is cut
   */
  lines(request: Request, signal?: AbortSignal): AsyncGenerator<string>;
  /** Namespace of the context, where it names one. */
  namespace: string | null;
  signal: AbortSignal | undefined;
  pause(ms: number): Promise<void>;
}

const attempts = 5;
const longestWaitMs = 30_000;
const maxAnswerBytes = 64 * 1024 * 1024;
/** An event of a watch has a whole object, which etcd bounds at 1.5 MiB. */
const maxLineCharacters = 8 * 1024 * 1024;
const maxFailureCharacters = 65_536;

/** @throws NidifyError `cluster-unknown` (exit 2) */
export async function connect(options: ConnectOptions): Promise<Cluster> {
  const config = await configOf(options);
  const { signal, retryMs = 500, onRetry = () => {} } = options;
  const pause = (ms: number) => wait(ms, signal);
  const ask = async (request: Request): Promise<Answer> => {
    for (let attempt = 1; ; attempt++) {
      const result = await once(config, request, options);
      if (!isTemporary(result)) return answerOf(result);
      if (attempt === attempts) throw failureOf(result);
      const waitMs = Math.min(longestWaitMs, result.retryAfterMs ?? retryMs * 2 ** (attempt - 1));
      onRetry(result.why, waitMs);
      await pause(waitMs);
    }
  };
  return {
    ask,
    lines: (request, more) => lines(config, request, options, more),
    namespace: config.getContextObject(config.getCurrentContext())?.namespace ?? null,
    signal,
    pause,
  };
}

async function configOf({ kubeconfig, context }: ConnectOptions): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
  } catch (cause) {
    throw unknownCluster(`the kubeconfig cannot be read: ${messageOf(cause)}`, cause);
  }
  if (context !== undefined) {
    if (config.getContextObject(context) === null)
      throw unknownCluster(`the kubeconfig has no context ${context}`);
    config.setCurrentContext(context);
  }
  const cluster = config.getCurrentCluster();
  // What the client takes when there is nothing: no server of anybody's.
  if (cluster === null || (cluster.server === 'http://localhost:8080' && kubeconfig === undefined)) {
    throw unknownCluster('it is not said which cluster');
  }
  return config;
}

function unknownCluster(message: string, cause?: unknown): NidifyError {
  return new NidifyError({
    code: 'cluster-unknown',
    message,
    hint: 'Give --kubeconfig FILE and --context NAME, set KUBECONFIG, or run in a pod with an account of its own.',
    exitCode: ExitCode.usage,
    cause,
  });
}

function answerOf(result: Answer | Failure): Answer {
  if ('status' in result && 'body' in result) return result;
  throw failureOf(result);
}

async function once(
  config: KubeConfig,
  request: Request,
  options: ConnectOptions,
): Promise<Answer | Failure> {
  try {
    const timeout = AbortSignal.timeout(options.timeoutMs ?? 30_000);
    const response = await send(config, request, [options.signal, timeout]);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxAnswerBytes) throw new Error('the answer has no end');
      chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    const status = response.statusCode ?? 0;
    const failure = statusFailure(status, text, response.headers['retry-after']);
    return failure ?? { status, body: parsed(text) };
  } catch (cause) {
    if (options.signal?.aborted) throw aborted(cause);
    return { temporary: true, why: messageOf(cause), cause };
  }
}

async function* lines(
  config: KubeConfig,
  request: Request,
  options: ConnectOptions,
  more?: AbortSignal,
): AsyncGenerator<string> {
  const response = await send(config, request, [options.signal, more]);
  if (response.statusCode !== 200) {
    let text = '';
    for await (const chunk of response) {
      text = `${text}${chunk}`.slice(0, maxFailureCharacters);
      if (text.length === maxFailureCharacters) break;
    }
    const failure = statusFailure(response.statusCode ?? 0, text, response.headers['retry-after']);
    throw failureOf(
      failure ?? { temporary: false, status: response.statusCode ?? 0, why: text.slice(0, 200) },
    );
  }
  let rest = '';
  response.setEncoding('utf8');
  for await (const chunk of response as AsyncIterable<string>) {
    const parts = `${rest}${chunk}`.split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
    // What has no end is told in pieces, and not kept until there is no room.
    if (rest.length < maxLineCharacters) continue;
    yield rest;
    rest = '';
  }
  if (rest !== '') yield rest;
}

async function send(
  config: KubeConfig,
  { method, path, query = {}, body, contentType = 'application/json' }: Request,
  signals: readonly (AbortSignal | undefined)[],
): Promise<http.IncomingMessage> {
  const server = config.getCurrentCluster()?.server ?? '';
  const url = new URL(`${server.replace(/\/+$/, '')}${path}`);
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  const login: https.RequestOptions = {};
  await config.applyToHTTPSOptions(login);
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    ...login.headers,
    accept: 'application/json, */*',
    'user-agent': 'nidify',
    ...(text === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(text) }),
  };
  const signal = AbortSignal.any(signals.filter((each) => each !== undefined));
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'http:' ? http.request : https.request;
    const sent = start(url, { ...login, method, headers, signal }, resolve);
    // A peer that is gone without a word ends a stream that nobody writes to.
    sent.on('socket', (socket) => socket.setKeepAlive(true, 30_000));
    sent.on('error', reject);
    sent.end(text);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const { code } = cause as NodeJS.ErrnoException;
  return cause.message === '' && code !== undefined ? code : cause.message;
}

export function aborted(cause?: unknown): NidifyError {
  return new NidifyError({ code: 'aborted', message: 'aborted', exitCode: ExitCode.temporary, cause });
}

/** @throws NidifyError `aborted` (exit 75) */
function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted());
    const onAbort = () => {
      clearTimeout(timer);
      reject(aborted());
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
