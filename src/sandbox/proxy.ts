import { lookup as systemLookup } from 'node:dns/promises';
import {
  type ClientRequest,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isPublic } from './addresses.ts';
import { authorization, dial, dialThrough, requestTo, UpstreamFailed } from './dial.ts';
import type { Upstream } from './upstream.ts';

export interface ProxyOptions {
  /** Allowed on ports 80 and 443, where all their addresses are public. */
  hosts: ReadonlySet<string>;
  /** `host:port`, allowed wherever they are. */
  endpoints: ReadonlySet<string>;
  /** The UNIX socket to listen on. */
  socketPath: string;
  lookup?: (host: string) => Promise<readonly string[]>;
  /** Another proxy on the way; none unless told. */
  upstream?: Upstream;
  /** Told once per host and port that was refused. */
  onRefused?: (target: string, reason: string) => void;
  /** Told once per connection that was let through. */
  onAllowed?: (target: string) => void;
  /** For a client to say what it wants, and for a connection to come about. */
  patienceMs?: number;
}

class Refused extends Error {}

/**
 * The only way out of a sandbox with an allow-list: an HTTP proxy (CONNECT, and plain http) that resolves the
 * names itself and dials the addresses that it looked at, so that a name cannot mean another one a moment later.
 *
 * Where the caller's network has a proxy of its own, that one dials, and is told the name: it may be the only one
 * that can resolve it. What resolves here is looked at all the same.
 */
