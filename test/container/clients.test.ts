import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../src/temporary.ts';
import { startRegistry } from '../support/registry.ts';
import { busyboxImage, describeEngine, type Engine, findProgram, startEngine } from './engine.ts';
import { type Policy, startPolicy } from './proxy.ts';

/** Clients other than docker's own, each without and with the policy. */
describeEngine('other clients through the policy', () => {
  const workspace = temporaryFolder('nidify-clients-');
  let engine: Engine;
  let policy: Policy;
  let hostPolicy: Policy;
  let sockets: [string, string];
  beforeAll(async () => {
    engine = await startEngine();
    policy = await startPolicy({ engine: engine.socket, workspaces: [workspace.directory] });
    hostPolicy = await startPolicy({
      engine: engine.socket,
      workspaces: [workspace.directory],
      runNetwork: 'host',
      buildNetwork: 'host',
    });
    sockets = [engine.socket, policy.socket];
  });
  afterAll(async () => {
    await policy?.stop();
    await hostPolicy?.stop();
    await engine?.stop();
    workspace.remove();
  });

  test('docker push to and pull from a registry', needs('docker-registry'), async () => {
    const { address: registry, stop } = await startRegistry();
    onTestFinished(stop);
    const results: unknown[] = [];
    for (const socket of sockets) {
      const docker = async (...args: string[]) => {
        const { exitCode, stderr } = await engine.docker(args, { socket });
        return exitCode === 0 ? 0 : `${exitCode}${stderr}`;
      };
      const name = `${registry}/team/app:${results.length}`;
      const codes = [await docker('tag', busyboxImage, name), await docker('push', name)];
      codes.push(await docker('rmi', name), await docker('pull', name));
      const digest = await engine.docker(['inspect', '-f', '{{index .RepoDigests 0}}', name], { socket });
      codes.push(await docker('run', '--rm', digest.stdout, 'sh', '-c', 'exit 6'));
      results.push(codes);
    }
    expect(results[0]).toEqual([0, 0, 0, 0, '6']);
    expect(results[1]).toEqual(results[0]);
  });

  const composeFile = {
    version: '3',
    services: {
      web: {
        build: '.',
        command: ['sh', '-c', 'cp /work/page /index.html; exec httpd -f -p 18473 -h /'],
        volumes: ['./:/work:ro', 'data:/data'],
        healthcheck: { test: 'wget -qO- http://127.0.0.1:18473/page', interval: '300ms', retries: 20 },
      },
      client: {
        image: busyboxImage,
        command: [
          'sh',
          '-c',
          'until wget -qO- http://$$SERVER:18473/index.html; do sleep 0.2; done 2>/dev/null',
        ],
        environment: { SERVER: 'web' },
        depends_on: ['web'],
      },
    },
    volumes: { data: {} },
  };

  /** Output and exit code of the service `client`, which reads a page of the service `web`. */
  async function compose(socket: string, name: string, server: string): Promise<string> {
    const folder = path.join(workspace.directory, name);
    mkdirSync(folder);
    const file = structuredClone(composeFile);
    file.services.client.environment.SERVER = server;
    writeFileSync(path.join(folder, 'docker-compose.yml'), JSON.stringify(file));
    writeFileSync(path.join(folder, 'Dockerfile'), `FROM ${busyboxImage}\nRUN echo built > /built\n`);
    writeFileSync(path.join(folder, 'page'), 'hello from web');
    const run = (...args: string[]) =>
      execa('docker-compose', args, {
        cwd: folder,
        env: engine.environment(socket),
        reject: false,
        all: true,
      });
    const up = await run('up', '--build', '--detach', 'web');
    const client = await run('up', '--no-deps', '--exit-code-from', 'client', 'client');
    const down = await run('down', '--volumes', '--timeout', '0');
    expect([up.exitCode, client.exitCode, down.exitCode], `${up.all}\n${client.all}\n${down.all}`).toEqual([
      0, 0, 0,
    ]);
    return client.stdout.includes('hello from web') ? 'hello' : String(client.all);
  }

  test('docker-compose: build, networks, volumes, names', needs('docker-compose'), async () => {
    expect(await compose(engine.socket, 'direct', 'web')).toBe('hello');
    expect(await compose(policy.socket, 'proxied', 'web')).toBe('hello');
  });

  test('docker-compose on the network of the host', needs('docker-compose'), async () => {
    expect(await compose(hostPolicy.socket, 'onhost', '127.0.0.1')).toBe('hello');
  });

  test('dockerode and testcontainers', async () => {
    const folder = path.join(workspace.directory, 'npm');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'package.json'), '{"private":true,"type":"module"}');
    const packages = ['dockerode@4.0.9', 'testcontainers@10.28.0'];
    const flags = ['--no-audit', '--no-fund', '--ignore-scripts'];
    const { exitCode, stderr } = await execa('npm', ['install', ...flags, ...packages], {
      cwd: folder,
      reject: false,
    });
    if (exitCode !== 0 && !process.env.CI)
      return void console.warn(`npm cannot install: ${stderr.slice(-300)}`);
    expect(exitCode, stderr).toBe(0);
    writeFileSync(path.join(folder, 'clients.js'), clientScript);
    const results = [];
    for (const socket of sockets) {
      const env = {
        ...engine.environment(socket),
        TESTCONTAINERS_RYUK_DISABLED: 'true',
        TESTCONTAINERS_HOST_OVERRIDE: '127.0.0.1',
      };
      const result = await execa(process.execPath, ['clients.js', busyboxImage], {
        cwd: folder,
        env,
        reject: false,
      });
      expect(result.stderr).toBe('');
      expect(result.exitCode, socket).toBe(0);
      results.push(JSON.parse(result.stdout));
    }
    expect(results[0]).toEqual({
      exec: 'in: typed',
      attached: 'out',
      exit: 3,
      page: 'a page',
      copied: 'copied',
      tested: { exitCode: 0, output: 'tested\n' },
      inNetwork: 0,
    });
    expect(results[1]).toEqual(results[0]);
    expect(policy.lines()).toEqual([]);
  });
});

