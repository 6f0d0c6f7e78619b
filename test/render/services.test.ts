import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { analyze } from '../../src/analyze.ts';
import type { Config } from '../../src/config/schema.ts';
import type { Plan } from '../../src/plan/schema.ts';
import { serviceRows } from '../../src/plan/service-rows.ts';
import { render } from '../../src/render/render.ts';
import { startableServices } from '../../src/render/services.ts';
import { folderWith } from '../support/folder.ts';

const manifest = JSON.stringify({ name: 'shop', engines: { node: '22' } });

async function planOf(files: Record<string, string>, config: Config = {}): Promise<Plan> {
  return analyze(folderWith({ 'package.json': manifest, ...files }), { config });
}

const textOf = async (plan: Plan, name: string) =>
  (await render(plan)).find((each) => each.path === name)?.text;

/** The program as Nix writes it, with packages in a folder. */
function programOf(text: string, packages: string): string {
  const body = text.slice(text.indexOf("''\n") + 3, text.lastIndexOf("''"));
  return `#!/usr/bin/env bash\n${body
    .replace(/^ {2}/gm, '')
    .replace(/(?<!'')\$\{pkgs(?:-\d\d_\d\d)?\.([\w.-]+)\}/g, (_, name) =>
      name === 'coreutils' ? '/usr' : `${packages}/${name}`,
    )
    .replaceAll("''${", '${')}`;
}

describe('the plan', () => {
  test('has a package for what can be started, at the line that is asked for, in the default environment', async () => {
    const plan = await planOf({
      'compose.yml': 'services:\n  db: { image: "postgres:16" }\n  s: { image: "azure-sql-edge" }\n',
    });
    const [postgresql, sqlserver] = plan.services;
    expect(postgresql).toMatchObject({
      id: 'postgresql',
      port: 5432,
      package: { attribute: 'postgresql_16', requested: '16' },
    });
    expect(sqlserver).not.toHaveProperty('package');
    expect(plan.environments[0]?.packages).toContain('postgresql-16');
  });

  test('starts nothing that Compose runs in containers', async () => {
    const plan = await planOf({
      'compose.yml': 'services:\n  db: { image: "postgres:16" }\n',
      Makefile: 'up:\n\tdocker compose up -d\n',
    });
    expect(plan.target.kind).toBe('container');
    expect(plan.services).toMatchObject([{ id: 'postgresql' }]);
    expect(plan.services[0]).not.toHaveProperty('package');
    expect(await textOf(plan, 'services.nix')).toBeUndefined();
  });

  test('holds a large server only where more than a dependency asks for it', async () => {
    const dependency = { 'package.json': JSON.stringify({ dependencies: { mongoose: '8', bullmq: '5' } }) };
    const attributes = (plan: Plan) =>
      Object.fromEntries(plan.services.map((each) => [each.id, each.package?.attribute]));
    expect(attributes(await planOf(dependency))).toEqual({ mongodb: undefined, redis: 'redis' });
    const asked = await planOf({ ...dependency, '.env.example': 'MONGO=mongodb://localhost/shop\n' });
    expect(attributes(asked)).toMatchObject({ mongodb: 'mongodb-ce' });
    expect(asked.nixpkgs[0]?.permit.unfree).toContain('mongodb-ce');
  });

  test('follows the configuration: added, removed, another version', async () => {
    const compose = { 'compose.yml': 'services:\n  db: { image: "postgres:16" }\n  r: { image: redis }\n' };
    const plan = await planOf(compose, {
      services: { add: ['nats', 'oracle'], remove: ['redis'] },
      versions: { postgresql: '17' },
    });
    expect(plan.services.map(({ id, package: own }) => [id, own?.attribute])).toEqual([
      ['postgresql', 'postgresql_17'],
      ['nats', 'nats-server'],
    ]);
    expect(plan.findings).toContainEqual(expect.objectContaining({ code: 'service-unknown' }));
    expect(plan.findings.filter(({ code }) => code === 'setting-unused')).toEqual([]);
  });

  test('leaves out a package that the configuration removes, as with all others', async () => {
    const plan = await planOf(
      { 'compose.yml': 'services:\n  db: { image: "postgres:16" }\n' },
      {
        packages: { remove: ['postgresql-16'] },
      },
    );
    expect(plan.environments[0]?.packages).not.toContain('postgresql-16');
    expect(plan.findings.filter(({ code }) => code === 'setting-unused')).toEqual([]);
    expect(await textOf(plan, 'services.nix')).toBeUndefined();
  });

  test('says it where nixpkgs has no such version', async () => {
    const plan = await planOf({ 'compose.yml': 'services:\n  db: { image: "postgres:9.4" }\n' });
    expect(plan.findings).toContainEqual(
      expect.objectContaining({ code: 'version-nearest', severity: 'warning' }),
    );
  });
});

