import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isPublic } from '../../src/sandbox/addresses.ts';
import { type ProxyOptions, startProxy } from '../../src/sandbox/proxy.ts';
import { upstreamOf } from '../../src/sandbox/upstream.ts';
import { folderWith } from '../support/folder.ts';

async function proxy(options: Partial<ProxyOptions> = {}): Promise<string> {
  const socketPath = path.join(folderWith(), 'proxy');
  const started = await startProxy({ hosts: new Set(), endpoints: new Set(), socketPath, ...options });
  onTestFinished(() => started.close());
  return socketPath;
}

/** Says something to the proxy and takes all that it answers until it closes. */
function say(socketPath: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(socketPath, () => socket.write(text));
    socket.on('data', (chunk) => {
      answer += chunk.toString('utf8');
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

async function website(): Promise<{ port: number; server: Server; hosts: string[] }> {
  const hosts: string[] = [];
  const server = createServer((message, response) => {
    hosts.push(message.headers.host ?? '');
    response.end(`you asked ${message.url}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, server, hosts };
}

const connectTo = (target: string) => `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`;

describe('the proxy of a sandbox', () => {
  test('lets a configured registry through, by CONNECT and by plain http', async () => {
    const { port, hosts } = await website();
    const target = `registry.example:${port}`;
    const looked: string[] = [];
    const lookup = async (host: string) => {
      looked.push(host);
      return ['127.0.0.1'];
    };
    const socketPath = await proxy({ endpoints: new Set([target]), lookup });
    const inner = `GET /x HTTP/1.1\r\nHost: ${target}\r\nConnection: close\r\n\r\n`;
    const tunnelled = await say(socketPath, connectTo(target) + inner);
    expect(tunnelled).toMatch(/^HTTP\/1.1 200 [\s\S]*you asked \/x/);
    const plain = await say(
      socketPath,
      `GET http://${target}/y?z=1 HTTP/1.1\r\nHost: elsewhere\r\nConnection: close\r\n\r\n`,
    );
    expect(plain).toContain('you asked /y?z=1');
    expect(hosts).toEqual([target, target]);
    expect(looked).toEqual(['registry.example', 'registry.example']);
  });

  test.each([
    ['a host that is not allowed', 'other.example:443', 'not among the allowed hosts'],
    ['a port that is not allowed', 'good.example:22', 'port 22 is not allowed'],
    ['an address instead of a name', '[::1]:443', 'not the name of a host'],
    ['a name within which another begins', 'good.example.evil.example:443', 'not among the allowed hosts'],
    ['an allowed host that leads to this machine', 'good.example:443', 'not public'],
  ])('refuses %s', async (_what, target, reason) => {
    const refused: string[] = [];
    const socketPath = await proxy({
      hosts: new Set(['good.example']),
      lookup: async () => ['127.0.0.1'],
      onRefused: (each) => refused.push(each),
    });
    const answer = await say(socketPath, connectTo(target));
    expect(answer).toMatch(/^HTTP\/1.1 403 /);
    expect(answer).toContain(reason);
    expect(refused).toEqual([target]);
  });

  test('refuses a name that has a private address beside a public one, or later', async () => {
    const answers = [['1.1.1.1', '10.0.0.1'], ['169.254.169.254']];
    const socketPath = await proxy({
      hosts: new Set(['good.example']),
      lookup: async () => answers.shift() ?? [],
    });
    for (let time = 0; time < 2; time += 1) {
      expect(await say(socketPath, connectTo('good.example:443'))).toContain('not public');
    }
    expect(answers).toEqual([]);
  });

  test('refuses plain http to what is not allowed', async () => {
    const socketPath = await proxy();
    const request = 'GET http://127.0.0.1/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    expect(await say(socketPath, request)).toMatch(/^HTTP\/1.1 403 /);
  });

  test('tries the next address where one does not answer', async () => {
    const { port } = await website();
    const target = `registry.example:${port}`;
    const lookup = async () => ['127.0.0.2', '127.0.0.3', '127.0.0.1'];
    const socketPath = await proxy({ endpoints: new Set([target]), lookup });
    const inner = `GET /x HTTP/1.1\r\nHost: ${target}\r\nConnection: close\r\n\r\n`;
    expect(await say(socketPath, connectTo(target) + inner)).toMatch(/^HTTP\/1.1 200 [\s\S]*you asked \/x/);
    const plain = `GET http://${target}/y HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    expect(await say(socketPath, plain)).toContain('you asked /y');
  });

  test('says so where no address answers', async () => {
    const { port, server } = await website();
    await new Promise((resolve) => server.close(resolve));
    const target = `registry.example:${port}`;
    const refused: string[] = [];
    const socketPath = await proxy({
      endpoints: new Set([target]),
      lookup: async () => ['127.0.0.1', '127.0.0.2'],
      onRefused: (_target, reason) => refused.push(reason),
    });
    expect(await say(socketPath, connectTo(target))).toMatch(/^HTTP\/1.1 502 [\s\S]*cannot be reached/);
    const plain = `GET http://${target}/y HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    expect(await say(socketPath, plain)).toMatch(/^HTTP\/1.1 502 /);
    expect(refused).toEqual(['the host cannot be reached', 'the host cannot be reached']);
  });

  test('closes a connection that never says what it wants', async () => {
    const socketPath = await proxy({ patienceMs: 100 });
    expect(await say(socketPath, 'CONN')).toBe('');
    expect(await say(socketPath, '')).toBe('');
  });

  test('closes both ends when one goes', async () => {
    let hasEnded = () => {};
    const ended = new Promise<void>((resolve) => {
      hasEnded = resolve;
    });
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.on('close', () => hasEnded());
      socket.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const target = `registry.example:${(server.address() as AddressInfo).port}`;
    const socketPath = await proxy({ endpoints: new Set([target]), lookup: async () => ['127.0.0.1'] });
    const client = connect(socketPath, () => client.write(connectTo(target)));
    client.once('data', () => client.destroy());
    await ended;
  });
});

test('tells public addresses from all others', () => {
  const others = ['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.31.0.1'];
  const others6 = ['::', '::1', 'fe80::1', 'fd00::1', '::ffff:8.8.8.8', '::ffff:127.0.0.1', '64:ff9b::a00:1'];
  const more = ['192.168.1.1', '224.0.0.1', '255.255.255.255', 'ff02::1', '2002:7f00:1::', '2001:db8::1'];
  expect([...others, ...others6, ...more].filter(isPublic)).toEqual([]);
  expect(['1.1.1.1', '172.32.0.1', '2606:4700::1111'].filter((each) => !isPublic(each))).toEqual([]);
});

describe('the proxy of a sandbox behind another proxy', () => {
  /** A proxy that sends everything to one port, and remembers what it was asked. */
  async function other(port: number, isWilling = true) {
    const asked: string[] = [];
    const server = createServer((message, response) => {
      asked.push(`${message.method} ${message.url} ${message.headers['proxy-authorization']}`);
      response.writeHead(isWilling ? 200 : 407).end(`by the other: ${message.url}`);
    });
    server.on('connect', (message, client: Socket) => {
      asked.push(`${message.method} ${message.url} ${message.headers['proxy-authorization']}`);
      if (!isWilling) return void client.end('HTTP/1.1 407 Authentication Required\r\n\r\n');
      const upstream = connect({ host: '127.0.0.1', port }, () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        client.pipe(upstream).pipe(client);
      });
      for (const each of [client, upstream]) each.on('error', () => each.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return { asked, address: `http://me:p%40ss@127.0.0.1:${(server.address() as AddressInfo).port}` };
  }
  const credentials = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
  const unknown = async (): Promise<string[]> => {
    throw new Error('ENOTFOUND');
  };

  test('goes through it, also where only that one knows the name', async () => {
    const { port } = await website();
    const { asked, address } = await other(port);
    const socketPath = await proxy({
      hosts: new Set(['good.example']),
      upstream: upstreamOf({ HTTPS_PROXY: address, http_proxy: address }),
      lookup: unknown,
    });
    const inner = 'GET /x HTTP/1.1\r\nHost: good.example\r\nConnection: close\r\n\r\n';
    const tunnelled = await say(socketPath, connectTo('good.example:443') + inner);
    expect(tunnelled).toMatch(/^HTTP\/1.1 200 [\s\S]*you asked \/x/);
    const plain = 'GET http://good.example/y HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    expect(await say(socketPath, plain)).toContain('by the other: http://good.example/y');
    expect(asked).toEqual([
      `CONNECT good.example:443 ${credentials}`,
      `GET http://good.example/y ${credentials}`,
    ]);
  });

  test('refuses what is not allowed, and private addresses that it sees, before it asks', async () => {
    const { asked, address } = await other(1);
    const upstream = upstreamOf({ all_proxy: address });
    const socketPath = await proxy({
      hosts: new Set(['good.example']),
      upstream,
      lookup: async () => ['10.0.0.1'],
    });
    expect(await say(socketPath, connectTo('good.example:443'))).toContain('not public');
    expect(await say(socketPath, connectTo('other.example:443'))).toContain('not among');
    expect(asked).toEqual([]);
  });

  test('says that it was the other one that refused', async () => {
    const { address } = await other(1, false);
    const refused: string[] = [];
    const socketPath = await proxy({
      hosts: new Set(['good.example']),
      upstream: upstreamOf({ https_proxy: address }),
      lookup: unknown,
      onRefused: (_target, reason) => refused.push(reason),
    });
    expect(await say(socketPath, connectTo('good.example:443'))).toMatch(/^HTTP\/1.1 502 /);
    expect(refused).toEqual(['your proxy answers 407']);
  });
});

test.each([
  ['a.example', 443, 'http://proxy:1'],
  ['localhost', 443, null],
  ['127.0.0.1', 443, null],
  ['below.corp.example', 443, null],
  ['corp.example', 443, null],
  ['notcorp.example', 443, 'http://proxy:1'],
  ['port.example', 8443, null],
  ['port.example', 443, 'http://proxy:1'],
  ['10.0.0.1', 443, null],
])('no_proxy has its say about %s:%d', (host, port, expected) => {
  const upstream = upstreamOf({
    https_proxy: 'proxy:1',
    NO_PROXY: '.corp.example,port.example:8443,10.0.0.1',
  });
  expect(upstream('https:', host, port)?.href ?? null).toBe(expected === null ? null : `${expected}/`);
  expect(upstream('http:', host, port)).toBeNull();
});

test('a proxy that does not speak HTTP is refused without showing its password', () => {
  const attempt = () => upstreamOf({ ALL_PROXY: 'socks5://me:hush@proxy:1080' });
  expect(attempt).toThrow(expect.objectContaining({ code: 'proxy-unsupported' }));
  expect(attempt).not.toThrow(/hush/);
});
