/** A worker that rootless Podman built and runs. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acceptance } from './acceptance.ts';
import { baseImage, type Rootless, startRootless, unavailable } from './podman.ts';
import { box } from './shop.ts';

const files = {
  'package.json': JSON.stringify({
    name: 'shop',
    private: true,
    type: 'module',
    engines: { node: '22' },
    devDependencies: { testcontainers: '10.28.0' },
  }),
  ...box,
};

const reason = unavailable();
if (reason !== undefined && process.env.CI) throw new Error(reason);

describe.skipIf(reason !== undefined)(`a worker under rootless Podman (${reason ?? 'here'})`, () => {
  let rootless: Rootless;
  const image = ['--base-image', baseImage, '--build-network', 'host'];
  let name: string;
  beforeAll(async () => {
    rootless = await startRootless(files);
    const args = ['build', '--json', '--engine', 'podman', ...image];
    const { exitCode, stdout, stderr } = await rootless.nidify(args);
    expect(exitCode, stderr).toBe(0);
    const built = JSON.parse(stdout).image;
    expect(built).toMatchObject({ engine: 'podman', remembered: false });
    name = built.name;
  }, 600_000);
  afterAll(() => rootless?.stop(), 120_000);

  const run = (options: string[], command: string[]) =>
    rootless.nidify(['run', '--engine', 'podman', ...image, ...options, '--', ...command]);
  const on = (...command: string[]) => run([], command);
  const off = (...command: string[]) => run(['--no-docker'], command);

  acceptance({
    on,
    off,
    platform: async () => {
      const format = ['--format', '{{.Os}}/{{.Architecture}}'];
      return (await rootless.as(['podman', 'image', 'inspect', ...format, name])).stdout.trim();
    },
  });

  test('files of the worker are those of the user who started it', async () => {
    const { stdout, stderr } = await off('sh', '-c', 'touch made-inside && stat -c %U made-inside');
    expect(stdout, stderr).toBe('worker');
    expect(existsSync(path.join(rootless.project, 'made-inside'))).toBe(true);
    const { stdout: mine } = await rootless.as(['sh', '-c', 'stat -c %u made-inside; id -u']);
    const [file, user] = mine.split('\n');
    expect(file).toBe(user);
  });

  test('Buildah builds it, and Podman runs what it built', async () => {
    const args = ['build', '--json', '--engine', 'buildah', ...image, '--rebuild'];
    const { exitCode, stdout, stderr } = await rootless.nidify(args);
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout).image).toMatchObject({
      engine: 'buildah',
      id: expect.stringMatching(/^sha256:/),
    });
    const words = ['run', '--engine', 'buildah', ...image, '--no-docker', '--', 'node', '--version'];
    expect((await rootless.nidify(words)).stdout).toMatch(/^v22\./);
  }, 400_000);
});
