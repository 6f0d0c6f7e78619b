import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NidifyError } from '../../src/errors.ts';
import { findImages } from '../../src/update/images.ts';
import { digestOf } from '../../src/update/registry.ts';
import { folderWith } from '../support/folder.ts';
import { planOf } from '../support/plan.ts';
import { startRegistry } from '../support/registry.ts';

const index = JSON.stringify({ schemaVersion: 2, manifests: [] });
const indexType = 'application/vnd.oci.image.index.v1+json';
const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

let server: Server;
let host: string;
let asked: { url: string; authorization: string | undefined; accept: string | undefined }[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  asked = [];
  answer = (_, response) => give(response);
  server = createServer((request, response) => {
    const { authorization, accept } = request.headers;
    asked.push({ url: request.url ?? '', authorization, accept });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const found = server.address();
  host = typeof found === 'object' && found !== null ? `127.0.0.1:${found.port}` : '';
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function give(response: ServerResponse, headers: Record<string, string> = {}, body = index): void {
  response.writeHead(200, { 'content-type': indexType, ...headers }).end(body);
}

const options = { timeoutMs: 5_000, mirror: null };
const resolve = (image = 'tools/debian:13', more: Partial<Parameters<typeof digestOf>[1]> = {}) =>
  digestOf(`${host}/${image}`, { ...options, ...more });

async function failure(promise: Promise<unknown>): Promise<NidifyError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof NidifyError) return error;
  throw new Error(`expected a NidifyError, got ${String(error)}`);
}

describe('the digest of a tag', () => {
  test('is that of the content, which is an index or a manifest', async () => {
    expect(await resolve()).toBe(sha256(index));
    expect(asked).toMatchObject([{ url: '/v2/tools/debian/manifests/13', authorization: undefined }]);
    expect(asked[0]?.accept).toContain(`${indexType}, `);
    answer = (_, response) => give(response, { 'docker-content-digest': sha256(index) });
    expect(await resolve('debian')).toBe(sha256(index));
    expect(asked.at(-1)?.url).toBe('/v2/debian/manifests/latest');
  });

  test('is asked for with a token for anyone, where the registry wants one', async () => {
    answer = (request, response) => {
      if (request.url?.startsWith('/token') === true) response.end(JSON.stringify({ token: 'abc' }));
      else if (request.headers.authorization === 'Bearer abc') give(response);
      else {
        const challenge = `Bearer realm="http://${host}/token",service="registry.test",scope="repository:tools/debian:pull"`;
        response.writeHead(401, { 'www-authenticate': challenge }).end();
      }
    };
    expect(await resolve()).toBe(sha256(index));
    const url = new URL(asked[1]?.url ?? '', `http://${host}`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      service: 'registry.test',
      scope: 'repository:tools/debian:pull',
    });
    expect(asked).toHaveLength(3);
  });

  test('is asked for as whom the user is logged in, if that is known', async () => {
    const basic = `Basic ${Buffer.from('me:pass').toString('base64')}`;
    answer = (request, response) => {
      if (request.headers.authorization === basic) give(response);
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    };
    const before = process.env.REGISTRY_AUTH_FILE;
    const auths = { [host]: { auth: basic.slice('Basic '.length) } };
    const folder = folderWith({ 'auth.json': JSON.stringify({ auths }), 'broken.json': '{' });
    try {
      process.env.REGISTRY_AUTH_FILE = path.join(folder, 'auth.json');
      expect(await resolve()).toBe(sha256(index));
      process.env.REGISTRY_AUTH_FILE = path.join(folder, 'broken.json');
      expect((await failure(resolve())).code).toBe('image-not-found');
      answer = (_, response) => give(response);
      expect(await resolve()).toBe(sha256(index));
    } finally {
      if (before === undefined) delete process.env.REGISTRY_AUTH_FILE;
      else process.env.REGISTRY_AUTH_FILE = before;
    }
  });

  test('of docker.io comes from a mirror that is named', async () => {
    const mirror = `http://${host}/hub`;
    expect(await digestOf('docker.io/library/debian:13', { ...options, mirror })).toBe(sha256(index));
    expect(asked).toMatchObject([{ url: '/hub/v2/library/debian/manifests/13' }]);
    await resolve('tools/debian:13', { mirror: 'http://127.0.0.1:1' });
  });

  test('a token stays with the registry that it is for', async () => {
    const other = createServer((request, response) => {
      asked.push({ url: 'elsewhere', authorization: request.headers.authorization, accept: undefined });
      give(response);
    });
    await new Promise<void>((ready) => other.listen(0, '127.0.0.1', ready));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    answer = (request, response) => {
      if (request.url?.startsWith('/token') === true) response.end(JSON.stringify({ access_token: 'abc' }));
      else if (request.headers.authorization !== undefined)
        response.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end();
      else response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token"` }).end();
    };
    expect(await resolve()).toBe(sha256(index));
    expect(asked.at(-1)).toEqual({ url: 'elsewhere', authorization: undefined, accept: undefined });
    other.closeAllConnections();
    other.close();
  });

  test.each<[string, (response: ServerResponse) => void, string, number]>([
    ['another digest', (r) => give(r, { 'docker-content-digest': sha256('x') }), 'response-refused', 6],
    ['a page to log in', (r) => give(r, { 'content-type': 'text/html' }), 'response-refused', 6],
    ['too much', (r) => give(r, {}, 'x'.repeat(5 * 1024 * 1024)), 'response-refused', 6],
    ['no such image', (r) => r.writeHead(404).end(), 'image-not-found', 2],
    ['no access', (r) => r.writeHead(401).end(), 'image-not-found', 2],
    ['a limit', (r) => r.writeHead(429).end(), 'network-unavailable', 75],
    ['a failure', (r) => r.writeHead(503).end(), 'network-unavailable', 75],
    ['tokens from elsewhere', (r) => challenge(r, 'ftp://x.test/'), 'response-refused', 6],
    ['tokens from nowhere', (r) => challenge(r, ''), 'response-refused', 6],
    ['a token that is none', (r) => challenge(r, `http://${host}/x`), 'response-refused', 6],
  ])('is not there where the registry answers with %s', async (_what, how, code, exitCode) => {
    answer = (request, response) => {
      if (request.url === '/v2/tools/debian/manifests/13') how(response);
      else response.end('{"token":"a\\nb"}');
    };
    expect(await failure(resolve())).toMatchObject({ code, exitCode });
  });

  test('is not waited for any longer than said', async () => {
    answer = () => {};
    const error = await failure(resolve('debian', { timeoutMs: 200 }));
    expect(error).toMatchObject({ code: 'network-unavailable', message: expect.stringContaining('0.2 s') });
  });

  function challenge(response: ServerResponse, realm: string): void {
    response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}"` }).end();
  }
});

