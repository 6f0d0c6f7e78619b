/** The profiles beside the usual one, for real: an engine in a container of its own, and one within gVisor. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runscFile } from '../../scripts/test-tools/get-runsc.mjs';
import { own, type Ran, type Worker } from './worker.ts';

/** A copy of the project whose files are those of a profile. */
async function projectOf({ nidify, project }: Worker, profile: string): Promise<string> {
  const copy = `${project}-${profile}`;
  cpSync(project, copy, { recursive: true, filter: (file) => !file.endsWith('node_modules') });
  const { exitCode, stderr } = await nidify(['-C', copy, 'generate', '--profile', profile, '--force']);
  expect(exitCode, stderr).toBe(0);
  own(copy);
  return copy;
}

export function sidecar(worker: () => Worker): void {
  describe('the profile sidecar', () => {
    let compose: (...args: string[]) => Promise<Ran>;
    const name = 'beside-worker-1';
    beforeAll(async () => {
      const { engine, image, tun, env } = worker();
      const copy = await projectOf(worker(), 'sidecar');
      // The image has the current Compose; this machine may have its predecessor.
      const program = path.join(engine.directory, 'docker-compose');
      await engine.docker(['create', '--name', 'with-compose', image]);
      await engine.docker(['cp', 'with-compose:/usr/libexec/docker/cli-plugins/docker-compose', program]);
      await engine.docker(['rm', '-f', '-v', 'with-compose']);
      // As if Compose had built them.
      for (const service of ['engine', 'worker']) await engine.docker(['tag', image, `beside-${service}`]);
      const file = path.join(copy, '.devcontainer/compose.yaml');
      compose = async (...args) => {
        const { exitCode, stdout, stderr } = await execa(program, ['-p', 'beside', '-f', file, ...args], {
          env: { ...env, NIDIFY_TUN_DEVICE: tun },
          extendEnv: false,
          reject: false,
        });
        return { exitCode, stdout, stderr };
      };
      const up = await compose('up', '--detach', '--no-build');
      expect(up.exitCode, up.stderr).toBe(0);
    }, 120_000);
    afterAll(async () => {
      await compose?.('down', '--volumes');
    });

    const inside = (text: string) => worker().engine.docker(['exec', name, 'boot.sh', 'bash', '-c', text]);

    test('gives the worker no privilege, and a socket for its group alone', async () => {
      const { stdout } = await inside(
        'id -un; grep CapEff /proc/self/status; stat -c "%A %U %G" /run/docker-engine/docker.sock',
      );
      expect(stdout).toBe('worker\nCapEff:\t0000000000000000\nsrw-rw---- docker-engine docker');
      const { stderr } = await worker().engine.docker(['exec', '-u', '65534', name, 'docker', 'version']);
      expect(stderr).toContain('permission denied');
      const { stdout: privileged } = await worker().engine.docker([
        'inspect',
        '-f',
        '{{.HostConfig.Privileged}} {{.HostConfig.CapAdd}} {{.HostConfig.Devices}}',
        name,
      ]);
      expect(privileged).toMatch(/^false \[.*SETUID .*SETGID\] \[\]$/);
    });

    test('builds, runs, publishes on the worker’s localhost, and resolves names', async () => {
      const { stdout, stderr } = await inside(`set -e
docker build -q -t box box >/dev/null
docker run --rm box /bin/busybox echo it ran
docker run -d -p 9090:8080 box >/dev/null
until (exec 3<>/dev/tcp/127.0.0.1/9090) 2>/dev/null; do sleep 0.1; done
node -e 'fetch("http://127.0.0.1:9090/index.html").then((answer) => answer.text()).then(console.log)'
docker network create inner >/dev/null
docker run -d --name web --network inner box >/dev/null
docker run --rm --network inner box /bin/busybox wget -q -O - http://web:8080/index.html
docker run --rm -v "$PWD:/work" box /bin/busybox ls /work/package.json`);
      expect(stdout, stderr).toBe('it ran\nthe container\n\nthe container\n/work/package.json');
    });
  });
}

const dockerfile = `FROM scratch
COPY busybox /bin/busybox
COPY busybox /bin/sh
RUN ["/bin/busybox", "touch", "/made"]
`;

const build = `set -e
mkdir /tmp/box && cp box/busybox /tmp/box && cp small.Dockerfile /tmp/box/Dockerfile && cd /tmp/box
DOCKER_BUILDKIT=0 docker build -q --network=host -t classic . >/dev/null
docker build -q --network=host -t buildkit . >/dev/null
docker run --rm --network=host classic /bin/busybox ls /made
docker run --rm buildkit /bin/busybox ls /made
docker inspect -f '{{.HostConfig.NetworkMode}}' $(docker create classic true)
id -un`;
const result = '/made\n/made\nhost\nworker';

export function gvisor(worker: () => Worker): void {
  // A list of why it is skipped would be one entry long: the program is not there.
  const isThere = existsSync(runscFile());
  if (!isThere && process.env.CI) throw new Error('there is no runsc: run scripts/test-tools/install.mjs');
  describe.skipIf(!isThere)('the profile gvisor', () => {
    let copy: string;
    let flags: string[];
    beforeAll(async () => {
      copy = await projectOf(worker(), 'gvisor');
      writeFileSync(path.join(copy, 'small.Dockerfile'), dockerfile);
      const cat = ['-e', 'console.log(require(process.argv[1]).runArgs.join("\\n"))'];
      const file = path.join(copy, '.devcontainer/devcontainer.json');
      flags = execFileSync(process.execPath, [...cat, file], { encoding: 'utf8' })
        .trim()
        .split('\n');
    });

    const run = (own: readonly string[], script: string) => {
      const { engine, image } = worker();
      const env = ['ENABLE_DOCKER=1', 'DOCKER_PROFILE=gvisor', 'DOCKER_RUN_NETWORK=host'];
      const mount = ['--volume', `${copy}:/workspaces/shop`, '--workdir', '/workspaces/shop'];
      const words = [...own, ...mount, ...env.flatMap((each) => ['--env', each])];
      return engine.docker(['run', '--rm', ...words, image, 'bash', '-c', script], { timeout: 110_000 });
    };

    test('in runsc: builds with both builders, and runs on the network of its container', async () => {
      expect(flags).toEqual(['--runtime=runsc', '--cap-add=SYS_ADMIN', '--cap-add=NET_ADMIN']);
      const { stdout, stderr } = await run(flags, build);
      expect(stdout, stderr).toBe(result);
    });

    test('the Dockerfile sets what was given here by hand', async () => {
      const { stdout } = await execa('grep', ['^ENV DOCKER_', path.join(copy, '.devcontainer/Dockerfile')]);
      expect(stdout).toContain('DOCKER_PROFILE=gvisor');
      expect(stdout).toContain('DOCKER_RUN_NETWORK=host');
    });
  });
}
