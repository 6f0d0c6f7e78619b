/** What would be built, and how: files as they are on the disk, projects, bounds. No Nix is needed to say it. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { boundsOf } from '../../src/cli/bounds.ts';
import { type EnvironmentArguments, prepare, previewText } from '../../src/cli/environment.ts';
import { longestTimeout } from '../../src/config/schema.ts';
import { NidifyError } from '../../src/errors.ts';
import { lockOf } from '../../src/lock/make.ts';
import type { Plan } from '../../src/plan/schema.ts';
import type { GeneratedFile } from '../../src/render/types.ts';
import { write } from '../../src/write/write.ts';
import { capturedIo } from '../support/io.ts';
import { planOf } from '../support/plan.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'nidify-environment-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const file = (name: string, text: string): GeneratedFile => ({ path: name, text, mode: 0o644 });
const flakeLock = '{ "nodes": { "root": {} }, "root": "root", "version": 7 }\n';
const filesOf = (text: string) => [
  file('flake.nix', text),
  file('flake.lock', flakeLock),
  file('shell.nix', '{ }: { }\n'),
  file('.envrc', 'use flake\n'),
];
const now = filesOf('{ outputs = _: { now = 1; }; }\n');

interface Setting {
  plan?: Plan;
  env?: Record<string, string>;
  quiet?: boolean;
  isClone?: boolean;
}

async function prepared(args: EnvironmentArguments = {}, setting: Setting = {}) {
  const { plan = planOf(), env = {}, quiet = false, isClone = false } = setting;
  const io = capturedIo({ cwd: root, env });
  const stages = { analyze: async () => plan, render: async () => now, catalogue: async () => null };
  const context = { io, base: root, quiet, stages };
  const { options } = await prepare({ directory: root, isClone }, args, context);
  return { options, told: io.stderr(), flake: options.files.find((each) => each.path === 'flake.nix')?.text };
}

async function failure(work: Promise<unknown>): Promise<NidifyError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof NidifyError) return error;
  throw new Error(`no NidifyError: ${String(error)}`);
}

const generated = (files: readonly GeneratedFile[]) =>
  write(files, { directory: root, lock: lockOf(planOf(), files) });
const put = (name: string, text: string) => writeFileSync(path.join(root, name), text);

describe('the files that are built', () => {
  test('are those that nidify would write, where it has written none', async () => {
    const { options, told } = await prepared();
    expect(options.files).toEqual(now);
    expect(told).toBe('');
    expect(readdirSync(root)).toEqual([]);
  });

  test('are those that it has written, where they are current', async () => {
    await generated(now);
    expect(await prepared()).toMatchObject({ flake: now[0]?.text, told: '' });
  });

  test('are what the repository asks for now, where they are stale: it is said', async () => {
    await generated(filesOf('{ outputs = _: { before = 1; }; }\n'));
    const { flake, told } = await prepared();
    expect(flake).toBe(now[0]?.text);
    expect(told).toMatch(/note: +flake\.nix: out of date/);
    expect((await prepared({}, { quiet: true })).told).toBe('');
  });

  test("are never a stranger's: it is said that they are not evaluated", async () => {
    put('flake.nix', '{ outputs = _: throw "evaluated"; }\n');
    const { flake, told } = await prepared();
    expect(flake).toBe(now[0]?.text);
    expect(told).toMatch(/note: +flake\.nix: not nidify's, and not evaluated/);
  });

  test.each(['flake.nix', 'flake.lock', 'shell.nix'])(
    'are refused where a person edited %s',
    async (name) => {
      await generated(now);
      put(name, '{ }\n');
      const error = await failure(prepared());
      expect(error).toMatchObject({ code: 'files-edited', exitCode: 6 });
      expect(error.message).toContain(name);
      expect(error.hint).toMatch(/--trust-files.*nidify generate --force/s);
    },
  );

  test('may have an edited .envrc beside them, which is not evaluated', async () => {
    await generated(now);
    put('.envrc', 'export A=1\n');
    expect((await prepared()).told).toBe('');
  });

  test('are as they stand, edited or foreign, with --trust-files', async () => {
    await generated(now);
    put('flake.nix', '{ edited = 1; }\n');
    const { options, flake } = await prepared({ trustFiles: true });
    expect(flake).toBe('{ edited = 1; }\n');
    expect(options.files.map((each) => each.path)).toEqual(['flake.nix', 'flake.lock', 'shell.nix']);
  });

  test('must be there with --trust-files', async () => {
    const error = await failure(prepared({ trustFiles: true }));
    expect(error).toMatchObject({ code: 'files-missing', exitCode: 2 });
    expect(error.message).toContain('flake.nix');
  });

  test('are not read through a link', async () => {
    await generated(now);
    rmSync(path.join(root, 'flake.nix'));
    symlinkSync('/etc/passwd', path.join(root, 'flake.nix'));
    for (const trustFiles of [true, false])
      expect(await failure(prepared({ trustFiles }))).toMatchObject({ exitCode: 6 });
  });

  test('lie where --output says', async () => {
    mkdirSync(path.join(root, 'nix'));
    await write(now, { directory: path.join(root, 'nix'), repository: root, lock: lockOf(planOf(), now) });
    put('nix/flake.nix', '{ }\n');
    expect(await failure(prepared({ output: 'nix' }))).toMatchObject({ code: 'files-edited' });
    expect((await prepared()).told).toBe('');
  });

  test('of a clone are only ever those that nidify would write', async () => {
    put('flake.nix', '{ outputs = _: throw "evaluated"; }\n');
    expect(await prepared({}, { isClone: true })).toMatchObject({ flake: now[0]?.text, told: '' });
  });
});

describe('the environment', () => {
  const [first] = planOf().environments;
  if (first === undefined) throw new Error('the plan has an environment');
  const plan = planOf({
    environments: [first, { ...first, name: 'api', projects: ['services/api'] }],
    projects: [
      { path: '.', name: 'shop', environment: 'default' },
      { path: 'services/api', name: '@shop/api', environment: 'api' },
    ].map((each) => ({ ...each }) as Plan['projects'][number]),
  });

  test.each([
    [undefined, 'default'],
    ['.', 'default'],
    ['services/api', 'api'],
    ['./services/api/', 'api'],
    ['@shop/api', 'api'],
  ])('of the project %s is %s', async (project, name) => {
    expect((await prepared({ project }, { plan })).options.environment).toBe(name);
  });

  test('of a project that is none: wrong usage, with those that there are', async () => {
    const error = await failure(prepared({ project: 'service' }, { plan }));
    expect(error).toMatchObject({ code: 'unknown-project', exitCode: 2 });
    expect(error.hint).toContain('services/api');
  });

  test('of a repository that needs none, or cannot be served, is not built', async () => {
    const nothing = planOf({ environments: [] });
    expect(await failure(prepared({}, { plan: nothing }))).toMatchObject({
      code: 'nothing-to-build',
      exitCode: 3,
    });
    const finding = { code: 'tool-unknown', severity: 'error', message: 'zig 0.1', hint: null, because: [] };
    const failing = planOf({ findings: [finding as unknown as Plan['findings'][number]] });
    expect(await failure(prepared({}, { plan: failing }))).toMatchObject({
      code: 'tool-unknown',
      exitCode: 3,
    });
  });
});

describe('how it is built', () => {
  test('follows the options, with folders from where the command is', async () => {
    const { options } = await prepared({
      store: 'own',
      builders: 'ssh://a x86_64-linux',
      substituter: ['https://cache.example'],
      trustedKey: ['k:v'],
      prove: true,
    });
    expect(options).toMatchObject({
      provesAnew: true,
      mirror: null,
      repository: root,
      settings: {
        store: path.join(root, 'own'),
        builders: 'ssh://a x86_64-linux',
        substituters: ['https://cache.example'],
        trustedKeys: ['k:v'],
        timeoutMs: 3_600_000,
        memoryBytes: null,
      },
    });
  });

  test('takes the mirror that a variable names, and refuses one that is no address', async () => {
    const env = { NIDIFY_TARBALL_URL: 'https://mirror.example/nixpkgs/' };
    expect((await prepared({}, { env })).options.mirror).toBe('https://mirror.example/nixpkgs');
    const wrong = { NIDIFY_TARBALL_URL: 'ftp://user:secret@mirror.example' };
    const error = await failure(prepared({}, { env: wrong }));
    expect(error).toMatchObject({ code: 'mirror-invalid', exitCode: 2 });
    expect(error.message).not.toContain('secret');
  });

  test('has the bounds of an option, else of a variable, else of nidify.jsonc', async () => {
    const bounds = async (args: EnvironmentArguments, env: Record<string, string>) => {
      const { timeoutMs, memoryBytes } = (await prepared(args, { env })).options.settings;
      return [timeoutMs / 1000, memoryBytes === null ? null : memoryBytes / 1024 ** 2];
    };
    const env = { NIDIFY_TIMEOUT: '20', NIDIFY_MAX_MEMORY: '2M' };
    expect(await bounds({}, {})).toEqual([3600, null]);
    put('nidify.jsonc', '{ "build": { "timeout": 30.5, "memory": "3M" } } // bounds\n');
    expect(await bounds({}, {})).toEqual([30.5, 3]);
    expect(await bounds({}, { NIDIFY_TIMEOUT: '', NIDIFY_MAX_MEMORY: '' })).toEqual([30.5, 3]);
    expect(await bounds({}, env)).toEqual([20, 2]);
    expect(await bounds({ timeout: '10', maxMemory: '1M' }, env)).toEqual([10, 1]);
  });

  test.each([
    [{ timeout: 'soon' }, {}, '--timeout soon'],
    [{}, { NIDIFY_TIMEOUT: '-1' }, 'NIDIFY_TIMEOUT -1'],
    [{ maxMemory: 'much' }, {}, '--max-memory much'],
    [{}, { NIDIFY_MAX_MEMORY: 'much' }, 'NIDIFY_MAX_MEMORY much'],
  ])('names where a wrong bound was said: %j %j', async (args, env, named) => {
    const error = await failure(prepared(args, { env }));
    expect(error).toMatchObject({ code: 'usage', exitCode: 2 });
    expect(error.message).toContain(named);
  });

  test.each([
    '{ "build": { "timeout": 0 } }',
    '{ "build": { "memory": "much" } }',
    '{ "build": { "tiemout": 1 } }',
  ])('takes no wrong configuration: %s', async (text) => {
    put('nidify.jsonc', text);
    expect(await failure(prepared())).toMatchObject({ code: 'config-invalid', exitCode: 2 });
  });

  test('takes as long a time from the configuration as from the option', () => {
    const longest = boundsOf({ timeout: String(longestTimeout) }, {}, undefined, {
      timeoutMs: 1,
      memoryBytes: null,
    });
    expect(longest.timeoutMs).toBe(longestTimeout * 1000);
    expect(() =>
      boundsOf({ timeout: String(longestTimeout + 1) }, {}, undefined, { timeoutMs: 1, memoryBytes: null }),
    ).toThrow(NidifyError);
  });
});

test('what a build will do is said in one line', () => {
  expect(previewText({ build: [], fetch: [], size: null })).toBeNull();
  expect(previewText({ build: ['a', 'b'], fetch: ['c'], size: '1 MiB' })).toBe(
    'to fetch: 1 path (1 MiB), to build: 2 derivations',
  );
});
