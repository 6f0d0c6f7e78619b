import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { deliver } from '../../src/image/deliver.ts';
import { labelsOf } from '../../src/image/documents.ts';
import { planLayers } from '../../src/image/layers.ts';
import type { ImageInput } from '../../src/image/layout.ts';
import { parseImageName } from '../../src/image/references.ts';
import { folderWith } from '../support/folder.ts';
import { ociServer } from '../support/oci-server.ts';
import { planOf } from '../support/plan.ts';
import { freePort } from '../support/registry.ts';
import { environmentPath, fakeStore, libraryPath } from './support.ts';

const options = { insecure: false };
const before = process.env.PATH;

afterEach(() => {
  process.env.PATH = before;
});

function inputOf(parts: Partial<ImageInput> = {}) {
  const { environment, closure, directory } = fakeStore();
  const input: ImageInput = {
    environment,
    layers: planLayers(closure, 9),
    labels: labelsOf(planOf(), true),
    compression: 'gzip',
    name: { name: 'shop:1.0', tag: '1.0' },
    ...parts,
  };
  return { input, store: directory };
}

const read = (file: string): string => readFileSync(file, 'utf8');
const oci = (directory: string) => ({ kind: 'oci', directory, tag: null }) as const;
const archive = (file: string) => ({ kind: 'docker-archive', file }) as const;

describe('a layout', () => {
  it('has every blob under its digest, and says what starts', async () => {
    const directory = path.join(folderWith(), 'deep/image');
    const image = await deliver(oci(directory), inputOf().input, options);
    for (const name of readdirSync(path.join(directory, 'blobs/sha256'))) {
      const { stdout } = await execa('sha256sum', [path.join(directory, 'blobs/sha256', name)]);
      expect(stdout.split(' ')[0]).toBe(name);
    }
    const blob = (digest: string) => path.join(directory, 'blobs', digest.replace(':', '/'));
    const config = JSON.parse(read(blob(image.config.digest)));
    expect(config).toMatchObject({
      created: '1970-01-01T00:00:01Z',
      os: 'linux',
      config: {
        Entrypoint: [`${environmentPath}/bin/enter`],
        Labels: { 'dev.nidify.plan-digest': 'sha256-digest' },
      },
    });
    expect(config.rootfs.diff_ids).toEqual(image.layers.map(({ diffId }) => diffId));
    expect(image.layers.map(({ paths }) => paths.length)).toEqual([1, 1, 1, 0]);
    const last = await execa('tar', ['-tvzf', blob(image.layers.at(-1)?.digest ?? ''), '--numeric-owner']);
    expect(last.stdout).toMatch(/drwxrwxrwt 0\/0 .* tmp\/$/m);
    expect(last.stdout).toMatch(/drwxr-xr-x 1000\/1000 .* home\/nidify\/$/m);
    expect(last.stdout).toMatch(/ bin\/sh -> \/nix\/store\/b+-bash-5.2\/bin\/sh$/m);
    // This closure has neither.
    expect(last.stdout).not.toMatch(/usr\/bin\/env|ca-bundle/);
    expect(JSON.stringify(config)).not.toContain(directory);
  });

  it.each(['gzip', 'none'] as const)('is the same the second time (%s)', async (compression) => {
    const folder = folderWith();
    const made = [];
    for (const name of ['one', 'two']) {
      made.push(await deliver(oci(path.join(folder, name)), inputOf({ compression }).input, options));
    }
    expect(made[1]).toEqual(made[0]);
    await execa('diff', ['--recursive', path.join(folder, 'one'), path.join(folder, 'two')]);
  });

  it('has layers that differ in nothing but compression', async () => {
    const folder = folderWith();
    const [packed, plain] = await Promise.all(
      (['gzip', 'none'] as const).map((compression) =>
        deliver(oci(path.join(folder, compression)), inputOf({ compression }).input, options),
      ),
    );
    expect(packed?.layers.map(({ diffId }) => diffId)).toEqual(plain?.layers.map(({ digest }) => digest));
    expect(packed?.layers[1]?.size).toBeLessThan((plain?.layers[1]?.size ?? 0) / 100);
  });

  it('replaces an earlier one, and nothing else', async () => {
    const folder = folderWith({ 'kept/mine.txt': 'mine' });
    await deliver(oci(path.join(folder, 'image')), inputOf().input, options);
    writeFileSync(path.join(folder, 'image/left-over'), '');
    await deliver(oci(path.join(folder, 'image')), inputOf().input, options);
    expect(readdirSync(path.join(folder, 'image')).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
    await expect(deliver(oci(path.join(folder, 'kept')), inputOf().input, options)).rejects.toMatchObject({
      code: 'image-exists',
      exitCode: 6,
    });
    expect(readdirSync(folder).sort()).toEqual(['image', 'kept']);
  });

  it('is not there when making it fails, and what was there stays', async () => {
    const folder = folderWith();
    await deliver(oci(path.join(folder, 'image')), inputOf().input, options);
    const index = read(path.join(folder, 'image/index.json'));
    const { input, store } = inputOf();
    rmSync(path.join(store, path.basename(libraryPath)), { recursive: true });
    for (const destination of [
      oci(path.join(folder, 'image')),
      oci(path.join(folder, 'new')),
      archive(path.join(folder, 'new.tar')),
    ]) {
      await expect(deliver(destination, input, options)).rejects.toMatchObject({
        code: 'image-not-written',
        exitCode: 5,
      });
    }
    expect(readdirSync(folder)).toEqual(['image']);
    expect(read(path.join(folder, 'image/index.json'))).toBe(index);
  });

  it('leaves nothing when it is interrupted', async () => {
    const folder = folderWith();
    const abort = new AbortController();
    const { input } = inputOf({
      signal: abort.signal,
      onLayer: (number) => {
        if (number === 2) abort.abort();
      },
    });
    await expect(deliver(oci(path.join(folder, 'image')), input, options)).rejects.toMatchObject({
      code: 'aborted',
      exitCode: 75,
    });
    expect(readdirSync(folder)).toEqual([]);
  });
});

/** A folder that is all of PATH, with a program that does this. */
function programIn(name: string, script: string): string {
  const folder = folderWith({ [name]: `#!/bin/sh\n${script}\n` });
  chmodSync(path.join(folder, name), 0o755);
  process.env.PATH = folder;
  return folder;
}

describe('loading', () => {
  it('streams the archive that --to docker-archive writes', async () => {
    const folder = programIn('podman', '[ "$1" = info ] || /bin/cat > "$(/usr/bin/dirname "$0")/loaded"');
    await deliver({ kind: 'load' }, inputOf().input, options);
    const file = path.join(folder, 'deep/image.tar');
    await deliver(archive(file), inputOf().input, options);
    expect(readFileSync(path.join(folder, 'loaded')).equals(readFileSync(file))).toBe(true);
  });

  it('says what there is instead, when nothing can load', async () => {
    programIn('docker', 'echo "is the daemon running?" >&2; exit 1');
    await expect(deliver({ kind: 'load' }, inputOf().input, options)).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('is the daemon running?; podman: not found'),
      hint: expect.stringContaining('docker-archive'),
    });
  });

  it('says what the program said when it fails before it has read everything', async () => {
    programIn('docker', '[ "$1" = version ] || { echo "no space left" >&2; exit 1; }');
    await expect(deliver({ kind: 'load' }, inputOf().input, options)).rejects.toMatchObject({
      code: 'load-failed',
      exitCode: 5,
      message: expect.stringContaining('no space left'),
    });
  });
});

