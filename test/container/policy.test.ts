import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../src/temporary.ts';
import { attacks, hostDockerfile, type Inspected, type Scene, victim } from './attacks.ts';
import { describeEngine, type Engine, startEngine } from './engine.ts';
import { type Policy, send, startPolicy } from './proxy.ts';

describeEngine('attacks on the policy', () => {
  const folder = temporaryFolder('nidify-attacked-');
  const workspace = path.join(folder.directory, 'workspace');
  let engine: Engine;
  let policy: Policy;
  let server: Server;
  let scene: Scene;
  beforeAll(async () => {
    mkdirSync(path.join(workspace, 'folder'), { recursive: true });
    mkdirSync(`${workspace}-not`);
    symlinkSync('/', path.join(workspace, 'root'));
    symlinkSync(path.join(folder.directory, 'later'), path.join(workspace, 'dangling'));
    engine = await startEngine();
    policy = await startPolicy({ engine: engine.socket, workspaces: [workspace] });
    server = createServer((_request, response) => response.end(hostDockerfile(scene.hostInterface)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { body } = await engine.call('GET', '/networks/bridge');
    scene = {
      engine,
      workspace,
      policySocket: policy.socket,
      dockerfileUrl: `http://127.0.0.1:${port}/Dockerfile`,
      hostInterface: String(
        (body as { Options: Record<string, string> }).Options['com.docker.network.bridge.name'],
      ),
    };
  });
  afterAll(async () => {
    server?.close();
    await policy?.stop();
    await engine?.stop();
    folder.remove();
  });

  test('there are many of them, each with a name of its own', () => {
    expect(new Set(attacks.map(({ title }) => title)).size).toBe(attacks.length);
    expect(attacks.length).toBeGreaterThanOrEqual(60);
  });

  describe.each(attacks)('$title', (attack) => {
    test('is one: the engine does it', { skip: attack.engineRefuses !== undefined }, async () => {
      await attack.prepare?.(scene);
      const answer = await send(engine.socket, attack.request(scene), attack.timeout);
      const hasHappened = await attack.happened(scene);
      await cleanUp(engine);
      expect(hasHappened, answer.slice(0, 600)).toBe(true);
    });

    test('does not get through', async () => {
      await attack.prepare?.(scene);
      const before = await listContainers(engine);
      const answer = await send(policy.socket, attack.request(scene), attack.timeout);
      const hasHappened = await attack.happened(scene);
      const forbidden = [];
      for (const id of await listContainers(engine))
        if (!before.includes(id)) forbidden.push(...(await violations(engine, id, workspace)));
      await cleanUp(engine);
      expect(hasHappened, answer.slice(0, 600)).toBe(false);
      expect(forbidden).toEqual([]);
      expect(answer).not.toBe('');
      expect(() => process.kill(policy.pid, 0)).not.toThrow();
    });
  });

  test('the policy said what it refused, one line of JSON each', () => {
    const lines = policy.lines().map((line) => JSON.parse(line) as Record<string, string>);
    expect(lines.length).toBeGreaterThan(50);
    for (const line of lines) expect(Object.keys(line)).toEqual(['time', 'refused', 'reason']);
  });
});

/** What a container has that the policy never gives, whatever the attack wanted. */
async function violations(engine: Engine, id: string, workspace: string): Promise<string[]> {
  const { HostConfig: host, Mounts } = (await engine.call('GET', `/containers/${id}/json`)).body as Inspected;
  const found = [];
  for (const name of ['Privileged', 'CgroupParent', 'UTSMode', 'UsernsMode', 'Cgroup', 'OomKillDisable'])
    if (host[name]) found.push(name);
  for (const name of ['Devices', 'DeviceCgroupRules', 'DeviceRequests', 'SecurityOpt', 'CapAdd'])
    if (host[name]?.length > 0) found.push(name);
  for (const name of ['PidMode', 'IpcMode', 'NetworkMode']) if (host[name] === 'host') found.push(name);
  if (host.Runtime !== 'runc') found.push('Runtime');
  if (host.OomScoreAdj < 0) found.push('OomScoreAdj');
  if (host.MaskedPaths.length < 5 || host.ReadonlyPaths.length < 5) found.push('MaskedPaths');
  if (Mounts.some(({ Type }) => Type === 'bind') && !['', 'no'].includes(host.RestartPolicy.Name))
    found.push('RestartPolicy');
  for (const mount of Mounts)
    if (mount.Type === 'bind' && !mount.Source.startsWith(`${workspace}/`)) found.push(mount.Source);
  return found;
}

async function listContainers(engine: Engine): Promise<string[]> {
  const { body } = await engine.call('GET', '/containers/json?all=1');
  return (body as { Id: string }[]).map(({ Id }) => Id);
}

async function cleanUp(engine: Engine): Promise<void> {
  for (const id of await listContainers(engine)) await engine.call('DELETE', `/containers/${id}?force=1&v=1`);
  for (const kind of ['volumes', 'networks', 'images']) await engine.call('DELETE', `/${kind}/${victim}`);
  await engine.call('POST', '/swarm/leave?force=1');
}
