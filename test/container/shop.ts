/** Of those that Docker 20.10 and an engine without a registry serve: later ones pull a side container. */
const wranglerVersion = process.env.NIDIFY_TEST_WRANGLER ?? '4.65.0';

/** The side container of later ones, by a reference that the engine in the worker can pull. */
export const egressImage = process.env.NIDIFY_TEST_EGRESS_IMAGE;

/** A folder of an image that answers on port 8080; its busybox is this machine's. */
export const box = {
  'box/Dockerfile': `FROM scratch
COPY busybox /bin/busybox
COPY busybox /bin/sh
COPY index.html /www/index.html
EXPOSE 8080
CMD ["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]
`,
  'box/index.html': 'the container\n',
};

/** A project that runs containers in three ways: wrangler, Testcontainers and Compose. */
export const shop = {
  'package.json': JSON.stringify({
    name: 'shop',
    private: true,
    type: 'module',
    engines: { node: '22' },
    scripts: { test: 'node --test' },
    devDependencies: {
      wrangler: wranglerVersion,
      '@cloudflare/containers': '0.3.7',
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
  ...box,
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