describe('pushing', () => {
  const retry = { attempts: 2, firstWaitMs: 5 };
  const push = (reference: string, parts: Partial<ImageInput> = {}, told: string[] = []) =>
    deliver({ kind: 'push', reference }, inputOf(parts).input, {
      ...options,
      retry,
      onDelivery: (text) => told.push(text),
    });

  it('needs no program, and leaves nothing here', async () => {
    const server = await ociServer();
    process.env.PATH = folderWith();
    const before = process.env.TMPDIR;
    onTestFinished(() => {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    });
    const temporary = folderWith();
    process.env.TMPDIR = temporary;
    const told: string[] = [];
    const image = await push(`${server.host}/team/shop:1.0`, {}, told);
    expect([...server.manifests.keys()].sort()).toEqual(['1.0', image.manifest.digest].sort());
    for (const { digest } of [image.config, ...image.layers]) expect(server.blobs.has(digest)).toBe(true);
    expect(told[0]).toBe(`pushing ${server.host}/team/shop:1.0`);
    expect(told.at(-1)).toBe(`pushing ${server.host}/team/shop:1.0: 100%`);
    // What is left is the test's own store.
    expect(readdirSync(temporary).filter((name) => !name.startsWith('nidify-test-'))).toEqual([]);
  });

  it('that fails half way leaves no name', async () => {
    let patches = 0;
    const server = await ociServer({
      fault: ({ method }) => (method === 'PATCH' && ++patches === 2 ? { status: 400 } : null),
    });
    await expect(push(`${server.host}/team/shop:1.0`)).rejects.toMatchObject({
      code: 'push-failed',
      exitCode: 5,
    });
    expect(server.manifests.size).toBe(0);
  });

  it('to a registry that does not answer is an error that names it, and tells that it tries again', async () => {
    const host = `127.0.0.1:${await freePort()}`;
    const told: string[] = [];
    let layers = 0;
    await expect(push(`${host}/shop:1.0`, { onLayer: () => layers++ }, told)).rejects.toMatchObject({
      code: 'registry-unavailable',
      exitCode: 75,
      message: expect.stringContaining(host),
    });
    expect(layers).toBe(0);
    expect(told.join()).toMatch(/trying again in 1 s \(.*ECONNREFUSED/);
  });

  it('is interrupted', async () => {
    const abort = new AbortController();
    const server = await ociServer({
      fault: () => {
        abort.abort();
        return 'hang';
      },
    });
    await expect(push(`${server.host}/shop:1.0`, { signal: abort.signal })).rejects.toMatchObject({
      code: 'aborted',
      exitCode: 75,
    });
  });
});

describe('the name of an image', () => {
  it.each([
    'user:s3cret@registry.example.com/shop:1',
    'https://user:s3cret@registry.example.com/shop',
    `user:s3cret@registry.example.com/shop@sha256:${'a'.repeat(64)}`,
  ])('%s is none, and shows no password', (name) => {
    expect(() => parseImageName(name, '--push')).toThrow(
      /\*\*\*@registry.example.com\/shop.* is not the name/,
    );
  });
});
