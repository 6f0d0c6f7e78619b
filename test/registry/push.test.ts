import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Descriptor, mediaTypes } from '../../src/image/documents.ts';
import { pushLayout } from '../../src/registry/push.ts';
import type { RegistryEvent, RegistryOptions } from '../../src/registry/types.ts';
import { certificates } from '../support/certificates.ts';
import { folderWith } from '../support/folder.ts';
import { ociServer, type Seen, sha256 } from '../support/oci-server.ts';
import { describeWith } from '../support/programs.ts';
import { type RegistryKind, registryUser, startRegistry } from '../support/registry.ts';
import { blobOf, failure, quick } from './support.ts';

const options: RegistryOptions = {
  insecure: false,
  timeoutMs: 10_000,
  retry: quick,
  credentials: async () => null,
};

interface Layout {
  directory: string;
  file(digest: string): string;
  /** An image of these layers. */
  image(layers: readonly Buffer[]): { manifest: Descriptor; layers: Descriptor[]; config: Descriptor };
  put(mediaType: string, content: Buffer | object): Descriptor;
}

function layout(): Layout {
  const directory = folderWith();
  mkdirSync(path.join(directory, 'blobs/sha256'), { recursive: true });
  const file = (digest: string) => path.join(directory, 'blobs', digest.replace(':', '/'));
  const put = (mediaType: string, content: Buffer | object): Descriptor => {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
    writeFileSync(file(sha256(bytes)), bytes);
    return { mediaType, digest: sha256(bytes), size: bytes.length };
  };
  const image = (contents: readonly Buffer[]) => {
    const layers = contents.map((content) => put(mediaTypes.layer.none, content));
    const config = put(mediaTypes.config, {
      architecture: 'amd64',
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
    });
    const document = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers };
    return { manifest: put(mediaTypes.manifest, document), layers, config };
  };
  return { directory, file, image, put };
}

const text = (content: string) => Buffer.from(content);

