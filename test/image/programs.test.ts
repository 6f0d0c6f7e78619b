import { existsSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { deliver } from '../../src/image/deliver.ts';
import { labelsOf } from '../../src/image/documents.ts';
import { planLayers } from '../../src/image/layers.ts';
import type { ImageInput } from '../../src/image/layout.ts';
import { folderWith } from '../support/folder.ts';
import { planOf } from '../support/plan.ts';
import { describeWith } from '../support/programs.ts';
import { startRegistry } from '../support/registry.ts';
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
    const { stdout } = await execa('skopeo', ['inspect', '--tls-verify=false', `docker://${reference}`]);
    expect(JSON.parse(stdout)).toMatchObject({
      Digest: image.manifest.digest,
      Labels: { 'dev.nidify.plan-digest': 'sha256-digest' },
      Layers: image.layers.map(({ digest }) => digest),
    });
    const again = await deliver({ kind: 'push', reference }, inputOf(), options);
    expect(again.manifest.digest).toBe(image.manifest.digest);
  }, 60_000);
});
