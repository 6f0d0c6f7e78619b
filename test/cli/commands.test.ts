import {
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
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AnalyzeOptions } from '../../src/analyze.ts';
import { resultSchema } from '../../src/cli/results/index.ts';
import { runCommand } from '../../src/cli/run.ts';
import type { Stages } from '../../src/cli/stages.ts';
import { NidifyError } from '../../src/errors.ts';
import type { Evidence, Plan } from '../../src/plan/schema.ts';
import type { GeneratedFile } from '../../src/render/types.ts';
import { capturedIo } from '../support/io.ts';
import { planOf, toolchainOf } from '../support/plan.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'nidify-cli-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const at = (...parts: string[]) => path.join(root, ...parts);
const because: Evidence[] = [
  { file: 'package.json', line: 7, text: '"node": "^22.3"', rule: 'node/engines' },
];
const node = toolchainOf({
  key: 'node-22',
  id: 'node',
  version: '22.22',
  requested: '^22.3',
  match: 'compatible',
  attribute: 'nodejs_22',
  grade: 'inferred',
  because,
});
const shop = planOf({ toolchains: [node], inputs: [{ path: 'package.json', blob: 'a'.repeat(40) }] });
const failing: Plan = {
  ...shop,
  findings: [
    {
      code: 'tool-unknown',
      severity: 'error',
      message: 'zig 0.1 is asked for',
      hint: 'Name a package.',
      because,
    },
  ],
};

interface Setting {
  plan?: Plan;
  files?: GeneratedFile[];
  columns?: number;
  stages?: Partial<Stages>;
}

async function run(argv: string[], { plan = shop, files, columns = 100, stages = {} }: Setting = {}) {
  const io = capturedIo({ cwd: root, columns });
  const asked: AnalyzeOptions[] = [];
  const exitCode = await runCommand(argv, io, {
    stages: {
      async analyze(_, options) {
        asked.push(options);
        return plan;
      },
      async render() {
        return files ?? [{ path: 'flake.nix', text: '{ }\n', mode: 0o644 }];
      },
      async catalogue() {
        return null;
      },
      ...stages,
    },
  });
  return { exitCode, stdout: io.stdout(), stderr: io.stderr(), asked };
}

async function resultOf(argv: string[], setting?: Setting) {
  const { stdout, exitCode } = await run([...argv, '--json'], setting);
  const value: unknown = JSON.parse(stdout);
  return { exitCode, result: resultSchema.parse(value), value };
}

