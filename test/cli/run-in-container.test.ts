/** What the client of an engine is told, by a stand-in that writes it down. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { runInContainer } from '../../src/container/run.ts';
import { temporaryFolder } from '../../src/temporary.ts';
import { planOf } from '../support/plan.ts';

interface Told {
  args: string[];
  /** Variables of the client, as it saw them. */
  env: Record<string, string>;
  /** What `setpriv` was asked for, around it. */
  around: string;
}

const plan = planOf({ target: { kind: 'container', profile: 'rootless', network: null, because: [] } });

afterEach(() => vi.unstubAllEnvs());

async function told({
  name = 'shop',
  isReadOnly = false,
  env = {},
  hostEnv = {},
}: {
  name?: string;
  isReadOnly?: boolean;
  env?: Record<string, string>;
  hostEnv?: Record<string, string>;
}): Promise<Told> {
  const folder = temporaryFolder('nidify-client-');
  onTestFinished(folder.remove);
  const project = path.join(folder.directory, name);
  mkdirSync(project);
  const [client, log] = [path.join(folder.directory, 'docker'), path.join(folder.directory, 'log.json')];
  writeFileSync(
    client,
    `#!${process.execPath}
const [, , ...args] = process.argv;
if (args[0] === 'run') require('node:fs').writeFileSync(${JSON.stringify(log)}, JSON.stringify({ args, env: process.env }));
`,
  );
  chmodSync(client, 0o755);
  const [setpriv, asked] = [path.join(folder.directory, 'setpriv'), path.join(folder.directory, 'asked')];
  writeFileSync(setpriv, `#!/bin/sh\nprintf %s "$1 $2" >${asked}\nshift 3\nexec "$@"\n`);
  chmodSync(setpriv, 0o755);
  vi.stubEnv('PATH', `${folder.directory}:${process.env.PATH}`);
  const exitCode = await runInContainer({
    engine: { name: 'docker', said: '' },
    image: 'localhost/shop:1',
    plan,
    files: [],
    project,
    isReadOnly,
    cwd: project,
    command: ['true'],
    env,
    hostEnv: { PATH: process.env.PATH, ...hostEnv },
    withDocker: true,
    timeoutMs: undefined,
    limits: {},
  });
  expect(exitCode).toBe(0);
  const around = existsSync(asked) ? readFileSync(asked, 'utf8') : '';
  return { ...JSON.parse(readFileSync(log, 'utf8')), around };
}

const given = (args: readonly string[], option: string) =>
  args.flatMap((each, at) => (each === option ? [args[at + 1] ?? ''] : []));

/** Fields of one line of CSV, as the clients read it: quotes count around a whole field. */
function fieldsOf(line: string): string[] {
  const fields = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/g)];
  expect(fields.map(([whole]) => whole).join('')).toBe(line);
  return fields.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}

describe('a folder of the project', () => {
  test.each(['shop', 'a,readonly=false', 'the "shop", really', 'a:b', 'zwei\nZeilen', 'a b', 'läden'])(
    '%j is mounted as what it is',
    async (name) => {
      const { args } = await told({ name, isReadOnly: true });
      const [mount = ''] = given(args, '--mount');
      const [type, source, target, ...more] = fieldsOf(mount);
      expect([type, more]).toEqual(['type=bind', ['readonly']]);
      expect(path.basename(source ?? '')).toBe(name);
      const inside = target?.replace(/^target=/, '') ?? '';
      expect(inside).toMatch(/^\/workspaces\/[^/:,"\n]+$/);
      expect(given(args, '--workdir')).toEqual([inside]);
      // Folders are separated by colons there.
      expect(args.includes('DOCKER_WORKSPACE')).toBe(true);
    },
  );
});

describe('a variable of the command', () => {
  test('is given by name: values in arguments can be read by every user', async () => {
    const { args, env } = await told({
      env: { API_TOKEN: 'secret', https_proxy: 'http://me:secret@proxy' },
      hostEnv: { https_proxy: 'http://me:secret@proxy' },
    });
    expect(given(args, '--env')).toEqual(expect.arrayContaining(['API_TOKEN', 'https_proxy']));
    expect(args.join(' ')).not.toContain('secret');
    expect(env.API_TOKEN).toBe('secret');
  });

  test.each([
    ['DOCKER_HOST', 'unix:///run/docker-engine/docker.sock'],
    ['DOCKER_CONFIG', '/workspaces/shop'],
    ['LD_PRELOAD', '/workspaces/shop/hook.so'],
    ['PATH', '/workspaces/shop/bin'],
  ])('that is called %s is none of the client', async (name, value) => {
    const { args, env } = await told({ env: { [name]: value } });
    expect(given(args, '--env')).toContain(`${name}=${value}`);
    expect(env[name]).not.toBe(value);
  });
});

test('the client ends when nidify is killed', { skip: process.platform !== 'linux' }, async () => {
  const { around } = await told({});
  expect(around).toBe('--pdeathsig TERM');
});