describe('services.nix', () => {
  test('knows every service that the planner gives a package', () => {
    expect([...startableServices].sort()).toEqual(serviceRows.map(({ id }) => id).sort());
  });

  test('has no text of the repository but plain names', async () => {
    const plan = await planOf({
      'compose.yml': `services:\n  db:\n    image: postgres\n    environment: { POSTGRES_USER: "a'; rm -rf /", POSTGRES_DB: "\${x}" }\n`,
    });
    expect(plan.services[0]).not.toHaveProperty('user');
    const hostile = {
      ...plan,
      services: plan.services.map((each) => ({ ...each, user: "a'b", database: '${x}' })),
    };
    expect(await textOf(hostile, 'services.nix')).toBe(await textOf(plan, 'services.nix'));
  });

  test('is not there where nothing is to be started', async () => {
    const plan = await planOf({});
    expect((await render(plan)).map((each) => each.path)).not.toContain('services.nix');
    expect(await textOf(plan, 'shell.nix')).not.toContain('services');
  });
});

describe('process-compose.yaml', () => {
  const files = {
    'package.json': JSON.stringify({
      name: 'shop',
      scripts: { dev: 'PORT=${PORT:-1} node a.js', start: 'node b.js' },
    }),
    'compose.yml': 'services:\n  db: { image: "postgres:16" }\n',
    'api/package.json': JSON.stringify({ name: 'api', scripts: { start: 'node "$HOME"' } }),
  };

  test('runs servers, then what develops each project', async () => {
    const plan = await planOf(files, { services: { processCompose: true } });
    const { processes } = parse((await textOf(plan, 'process-compose.yaml')) ?? '');
    expect(Object.keys(processes)).toEqual(['postgresql', 'shop', 'api']);
    expect(processes.postgresql).toMatchObject({
      command: 'services run postgresql',
      readiness_probe: { exec: { command: 'services ready postgresql' } },
      shutdown: { signal: 2 },
    });
    expect(processes.api).toMatchObject({
      working_dir: 'api',
      depends_on: { postgresql: { condition: 'process_healthy' } },
    });
    expect(JSON.stringify(processes)).not.toMatch(/[^$]\$[^$]/);
    expect(plan.environments[0]?.packages).toContain('process-compose');
  });

  test('is there only where it is asked for', async () => {
    expect(await textOf(await planOf(files), 'process-compose.yaml')).toBeUndefined();
  });
});

