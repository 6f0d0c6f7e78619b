/** What a worker says on machines that lack something, each with its exit code, and without hanging. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Ran, Worker } from './worker.ts';

interface Machine {
  /** Instead of what the profile gives: which flags stay away. */
  /** A device that root alone may open, instead of the usual one. */
  isDeviceClosed?: boolean;
  without?: readonly ('seccomp' | 'device' | 'SETUID' | 'volume')[];
  flags?: readonly string[];
  command?: readonly string[];
}

/** `docker run` with the flags of the profile, or without some of them. */
export function start({ engine, project, tun, image }: Worker, machine: Machine): Promise<Ran> {
  const { without = [], flags = [], command = ['true'], isDeviceClosed = false } = machine;
  const closed = path.join(engine.directory, 'closed-tun');
  if (isDeviceClosed) {
    rmSync(closed, { force: true });
    execFileSync('mknod', ['-m', '600', closed, 'c', '10', '200']);
  }
  const has = (name: (typeof without)[number]) => !without.includes(name);
  const own = [
    ...['--cap-drop=ALL', '--cap-add=SETGID', '--security-opt=systempaths=unconfined'],
    ...(has('SETUID') ? ['--cap-add=SETUID'] : []),
    ...(has('seccomp') ? [`--security-opt=seccomp=${path.join(project, '.devcontainer/seccomp.json')}`] : []),
    ...(has('device') ? [`--device=${isDeviceClosed ? closed : tun}:/dev/net/tun`] : []),
    ...(has('volume') ? ['--volume=/var/lib/docker-engine'] : []),
  ];
  return engine.docker(['run', '--rm', ...own, '--env=ENABLE_DOCKER=1', ...flags, image, ...command], {
    timeout: 90_000,
  });
}

const data = '/var/lib/docker-engine/data';

const machines: [title: string, machine: Machine, exitCode: number, message: RegExp][] = [
  ['no /dev/net/tun', { without: ['device'] }, 69, /\/dev\/net\/tun is missing, or not open.*--device/s],
  [
    'a /dev/net/tun for root alone',
    { isDeviceClosed: true },
    69,
    /\/dev\/net\/tun is missing, or not open.*0666/s,
  ],
  ['no user namespaces', { without: ['seccomp'] }, 70, /new user namespaces are refused.*seccomp\.json/],
  ['no right to change users', { without: ['SETUID'] }, 69, /root may not become worker.*--cap-add SETUID/],
  [
    'no right to change users, and no Docker',
    { without: ['SETUID'], flags: ['--env=ENABLE_DOCKER=0'] },
    69,
    /root may not become worker/,
  ],
  [
    'no new privileges',
    { flags: ['--security-opt=no-new-privileges'] },
    70,
    /newuidmap may not map users.*no-new-privileges/,
  ],
  ['a read-only root', { flags: ['--read-only'] }, 69, /that docker-engine can write.*--read-only/],
  [
    'no room',
    { without: ['volume'], flags: [`--tmpfs=${data}:size=64k,uid=990,exec`] },
    70,
    /no room left where \/var\/lib\/docker-engine\/data is/,
  ],
  [
    'options that are none',
    { flags: ['--env=DOCKERD_FLAGS=--nonsense'] },
    70,
    /see DOCKERD_FLAGS \(--nonsense\)/,
  ],
  [
    'a storage driver that is none',
    { flags: ['--env=DOCKER_STORAGE_DRIVER=nonsense'] },
    70,
    /storage driver nonsense does not work/,
  ],
  ['a time that is none', { flags: ['--env=DOCKER_BOOT_TIMEOUT=soon'] }, 69, /a number of seconds, not soon/],
  ['a policy that is none', { flags: ['--env=DOCKER_POLICY=lax'] }, 69, /on or off, not lax/],
  ['a profile that is none', { flags: ['--env=DOCKER_PROFILE=other'] }, 69, /rootless or gvisor, not other/],
  ['another user', { flags: ['--user=1000'] }, 69, /has to start as root.*leave --user out/],
];

