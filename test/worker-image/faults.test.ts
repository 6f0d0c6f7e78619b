/** What a registry does wrong while an image is built: no wrong tag, no part of an image under a tag, and then it works. */
import { execFileSync } from 'node:child_process';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RegistryOptions } from '../../src/registry/types.ts';
import { openWorker } from '../../src/worker-image/worker.ts';
import { failure, open } from '../registry/support.ts';
import { fakeBuilder } from '../support/builder.ts';
import { certificates } from '../support/certificates.ts';
import { folderWith } from '../support/folder.ts';
import { type Fault, type OciServer, ociServer, type Seen } from '../support/oci-server.ts';
import { describeWith } from '../support/programs.ts';
import { freePort } from '../support/registry.ts';
import { memoryRegistry } from './memory-registry.ts';

const git = (directory: string, ...args: string[]) =>
  execFileSync('git', ['-C', directory, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
    encoding: 'utf8',
  }).trim();

let project: string;
beforeEach(() => {
  project = folderWith({ 'package.json': '{ "name": "shop", "engines": { "node": "22" } }\n' });
  git(project, 'init', '--quiet', '--initial-branch=main');
  git(project, 'remote', 'add', 'origin', 'https://person:s3cret@example.com/team/shop.git');
  git(project, 'add', '--all');
  git(project, 'commit', '--quiet', '--message', 'first');
});

async function build(client: ReturnType<typeof open>['registry'] | ReturnType<typeof memoryRegistry>) {
  const worker = await openWorker(project, {
    ...{ registry: 'registry.example.com/team', client, builder: fakeBuilder() },
  });
  return worker.build({ layers: { repository: true } }).finally(() => worker.close());
}

const clientOf = (host: string, options: Partial<RegistryOptions> = {}) =>
  open(host, { timeoutMs: 20_000, ...options }).registry;

/** Names of a registry, and what it has under each. */
const tagsOf = ({ manifests }: OciServer) =>
  Object.fromEntries(
    [...manifests].flatMap(([name, { bytes }]) =>
      name.startsWith('sha256:') ? [] : [[name, bytes.toString()]],
    ),
  );

const isLayer = ({ method }: Seen) => method === 'PATCH';
const isLayerEnd = ({ method, path }: Seen) => method === 'PUT' && path.includes('/uploads/');
/** Of the environment, of the last image, of the architecture and of the commit. */
const isName = ({ method, path }: Seen) => method === 'PUT' && path.includes('/manifests/');
const isCommit = ({ method, path }: Seen) =>
  method === 'PUT' && /\/manifests\/[0-9a-f]{12}-[0-9a-f]{12}$/.test(path);

describe('a build whose registry', () => {
  it.each<[string, (request: Seen) => boolean, Fault, string, number]>([
    ['cuts the connection in the middle of each layer', isLayer, { cut: 1 }, 'registry-unavailable', 75],
    ['is too slow for a layer', isLayer, 'hang', 'registry-unavailable', 75],
    ['is too slow for a name', isCommit, 'hang', 'registry-unavailable', 75],
    [
      'cuts the connection before it has answered a name',
      isCommit,
      { cutAnswer: true },
      'registry-unavailable',
      75,
    ],
    ...[401, 403, 404, 429, 500].flatMap((status) => {
      const [code, exitCode] =
        status === 404
          ? (['push-failed', 5] as const)
          : status < 404
            ? (['not-authorized', 6] as const)
            : (['registry-unavailable', 75] as const);
      return [
        [`answers a layer with ${status}`, isLayer, { status }, code, exitCode],
        [`answers a name with ${status}`, isName, { status }, code, exitCode],
        [`answers the name of the commit with ${status}`, isCommit, { status }, code, exitCode],
      ] as [string, (request: Seen) => boolean, Fault, string, number][];
    }),
    [
      'finds another digest of a layer',
      isLayerEnd,
      { status: 400, body: '{"errors":[{"code":"DIGEST_INVALID"}]}' },
      'push-failed',
      5,
    ],
    [
      'says another digest of a manifest',
      isName,
      { status: 201, headers: { 'docker-content-digest': `sha256:${'0'.repeat(64)}` } },
      'response-refused',
      6,
    ],
  ])('%s', async (_, isIt, fault, code, exitCode) => {
    const expected = await build(memoryRegistry());
    let isBroken = true;
    const server = await ociServer({ fault: (request) => (isBroken && isIt(request) ? fault : null) });
    const timeoutMs = fault === 'hang' ? 300 : 20_000;
    const error = await failure(build(clientOf(server.host, { timeoutMs })));
    expect(error).toMatchObject({ code, exitCode });
    expect(error.message).toContain(server.host);
    // Whatever was named until then is whole, and is what it will be.
    const before = tagsOf(server);
    const cutAfterwards = typeof fault === 'object' && 'cutAnswer' in fault;
    if (!cutAfterwards) expect(Object.keys(before)).not.toContain(expected.imageTag);
    for (const bytes of Object.values(before)) {
      for (const { digest } of JSON.parse(bytes).layers) expect([...server.blobs.keys()]).toContain(digest);
    }
    isBroken = false;
    expect((await build(clientOf(server.host))).digest).toBe(expected.digest);
    const after = tagsOf(server);
    expect(Object.keys(after).sort()).toEqual([...expected.tags].sort());
    expect(after).toMatchObject(before);
    const held = [...server.blobs.values(), ...[...server.manifests.values()].map(({ bytes }) => bytes)];
    expect(`${error.message}${error.hint}${Buffer.concat(held)}`).not.toContain('s3cret');
  });

  it('is down', async () => {
    const host = `127.0.0.1:${await freePort()}`;
    const error = await failure(build(clientOf(host)));
    expect(error).toMatchObject({ code: 'registry-unavailable', exitCode: 75 });
    expect(error.message).toContain(host);
  });
});

describeWith('a build whose registry has a certificate', ['openssl'], () => {
  it('that cannot be verified sends it nothing', async () => {
    const server = await ociServer({ tls: certificates() });
    expect(await failure(build(clientOf(server.host)))).toMatchObject({
      ...{ code: 'certificate-refused', exitCode: 6 },
    });
    expect(server.seen).toEqual([]);
    const made = await build(clientOf(server.host, { insecure: true }));
    expect(Object.keys(tagsOf(server))).toContain(made.imageTag);
  });
});
