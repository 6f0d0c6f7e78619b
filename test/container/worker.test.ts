/** What has to work in a worker, by the acceptance criteria AC1 to AC8 of the container target. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acceptance } from './acceptance.ts';
import { badMachines } from './bad-machines.ts';
import { devcontainer } from './devcontainer.ts';
import { describeEngine } from './engine.ts';
import { gvisor, sidecar } from './other-profiles.ts';
import { egressImage, shop } from './shop.ts';
import { putBusybox, startWorker, type Worker } from './worker.ts';

describeEngine('a worker under Docker', () => {
  let worker: Worker;
  beforeAll(async () => {
    worker = await startWorker(shop, async (project) => {
      putBusybox(path.join(project, 'box'));
      // By this machine's npm, which reaches the registry.
      await execa('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: project });
    });
  }, 900_000);
  afterAll(() => worker?.stop());

  const on = (...command: string[]) => worker.run(command);
  const off = (...command: string[]) => worker.run(command, ['--no-docker']);
  const shell = (text: string) => on('bash', '-c', text);

  acceptance({
    on,
    off,
    platform: async () =>
      (
        await worker.engine.docker(['image', 'inspect', '-f', '{{.Os}}/{{.Architecture}}', worker.image])
      ).stdout.trim(),
  });
  badMachines(() => worker);
  sidecar(() => worker);
  gvisor(() => worker);
  devcontainer(() => worker);

  test('what a container leaves in the workspace makes nobody the user of the engine', async () => {
    const { stdout } = await shell(`docker build -q -t left box >/dev/null
mkdir -m 777 open
docker run --rm -v "$PWD/open:/open" left /bin/busybox sh -c 'cp /bin/busybox /open/ && chmod 4755 /open/busybox'
stat -c %U:%a open/busybox
open/busybox id -u
rm -rf open`);
    expect(stdout.split('\n')).toEqual(['docker-engine:4755', '1000']);
  });

  test('AC5: wrangler dev with a Container answers a request through the Worker', async () => {
    const { stdout, stderr } = await worker.run(
      ['node', 'dev.mjs'],
      egressImage === undefined ? [] : ['--env', `MINIFLARE_CONTAINER_EGRESS_IMAGE=${egressImage}`],
    );
    expect(`${stdout}\n${stderr}`).toContain('worker: the worker');
    expect(stdout).toContain('container: the container');
  }, 300_000);

  test('Testcontainers starts a container that was built locally', async () => {
    const { stdout, stderr, exitCode } = await worker.run(
      ['node', '--test', 'containers.test.mjs'],
      // Its side container would have to be pulled.
      ['--env', 'TESTCONTAINERS_RYUK_DISABLED=true'],
    );
    expect(`${stdout}\n${stderr}`).toMatch(/pass 1/);
    expect(exitCode).toBe(0);
  }, 300_000);

  test('a compose project comes up, finds its services by name, and goes down', async () => {
    const { stdout, stderr } = await shell(`cd compose
docker compose up -d --build --quiet-pull
docker compose wait client >/dev/null
docker compose logs --no-log-prefix client
docker compose down
docker ps -aq | wc -l`);
    expect(`${stdout}\n${stderr}`).toContain('the container');
    expect(stdout.trim().split('\n').at(-1)).toBe('0');
  });

  test('the command’s exit code is the container’s, and nothing is left of it', async () => {
    expect((await off('sh', '-c', 'exit 9')).exitCode).toBe(9);
    const left = await worker.engine.docker(['ps', '-aq']);
    expect(left.stdout).toBe('');
  });

  test('a signal reaches the command, and its exit code comes back', async () => {
    const script = 'trap "echo ended; exit 3" TERM; echo ready; while :; do sleep 0.1; done';
    const running = worker.start(['bash', '-c', script], ['--no-docker']);
    await new Promise<void>((resolve) => {
      running.stdout?.on('data', (chunk) => String(chunk).includes('ready') && resolve());
    });
    running.kill('SIGTERM');
    const { exitCode, stdout } = await running;
    expect(stdout).toContain('ended');
    expect(exitCode).toBe(3);
  });

  test('without a device for the network it says so, and ends', async () => {
    const { stderr, exitCode } = await worker.nidify(
      ['run', '--base-image', 'debian:trixie-slim', '--build-network', 'host', '--', 'true'],
      { env: { NIDIFY_TUN_DEVICE: '/dev/null' } },
    );
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/boot\.sh: /);
  });

  test('nothing that was generated asks for privileges', () => {
    const folder = path.join(worker.project, '.devcontainer');
    for (const name of ['devcontainer.json', 'Dockerfile', 'boot.sh', 'seccomp.json']) {
      expect(readFileSync(path.join(folder, name), 'utf8')).not.toMatch(/--privileged|"privileged"/);
    }
  });
});
