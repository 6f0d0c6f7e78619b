import { chmodSync, existsSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deliver } from '../../src/image/deliver.ts';
import { labelsOf } from '../../src/image/documents.ts';
import { planLayers } from '../../src/image/layers.ts';
import type { ImageInput } from '../../src/image/layout.ts';
import { folderWith } from '../support/folder.ts';
import { planOf } from '../support/plan.ts';
import { freePort, startRegistry } from '../support/registry.ts';
import { environmentPath, fakeStore } from './support.ts';

const options = { insecure: false };

function inputOf(): ImageInput {
  const { environment, closure } = fakeStore();
  return {
    environment,
    layers: planLayers(closure, 9),
    labels: labelsOf(planOf(), true),
    compression: 'gzip',
    name: { name: 'shop:1.0', tag: '1.0' },
  };
}

function describeWith(title: string, programs: readonly string[], define: () => void): void {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const missing = programs.filter((name) => !folders.some((folder) => existsSync(path.join(folder, name))));
  if (missing.length === 0) describe(title, define);
  else if (process.env.CI) throw new Error(`${title}: ${missing.join(', ')} not installed`);
  else describe.skip(`${title} (skipped: ${missing.join(', ')} not installed)`, define);
}

describeWith('an image for skopeo', ['skopeo'], () => {
  it('is a layout that it reads and copies', async () => {
    const folder = folderWith();
    const layout = path.join(folder, 'image');
    const image = await deliver({ kind: 'oci', directory: layout, tag: null }, inputOf(), options);
    const { stdout } = await execa('skopeo', ['inspect', `oci:${layout}:1.0`]);
    expect(JSON.parse(stdout)).toMatchObject({
      Digest: image.manifest.digest,
      Labels: { 'dev.nidify.plan-digest': 'sha256-digest' },
      Layers: image.layers.map(({ digest }) => digest),
      Os: 'linux',
    });
    const copy = path.join(folder, 'copy.tar');
    await execa('skopeo', [
      '--insecure-policy',
      'copy',
      `oci:${layout}:1.0`,
      `docker-archive:${copy}:shop:1.0`,
    ]);
    expect(existsSync(copy)).toBe(true);
  }, 60_000);

  it('is a docker-archive that it reads and verifies', async () => {
    const folder = folderWith();
    const file = path.join(folder, 'image.tar');
    const image = await deliver({ kind: 'docker-archive', file }, inputOf(), options);
    const { stdout } = await execa('skopeo', ['inspect', '--config', `docker-archive:${file}:shop:1.0`]);
    expect(JSON.parse(stdout).config.Entrypoint).toEqual([`${environmentPath}/bin/enter`]);
    const copy = path.join(folder, 'copy');
    await execa('skopeo', [
      '--insecure-policy',
      'copy',
      `docker-archive:${file}:shop:1.0`,
      `oci:${copy}:1.0`,
    ]);
    const copied = JSON.parse((await execa('skopeo', ['inspect', '--raw', `oci:${copy}:1.0`])).stdout);
    expect(copied.config.digest).toBe(image.config.digest);
  }, 60_000);
});

describeWith('a registry', ['skopeo', 'docker-registry'], () => {
  it('has the image under its name, with the digest that was reported', async () => {
    const { address: registry, stop } = await startRegistry();
    onTestFinished(stop);
    const reference = `${registry}/team/shop:1.0`;
    const image = await deliver({ kind: 'push', reference }, inputOf(), options);
    const answer = await fetch(`http://${registry}/v2/team/shop/manifests/1.0`, {
      headers: { accept: image.manifest.mediaType },
    });
    expect(answer.headers.get('docker-content-digest')).toBe(image.manifest.digest);
    const again = await deliver({ kind: 'push', reference }, inputOf(), options);
    expect(again.manifest.digest).toBe(image.manifest.digest);
  }, 60_000);

  it('has no name when the push fails half way', async () => {
    const { address: registry, stop } = await startRegistry();
    onTestFinished(stop);
    const reference = `${registry}/team/shop:1.0`;
    // As skopeo, but the largest blob is lost before it starts: the others are sent, then it fails.
    const folder = folderWith({
      skopeo: [
        '#!/bin/sh',
        `PATH=${process.env.PATH}`,
        'layout=$(printf "%s" "$*" | sed -n "s/.* oci:\\([^ ]*\\):1\\.0 .*/\\1/p")',
        '[ -z "$layout" ] || rm "$layout/blobs/sha256/$(ls -S "$layout/blobs/sha256" | head -n 1)"',
        'exec skopeo "$@"',
      ].join('\n'),
    });
    chmodSync(path.join(folder, 'skopeo'), 0o755);
    const before = process.env.PATH;
    onTestFinished(() => {
      process.env.PATH = before;
    });
    process.env.PATH = `${folder}:${before}`;
    await expect(deliver({ kind: 'push', reference }, inputOf(), options)).rejects.toMatchObject({
      code: 'push-failed',
      message: expect.stringContaining('no such file'),
    });
    const answer = await fetch(`http://${registry}/v2/team/shop/tags/list`);
    expect(await answer.text()).not.toContain('1.0');
  }, 60_000);

  it('that does not answer is an error that names it', async () => {
    const reference = `127.0.0.1:${await freePort()}/shop:1.0`;
    await expect(deliver({ kind: 'push', reference }, inputOf(), options)).rejects.toMatchObject({
      code: 'push-failed',
      exitCode: 5,
      message: expect.stringContaining(reference),
    });
  }, 60_000);
});
