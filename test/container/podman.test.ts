/** A worker that rootless Podman built and runs. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRegistry } from '../support/registry.ts';
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

  test('its image goes to a registry with the repository in it, and a worker starts from that', async () => {
    const git = (...words: string[]) =>
      rootless.as([
        'git',
        '-C',
        rootless.project,
        '-c',
        'user.name=a',
        '-c',
        'user.email=a@example.com',
        ...words,
      ]);
    for (const words of [
      ['init', '--quiet', '--initial-branch=main'],
      ['add', '--all'],
      ['commit', '--quiet', '--message', 'first'],
    ]) {
      const { exitCode, stderr } = await git(...words);
      expect(exitCode, stderr).toBe(0);
    }
    const registry = await startRegistry();
    try {
      const to = ['--registry', `${registry.address}/team`];
      const push = ['image', '--json', '--engine', 'podman', ...image, ...to, '--layers', 'repository'];
      const { exitCode, stdout, stderr } = await rootless.nidify(push);
      expect(exitCode, stderr).toBe(0);
      const { worker } = JSON.parse(stdout);
      expect(worker.builder).toEqual({ name: 'podman', reason: expect.stringContaining('asked for') });
      expect(worker.hasDevcontainer).toBe(false);
      const fresh = ['podman', 'run', '--rm', '--tls-verify=false', '--network=none', worker.reference];
      const status = await rootless.as([
        ...fresh,
        'sh',
        '-c',
        'pwd; id -un; git status --short; node --version',
      ]);
      expect(status.exitCode, status.stderr).toBe(0);
      expect(status.stdout.split('\n')).toEqual(['/work', 'worker', expect.stringMatching(/^v22/)]);
      const check = ['image', '--check', '--json', '--engine', 'podman', ...image, ...to];
      expect(await rootless.nidify(check)).toMatchObject({ exitCode: 0 });
      // The image is not built, nor taken out of the engine, for another commit.
      await git('commit', '--quiet', '--allow-empty', '--message', 'second');
      const again = JSON.parse((await rootless.nidify(push)).stdout).worker;
      expect(again.builder).toBeNull();
      expect(again.layers.filter((layer: { isReused: boolean }) => !layer.isReused)).toHaveLength(1);
    } finally {
      await registry.stop();
    }
  }, 600_000);
});