export function badMachines(worker: () => Worker): void {
  describe('a machine that lacks something', () => {
    test.each(machines)('%s', async (_, machine, exitCode, message) => {
      const ran = await start(worker(), { ...machine, command: ['echo', 'it ran'] });
      expect(ran.stderr).toMatch(message);
      expect(ran.exitCode).toBe(exitCode);
      expect(ran.stdout).not.toContain('it ran');
    });

    test('no numbers for the users of containers', async () => {
      const script = ': >/etc/subuid; exec tini -- boot.sh true';
      const ran = await start(worker(), {
        flags: ['--cap-add=DAC_OVERRIDE', '--entrypoint=sh'],
        command: ['-c', script],
      });
      expect(ran.stderr).toMatch(/subuid/);
      expect(ran.exitCode).toBe(70);
    });

    test('an engine that ends later is told to the next client', async () => {
      const script = 'docker version -f {{.Server.Version}} && touch /tmp/ready && sleep 2 && docker version';
      const { engine } = worker();
      const name = 'ends-later';
      const client = start(worker(), { flags: ['--name', name], command: ['sh', '-c', script] });
      let isReady = false;
      for (let tries = 0; tries < 200 && !isReady; tries++)
        isReady = (await engine.docker(['exec', name, 'ls', '/tmp/ready'])).exitCode === 0;
      const kill = 'kill -9 $(pgrep -x dockerd)';
      expect((await engine.docker(['exec', '-u', 'docker-engine', name, 'sh', '-c', kill])).exitCode).toBe(0);
      const { exitCode, stderr } = await client;
      expect(stderr).toMatch(/nidify policy: the engine does not answer, its log says why/);
      expect(exitCode).toBe(1);
    });

    test('networks of the container are none of the engine’s', async () => {
      const script = `ip route add 172.17.0.0/16 dev lo && ip route add 172.19.4.0/24 dev lo &&
ip route add 10.87.0.0/16 dev lo && exec tini -- boot.sh sh -c 'docker network create one >/dev/null &&
docker network inspect -f "{{(index .IPAM.Config 0).Subnet}}" bridge one'`;
      const { stdout, stderr } = await start(worker(), {
        flags: ['--network=none', '--cap-add=NET_ADMIN', '--entrypoint=sh'],
        command: ['-c', script],
      });
      expect(stdout, stderr).toBe('172.18.0.0/16\n172.20.0.0/24');
    });
  });

  describe('an image that cannot be built', () => {
    const build = (image: string) =>
      worker().nidify(['build', '--engine', 'docker', '--base-image', image, '--tag', 'never:1']);

    test('its base is in no registry', async () => {
      const { exitCode, stderr } = await build('localhost:1/nowhere:1');
      expect(stderr).toMatch(/could not be downloaded|is not in its registry/);
      expect([3, 75]).toContain(exitCode);
    });

    test('its base is for another processor', async () => {
      const { engine } = worker();
      const tree = path.join(engine.directory, 'arm');
      mkdirSync(path.join(tree, 'bin'), { recursive: true });
      const shell = readFileSync(execFileSync('which', ['busybox'], { encoding: 'utf8' }).trim());
      // The machine in the head of an ELF file: AArch64.
      shell.writeUInt16LE(0xb7, 18);
      writeFileSync(path.join(tree, 'bin/sh'), shell, { mode: 0o755 });
      execFileSync('tar', ['-C', tree, '-cf', `${tree}.tar`, '.']);
      expect((await engine.docker(['import', `${tree}.tar`, 'arm:1'])).exitCode).toBe(0);
      const { exitCode, stderr } = await build('arm:1');
      expect(stderr).toMatch(/is for another processor/);
      expect(exitCode).toBe(3);
    });
  });
}
