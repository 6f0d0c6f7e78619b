/** What a builder prints, by a stand-in: programs of a base image, which is the repository's to choose, print into it. */
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { buildImage } from '../../src/container/build.ts';
import { temporaryFolder } from '../../src/temporary.ts';
import { planOf } from '../support/plan.ts';

afterEach(() => vi.unstubAllEnvs());

test('lines made to be slow to read are read in time, and the step is told', async () => {
  const folder = temporaryFolder('nidify-builder-');
  onTestFinished(folder.remove);
  const builder = path.join(folder.directory, 'podman');
  const lines = [
    'STEP 2/3: RUN x',
    `#1 [${'1'.repeat(60_000)}`,
    `#1 [${'1/'.repeat(30_000)}`,
    'no image found in '.repeat(3000),
  ];
  writeFileSync(
    builder,
    `#!${process.execPath}
if (process.argv[2] !== 'build') process.exit(process.argv[2] === 'image' ? 1 : 0);
for (const line of ${JSON.stringify(lines)}) for (let at = 0; at < 20; at++) console.log(line);
process.exitCode = 1;
`,
  );
  chmodSync(builder, 0o755);
  vi.stubEnv('PATH', `${folder.directory}:${process.env.PATH}`);
  const told: string[] = [];
  const start = performance.now();
  const built = buildImage(
    planOf({
      target: { kind: 'container', profile: null, network: null, because: [] },
      container: { folder: '.devcontainer', policy: 'on', toolchain: 'nix', images: [] },
    }),
    {
      files: [],
      built: null,
      engine: { name: 'podman', said: 'false' },
      name: null,
      baseImage: null,
      network: 'default',
      owner: { uid: 1000, gid: 1000 },
      timeoutMs: 60_000,
      memoryBytes: null,
      isAnew: true,
      onStatus: (text) => told.push(text),
    },
  );
  await expect(built).rejects.toMatchObject({ code: 'image-build-failed' });
  expect(told).toContain('building the image, step 2/3: RUN x');
  expect(performance.now() - start).toBeLessThan(10_000);
});
