import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, it } from 'vitest';
import { deliver } from '../../src/image/deliver.ts';
import { labelsOf } from '../../src/image/documents.ts';
import { planLayers } from '../../src/image/layers.ts';
import type { ImageInput } from '../../src/image/layout.ts';
import { folderWith } from '../support/folder.ts';
import { planOf } from '../support/plan.ts';
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
  it('says how to get skopeo before anything is made', async () => {
    process.env.PATH = folderWith();
    let layers = 0;
    const { input } = inputOf({ onLayer: () => layers++ });
    await expect(
      deliver({ kind: 'push', reference: 'registry.example.com/shop:1' }, input, options),
    ).rejects.toMatchObject({
      code: 'tool-missing',
      exitCode: 4,
      hint: expect.stringContaining('apt install'),
    });
    expect(layers).toBe(0);
  });

  it.each([
    ['registry.example.com/shop:1', false, 'true'],
    ['registry.example.com/shop:1', true, 'false'],
    ['localhost:5000/shop:1', false, 'false'],
    ['127.0.0.1.example.com/shop:1', false, 'true'],
  ])('to %s (insecure: %s) verifies TLS: %s', async (reference, insecure, verified) => {
    const folder = programIn('skopeo', 'echo "$@" >> "$(/usr/bin/dirname "$0")/calls"');
    mkdirSync(path.join(folder, 'tmp'));
    await deliver({ kind: 'push', reference }, inputOf().input, { insecure });
    const [, call = ''] = read(path.join(folder, 'calls')).split('\n');
    expect(call).toContain(`--dest-tls-verify=${verified} `);
    const layout = /oci:(?<layout>\S+):1\.0 docker:\/\//.exec(call)?.groups?.layout;
    expect(layout).toBeDefined();
    expect(existsSync(layout ?? '')).toBe(false);
  });
});
