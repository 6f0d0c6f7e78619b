import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync, statSync, symlinkSync, unlinkSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../src/temporary.ts';
import { http, type Inspected } from './attacks.ts';
import { busyboxImage, callApi, describeEngine, type Engine, startEngine } from './engine.ts';
import { type Policy, type PolicyOptions, policyFile, startPolicy } from './proxy.ts';

describeEngine('how the policy is started', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine?.stop());

  async function policyWith(options: Partial<PolicyOptions>): Promise<Policy> {
    const policy = await startPolicy({ engine: engine.socket, workspaces: ['/nowhere'], ...options });
    onTestFinished(() => policy.stop());
    return policy;
  }

  /** The container that becomes of what is asked for. */
  async function created(policy: Policy, body: Record<string, unknown>): Promise<Inspected> {
    const asked = { Image: busyboxImage, Cmd: ['sleep', '60'], ...body };
    const { status, body: answer } = await callApi(policy.socket, 'POST', '/v1.41/containers/create', asked);
    expect(answer).toMatchObject({ Id: expect.any(String) });
    expect(status).toBe(201);
    const { Id } = answer as { Id: string };
    onTestFinished(async () => void (await engine.call('DELETE', `/containers/${Id}?force=1`)));
    return (await engine.call('GET', `/containers/${Id}/json`)).body as Inspected;
  }

  test.each([undefined, '', 'default', 'bridge', 'host', 'made-up_default'])(
    'on the network of the host, a container that asks for %s gets it',
    async (NetworkMode) => {
      const policy = await policyWith({ runNetwork: 'host' });
      const { HostConfig } = await created(policy, {
        MacAddress: '02:42:ac:11:00:09',
        HostConfig: { NetworkMode, PortBindings: { '80/tcp': [{ HostPort: '1' }] }, Links: ['a:b'] },
        NetworkingConfig: { EndpointsConfig: { 'made-up_default': { Aliases: ['web'] } } },
      });
      expect(HostConfig).toMatchObject({ NetworkMode: 'host', Links: null });
      expect(Object.keys(HostConfig.PortBindings ?? {})).toEqual([]);
    },
  );

  test('a workspace that becomes a link is no way out of it', async () => {
    const folder = temporaryFolder('nidify-swapped-');
    onTestFinished(folder.remove);
    const workspace = path.join(folder.directory, 'workspace');
    mkdirSync(workspace);
    const policy = await policyWith({ workspaces: [workspace] });
    const asked = { Image: busyboxImage, HostConfig: { Binds: [`${workspace}/etc:/x`] } };
    const ask = () => callApi(policy.socket, 'POST', '/v1.41/containers/create', asked);
    rmdirSync(workspace);
    symlinkSync('/', workspace);
    expect(await ask()).toMatchObject({ status: 403 });
    unlinkSync(workspace);
    mkdirSync(workspace);
    const { status, body } = await ask();
    expect(status).toBe(201);
    await engine.call('DELETE', `/containers/${(body as { Id: string }).Id}?force=1`);
  });

  test('on the network of the host, none stays none and connecting changes nothing', async () => {
    const policy = await policyWith({ runNetwork: 'host' });
    const { HostConfig } = await created(policy, { HostConfig: { NetworkMode: 'none' } });
    expect(HostConfig.NetworkMode).toBe('none');
    const body = { Container: 'anything', EndpointConfig: {} };
    expect((await callApi(policy.socket, 'POST', '/networks/bridge/connect', body)).status).toBe(200);
  });

  test('without a network there is none, whatever a container asks for', async () => {
    const policy = await policyWith({ runNetwork: 'none' });
    for (const NetworkMode of ['bridge', 'made-up', undefined])
      expect((await created(policy, { HostConfig: { NetworkMode } })).HostConfig.NetworkMode).toBe('none');
    const asked = { Image: busyboxImage, HostConfig: { NetworkMode: 'host' } };
    expect(await callApi(policy.socket, 'POST', '/containers/create', asked)).toMatchObject({
      status: 403,
      body: {
        message: expect.stringMatching(/^nidify policy: HostConfig\.NetworkMode: .*--run-network host/),
      },
    });
  });

  test('a network of the host is refused by its ID, too', async () => {
    const policy = await policyWith({});
    const { body } = await engine.call('GET', '/networks/host');
    const { Id } = body as { Id: string };
    for (const NetworkMode of [Id, Id.slice(0, 12)]) {
      const asked = { Image: busyboxImage, HostConfig: { NetworkMode } };
      expect((await callApi(policy.socket, 'POST', '/containers/create', asked)).status).toBe(403);
    }
    const container = (await created(policy, {})) as unknown as { Id: string };
    const connection = { Container: container.Id, EndpointConfig: { NetworkID: Id } };
    expect((await callApi(policy.socket, 'POST', `/networks/${Id}/connect`, connection)).status).toBe(403);
    expect((await callApi(policy.socket, 'POST', '/networks/bridge/connect', connection)).status).toBe(403);
  });

  test('a capability can be allowed', async () => {
    const policy = await policyWith({ flags: ['--allow-capability', 'net_admin'] });
    expect((await created(policy, { HostConfig: { CapAdd: ['NET_ADMIN'] } })).HostConfig.CapAdd).toHaveLength(
      1,
    );
    const asked = { Image: busyboxImage, HostConfig: { CapAdd: ['SYS_ADMIN'] } };
    expect((await callApi(policy.socket, 'POST', '/containers/create', asked)).status).toBe(403);
  });

  test('BuildKit can be switched off', async () => {
    const h2c = (target: string) => http({ target, headers: { Connection: 'Upgrade', Upgrade: 'h2c' } });
    const open = await policyWith({});
    expect(await firstLine(open.socket, h2c('/session'))).toContain('101');
    expect(await firstLine(open.socket, h2c('/grpc'))).toContain('101');
    const closed = await policyWith({ flags: ['--refuse-buildkit'] });
    expect(await firstLine(closed.socket, h2c('/session'))).toContain('403');
    expect(await firstLine(closed.socket, h2c('/grpc'))).toContain('403');
    expect((await callApi(closed.socket, 'POST', '/build?version=2')).status).toBe(403);
  });

  test('that the engine is not there is an answer', async () => {
    const policy = await policyWith({ engine: '/nowhere/docker.sock' });
    expect(await callApi(policy.socket, 'GET', '/_ping')).toMatchObject({
      status: 502,
      body: { message: expect.stringContaining('ENOENT') },
    });
  });

  test('the socket has its mode, and goes with the policy', async () => {
    const policy = await startPolicy({
      engine: engine.socket,
      workspaces: ['/nowhere'],
      flags: ['--listen-mode', '0600'],
    });
    expect(statSync(policy.socket).mode & 0o777).toBe(0o600);
    process.kill(policy.pid, 'SIGTERM');
    expect(await policy.ended).toBe(0);
    expect(existsSync(policy.socket)).toBe(false);
    await policy.stop();
  });

  test('it does not outlive the process that started it', async () => {
    const { directory, remove } = temporaryFolder('nidify-orphan-');
    onTestFinished(remove);
    const socket = path.join(directory, 'docker.sock');
    const words = [policyFile, '--listen', socket, '--engine', engine.socket, '--workspace', '/nowhere'];
    const networks = ['--run-network', 'bridge', '--build-network', 'bridge'];
    const script =
      'require("node:child_process").spawn(process.execPath, process.argv.slice(1), { stdio: "ignore" }); setInterval(() => {}, 1000)';
    const parent = spawn(process.execPath, ['-e', script, '--', ...words, ...networks]);
    while (!existsSync(socket)) await sleep(50);
    parent.kill('SIGKILL');
    for (let tries = 0; tries < 100 && existsSync(socket); tries++) await sleep(50);
    expect(existsSync(socket)).toBe(false);
  });

  test.each([
    [[], '--listen, --engine and --workspace are needed'],
    [['--listen', 'a', '--engine', '/b', '--workspace', '/c'], 'a is not an absolute path'],
    [
      ['--listen', '/a', '--engine', '/b', '--workspace', '/c'],
      '--build-network is one of host, bridge, none',
    ],
    [['--unknown'], "Unknown option '--unknown'"],
  ])('wrong usage is said: %s', async (args, message) => {
    const { exitCode, stderr } = await execa(process.execPath, [policyFile, ...args], { reject: false });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  test('a client that leaves is not waited for', async () => {
    const policy = await policyWith({});
    await created(policy, {});
    const follow = connect(policy.socket, () => follow.write(http({ method: 'GET', target: '/events' })));
    await new Promise((resolve) => follow.once('data', resolve));
    const before = await openConnections(policy.pid);
    follow.destroy();
    for (let tries = 0; tries < 50 && (await openConnections(policy.pid)) >= before; tries++) await sleep(50);
    expect(await openConnections(policy.pid)).toBeLessThan(before - 1);
  });

  test('output is held back when the client does not read it', async () => {
    const policy = await policyWith({});
    const asked = { Cmd: ['sh', '-c', 'yes'], AttachStdout: true };
    const { Id } = (await created(policy, asked)) as unknown as { Id: string };
    const headers = { Connection: 'Upgrade', Upgrade: 'tcp' };
    const attach = connect(policy.socket, () =>
      attach.write(http({ target: `/containers/${Id}/attach?stream=1&stdout=1`, headers })),
    );
    onTestFinished(() => void attach.destroy());
    await new Promise((resolve) => attach.once('data', resolve));
    attach.pause();
    await engine.call('POST', `/containers/${Id}/start`);
    await sleep(2000);
    expect(await residentMegabytes(policy.pid)).toBeLessThan(200);
  });
});

function firstLine(socketPath: string, bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath, () => socket.write(bytes));
    socket.once('error', reject);
    socket.once('data', (part) => {
      resolve(part.toString('latin1').split('\r\n')[0] ?? '');
      socket.destroy();
    });
  });
}

async function openConnections(pid: number): Promise<number> {
  const { stdout } = await execa('ls', ['-l', `/proc/${pid}/fd`]);
  return stdout.split('socket:').length - 1;
}

async function residentMegabytes(pid: number): Promise<number> {
  const { stdout } = await execa('cat', [`/proc/${pid}/status`]);
  return Number(/VmRSS:\s+(\d+)/.exec(stdout)?.[1]) / 1024;
}