describe('generate', () => {
  test('is the default, says what it wrote and what to do next', async () => {
    const { exitCode, stdout, stderr } = await run([]);
    expect(exitCode).toBe(0);
    expect(readdirSync(root).sort()).toEqual(['flake.nix', 'nidify.lock']);
    expect(stdout).toMatch(/created +flake\.nix/);
    expect(stdout).toContain('nix develop');
    expect(stderr).toBe('');
  });

  test('outside Git there is nothing to add, inside there is', async () => {
    expect((await run([])).stdout).not.toContain('git add');
    mkdirSync(at('.git'));
    expect((await run([])).stdout).toContain('git add -N flake.nix');
  });

  test('a repository elsewhere is given to Git as such: it takes no path from outside', async () => {
    mkdirSync(at('a shop', '.git'), { recursive: true });
    expect((await run(['a shop'])).stdout).toContain("git -C './a shop' add -N flake.nix");
  });

  test('what is a language and its own package manager is named once, and a leading zero is no version', async () => {
    const bun = toolchainOf({ ...node, key: 'bun-1', id: 'bun', version: '1', attribute: 'bun' });
    const manager = { ...bun, runsOn: null, bundledWith: null, lockfile: null };
    const uv = { ...manager, key: 'uv-0', id: 'uv', version: '0', attribute: 'uv' };
    const plan: Plan = { ...shop, toolchains: [bun], packageManagers: [manager, uv] };
    expect((await run(['--dry-run'], { plan })).stdout.split('\n')[0]).toBe('environment  bun 1, uv');
  });

  test('a second run changes nothing and says so', async () => {
    await run([]);
    expect((await run([])).stdout).toContain('Every file is as it should be.');
  });

  test('an error of the plan is exit code 3, and the Nix part is written still', async () => {
    const { exitCode, stdout } = await run([], { plan: failing });
    expect(exitCode).toBe(3);
    expect(stdout).toContain('zig 0.1 is asked for');
    expect(stdout).toContain('Name a package.');
    expect(readdirSync(root)).toContain('flake.nix');
  });

  test('a repository that runs containers gets a devcontainer too', async () => {
    const plan: Plan = {
      ...shop,
      target: { ...shop.target, kind: 'container', because },
      container: {
        folder: '.devcontainer',
        policy: 'on',
        toolchain: 'nix',
        images: [{ key: 'base', reference: 'docker.io/library/debian:trixie-slim', digest: null }],
      },
    };
    expect((await run([], { plan })).exitCode).toBe(0);
  });

  test('a flake of the user is left alone: exit code 6, naming --output .nidify', async () => {
    writeFileSync(at('flake.nix'), 'mine');
    const { exitCode, stderr } = await run([]);
    expect(exitCode).toBe(6);
    expect(stderr).toContain('flake.nix was not written by nidify');
    expect(stderr).toContain('--output .nidify');
    expect(readFileSync(at('flake.nix'), 'utf8')).toBe('mine');
  });

  test('the way out is named as it must be typed', async () => {
    mkdirSync(at('sub'));
    writeFileSync(at('sub', 'flake.nix'), 'mine');
    expect((await run(['sub'])).stderr).toContain('--output sub/.nidify');
    expect((await run(['-C', 'sub'])).stderr).toContain('--output .nidify');
  });

  test('files beside the repository’s own are found again without --output', async () => {
    writeFileSync(at('flake.nix'), 'mine');
    expect((await run(['--output', '.nidify'])).exitCode).toBe(0);
    expect((await run([])).exitCode).toBe(0);
    expect((await run(['check'])).exitCode).toBe(0);
    expect(readFileSync(at('flake.nix'), 'utf8')).toBe('mine');
    expect((await run(['clean'])).stdout).toMatch(/removed +flake\.nix/);
    expect(readdirSync(root)).toEqual(['flake.nix']);
  });

  test('--dry-run and --diff write nothing', async () => {
    expect((await run(['--dry-run'])).stdout).toMatch(/would create +flake\.nix/);
    expect((await run(['--diff'])).stdout).toContain('+++ b/flake.nix');
    writeFileSync(at('flake.nix'), 'mine');
    expect((await run(['--diff'])).exitCode).toBe(0);
    expect(readdirSync(root)).toEqual(['flake.nix']);
  });

  test('--force overwrites', async () => {
    writeFileSync(at('flake.nix'), 'mine');
    expect((await run(['--force'])).exitCode).toBe(0);
    expect(readFileSync(at('flake.nix'), 'utf8')).toBe('{ }\n');
  });

  test('--target and --project reach the analysis', async () => {
    const { asked } = await run(['--target', 'nix', '--project', 'web']);
    expect(asked[0]).toMatchObject({ target: 'nix', project: 'web' });
  });

  test('the lock of an earlier run reaches the analysis', async () => {
    await run([]);
    const { asked } = await run([]);
    expect(asked[0]?.locked?.lines[0]).toMatchObject({ key: 'node-22', version: '22.22' });
  });

  test('--quiet prints nothing when nothing is wrong', async () => {
    expect((await run(['-q'])).stdout).toBe('');
    expect((await run(['-q'], { plan: failing })).stdout).toContain('zig 0.1');
  });

  test('--json says the same to machines', async () => {
    const { result } = await resultOf([]);
    expect(result).toMatchObject({
      command: 'generate',
      exitCode: 0,
      output: root,
      files: [
        { path: 'flake.nix', state: 'created' },
        { path: 'nidify.lock', state: 'created' },
      ],
      untracked: null,
    });
  });
});

describe('analyze', () => {
  test('prints tables with evidence', async () => {
    const { exitCode, stdout } = await run(['analyze']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/node +22\.22 +nodejs_22 +package\.json:7 +"node": "\^22\.3"/);
    expect(stdout).toContain('`nidify` would write flake.nix, flake.lock, shell.nix, .envrc, nidify.lock.');
    expect(readdirSync(root)).toEqual([]);
  });

  test('names the settings that the application reads, and explain tells of them', async () => {
    const setting = (name: string, required: boolean) => ({ name, value: null, required, because });
    const plan: Plan = { ...shop, variables: [setting('API_KEY', true), setting('LOG_LEVEL', false)] };
    const { stdout } = await run(['analyze'], { plan });
    expect(stdout).toMatch(
      /Settings\n {2}API_KEY +package\.json:7 .*\n {2}LOG_LEVEL +optional +package\.json:7/,
    );
    expect((await run(['explain', 'API_KEY'], { plan })).stdout).toMatch(/needed +yes/);
  });

  test('shows the beginning of a long line', async () => {
    const long = [
      { file: 'package.json', line: 1, text: `{ "name": "shop", ${'"x": 1, '.repeat(50)}`, rule: 'x' },
    ];
    const plan: Plan = { ...shop, toolchains: [{ ...node, because: long }] };
    expect((await run(['analyze'], { plan })).stdout).toContain('{ "name": "shop", "x": 1, "x": 1, "x":…\n');
  });

  test('--json prints the plan, also of a repository that cannot be served', async () => {
    const { exitCode, stdout } = await run(['analyze', '--json'], { plan: failing });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(failing);
  });
});