describe('the program', () => {
  let folder: string;
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('bash', [path.join(folder, 'services'), ...args], {
      cwd: path.join(folder, 'project/src'),
      encoding: 'utf8',
      env: { PATH: process.env.PATH, LISTEN: path.join(folder, 'listen.mjs') },
    });
    return { status, stdout, stderr };
  };

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'nidify-services-'));
    // As root, nobody runs what must not be run by root.
    chmodSync(folder, 0o755);
    mkdirSync(path.join(folder, 'project/src'), { recursive: true });
    writeFileSync(path.join(folder, 'project/nidify.lock'), '{}');
    writeFileSync(
      path.join(folder, 'listen.mjs'),
      `import { createServer } from 'node:net';
        const at = (name) => process.argv[process.argv.indexOf(name) + 1];
        process.on('SIGTERM', () => process.exit(0));
        const port = process.argv.includes('--port') ? at('--port') : at('-p');
        setTimeout(() => createServer().listen(Number(port), '127.0.0.1'), 200);
        console.log('listening');`,
    );
    const plan = await analyze(folder, { config: { services: { add: ['redis', 'memcached', 'nats'] } } });
    const text = (await textOf(plan, 'services.nix')) ?? '';
    const stub = (name: string, lines: string) => {
      const file = path.join(folder, 'packages', name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, `#!/bin/sh\n${lines}\n`);
      chmodSync(file, 0o755);
    };
    stub('redis/bin/redis-server', `exec ${process.execPath} "$LISTEN" "$@"`);
    stub('redis/bin/redis-cli', 'echo PONG');
    stub('nats-server/bin/nats-server', `exec ${process.execPath} "$LISTEN" "$@"`);
    stub('memcached/bin/memcached', 'echo "no memory today"; exit 1');
    writeFileSync(path.join(folder, 'services'), programOf(text, path.join(folder, 'packages')));
  });

  afterAll(() => {
    run('down');
    rmSync(folder, { recursive: true, force: true });
  });

  test('is shell, with every function of every service', async () => {
    const plan = await planOf({}, { services: { add: [...startableServices] } });
    const text = programOf((await textOf(plan, 'services.nix')) ?? '', '/packages');
    for (const id of startableServices)
      for (const part of ['run', 'ready', 'env']) expect(text).toContain(`${part}_${id}()`);
    expect(text).not.toMatch(/\$\{pkgs|''/);
    execFileSync('bash', ['-n'], { input: text });
  });

  test('starts, tells, keeps and stops; what fails is told with its log', () => {
    expect(run('status', 'nats')).toMatchObject({
      status: 3,
      stdout: expect.stringMatching(/^nats +stopped/),
    });
    const up = run('up', 'nats', 'redis');
    expect(up.stderr).toMatch(/nats is ready on 127\.0\.0\.1:\d+\n.*redis is ready/s);
    expect(up.status).toBe(0);
    const status = run('status', 'nats');
    expect(status).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/running +127\.0\.0\.1:\d+ +pid \d+/),
    });
    // Started once: the same process as before.
    expect(run('up', 'nats').stderr).toContain('runs already');
    expect(run('status', 'nats').stdout).toBe(status.stdout);
    expect(run('logs', 'nats').stdout).toContain('listening');
    expect(run('env').stdout).toMatch(/^export NATS_URL=nats:\/\/127\.0\.0\.1:\d+$/m);
    expect(readdirSync(path.join(folder, 'project/.nidify/services')).sort()).toEqual([
      '.gitignore',
      'nats',
      'redis',
    ]);

    const failed = run('up', 'memcached');
    expect(failed).toMatchObject({ status: 1, stderr: expect.stringContaining('no memory today') });

    expect(run('down')).toMatchObject({ status: 0, stderr: expect.stringMatching(/redis is stopped/) });
    const pid = /pid (\d+)/.exec(status.stdout)?.[1] ?? '';
    expect(() => process.kill(Number(pid), 0)).toThrow();
    expect(run('down')).toMatchObject({ status: 0, stderr: '' });
  }, 30_000);

  test('takes the next port where one is taken, and says so', async () => {
    const { createServer } = await import('node:net');
    const server = createServer();
    const taken = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(true));
      server.listen(4222, '127.0.0.1', () => resolve(true));
    });
    expect(taken).toBe(true);
    const up = run('up', 'nats');
    server.close();
    run('down');
    expect(up.stderr).toMatch(/port 4222 is taken: nats listens on 42(?!22)\d\d/);
  }, 30_000);

  test('takes no other process for its own: a number alone is not enough', () => {
    const file = path.join(folder, 'project/.nidify/services/redis/pid');
    writeFileSync(file, `${process.pid}\n1\n`);
    expect(run('status', 'redis').status).toBe(3);
    expect(run('down', 'redis').status).toBe(0);
    expect(() => readFileSync(file)).toThrow();
  });

  test('calculates with no port that is none', () => {
    const state = path.join(folder, 'project/.nidify/services');
    for (const text of ['x[$(touch canary)]', '1; touch canary', '1@example.com:5', '']) {
      writeFileSync(path.join(state, 'nats/port'), text);
      expect(run('env').stdout).toMatch(/^export NATS_URL=nats:\/\/127\.0\.0\.1:4222$/m);
    }
  });

  test('touches nothing that the repository brings along', () => {
    const elsewhere = path.join(folder, 'theirs');
    const kept = path.join(folder, 'kept');
    writeFileSync(kept, 'kept');
    const files = path.join(elsewhere, '.nidify/services/nats');
    const runThere = (...args: string[]) =>
      spawnSync('bash', [path.join(folder, 'services'), ...args], {
        cwd: elsewhere,
        encoding: 'utf8',
        env: { PATH: process.env.PATH },
      });
    for (const name of ['log', 'port', '../nats']) {
      mkdirSync(files, { recursive: true });
      writeFileSync(path.join(elsewhere, 'nidify.lock'), '{}');
      const link = path.join(files, name);
      rmSync(link, { recursive: true, force: true });
      symlinkSync(kept, link);
      for (const command of ['up', 'env', 'down', 'status'])
        expect(runThere(command)).toMatchObject({ status: 1, stderr: expect.stringContaining('is a link') });
      rmSync(elsewhere, { recursive: true });
    }
    mkdirSync(path.join(files, 'data'), { recursive: true });
    writeFileSync(path.join(files, 'data/postgresql.conf'), '');
    const git = (...args: string[]) => execFileSync('git', args, { cwd: elsewhere });
    git('init', '-q');
    expect(runThere('env').status).toBe(0);
    git('add', '.');
    expect(runThere('up')).toMatchObject({ status: 1, stderr: expect.stringContaining('git rm') });
    expect(readFileSync(kept, 'utf8')).toBe('kept');
  });

  test('knows no other words', () => {
    expect(run('up', 'oracle')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no service oracle'),
    });
    expect(run('dance')).toMatchObject({ status: 2, stderr: expect.stringContaining('usage') });
    expect(run('--help').status).toBe(0);
  });
});
