/** What has to work in a worker whatever engine started it: the acceptance criteria that need no network. */
import { expect, test } from 'vitest';
import type { Ran } from './worker.ts';

export interface Subject {
  /** A command in the container, with Docker. */
  on(...command: string[]): Promise<Ran>;
  /** Without. */
  off(...command: string[]): Promise<Ran>;
  /** Of the image, as `linux/amd64`. */
  platform(): Promise<string>;
}

/** The project has a folder `box`, whose image answers on port 8080. */
export function acceptance({ on, off, platform }: Subject): void {
  const shell = (text: string) => on('bash', '-c', text);

  test('AC1: the image has the programs of Docker and of the project', async () => {
    const names = [
      'docker',
      'dockerd',
      'dockerd-rootless.sh',
      'rootlesskit',
      'slirp4netns',
      'newuidmap',
      'tini',
    ];
    const { stdout } = await off(
      'sh',
      '-c',
      `for each in ${names.join(' ')}; do command -v $each; done; node --version`,
    );
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(names.length + 1);
    expect(lines.at(-1)).toMatch(/^v22\./);
    const caps = await off('/usr/sbin/getcap', '/usr/bin/newuidmap', '/usr/bin/newgidmap');
    expect(caps.stdout).toMatch(/newuidmap cap_setuid=ep\n.*newgidmap cap_setgid=ep/);
    const setuid = await off('find', '/usr/bin/newuidmap', '/usr/bin/newgidmap', '-perm', '/6000');
    expect(setuid.stdout).toBe('');
  });

  test('AC2: Docker is started when ENABLE_DOCKER asks for it, and else nothing is', async () => {
    const look = 'ps -eo comm= | sort -u; ls /run/docker-engine; cat /proc/net/unix | grep -c docker || true';
    const without = await off('sh', '-c', look);
    expect(without.stdout).not.toMatch(/dockerd|rootlesskit|containerd|node/);
    expect(without.stdout.trim().split('\n').at(-1)).toBe('0');
    const with_ = await on('sh', '-c', look);
    expect(with_.stdout).toMatch(/dockerd/);
    expect(with_.stdout).toMatch(/docker\.sock/);
  });

  test('AC3: DOCKER_HOST names the socket of the policy; the engine’s own is out of reach', async () => {
    const { stdout } = await shell(
      'echo $DOCKER_HOST; id -un; ls /run/docker-engine/private; cat /var/lib/docker-engine/x',
    );
    expect(stdout).toBe('unix:///run/docker-engine/docker.sock\nworker');
    const { stderr } = await shell('ls /run/docker-engine/private; ls /var/lib/docker-engine');
    expect(stderr.match(/Permission denied/g)).toHaveLength(2);
  });

  test('AC4: docker build, with BuildKit and without, and docker run', async () => {
    const { stdout, stderr, exitCode } = await shell(`set -e
DOCKER_BUILDKIT=0 docker build -q -t classic box
docker build -q -t buildkit box
docker run --rm classic /bin/busybox echo from classic
docker run --rm buildkit /bin/busybox echo from buildkit
docker run -d -p 9090:8080 classic
until (exec 3<>/dev/tcp/127.0.0.1/9090) 2>/dev/null; do sleep 0.1; done
exec 3<>/dev/tcp/127.0.0.1/9090; printf 'GET /index.html HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3`);
    expect(stderr).not.toContain('Error');
    expect(stdout).toContain('from classic\nfrom buildkit\n');
    expect(stdout).toContain('the container');
    expect(exitCode).toBe(0);
  });

  test('AC6: the command line and a raw client get the networks of the profile', async () => {
    const { stdout } = await shell(`docker build -q -t box box >/dev/null
docker run --rm box /bin/busybox ls /sys/class/net
docker create --name made box >/dev/null
docker inspect --format 'cli {{.HostConfig.NetworkMode}}' made
curl --version >/dev/null 2>&1 || true
node -e '
const http = require("node:http");
const call = (method, path, body) => new Promise((resolve) => {
  const options = { socketPath: "/run/docker-engine/docker.sock", method, path, headers: { "Content-Type": "application/json" } };
  const request = http.request(options, (answer) => {
    let text = "";
    answer.on("data", (chunk) => { text += chunk; });
    answer.on("end", () => resolve([answer.statusCode, JSON.parse(text)]));
  });
  request.end(body && JSON.stringify(body));
});
(async () => {
  const [, { Id }] = await call("POST", "/containers/create", { Image: "box" });
  const [, made] = await call("GET", "/containers/" + Id + "/json");
  console.log("raw", made.HostConfig.NetworkMode);
  const [code, { message }] = await call("POST", "/containers/create", { Image: "box", HostConfig: { Privileged: true } });
  console.log(code, message);
})();
'`);
    const lines = stdout.split('\n');
    expect(lines.slice(0, 2)).toEqual(['eth0', 'lo']);
    expect(stdout).toMatch(/^cli (default|bridge)$/m);
    expect(stdout).toMatch(/^raw (default|bridge)$/m);
    expect(stdout).toMatch(/^403 nidify policy: /m);
  });

  test('AC7: switched off, it starts no process, opens no socket and writes nothing', async () => {
    const { stdout } = await off(
      'sh',
      '-c',
      'ps -eo comm=; find /run/docker-engine /var/lib/docker-engine /var/log/docker-engine -newer /proc/1 2>/dev/null | wc -l',
    );
    expect(stdout.split('\n').slice(0, -1).sort()).toEqual(expect.arrayContaining(['ps', 'sh', 'tini']));
    expect(stdout).not.toMatch(/docker|containerd|slirp|rootless/);
    expect(stdout.trim().split('\n').at(-1)).toBe('0');
  });

  test('AC8: the image is for amd64', async () => {
    expect(await platform()).toBe('linux/amd64');
  });
}