describe('a push', () => {
  it('sends blobs, then manifests by digest, then the tags in their order', async () => {
    const server = await ociServer();
    const { directory, image } = layout();
    const [one, two] = [image([text('a'), text('b')]), image([text('a'), text('c')])];
    const tags = [
      { tag: 'env', manifest: one.manifest },
      { tag: 'commit', manifest: two.manifest },
      { tag: 'latest', manifest: two.manifest },
    ];
    const pushed = await pushLayout(directory, `${server.host}/team/shop`, tags, options);
    const puts = server.calls().filter((call) => call.startsWith('PUT'));
    const at = '/v2/team/shop';
    expect(puts.slice(0, 5)).toEqual(Array(5).fill(`PUT ${at}/blobs/uploads/ID`));
    expect(puts.slice(5)).toEqual(
      [one.manifest.digest, two.manifest.digest, 'env', 'commit', 'latest'].map(
        (name) => `PUT ${at}/manifests/${name}`,
      ),
    );
    expect(sha256(server.manifests.get('commit')?.bytes ?? '')).toBe(two.manifest.digest);
    expect(pushed).toEqual({ sentBytes: 3 + one.config.size + two.config.size, presentBytes: 0 });
    const again = await pushLayout(directory, `${server.host}/team/shop`, tags, options);
    expect(again).toEqual({ sentBytes: 0, presentBytes: pushed.sentBytes });
  });

  it('takes what the layout does not have from the registry, if it is there', async () => {
    const server = await ociServer();
    const { directory, file, image } = layout();
    const { manifest, layers } = image([text('reused'), text('new')]);
    const [reused] = layers;
    rmSync(file(reused?.digest ?? ''));
    const push = () => pushLayout(directory, `${server.host}/team/shop`, [{ tag: '1', manifest }], options);
    expect(await failure(push())).toMatchObject({
      code: 'push-failed',
      message: expect.stringContaining('neither in the layout nor in the registry'),
    });
    expect(server.manifests.size).toBe(0);
    server.blobs.set(reused?.digest ?? '', text('reused'));
    expect((await push()).presentBytes).toBeGreaterThanOrEqual('reused'.length);
    expect(server.manifests.has('1')).toBe(true);
  });

  it('of an index sends what it names first', async () => {
    const server = await ociServer();
    const { directory, image, put } = layout();
    const children = [image([text('amd')]), image([text('arm')])].map(({ manifest }) => manifest);
    const document = { schemaVersion: 2, mediaType: mediaTypes.index, manifests: children };
    const manifest = put(mediaTypes.index, document);
    await pushLayout(directory, `${server.host}/team/shop`, [{ tag: '1', manifest }], options);
    const puts = server.calls().filter((call) => call.startsWith('PUT /v2/team/shop/manifests/'));
    expect(puts.map((call) => call.split('/').at(-1))).toEqual([
      ...children.map(({ digest }) => digest),
      manifest.digest,
      '1',
    ]);
    expect(server.manifests.get('1')?.type).toBe(mediaTypes.index);
  });

  it('sends three blobs at a time', async () => {
    const server = await ociServer({ delayMs: 10 });
    const { directory, image } = layout();
    const { manifest } = image(Array.from({ length: 12 }, (_, number) => text(`layer ${number}`)));
    await pushLayout(directory, `${server.host}/team/shop`, [{ tag: '1', manifest }], options);
    expect(server.most()).toBe(3);
  });

  it('says how far it is', async () => {
    const server = await ociServer();
    const { directory, image } = layout();
    const { bytes } = blobOf(3_000_000);
    const { manifest, config } = image([bytes]);
    const events: RegistryEvent[] = [];
    await pushLayout(directory, `${server.host}/team/shop`, [{ tag: '1', manifest }], {
      ...options,
      onEvent: (event) => events.push(event),
    });
    const ofLayer = events.flatMap((event) =>
      event.kind === 'blob' && event.digest === sha256(bytes) ? [event.bytes] : [],
    );
    expect(ofLayer).toEqual([...ofLayer].sort((a, b) => a - b));
    expect(ofLayer.length).toBeGreaterThan(2);
    expect(events).toContainEqual({
      kind: 'blob',
      digest: config.digest,
      bytes: config.size,
      total: config.size,
      state: 'sent',
    });
  });

  it.each<[string, (request: Seen) => boolean]>([
    ['a layer', ({ method }) => method === 'PATCH'],
    ['the end of a layer', ({ method, path: at }) => method === 'PUT' && at.includes('uploads')],
    ['the manifest', ({ path: at }) => at.includes('/manifests/sha256:')],
  ])('that fails at %s leaves the tag as it was', async (_, isIt) => {
    let isBroken = false;
    const server = await ociServer({
      fault: (request) => (isBroken && isIt(request) ? { status: 403 } : null),
    });
    const { directory, image } = layout();
    const push = (content: string) => {
      const { manifest } = image([text(content), text(`${content} too`)]);
      return pushLayout(directory, `${server.host}/team/shop`, [{ tag: '1', manifest }], options);
    };
    await push('before');
    const before = server.manifests.get('1');
    isBroken = true;
    expect(await failure(push('after'))).toMatchObject({ code: 'not-authorized', exitCode: 6 });
    expect(server.manifests.get('1')).toEqual(before);
    isBroken = false;
    await push('after');
    expect(server.manifests.get('1')).not.toEqual(before);
  });

  it('to a registry that says another digest gives it no tag', async () => {
    const server = await ociServer({ digest: () => sha256('other') });
    const { directory, image } = layout();
    const { manifest } = image([text('a')]);
    const push = pushLayout(directory, `${server.host}/team/shop`, [{ tag: '1', manifest }], options);
    expect((await failure(push)).code).toBe('response-refused');
    expect([...server.manifests.keys()]).toEqual([manifest.digest]);
  });

  it('of a layout that is not whole fails before anything is sent', async () => {
    const server = await ociServer();
    const { directory, file, image } = layout();
    const { manifest } = image([text('a')]);
    writeFileSync(file(manifest.digest), '{"schemaVersion":2}');
    const push = () => pushLayout(directory, `${server.host}/team/shop`, [{ tag: '1', manifest }], options);
    expect((await failure(push())).code).toBe('push-failed');
    rmSync(file(manifest.digest));
    expect((await failure(push())).code).toBe('push-failed');
    expect(server.seen).toEqual([]);
  });

  it('stops all that it sends when it is told to', async () => {
    const abort = new AbortController();
    const server = await ociServer({ fault: ({ method }) => (method === 'PATCH' ? 'hang' : null) });
    const { directory, image } = layout();
    const { manifest } = image([text('a'), text('b'), text('c')]);
    const push = pushLayout(directory, `${server.host}/team/shop`, [{ tag: '1', manifest }], {
      ...options,
      signal: abort.signal,
    });
    setTimeout(() => abort.abort(), 200);
    expect(await failure(push)).toMatchObject({ code: 'aborted', exitCode: 75 });
    expect(server.manifests.size).toBe(0);
  });
});

