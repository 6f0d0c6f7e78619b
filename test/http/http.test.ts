import { createServer, type RequestListener, type Server } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { NidifyError } from '../../src/errors.ts';
import { fetchText } from '../../src/http/http.ts';
import { newestRevision, sourcesFrom } from '../../src/update/sources.ts';
import { firstEntryTime, tarballTime } from '../../src/update/tarball.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

async function failure(promise: Promise<unknown>): Promise<NidifyError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof NidifyError) return error;
  throw new Error(`expected a NidifyError, got ${String(error)}`);
}

const options = { maxBytes: 1000, timeoutMs: 5000 };
const rev = 'a1'.repeat(20);

describe('getting a text', () => {
  test('follows redirects', async () => {
    const base = await serve((request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: '/b' }).end();
      else response.end('text');
    });
    expect(await fetchText(`${base}/a`, options)).toBe('text');
  });

  test.each([
    ['404 is wrong usage', 404, 'not-found', 2],
    ['500 is temporary', 500, 'network-unavailable', 75],
    ['429 is temporary', 429, 'network-unavailable', 75],
  ])('%s', async (_, status, code, exitCode) => {
    const base = await serve((_request, response) => response.writeHead(status).end());
    expect(await failure(fetchText(base, options))).toMatchObject({ code, exitCode });
  });

  test('an endless answer is refused', async () => {
    const base = await serve((_request, response) => {
      const timer = setInterval(() => response.write('x'.repeat(500)), 1);
      response.on('close', () => clearInterval(timer));
    });
    expect(await failure(fetchText(base, options))).toMatchObject({ code: 'response-refused', exitCode: 6 });
  });

  test('an answer that never comes is temporary', async () => {
    const base = await serve(() => {});
    const error = await failure(fetchText(base, { ...options, timeoutMs: 200 }));
    expect(error).toMatchObject({ code: 'network-unavailable', exitCode: 75 });
    expect(error.message).toContain('no answer in 0.2 s');
  });

  test('nobody there is temporary', async () => {
    const base = await serve(() => {});
    servers.splice(0)[0]?.close();
    expect(await failure(fetchText(base, options))).toMatchObject({
      code: 'network-unavailable',
      exitCode: 75,
    });
  });

  test.each([
    ['in circles', (request: { url?: string | undefined }) => `${request.url}x`],
    ['to a file', () => 'file:///etc/passwd'],
  ])('a redirect %s is refused', async (_, to) => {
    const base = await serve((request, response) => response.writeHead(302, { location: to(request) }).end());
    expect((await failure(fetchText(base, options))).code).toBe('response-refused');
  });

  test('a proxy of the environment is used', async () => {
    const proxy = await serve((request, response) => response.end(`proxied ${request.url}`));
    // undici tunnels with CONNECT even for http.
    servers[0]?.on('connect', (_request, socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nproxied'));
    });
    const before = process.env.http_proxy;
    process.env.http_proxy = proxy;
    try {
      expect(await fetchText('http://channels.example/x', options)).toContain('proxied');
    } finally {
      if (before === undefined) delete process.env.http_proxy;
      else process.env.http_proxy = before;
    }
  });
});

describe('the newest revision of a channel', () => {
  const sources = (channels: string) => ({ channels, tarballs: 'http://127.0.0.1:1' });

  test('is what the channel says', async () => {
    const base = await serve((request, response) => {
      response.end(request.url === '/nixos-26.05/git-revision' ? `${rev}\n` : 'no');
    });
    expect(await newestRevision('nixos-26.05', sources(base), options)).toBe(rev);
  });

  test('a log-in page is no revision', async () => {
    const base = await serve((_request, response) => response.end('<html>log in</html>'));
    const error = await failure(newestRevision('nixos-26.05', sources(base), options));
    expect(error).toMatchObject({ code: 'response-refused', exitCode: 6 });
  });

  test('a channel whose name is a path stays below the address', async () => {
    const asked: (string | undefined)[] = [];
    const base = await serve((request, response) => {
      asked.push(request.url);
      response.end(rev);
    });
    await newestRevision('../x?y', sources(base), options);
    expect(asked).toEqual(['/..%2Fx%3Fy/git-revision']);
  });
});

describe('mirrors', () => {
  test('are named by the environment', () => {
    expect(sourcesFrom({ NIDIFY_CHANNELS_URL: 'https://mirror.example/channels/' }).channels).toBe(
      'https://mirror.example/channels',
    );
    expect(sourcesFrom({}).channels).toBe('https://channels.nixos.org');
  });

  test.each(['file:///x', 'mirror', 'https://x/?a=b'])('%s is no address of one', (value) => {
    expect(() => sourcesFrom({ NIDIFY_TARBALL_URL: value })).toThrow(NidifyError);
  });
});

describe('the time of an archive', () => {
  function entry(type: string, size: number, time: number): Buffer {
    const header = Buffer.alloc(512);
    header.write(size.toString(8).padStart(11, '0'), 124, 'latin1');
    header.write(time.toString(8).padStart(11, '0'), 136, 'latin1');
    header.write(type, 156, 'latin1');
    return Buffer.concat([header, Buffer.alloc(Math.ceil(size / 512) * 512)]);
  }
  const archive = Buffer.concat([entry('g', 52, 7), entry('5', 0, 1_787_000_000), entry('0', 3, 8)]);

  test('is that of the first entry behind the global header', async () => {
    const base = await serve((_request, response) => response.end(gzipSync(archive)));
    expect(await tarballTime(`${base}/x.tar.gz`, options)).toBe(1_787_000_000);
  });

  test('needs the beginning of the archive only', async () => {
    const base = await serve((_request, response) => {
      response.write(gzipSync(Buffer.concat([archive, Buffer.alloc(200_000)]), { level: 0 }));
    });
    expect(await tarballTime(`${base}/x.tar.gz`, options)).toBe(1_787_000_000);
  });

  test.each([
    ['no gzip', Buffer.from('hello')],
    ['no tar', gzipSync('x'.repeat(200_000))],
    ['nothing', gzipSync('')],
  ])('%s is refused', async (_, bytes) => {
    const base = await serve((_request, response) => response.end(bytes));
    expect((await failure(tarballTime(`${base}/x.tar.gz`, options))).code).toBe('response-refused');
  });

  test('half a header is not enough to tell', () => {
    expect(firstEntryTime(archive.subarray(0, 600))).toBeNull();
  });
});