export async function startProxy(options: ProxyOptions): Promise<{ close(): Promise<void> }> {
  const { patienceMs = 15_000 } = options;
  const sockets = new Set<Duplex>();
  const server = createServer({ headersTimeout: patienceMs, requestTimeout: 0 });
  server.on('connection', (socket: Socket) => {
    track(socket, sockets);
    const timer = setTimeout(() => socket.destroy(), patienceMs);
    const settle = () => clearTimeout(timer);
    socket.once('close', settle);
    socket.once('nidify-request', settle);
  });
  server.on('connect', (message: IncomingMessage, client: Socket, head: Buffer) => {
    client.emit('nidify-request');
    void tunnel(message.url ?? '', client, head, options, sockets, patienceMs);
  });
  server.on('request', (message: IncomingMessage, response: ServerResponse) => {
    message.socket.emit('nidify-request');
    void forward(message, response, options, patienceMs);
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  await listening(server, options.socketPath);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function tunnel(
  target: string,
  client: Socket,
  head: Buffer,
  options: ProxyOptions,
  sockets: Set<Duplex>,
  patienceMs: number,
): Promise<void> {
  client.on('error', () => client.destroy());
  try {
    const { host, port } = targetOf(target);
    const proxy = options.upstream?.('https:', host, port) ?? null;
    const addresses = await admitted(host, port, options, proxy !== null);
    const dialling =
      proxy === null ? dial(addresses, port, patienceMs) : dialThrough(proxy, `${host}:${port}`, patienceMs);
    const upstream = await dialling.catch((error: unknown) => {
      throw error instanceof UpstreamFailed ? error : new Unreachable('the host cannot be reached');
    });
    options.onAllowed?.(`${host}:${port}`);
    track(upstream, sockets);
    upstream.on('error', () => client.destroySoon());
    upstream.once('close', () => client.destroySoon());
    client.once('close', () => upstream.destroy());
    if (client.destroyed) return void upstream.destroy();
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    upstream.write(head);
    client.pipe(upstream).pipe(client);
  } catch (error) {
    const { status, reason } = refusalOf(error);
    options.onRefused?.(target, reason);
    answer(client, status, reason);
  }
}

class Unreachable extends Error {}

function refusalOf(error: unknown): { status: 403 | 502; reason: string } {
  if (error instanceof Refused) return { status: 403, reason: error.message };
  const isKnown = error instanceof UpstreamFailed || error instanceof Unreachable;
  return { status: 502, reason: isKnown ? error.message : 'the name cannot be resolved' };
}

/** Headers that are between two neighbours only (RFC 9110, 7.6.1). */
const hopByHop = [
  ...['connection', 'proxy-connection', 'keep-alive', 'proxy-authorization', 'te', 'trailer', 'upgrade'],
];

async function forward(
  message: IncomingMessage,
  response: ServerResponse,
  options: ProxyOptions,
  patienceMs: number,
): Promise<void> {
  const shown = message.url ?? '';
  try {
    const url = URL.canParse(shown) ? new URL(shown) : null;
    if (url?.protocol !== 'http:') throw new Refused('only http: is forwarded; for https: there is CONNECT');
    const port = Number(url.port || 80);
    const proxy = options.upstream?.('http:', url.hostname, port) ?? null;
    const addresses = await admitted(url.hostname, port, options, proxy !== null);
    const headers = {
      ...Object.fromEntries(Object.entries(message.headers).filter(([name]) => !hopByHop.includes(name))),
      host: url.host,
    };
    const method = message.method ?? 'GET';
    const upstream =
      proxy === null
        ? await requestAt(
            addresses,
            port,
            { method, path: `${url.pathname}${url.search}`, headers },
            patienceMs,
          )
        : await requestTo(proxy, {
            method,
            path: url.href,
            headers: { ...headers, ...authorization(proxy) },
            timeout: patienceMs,
          });
    options.onAllowed?.(`${url.hostname}:${port}`);
    upstream.on('response', (answered) => {
      try {
        response.writeHead(answered.statusCode ?? 502, answered.headers);
      } catch {
        // Not what HTTP allows: Node would not send it on.
        upstream.destroy();
        response.writeHead(502).end();
        return;
      }
      answered.pipe(response);
    });
    upstream.on('timeout', () => upstream.destroy(new Error('no answer')));
    upstream.on('error', () => {
      if (!response.headersSent) response.writeHead(502);
      response.end();
    });
    response.once('close', () => upstream.destroy());
    message.pipe(upstream);
  } catch (error) {
    const { status, reason } = refusalOf(error);
    options.onRefused?.(shown, reason);
    response.writeHead(status, { connection: 'close' });
    response.end(`nidify: ${reason}\n`);
  }
}

async function requestAt(
  addresses: readonly string[],
  port: number,
  parts: { method: string; path: string; headers: IncomingHttpHeaders },
  patienceMs: number,
): Promise<ClientRequest> {
  const socket = await dial(addresses, port, patienceMs).catch(() => {
    throw new Unreachable('the host cannot be reached');
  });
  // What it does with the connection is its own; nobody else has it.
  return request({ ...parts, createConnection: () => socket, timeout: patienceMs, setHost: false });
}

function targetOf(text: string): { host: string; port: number } {
  const { host, port } = /^(?<host>[A-Za-z0-9.-]+):(?<port>\d{1,5})$/.exec(text)?.groups ?? {};
  if (host === undefined) throw new Refused('that is not the name of a host and a port');
  return { host: host.toLowerCase(), port: Number(port) };
}

/**
 * The addresses to dial, in order; maybe none where another proxy dials.
 *
 * @throws Refused
 */
async function admitted(
  host: string,
  port: number,
  options: ProxyOptions,
  anotherDials: boolean,
): Promise<readonly string[]> {
  const isConfigured = options.endpoints.has(`${host}:${port}`);
  if (!isConfigured && !options.hosts.has(host)) throw new Refused(`${host} is not among the allowed hosts`);
  if (!isConfigured && port !== 443 && port !== 80) throw new Refused(`port ${port} is not allowed`);
  const looking = (options.lookup ?? allAddresses)(host);
  const addresses = anotherDials ? await looking.catch(() => []) : await looking;
  if (addresses.length === 0 && !anotherDials) throw new Error('no address');
  if (!isConfigured && !addresses.every(isPublic)) {
    throw new Refused(
      `${host} has an address that is not public; ${host}:${port} among the names allows that`,
    );
  }
  return addresses;
}

async function allAddresses(host: string): Promise<string[]> {
  return (await systemLookup(host, { all: true })).map(({ address }) => address);
}

function answer(client: Socket, status: number, reason: string): void {
  client.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\n\r\nnidify: ${reason}\n`);
}

function track(socket: Duplex, sockets: Set<Duplex>): void {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
}

function listening(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, () => resolve());
  });
}