describeWith('a real registry', ['docker-registry', 'skopeo', 'openssl'], () => {
  async function registry(kind: RegistryKind = {}): Promise<string> {
    const { address, stop } = await startRegistry(kind);
    onTestFinished(stop);
    return address;
  }

  /** What another program reads there. */
  async function inspect(
    reference: string,
    ...args: string[]
  ): Promise<{ Digest: string; Layers: string[] }> {
    const { stdout } = await execa('skopeo', ['inspect', ...args, `docker://${reference}`]);
    return JSON.parse(stdout);
  }

  it('has what was pushed, as another program sees it', async () => {
    const address = await registry();
    const { directory, image } = layout();
    const { manifest, layers } = image([blobOf(3_000_000).bytes, text('b'), Buffer.alloc(0)]);
    const tags = [
      { tag: '1', manifest },
      { tag: 'latest', manifest },
    ];
    await pushLayout(directory, `${address}/team/shop`, tags, { ...options, chunkBytes: 1_000_000 });
    for (const tag of ['1', 'latest']) {
      expect(await inspect(`${address}/team/shop:${tag}`, '--tls-verify=false')).toMatchObject({
        Digest: manifest.digest,
        Layers: layers.map(({ digest }) => digest),
      });
    }
    const copy = path.join(folderWith(), 'copy');
    // It checks every digest.
    await execa('skopeo', [
      ...['--insecure-policy', 'copy', '--src-tls-verify=false'],
      ...[`docker://${address}/team/shop:1`, `dir:${copy}`],
    ]);
  });

  it('that is private takes it from its user alone, over TLS', async () => {
    const made = certificates();
    const address = await registry({ isPrivate: true, tls: made });
    const { directory, image } = layout();
    const { manifest } = image([blobOf(1_000_000).bytes]);
    const before = { ...process.env };
    onTestFinished(() => {
      process.env = before;
    });
    process.env = { ...before, NIX_SSL_CERT_FILE: made.authority };
    const push = (credentials: RegistryOptions['credentials']) =>
      pushLayout(directory, `${address}/team/shop`, [{ tag: '1', manifest }], {
        ...options,
        ...(credentials === undefined ? {} : { credentials }),
      });
    for (const wrong of [null, { username: 'builder', password: 'wr0ng' }]) {
      const error = await failure(push(async () => wrong));
      expect(error).toMatchObject({ code: 'not-authorized', exitCode: 6 });
      expect(`${error.message}${error.hint}`).not.toContain('wr0ng');
    }
    await push(async () => registryUser);
    const { username, password } = registryUser;
    const found = await inspect(
      `${address}/team/shop:1`,
      `--creds=${username}:${password}`,
      `--cert-dir=${folderWith({ 'ca.crt': readFileSync(made.authority) })}`,
    );
    expect(found.Digest).toBe(manifest.digest);
  });

  it('is logged in to as other programs do it', async () => {
    const address = await registry({ isPrivate: true });
    const { directory, image } = layout();
    const { manifest } = image([text('a')]);
    const file = path.join(folderWith(), 'auth.json');
    const { username, password } = registryUser;
    await execa(
      'skopeo',
      ['login', '--tls-verify=false', `--authfile=${file}`, '-u', username, '--password-stdin', address],
      {
        input: password,
      },
    );
    const before = process.env.REGISTRY_AUTH_FILE;
    onTestFinished(() => {
      if (before === undefined) delete process.env.REGISTRY_AUTH_FILE;
      else process.env.REGISTRY_AUTH_FILE = before;
    });
    process.env.REGISTRY_AUTH_FILE = file;
    const { credentials: _, ...own } = options;
    await pushLayout(directory, `${address}/team/shop`, [{ tag: '1', manifest }], own);
    const found = await inspect(`${address}/team/shop:1`, '--tls-verify=false', `--authfile=${file}`);
    expect(found.Digest).toBe(manifest.digest);
  });

  it('has all of a layer whose connection was cut', async () => {
    const address = await registry();
    const { bytes } = blobOf(8_000_000);
    const proxy = await cutting(address, 5_000_000);
    const { directory, image } = layout();
    const { manifest } = image([bytes]);
    const retries: RegistryEvent[] = [];
    await pushLayout(directory, `${proxy.host}/team/shop`, [{ tag: '1', manifest }], {
      ...options,
      chunkBytes: 2_000_000,
      onEvent: (event) => event.kind === 'retry' && retries.push(event),
    });
    expect(proxy.cuts()).toBe(1);
    expect(retries.length).toBeGreaterThan(0);
    expect((await inspect(`${address}/team/shop:1`, '--tls-verify=false')).Digest).toBe(manifest.digest);
    // At most what had come before, once more.
    expect(proxy.bytes()).toBeLessThan(8_000_000 + 5_100_000);
  });

  it('takes the same from several at once', async () => {
    const address = await registry();
    const { directory, image } = layout();
    const { manifest } = image([blobOf(2_000_000).bytes, text('b')]);
    const push = () => pushLayout(directory, `${address}/team/shop`, [{ tag: '1', manifest }], options);
    // Many times, since what goes wrong then goes wrong seldom.
    await Promise.all(Array.from({ length: 6 }, push));
    expect((await inspect(`${address}/team/shop:1`, '--tls-verify=false')).Digest).toBe(manifest.digest);
  });
});

/** Passes all on, but breaks every connection once, when so many bytes have gone to the server. */
async function cutting(to: string, afterBytes: number) {
  const [hostname = '', port] = to.split(':');
  const sockets = new Set<Socket>();
  let bytes = 0;
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
    }
    client.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (cuts === 0 && bytes > afterBytes) {
        cuts++;
        for (const socket of sockets) socket.destroy();
      } else if (!upstream.write(chunk)) client.pause();
    });
    upstream.on('drain', () => client.resume()).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const host = typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : '';
  return { host, bytes: () => bytes, cuts: () => cuts };
}
