import { lookup as systemLookup } from 'node:dns/promises';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isPublic } from './addresses.ts';

export interface ProxyOptions {
  /** Allowed on ports 80 and 443, where all their addresses are public. */
  hosts: ReadonlySet<string>;
  /** `host:port`, allowed wherever they are. */
  endpoints: ReadonlySet<string>;
  /** The UNIX socket to listen on. */
  socketPath: string;
  lookup?: (host: string) => Promise<readonly string[]>;
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
 * names itself and dials the address that it looked at, so that a name cannot mean another one a moment later.
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
    const address = await admitted(host, port, options);
    options.onAllowed?.(`${host}:${port}`);
    const upstream = connect({ host: address, port });
    track(upstream, sockets);
    upstream.setTimeout(patienceMs, () => upstream.destroy(new Error('no answer')));
    upstream.once('connect', () => {
      upstream.setTimeout(0);
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      client.pipe(upstream).pipe(client);
    });
    upstream.once('error', () => {
      if (upstream.bytesRead === 0 && client.writable) answer(client, 502, 'the host cannot be reached');
      client.destroySoon();
    });
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroySoon());
  } catch (error) {
    const reason = error instanceof Refused ? error.message : 'the name cannot be resolved';
    options.onRefused?.(target, reason);
    answer(client, error instanceof Refused ? 403 : 502, reason);
  }
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
    const address = await admitted(url.hostname, port, options);
    options.onAllowed?.(`${url.hostname}:${port}`);
    const headers = Object.fromEntries(
      Object.entries(message.headers).filter(([name]) => !hopByHop.includes(name)),
    );
    const upstream = request(
      {
        host: address,
        port,
        method: message.method ?? 'GET',
        path: `${url.pathname}${url.search}`,
        headers: { ...headers, host: url.host },
        agent: false,
        timeout: patienceMs,
        setHost: false,
      },
      (answered) => {
        response.writeHead(answered.statusCode ?? 502, answered.headers);
        answered.pipe(response);
      },
    );
    upstream.on('error', () => {
      if (!response.headersSent) response.writeHead(502);
      response.end();
    });
    response.once('close', () => upstream.destroy());
    message.pipe(upstream);
  } catch (error) {
    const reason = error instanceof Refused ? error.message : 'the name cannot be resolved';
    options.onRefused?.(shown, reason);
    response.writeHead(error instanceof Refused ? 403 : 502, { connection: 'close' });
    response.end(`nidify: ${reason}\n`);
  }
}

function targetOf(text: string): { host: string; port: number } {
  const { host, port } = /^(?<host>[A-Za-z0-9.-]+):(?<port>\d{1,5})$/.exec(text)?.groups ?? {};
  if (host === undefined) throw new Refused('that is not the name of a host and a port');
  return { host: host.toLowerCase(), port: Number(port) };
}

/**
 * The address to dial.
 *
 * @throws Refused
 */
async function admitted(host: string, port: number, options: ProxyOptions): Promise<string> {
  const isConfigured = options.endpoints.has(`${host}:${port}`);
  if (!isConfigured && !options.hosts.has(host)) throw new Refused(`${host} is not among the allowed hosts`);
  if (!isConfigured && port !== 443 && port !== 80) throw new Refused(`port ${port} is not allowed`);
  const addresses = await (options.lookup ?? allAddresses)(host);
  const [first] = addresses;
  if (first === undefined) throw new Error('no address');
  if (!isConfigured && !addresses.every(isPublic)) {
    throw new Refused(`${host} has an address that is not public; ${host}:${port} among the names allows that`);
  }
  return first;
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
