import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../../src/temporary.ts';
import { busyboxImage, type DockerOptions, describeEngine, type Engine, startEngine } from './engine.ts';
import { type Policy, startPolicy } from './proxy.ts';

/** What a workflow has: a docker client, a name that no other has, a folder in the workspace. */
interface Stage {
  docker(args: readonly string[], options?: DockerOptions): Promise<string>;
  /** Of containers, networks and volumes; the same length with and without the policy. */
  name: string;
  folder: string;
  socket: string;
}

/** Each is done without and with the policy; what it hands back has to be the same, and not empty. */
const workflows: Record<string, (stage: Stage) => Promise<unknown>> = {
  'run: output, errors and exit code': async ({ docker }) =>
    docker(['run', '--rm', busyboxImage, 'sh', '-c', 'echo out; echo err >&2; exit 7']),

  'run -i: standard input to its end': async ({ docker }) =>
    docker(['run', '--rm', '-i', busyboxImage, 'wc', '-c'], { input: 'x'.repeat(300_000) }),

  'run -i: output after the input has ended': async ({ docker }) =>
    docker(['run', '--rm', '-i', busyboxImage, 'sh', '-c', 'cat >/dev/null; sleep 0.3; echo after'], {
      input: 'some input',
    }),

  'run: much output': async ({ docker }) =>
    docker(['run', '--rm', busyboxImage, 'sh', '-c', 'seq 1 200000 | md5sum; seq 1 50000']),

  'run: variables, folder, user, host name, limits': async ({ docker }) =>
    docker([
      ...['run', '--rm', '-e', 'A=b', '-w', '/tmp', '-u', '1:2', '--hostname', 'box', '--memory', '64m'],
      ...['--ulimit', 'nofile=100:200', '--cap-drop', 'ALL', '--cap-add', 'CHOWN', '--read-only'],
      ...['--tmpfs', '/scratch:size=1m', '--security-opt', 'no-new-privileges', '--init', busyboxImage],
      ...['sh', '-c', 'echo $A; pwd; id; hostname; ulimit -n; grep -c . /proc/1/status; df /scratch | wc -l'],
    ]),

  'run -v: a folder of the workspace': async ({ docker, folder }) => {
    writeFileSync(path.join(folder, 'in'), 'from outside');
    const out = await docker([
      ...['run', '--rm', '-v', `${folder}:/work`, busyboxImage],
      ...['sh', '-c', 'cat /work/in; echo inside > /work/out'],
    ]);
    return [out, readFileSync(path.join(folder, 'out'), 'utf8')];
  },

  'run --mount: a folder of the workspace, read-only': async ({ docker, folder }) =>
    docker([
      ...['run', '--rm', '--mount', `type=bind,source=${folder},target=/work,readonly`, busyboxImage],
      ...['sh', '-c', 'touch /work/x 2>&1; true'],
    ]),

  'run -v: a named volume that stays': async ({ docker, name }) => {
    await docker(['run', '--rm', '-v', `${name}:/data`, busyboxImage, 'sh', '-c', 'echo kept > /data/file']);
    return docker(['run', '--rm', '-v', `${name}:/data:ro`, busyboxImage, 'cat', '/data/file']);
  },

  'exec -i, and its exit code': async ({ docker, name }) => {
    await docker(['run', '-d', '--name', name, busyboxImage, 'sleep', '60']);
    return docker(['exec', '-i', name, 'sh', '-c', 'cat; echo err >&2; exit 4'], { input: 'typed' });
  },

  'exec -d, then what it did': async ({ docker, name }) => {
    await docker(['run', '-d', '--name', name, busyboxImage, 'sleep', '60']);
    await docker(['exec', '-d', name, 'touch', '/made']);
    return docker(['exec', name, 'sh', '-c', 'until [ -e /made ]; do sleep 0.1; done; ls /made']);
  },

  'start -ai: attach with input': async ({ docker, name }) => {
    await docker(['create', '-i', '--name', name, busyboxImage, 'sed', 's/a/b/']);
    return docker(['start', '-ai', name], { input: 'banana\n' });
  },

  'cp: a file in, a folder out': async ({ docker, name, folder }) => {
    writeFileSync(path.join(folder, 'sent'), 'y'.repeat(100_000));
    await docker(['create', '--name', name, busyboxImage, 'md5sum', '/tmp/sent']);
    await docker(['cp', path.join(folder, 'sent'), `${name}:/tmp/sent`]);
    const sum = await docker(['start', '-a', name]);
    await docker(['cp', `${name}:/tmp`, path.join(folder, 'got')]);
    return [sum, readFileSync(path.join(folder, 'got', 'sent')).length];
  },

  'logs -f until the end': async ({ docker, name }) => {
    await docker([
      'run',
      '-d',
      '--name',
      name,
      busyboxImage,
      'sh',
      '-c',
      'for i in 1 2 3; do echo $i; sleep 0.2; done',
    ]);
    return docker(['logs', '-f', name]);
  },

  'wait, kill and ps': async ({ docker, name }) => {
    await docker(['run', '-d', '--name', name, busyboxImage, 'sleep', '60']);
    const before = await docker(['ps', '--filter', `name=${name}`, '--format', '{{.Names}} {{.Image}}']);
    const waited = docker(['wait', name]);
    await docker(['kill', name]);
    const after = await docker(['ps', '-a', '--filter', `name=${name}`, '--format', '{{.Status}}']);
    return [before, await waited, after.includes('Exited (137)')];
  },

  'stop, start, restart, pause, rename, rm': async ({ docker, name }) => {
    await docker([
      'run',
      '-d',
      '--name',
      `${name}-old`,
      busyboxImage,
      'sh',
      '-c',
      'trap "exit 5" TERM; while :; do sleep 0.1; done',
    ]);
    const results = [];
    for (const args of [['stop', '-t', '5'], ['start'], ['restart', '-t', '1'], ['pause'], ['unpause']])
      results.push(await docker([...args, `${name}-old`]));
    await docker(['rename', `${name}-old`, name]);
    results.push(await docker(['inspect', '--format', '{{.State.Status}} {{.Name}}', name]));
    results.push(await docker(['rm', '-f', name]), await docker(['inspect', name]));
    return results;
  },

  'stats, top and update': async ({ docker, name }) => {
    await docker(['run', '-d', '--name', name, '--memory', '32m', busyboxImage, 'sleep', '60']);
    await docker(['update', '--memory', '48m', '--memory-swap', '96m', name]);
    return [
      await docker(['stats', '--no-stream', '--format', '{{.Name}} {{.PIDs}}', name]),
      (await docker(['top', name])).split('\n').length,
      await docker(['inspect', '--format', '{{.HostConfig.Memory}}', name]),
    ];
  },

  'build with the classic builder': async ({ docker, name, folder }) => {
    writeFileSync(
      path.join(folder, 'Dockerfile'),
      `FROM ${busyboxImage}\nARG WHO\nCOPY big /big\nRUN echo $WHO > /who && ls /sys/class/net | wc -l > /nets\nCMD cat /who /nets\n`,
    );
    writeFileSync(path.join(folder, 'big'), Buffer.alloc(3_000_000, 'z'));
    await docker(['build', '-t', `${name}:1`, '--build-arg', 'WHO=me', '--label', 'a=b', folder]);
    return [
      await docker(['run', '--rm', `${name}:1`]),
      await docker(['image', 'inspect', '--format', '{{.Config.Labels}}', `${name}:1`]),
    ];
  },

  'build that fails': async ({ docker, folder }) => {
    writeFileSync(path.join(folder, 'Dockerfile'), `FROM ${busyboxImage}\nRUN exit 9\n`);
    return (await docker(['build', '-q', folder])).replace(/[0-9a-f]{12}/g, 'ID');
  },

  'tag, save, rmi, load, history': async ({ docker, name, folder }) => {
    await docker(['tag', busyboxImage, `${name}:saved`]);
    await docker(['save', '-o', path.join(folder, 'image.tar'), `${name}:saved`]);
    const removed = await docker(['rmi', `${name}:saved`]);
    const loaded = await docker(['load', '-i', path.join(folder, 'image.tar')]);
    return [removed, loaded, await docker(['history', '-q', `${name}:saved`])];
  },

  'commit, export and import': async ({ docker, name, folder }) => {
    await docker(['run', '--name', name, busyboxImage, 'sh', '-c', 'echo added > /added']);
    await docker(['commit', '-c', 'CMD cat /added', '-m', 'a message', name, `${name}:committed`]);
    await docker(['export', '-o', path.join(folder, 'tree.tar'), name]);
    await docker(['import', '-c', 'CMD cat /added', path.join(folder, 'tree.tar'), `${name}:imported`]);
    return [
      await docker(['run', '--rm', `${name}:committed`]),
      await docker(['run', '--rm', `${name}:imported`]),
      await docker(['diff', name]),
    ];
  },

  'networks: create, names, connect, disconnect': async ({ docker, name }) => {
    await docker(['network', 'create', '--label', 'a=b', name]);
    await docker([
      'run',
      '-d',
      '--name',
      `${name}-a`,
      '--network',
      name,
      '--network-alias',
      'server',
      busyboxImage,
      'sh',
      '-c',
      'echo hello > /index.html; httpd -f -p 80 -h /',
    ]);
    const got = await docker([
      'run',
      '--rm',
      '--network',
      name,
      busyboxImage,
      'sh',
      '-c',
      'until wget -qO- http://server/; do sleep 0.1; done 2>/dev/null',
    ]);
    const connected = await docker(['network', 'connect', 'bridge', `${name}-a`]);
    const interfaces = await docker(['exec', `${name}-a`, 'sh', '-c', 'ls /sys/class/net | grep -c eth']);
    await docker(['network', 'disconnect', name, `${name}-a`]);
    await docker(['rm', '-f', `${name}-a`]);
    return [got, connected, interfaces, await docker(['network', 'rm', name])];
  },

  'a published port': async ({ docker, name }) => {
    await docker([
      'run',
      '-d',
      '--name',
      name,
      '-p',
      '127.0.0.1::80',
      busyboxImage,
      'sh',
      '-c',
      'echo page > /index.html; httpd -f -p 80 -h /',
    ]);
    const [, port] = /:(\d+)/.exec(await docker(['port', name, '80'])) ?? [];
    return (await fetch(`http://127.0.0.1:${port}/`)).text();
  },

  'volumes: create, ls, inspect, rm, prune': async ({ docker, name }) => [
    await docker(['volume', 'create', '--label', 'a=b', name]),
    await docker(['volume', 'ls', '-q', '--filter', `name=${name}`]),
    await docker(['volume', 'inspect', '--format', '{{.Labels}} {{.Driver}}', name]),
    await docker(['volume', 'rm', name]),
    await docker(['container', 'prune', '-f', '--filter', 'label=nobody-has-this']),
  ],

  'events of a container': async ({ docker, name }) => {
    const since = String(Math.floor(Date.now() / 1000) - 1);
    await docker(['run', '--rm', '--name', name, busyboxImage, 'true']);
    const until = String(Math.floor(Date.now() / 1000) + 1);
    const format = ['--format', '{{.Type}} {{.Action}}', '--filter', `container=${name}`];
    return docker(['events', '--since', since, '--until', until, ...format]);
  },

  'info, version, system df': async ({ docker }) => [
    await docker(['info', '--format', '{{.ServerVersion}} {{.Driver}}']),
    await docker(['version', '--format', '{{.Client.APIVersion}} {{.Server.Version}}']),
    (await docker(['system', 'df'])).split('\n').length,
  ],

  'run --network none, and in the network of another': async ({ docker, name }) => {
    await docker(['run', '-d', '--name', name, '--network', 'none', busyboxImage, 'sleep', '60']);
    return docker(['run', '--rm', '--network', `container:${name}`, busyboxImage, 'ls', '/sys/class/net']);
  },

  'a health check': async ({ docker, name }) => {
    await docker([
      'run',
      '-d',
      '--name',
      name,
      '--health-cmd',
      'true',
      '--health-interval',
      '200ms',
      busyboxImage,
      'sleep',
      '60',
    ]);
    for (let tries = 0; tries < 50; tries++) {
      const status = await docker(['inspect', '--format', '{{.State.Health.Status}}', name]);
      if (status.includes('healthy') && !status.includes('unhealthy')) return status;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return 'never healthy';
  },

  'mistakes are answered by the engine': async ({ docker, name }) => [
    await docker(['inspect', name]),
    await docker(['run', '--rm', 'no-such-image:here', 'true']).then((text) => text.slice(0, 40)),
    await docker(['exec', name, 'true']),
    await docker(['start', name]),
    await docker(['logs', name]),
    await docker(['attach', name]),
  ],
};

describeEngine('ordinary work through the policy', () => {
  const workspace = temporaryFolder('nidify-workspace-');
  let engine: Engine;
  let policy: Policy;
  beforeAll(async () => {
    engine = await startEngine();
    policy = await startPolicy({ engine: engine.socket, workspaces: [workspace.directory] });
  });
  afterAll(async () => {
    await policy?.stop();
    await engine?.stop();
    workspace.remove();
  });

  let count = 100;
  for (const [title, workflow] of Object.entries(workflows)) {
    test(title, async () => {
      const results: unknown[] = [];
      for (const socket of [engine.socket, policy.socket]) {
        const name = `stage${++count}`;
        const folder = path.join(workspace.directory, name);
        mkdirSync(folder);
        const docker: Stage['docker'] = async (args, options = {}) => {
          const { exitCode, stdout, stderr } = await engine.docker(args, { ...options, socket });
          return `${exitCode}\n${stdout}\n${stderr}`;
        };
        const result = await workflow({ docker, name, folder, socket });
        const text = JSON.stringify(result).replaceAll(name, 'NAME').replaceAll(socket, 'SOCKET');
        results.push(text.replace(/[0-9a-f]{64}/g, 'ID'));
        const { stdout } = await engine.docker(['ps', '-aq']);
        await engine.docker(['rm', '-f', '-v', 'nobody', ...stdout.split('\n').filter((id) => id !== '')]);
      }
      expect(results[1]).toBe(results[0]);
      expect(results[1]).not.toContain('nidify policy');
    });
  }

  test('nothing of it was refused', () => {
    expect(policy.lines()).toEqual([]);
  });
});