describe('the images of a plan', () => {
  const plan = (digest: string | null = null) =>
    planOf({
      container: {
        folder: '.devcontainer',
        policy: 'on',
        toolchain: 'nix',
        images: [{ key: 'base', reference: `${host}/debian:13`, digest }],
      },
    });
  const old = () => [{ reference: `${host}/debian:13`, digest: sha256('old') }];

  test('are pinned anew', async () => {
    const images = [{ reference: `${host}/debian:13`, digest: sha256(index) }];
    expect(await findImages(plan(), old(), options)).toEqual({ images, findings: [] });
  });

  test('stay as the configuration pins them', async () => {
    expect(await findImages(plan(sha256('x')), [], options)).toEqual({ images: [], findings: [] });
    expect(asked).toEqual([]);
  });

  test('keep their pins where the registry does not answer, and it is said', async () => {
    answer = (_, response) => response.writeHead(503).end();
    const { images, findings } = await findImages(plan(), old(), options);
    expect(images).toEqual(old());
    expect(findings).toMatchObject([
      { code: 'image-unresolved', severity: 'warning', message: expect.stringMatching(/503.*pin stays/) },
    ]);
    expect((await findImages(plan(), [], options)).findings[0]?.message).toContain('without a pin');
  });
});

const hasRegistry = ['docker-registry'].every(
  (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
);
describe.skipIf(!hasRegistry && !process.env.CI)('a registry', () => {
  let address: string;
  let stop: (() => Promise<void>) | undefined;

  beforeAll(async () => {
    ({ address, stop } = await startRegistry());
  });
  afterAll(() => stop?.());

  test('says what was pushed', async () => {
    const put = async (where: string, body: string, type: string) => {
      const { status } = await fetch(`http://${address}/v2/debian/${where}`, {
        method: 'PUT',
        headers: { 'content-type': type },
        body,
      });
      expect(status).toBe(201);
    };
    const config = '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}';
    const start = await fetch(`http://${address}/v2/debian/blobs/uploads/`, { method: 'POST' });
    const upload = new URL(start.headers.get('location') ?? '', `http://${address}`);
    upload.searchParams.set('digest', sha256(config));
    const uploaded = await fetch(upload, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: config,
    });
    expect(uploaded.status).toBe(201);
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: sha256(config),
        size: config.length,
      },
      layers: [],
    });
    await put('manifests/13', manifest, 'application/vnd.oci.image.manifest.v1+json');
    expect(await digestOf(`${address}/debian:13`, options)).toBe(sha256(manifest));
    expect(await failure(digestOf(`${address}/debian:12`, options))).toMatchObject({
      code: 'image-not-found',
    });
  });
});