describe('the lock of an earlier run', () => {
  test.each(['analyze', 'explain'])(
    'reaches %s, also from beside the repository’s own files',
    async (command) => {
      await run(['--output', '.nidify']);
      const { asked } = await run([command]);
      expect(asked[0]?.locked?.lines[0]).toMatchObject({ key: 'node-22' });
    },
  );

  test('that is a link does not keep a repository from being read', async () => {
    symlinkSync('/etc/hostname', at('nidify.lock'));
    expect((await run(['analyze'])).exitCode).toBe(0);
    expect((await run([])).exitCode).toBe(6);
  });
});

describe('explain', () => {
  test('one subject: what was asked, decided, and how sure that is', async () => {
    const { exitCode, stdout } = await run(['explain', 'node']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/asked +\^22\.3/);
    expect(stdout).toMatch(/because +package\.json:7 +"node": "\^22\.3" +node\/engines/);
    expect(stdout).toContain('inferred: not seen in this channel');
  });

  test.each(['NODE', 'node-22', 'nodejs_22'])('a subject may be named %s', async (subject) => {
    expect((await run(['explain', subject])).exitCode).toBe(0);
  });

  test('without a subject, everything', async () => {
    const { stdout } = await run(['explain'], { plan: failing });
    expect(stdout.split('zig 0.1 is asked for'), 'a finding is told once').toHaveLength(2);
    for (const title of ['node 22.22', 'nix', 'nixpkgs = nixos-26.05', 'tool-unknown']) {
      expect(stdout).toContain(title);
    }
  });

  test('the target has an explanation, whatever it is', async () => {
    expect((await run(['explain', 'container'])).stdout).toContain(
      'nothing in the repository clearly has to run containers',
    );
  });

  test('--json', async () => {
    const { result } = await resultOf(['explain', 'node']);
    expect(result).toMatchObject({ command: 'explain', subjects: [{ title: 'node 22.22', because }] });
  });

  test('an unknown subject is wrong usage, with near names', async () => {
    const { exitCode, stderr } = await run(['explain', 'nod']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Did you mean "node"');
  });
});

describe('check', () => {
  test('0 when files match, 1 with the reason when they do not', async () => {
    await run([]);
    expect((await run(['check'])).exitCode).toBe(0);
    const plan: Plan = {
      ...shop,
      repository: { ...shop.repository, inputs: [{ path: 'package.json', blob: 'b'.repeat(40) }] },
    };
    const stale = await run(['check'], { plan, files: [{ path: 'flake.nix', text: 'other', mode: 0o644 }] });
    expect(stale.exitCode).toBe(1);
    expect(stale.stdout).toMatch(/flake\.nix +would be written differently now/);
    expect(stale.stdout).toMatch(/package\.json +changed/);
  });

  test('another generator is information, and a difference with --strict', async () => {
    await run([]);
    const plan: Plan = { ...shop, generator: { name: 'nidify', version: '9.0.0' } };
    const relaxed = await run(['check'], { plan });
    expect(relaxed.exitCode).toBe(0);
    expect(relaxed.stdout).toContain('this is 9.0.0');
    expect((await run(['check', '--strict'], { plan })).exitCode).toBe(1);
  });

  test('--json', async () => {
    const { exitCode, result } = await resultOf(['check']);
    expect(exitCode).toBe(1);
    expect(result).toMatchObject({ command: 'check', current: false, exitCode: 1 });
  });
});

describe('init', () => {
  test('writes a configuration that changes nothing, once', async () => {
    expect((await run(['init'])).exitCode).toBe(0);
    const { parseConfig } = await import('../../src/config/read.ts');
    expect(Object.keys(parseConfig(readFileSync(at('nidify.jsonc'), 'utf8')))).toEqual(['$schema']);
    expect((await run(['init'])).exitCode).toBe(6);
  });

  test('every example in it is allowed, and every setting has one', async () => {
    const [{ template }, { parseConfig }, { configSchema }] = await Promise.all([
      import('../../src/config/template.ts'),
      import('../../src/config/read.ts'),
      import('../../src/config/schema.ts'),
    ]);
    const examples = template('0.1.0').replaceAll(/\/\/ (?="\w+":)/g, '');
    expect(Object.keys(parseConfig(examples)).sort()).toEqual(Object.keys(configSchema.shape).sort());
  });
});

describe('what goes wrong', () => {
  test.each([
    [['--foce'], 'unknown option', '--force'],
    [['--target', 'podman'], '--target', 'auto, nix, container'],
    [['schema', 'plam'], 'plam', 'config, plan, event, result'],
    [['chekc'], 'no directory chekc', 'nidify check'],
    [['biuld', '.'], 'too many arguments', 'nidify build'],
    [['shop', 'other'], 'too many arguments', 'nidify --help'],
    [['missing/folder'], 'no directory missing/folder', 'Git URL'],
    [['-C', 'missing'], 'no directory missing', '-C'],
    [['analyze', 'a', 'b'], 'too many arguments', ''],
    [['http://example.com/x'], 'not encrypted', 'https://'],
    [['ext::sh -c x'], 'not cloned', 'https://'],
    [['--ref', 'main'], '--ref', 'Git URL'],
    [['generate', 'https://example.com/x'], '--output', 'Name the folder'],
    [['update', '--timeout', 'x'], '--timeout', 'a day'],
    [['analyze', '--timeout', '0'], '--timeout', 'a day'],
  ])('%j is wrong usage: exit code 2, told on standard error', async (argv, message, hint) => {
    const { exitCode, stdout, stderr } = await run(argv);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  test('--json tells it to machines, too', async () => {
    const { exitCode, result } = await resultOf(['check', 'missing']);
    expect(exitCode).toBe(2);
    expect(result).toMatchObject({ command: 'check', exitCode: 2, error: { code: 'usage' } });
  });

  test('an error of the family is told with its exit code', async () => {
    const error = new NidifyError({
      code: 'x',
      message: 'it broke\nfor two reasons',
      hint: 'Do that.',
      exitCode: 75,
    });
    const stages = { analyze: () => Promise.reject(error) };
    const { exitCode, stderr } = await run([], { stages });
    expect(exitCode).toBe(75);
    expect(stderr).toBe('error: it broke\n       for two reasons\nhint:  Do that.\n');
  });

  test('a bug is one line without a stack', async () => {
    const stages = { analyze: () => Promise.reject(new TypeError('x is undefined\nat y')) };
    const { exitCode, stderr } = await run([], { stages });
    expect(exitCode).toBe(70);
    expect(stderr).toContain('this is a bug in nidify: TypeError: x is undefined');
    expect(stderr).not.toMatch(/\.ts:\d+/);
  });
});

test.each([
  [['file.txt'], 'file.txt is not a directory'],
  [['check', 'file.txt'], 'file.txt is not a directory'],
  [['-C', 'file.txt'], 'file.txt is not a directory'],
  [['file.txt/deeper'], 'there is no directory file.txt/deeper'],
  [['-C', 'file.txt/deeper'], 'there is no directory file.txt/deeper'],
])('%j is wrong usage', async (argv, message) => {
  writeFileSync(at('file.txt'), '');
  const { exitCode, stderr } = await run(argv);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});

test('the help of the program fits a terminal', async () => {
  const { stdout } = await run(['--help'], { columns: 80 });
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('help and version go to standard output: exit code 0', async () => {
  expect(await run(['--help'])).toMatchObject({ exitCode: 0, stderr: '' });
  expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect((await run(['check', '--help'])).stdout).toContain('--strict');
});

test('whatever a plan says, no control character reaches the terminal', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(text, text, fc.constantFrom('analyze', 'explain'), async (name, line, command) => {
      const evil = [{ file: name, line: 1, text: line, rule: 'x' }];
      const plan: Plan = {
        ...shop,
        repository: { ...shop.repository, name },
        toolchains: [{ ...node, requested: line, because: evil }],
        findings: [{ code: 'x', severity: 'warning', message: line, hint: name, because: evil }],
      };
      const { stdout } = await run([command], { plan });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
    { numRuns: 50 },
  );
});