/** dockerode: streams of exec and attach. testcontainers: ports, waiting for logs, copying, networks. */
const clientScript = `
import Docker from 'dockerode';
import { GenericContainer, Network, Wait } from 'testcontainers';
import { PassThrough } from 'node:stream';
const image = process.argv[2];
const docker = new Docker({ socketPath: process.env.DOCKER_HOST.replace('unix://', '') });
const results = {};
const collect = (stream) => new Promise((resolve) => {
  const out = new PassThrough();
  let text = '';
  out.on('data', (part) => { text += part; });
  docker.modem.demuxStream(stream, out, out);
  stream.on('end', () => resolve(text.trim()));
});

const box = await docker.createContainer({ Image: image, Cmd: ['sleep', '60'], name: 'dockerode-box', HostConfig: { Init: true } });
await box.start();
const exec = await box.exec({ Cmd: ['sh', '-c', 'read line; echo in: $line'], AttachStdin: true, AttachStdout: true, AttachStderr: true });
const stream = await exec.start({ hijack: true, stdin: true });
const said = collect(stream);
stream.write('typed\\n');
stream.end();
results.exec = await said;
await box.remove({ force: true });

const once = await docker.createContainer({ Image: image, Cmd: ['sh', '-c', 'echo out; exit 3'] });
const attached = collect(await once.attach({ stream: true, stdout: true, stderr: true }));
await once.start();
results.attached = await attached;
results.exit = (await once.wait()).StatusCode;
await once.remove();

const network = await new Network().start();
const web = await new GenericContainer(image)
  .withCommand(['sh', '-c', 'echo a page > /index.html; httpd -p 80 -h / && echo is ready; sleep 60'])
  .withExposedPorts(80)
  .withNetwork(network)
  .withNetworkAliases('web')
  .withCopyContentToContainer([{ content: 'copied', target: '/tmp/copied' }])
  .withWaitStrategy(Wait.forLogMessage('is ready'))
  .start();
results.page = (await (await fetch('http://127.0.0.1:' + web.getMappedPort(80) + '/')).text()).trim();
results.copied = (await web.exec(['cat', '/tmp/copied'])).output;
const { exitCode, output } = await web.exec(['echo', 'tested']);
results.tested = { exitCode, output };
const client = await new GenericContainer(image).withCommand(['sleep', '60']).withNetwork(network).start();
results.inNetwork = (await client.exec(['wget', '-qO-', 'http://web/'])).exitCode;
await client.stop({ timeout: 0 });
await web.stop({ timeout: 0 });
await network.stop();
console.log(JSON.stringify(results));
process.exit(0);
`;

/** Skips where the program is missing; with CI set the test runs, and fails. */
function needs(program: string): { skip: boolean } {
  return { skip: findProgram(program) === undefined && !process.env.CI };
}
