import { type ClientRequest, request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';

/** A proxy further on that refused, or that cannot be reached. */
export class UpstreamFailed extends Error {}

/**
 * A connection to the first of these addresses that takes one. Each has its share of the time, so that one
 * that never answers leaves some for the next.
 *
 * @throws the last one's error
 */
export async function dial(addresses: readonly string[], port: number, patienceMs: number): Promise<Socket> {
  const share = patienceMs / addresses.length;
  let failure: unknown = new Error('no address');
  for (const host of addresses) {
    try {
      return await connected(host, port, share);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function connected(host: string, port: number, patienceMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true });
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/**
 * A connection through another proxy (CONNECT).
 *
 * @throws UpstreamFailed
 */
export async function dialThrough(proxy: URL, target: string, patienceMs: number): Promise<Socket> {
  const headers = { host: target, ...authorization(proxy) };
  const asked = await requestTo(proxy, { method: 'CONNECT', path: target, headers, timeout: patienceMs });
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new UpstreamFailed(`your proxy ${why}`));
    asked.once('connect', ({ statusCode = 0 }, socket: Socket, head: Buffer) => {
      socket.setTimeout(0);
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        return fail(`answers ${statusCode}`);
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asked.once('response', (answer) => {
      answer.destroy();
      fail(`answers ${answer.statusCode ?? 0}`);
    });
    asked.once('timeout', () => asked.destroy(new Error('no answer')));
    asked.once('error', () => fail('cannot be reached'));
    asked.end();
  });
}

export interface ProxiedRequest {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  timeout: number;
}

/** A request to a proxy itself, by http or https as its address says. */
export async function requestTo(proxy: URL, options: ProxiedRequest): Promise<ClientRequest> {
  const request = proxy.protocol === 'https:' ? (await import('node:https')).request : httpRequest;
  const host = proxy.hostname.replace(/^\[|\]$/g, '');
  const port = Number(proxy.port || (proxy.protocol === 'https:' ? 443 : 80));
  return request({ ...options, host, port, agent: false, setHost: false });
}

/** What an address with a user's name in it asks for. */
export function authorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
