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
import { own, putBusybox, startWorker, type Worker } from './worker.ts';

const wranglerVersion = '4.65.0';

const files = {
  'package.json': JSON.stringify({
    name: 'shop',
    private: true,
    type: 'module',
    engines: { node: '22' },
    scripts: { test: 'node --test' },
    devDependencies: {
      wrangler: wranglerVersion,
      '@cloudflare/containers': '0.0.25',
      testcontainers: '10.28.0',
    },
  }),
  'wrangler.jsonc': `{
  "name": "shop", "main": "src/index.ts", "compatibility_date": "2025-11-01",
  "compatibility_flags": ["nodejs_compat"],
  "containers": [{ "class_name": "Box", "image": "./box/Dockerfile", "max_instances": 2, "name": "shop-box" }],
  "durable_objects": { "bindings": [{ "name": "BOX", "class_name": "Box" }] },
  "migrations": [{ "tag": "v1", "new_sqlite_classes": ["Box"] }]
}
`,
  'src/index.ts': `import { Container, getContainer } from '@cloudflare/containers';
export class Box extends Container {
  defaultPort = 8080;
}
export default {
  fetch(request: Request, env: any) {
    if (new URL(request.url).pathname === '/worker') return new Response('the worker');
    return getContainer(env.BOX, 'one').fetch(request);
  },
};
`,
  'box/Dockerfile': `FROM scratch
COPY busybox /bin/busybox
COPY busybox /bin/sh
COPY index.html /www/index.html
EXPOSE 8080
CMD ["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]
`,
  'box/index.html': 'the container\n',
  // Starts wrangler, asks the Worker and its container, and ends it.
  'dev.mjs': `import { spawn } from 'node:child_process';
const args = ['wrangler', 'dev', '--ip', '127.0.0.1', '--port', '8787', '--inspector-port', '0'];
const child = spawn('npx', args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
const ask = async (path, tries) => {
  for (; tries > 0; tries--) {
    try {
      const answer = await fetch('http://127.0.0.1:8787' + path);
      if (answer.ok) return (await answer.text()).trim();
    } catch {}
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return 'no answer';
};
console.log('worker: ' + (await ask('/worker', 240)));
console.log('container: ' + (await ask('/index.html', 240)));
process.kill(-child.pid, 'SIGKILL');
process.exit(0);
`,
  'compose/compose.yaml': `services:
  web:
    build: ../box
    ports: ["18080:8080"]
  client:
    build: ../box
    command: ["/bin/busybox", "sh", "-c", "until /bin/busybox wget -q -O /tmp.html http://web:8080/index.html; do /bin/busybox sleep 0.2; done; /bin/busybox cat /tmp.html"]
`,
  'containers.test.mjs': `import assert from 'node:assert';
import { test } from 'node:test';
import { GenericContainer } from 'testcontainers';
test('a container that was built here answers', async () => {
  const image = await GenericContainer.fromDockerfile('box').build('shop-test-box', { deleteOnExit: false });
  const container = await image.withExposedPorts(8080).start();
  const url = 'http://' + container.getHost() + ':' + container.getMappedPort(8080) + '/index.html';
  assert.equal((await (await fetch(url)).text()).trim(), 'the container');
  await container.stop();
});
`,
};

describeEngine('a worker under Docker', () => {
  let worker: Worker;
  beforeAll(async () => {
    worker = await startWorker(files);
    putBusybox(path.join(worker.project, 'box'));
    own(worker.project);
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

  test('AC5: wrangler dev with a Container answers a request through the Worker', async () => {
    await installNodeModules(worker.project);
    const { stdout, stderr } = await on('node', 'dev.mjs');
    expect(`${stdout}\n${stderr}`).toContain('worker: the worker');
    expect(stdout).toContain('container: the container');
  }, 300_000);

  test('Testcontainers starts a container that was built locally', async () => {
    await installNodeModules(worker.project);
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

let installed: Promise<void> | undefined;

/** By this machine's npm, which reaches the registry. */
function installNodeModules(project: string): Promise<void> {
  installed ??= execa('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: project,
  }).then(() => own(project));
  return installed;
}
