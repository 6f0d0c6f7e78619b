/** What engines built, taken out of them as OCI layouts. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { exportLayout } from '../../src/container/export.ts';
import { describeEngine, type Engine, startEngine } from './engine.ts';

const dockerfile = [
  'FROM scratch',
  'COPY one /one',
  'COPY two /two',
  // The same content twice: Docker writes a link in place of the second layer.
  'COPY one /one',
  'LABEL color=green',
  'ENTRYPOINT ["/one"]',
  '',
].join('\n');

describeEngine('an image of an engine as a layout', () => {
  let scratch: string;
  let context: string;
  let engine: Engine;
  beforeAll(async () => {
    scratch = mkdtempSync(path.join(tmpdir(), 'nidify-export-'));
    context = path.join(scratch, 'context');
    mkdirSync(context);
    writeFileSync(path.join(context, 'Dockerfile'), dockerfile);
    writeFileSync(path.join(context, 'one'), 'first\n');
    writeFileSync(path.join(context, 'two'), 'second\n'.repeat(10_000));
    engine = await startEngine();
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await engine?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  const exported = async (name: 'docker' | 'buildah') => {
    const directory = mkdtempSync(path.join(scratch, 'layout-'));
    const { manifest } = await exportLayout({
      image: { engine: { name, said: '' }, name: 'localhost/exported:1' },
      directory,
      scratch: path.join(directory, 'scratch'),
      compression: 'gzip',
    });
    return { directory, manifest };
  };

  const blob = (directory: string, digest: string) =>
    readFileSync(path.join(directory, 'blobs', ...digest.split(':')));
  const sha256 = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

  function examine({ directory, manifest }: { directory: string; manifest: string }) {
    const document = JSON.parse(blob(directory, manifest).toString('utf8'));
    const config = JSON.parse(blob(directory, document.config.digest).toString('utf8'));
    expect(readdirSync(directory)).toEqual(['blobs']);
    for (const name of readdirSync(path.join(directory, 'blobs/sha256'))) {
      expect(sha256(blob(directory, `sha256:${name}`))).toBe(`sha256:${name}`);
    }
    const unpacked = document.layers.map(({ digest }: { digest: string }) =>
      gunzipSync(blob(directory, digest)),
    );
    expect(unpacked.map(sha256)).toEqual(config.rootfs.diff_ids);
    expect(unpacked.some((bytes: Buffer) => bytes.includes('first\n'))).toBe(true);
    expect(unpacked.some((bytes: Buffer) => bytes.includes('second\nsecond\n'))).toBe(true);
    expect(config.config).toMatchObject({ Entrypoint: ['/one'], Labels: { color: 'green' } });
    return config;
  }

  test('docker save', async () => {
    vi.stubEnv('DOCKER_HOST', `unix://${engine.socket}`);
    await execa('docker', ['build', '--tag', 'localhost/exported:1', context], {
      env: { DOCKER_HOST: `unix://${engine.socket}`, DOCKER_BUILDKIT: '0' },
    });
    expect(examine(await exported('docker')).rootfs.diff_ids).toHaveLength(3);
  });

  test('buildah push', async () => {
    const storage = path.join(scratch, 'storage.conf');
    writeFileSync(
      storage,
      `[storage]\ndriver = "vfs"\ngraphroot = "${scratch}/graph"\nrunroot = "${scratch}/run"\n`,
    );
    vi.stubEnv('CONTAINERS_STORAGE_CONF', storage);
    await execa('buildah', [
      'build',
      '--isolation=chroot',
      '--layers',
      '--tag',
      'localhost/exported:1',
      context,
    ]);
    examine(await exported('buildah'));
  });

  test('what is not there is said', async () => {
    vi.stubEnv('DOCKER_HOST', `unix://${engine.socket}`);
    const directory = mkdtempSync(path.join(scratch, 'layout-'));
    const request = exportLayout({
      image: { engine: { name: 'docker', said: '' }, name: 'localhost/nothing:1' },
      directory,
      scratch: path.join(directory, 'scratch'),
      compression: 'gzip',
    });
    await expect(request).rejects.toMatchObject({ code: 'image-not-exported', exitCode: 5 });
  });
});
