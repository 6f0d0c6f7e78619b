import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { planSchema } from '../../src/plan/schema.ts';
import { cli, commitAll, folder, nidify, run } from './nidify.ts';

const shop = {
  'package.json': JSON.stringify(
    { name: 'shop', engines: { node: '^22.3' }, packageManager: 'pnpm@10.4.1' },
    null,
    2,
  ),
  'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
};
const outputs = ['.envrc', 'flake.lock', 'flake.nix', 'nidify.lock', 'shell.nix'];

describe('from a repository to its environment', () => {
  test('generate, add, check, change, check, generate, clean', async () => {
    const cwd = folder(shop);
    await commitAll(cwd);
    const first = await nidify([], { cwd });
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toContain('git add -N flake.nix flake.lock shell.nix');
    expect(
      readdirSync(cwd)
        .filter((name) => name in shop === false && name !== '.git')
        .sort(),
    ).toEqual(outputs);

    const again = await nidify([], { cwd });
    expect(again.stdout).toContain('Every file is as it should be.');
    await run('git', ['add', '-A'], { cwd });
    expect((await nidify([], { cwd })).stdout).not.toContain('git add');
    expect(await nidify(['check'], { cwd })).toMatchObject({ exitCode: 0 });

    writeFileSync(path.join(cwd, 'package.json'), shop['package.json'].replace('^22.3', '^24'));
    const stale = await nidify(['check'], { cwd });
    expect(stale.exitCode).toBe(1);
    expect(stale.stdout).toMatch(/flake\.nix +would be written differently now/);
    expect(stale.stdout).toMatch(/package\.json +changed/);
    expect(stale.stdout).toContain('Run `nidify` and commit what it writes.');
    const elsewhere = await nidify(['check', cwd], { cwd: folder() });
    expect(elsewhere.stdout.replace(/\s+/g, ' ')).toContain(`Run \`nidify ${cwd}\` and commit`);

    expect((await nidify(['generate'], { cwd })).exitCode).toBe(0);
    expect(await nidify(['check', '--strict'], { cwd })).toMatchObject({ exitCode: 0 });
    expect((await nidify(['clean'], { cwd })).exitCode).toBe(0);
    expect(readdirSync(cwd).sort()).toEqual(['.git', 'package.json', 'pnpm-lock.yaml']);
  });

  test('the same repository gives the same bytes in another folder', async () => {
    const [a, b] = [folder(shop), folder(shop)];
    await nidify([], { cwd: a });
    await nidify([b], { cwd: a });
    for (const name of outputs) {
      expect(readFileSync(path.join(b, name), 'utf8')).toBe(readFileSync(path.join(a, name), 'utf8'));
    }
  });

  test('the plan is the same before and after generating', async () => {
    const cwd = folder(shop);
    const before = await nidify(['analyze', '--json'], { cwd });
    await nidify([], { cwd });
    expect((await nidify(['analyze', '--json'], { cwd })).stdout).toBe(before.stdout);
    expect(planSchema.safeParse(JSON.parse(before.stdout)).success).toBe(true);
  });

  test('--diff is a patch that git applies', async () => {
    const cwd = folder(shop);
    await commitAll(cwd);
    const { stdout } = await nidify(['--diff'], { cwd });
    writeFileSync(path.join(cwd, '.git', 'patch'), `${stdout}\n`);
    expect(await run('git', ['apply', '.git/patch'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await nidify(['check'], { cwd })).toMatchObject({ exitCode: 0 });
  });

  test('nix flake update is adopted', async () => {
    const cwd = folder(shop);
    await nidify([], { cwd });
    const file = path.join(cwd, 'flake.lock');
    const moved = readFileSync(file, 'utf8').replace(/"rev": "[0-9a-f]{40}"/, `"rev": "${'b'.repeat(40)}"`);
    writeFileSync(file, moved);
    expect((await nidify([], { cwd })).exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(moved);
    expect(JSON.parse(readFileSync(path.join(cwd, 'nidify.lock'), 'utf8')).pins[0].rev).toBe('b'.repeat(40));
    expect(await nidify(['check'], { cwd })).toMatchObject({ exitCode: 0 });
  });

  test('a flake of the user is kept, and served beside', async () => {
    const cwd = folder({ ...shop, 'flake.nix': '{ outputs = _: { }; }\n' });
    expect(await nidify([], { cwd })).toMatchObject({ exitCode: 6, stdout: '' });
    expect(await nidify(['--output', '.nidify'], { cwd })).toMatchObject({ exitCode: 0 });
    expect(existsSync(path.join(cwd, '.nidify', 'flake.nix'))).toBe(true);
    expect(readFileSync(path.join(cwd, 'flake.nix'), 'utf8')).toBe('{ outputs = _: { }; }\n');
    expect(await nidify(['check'], { cwd })).toMatchObject({ exitCode: 0 });
  });

  test('an edited file is named, kept, and overwritten on request only', async () => {
    const cwd = folder(shop);
    await nidify([], { cwd });
    writeFileSync(path.join(cwd, 'shell.nix'), '# mine\n');
    const refused = await nidify([], { cwd });
    expect(refused.exitCode).toBe(6);
    expect(refused.stderr).toContain('shell.nix was edited after nidify wrote it');
    expect((await nidify(['--force'], { cwd })).exitCode).toBe(0);
    expect(await nidify(['check'], { cwd })).toMatchObject({ exitCode: 0 });
  });

  test('a link in the place of a file is not written through', async () => {
    const cwd = folder(shop);
    const victim = path.join(folder({ victim: 'precious' }), 'victim');
    symlinkSync(victim, path.join(cwd, 'flake.nix'));
    expect((await nidify(['--force'], { cwd })).exitCode).toBe(6);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });
});

describe('a Git URL', () => {
  test('is cloned, served and gone', async () => {
    const origin = folder(shop);
    await commitAll(origin);
    const cwd = folder({ 'tmp/.keep': '' });
    const env = { TMPDIR: path.join(cwd, 'tmp') };
    const { exitCode, stdout } = await nidify([`file://${origin}`, '--output', 'out'], { cwd, env });
    expect(stdout).toContain('nix develop ./out');
    expect(exitCode).toBe(0);
    expect(readdirSync(path.join(cwd, 'out')).sort()).toEqual(outputs);
    const plan = await nidify(['analyze', '--json', `file://${origin}#main`], { cwd, env });
    expect(JSON.parse(plan.stdout).toolchains[0].id).toBe('node');
    expect(readdirSync(path.join(cwd, 'tmp'))).toEqual(['.keep']);
  });

  test('leaves nothing behind when it is interrupted', async () => {
    const cwd = folder({ 'tmp/.keep': '', 'bin/.keep': '' });
    const git = path.join(cwd, 'bin', 'git');
    writeFileSync(git, '#!/bin/sh\ncase "$*" in *clone*) touch cloning; sleep 30 ;; esac\n', { mode: 0o755 });
    const child = execa(process.execPath, [cli, 'analyze', 'https://example.com/x.git'], {
      cwd,
      env: { PATH: `${path.join(cwd, 'bin')}:${process.env.PATH}`, TMPDIR: path.join(cwd, 'tmp') },
      extendEnv: false,
      reject: false,
    });
    const marker = () => readdirSync(path.join(cwd, 'tmp'), { recursive: true }).map(String);
    while (!marker().some((name) => name.endsWith('cloning')))
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const { signal } = await child;
    expect(signal).toBe('SIGINT');
    expect(readdirSync(path.join(cwd, 'tmp'))).toEqual(['.keep']);
  });
});

describe('output', () => {
  test('is plain where no terminal reads it, coloured on request', async () => {
    const cwd = folder(shop);
    expect((await nidify(['analyze'], { cwd })).stdout).not.toContain('\u001b');
    expect((await nidify(['analyze', '--color', 'always'], { cwd })).stdout).toContain('\u001b[');
    expect((await nidify(['analyze'], { cwd, env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[');
    expect(
      (await nidify(['analyze', '--color=never'], { cwd, env: { FORCE_COLOR: '1' } })).stdout,
    ).not.toContain('\u001b');
  });

  test('a reader that stops reading is no error', async () => {
    const cwd = folder(shop);
    const { stdout } = await run(
      'bash',
      ['-c', `set -o pipefail; "$0" "$1" explain | head -1; echo "\${PIPESTATUS[0]}"`, process.execPath, cli],
      { cwd },
    );
    expect(stdout.split('\n').at(-1)).toBe('0');
  });

  test('names of files cannot command the terminal', async () => {
    const cwd = folder({ 'package.json': '{ "engines": { "node": "22" } }' });
    mkdirSync(path.join(cwd, '\u001b[2Jevil'));
    writeFileSync(
      path.join(cwd, '\u001b[2Jevil', 'package.json'),
      '{ "engines": { "node": "18" }, "name": "\\u001b[31m" }',
    );
    for (const command of ['analyze', 'explain']) {
      expect((await nidify([command], { cwd })).stdout).not.toContain('\u001b');
    }
  });
});

test('run says where its command comes', async () => {
  for (const args of [
    ['run', 'node', '-v'],
    ['run', 'npm', 'test'],
  ]) {
    const { exitCode, stderr } = await nidify(args, { cwd: folder(shop) });
    expect(exitCode).toBe(125);
    expect(stderr).toContain('comes after `--`');
  }
});

describe('wrong usage is exit code 2 with a way out', () => {
  test.each([
    [['--foce'], '--force'],
    [['chekc'], 'nidify check'],
    [['explain', 'nod'], '"node"'],
    [['schema', 'x'], 'config, plan, event, result'],
    [['missing'], 'Name a directory'],
    [['git://example.com/x'], 'https://'],
    [['--ci', 'travis'], 'github'],
    [['build', '--proove'], '--prove'],
    [['build', 'a', 'b'], 'nidify build --help'],
  ])('%j', async (args, hint) => {
    const { exitCode, stdout, stderr } = await nidify(args, { cwd: folder(shop) });
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(hint);
  });

  test('a mistake in nidify.jsonc is told with its line', async () => {
    const cwd = folder({ ...shop, 'nidify.jsonc': '{\n  "verions": { "node": "22" }\n}\n' });
    const { exitCode, stderr } = await nidify([], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('nidify.jsonc:2: "verions" is no setting');
    expect(stderr).toContain('"versions"');
  });
});

describe('a nidify.lock that is broken', () => {
  test('is told with its merge conflict, and --force starts anew once it is gone', async () => {
    const cwd = folder({ ...shop, 'nidify.lock': '<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> main\n' });
    const { exitCode, stderr } = await nidify([], { cwd });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('nidify.lock:1');
    expect(stderr).toContain('merge conflict');
  });

  test('in an example is nobody’s', async () => {
    const cwd = folder({ ...shop, 'examples/a/nidify.lock': 'x' });
    expect((await nidify([], { cwd })).exitCode).toBe(0);
  });
});

test('an empty repository cannot be served: exit code 3, and the message says what to do', async () => {
  const cwd = folder();
  const { exitCode, stdout } = await nidify([], { cwd });
  expect(exitCode).toBe(3);
  expect(stdout).toContain('nidify.jsonc');
});

test('init writes a configuration whose schema the package ships', async () => {
  const cwd = folder();
  expect((await nidify(['init'], { cwd })).exitCode).toBe(0);
  const url = /"\$schema": "(?<url>[^"]+)"/.exec(readFileSync(path.join(cwd, 'nidify.jsonc'), 'utf8'))?.groups
    ?.url;
  const file = url?.replace(/^https:\/\/unpkg\.com\/nidify@[^/]+\//, '') ?? '';
  const shipped = readFileSync(path.join(path.dirname(cli), '..', file), 'utf8');
  expect((await nidify(['schema', 'config'], { cwd })).stdout).toBe(shipped.trimEnd());
});

describe('completion', () => {
  async function completed(line: string, cwd: string): Promise<string[]> {
    const words = line.split(' ');
    const script = `source <("$0" "$1" completion bash)
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_nidify; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = await run('bash', ['-c', script, process.execPath, cli], { cwd });
    expect(stderr).toBe('');
    return stdout.split('\n').filter((word) => word !== '');
  }

  test.each([
    ['nidify che', ['check']],
    ['nidify c', ['check', 'clean', 'completion']],
    ['nidify check --st', ['--strict']],
    ['nidify --tar', ['--target']],
    ['nidify schema p', ['plan']],
    ['nidify -q explain --js', ['--json']],
    ['nidify check su', ['sub']],
    ['nidify --target ', ['auto', 'nix', 'container']],
    ['nidify generate --color a', ['auto', 'always']],
    ['nidify -C ', ['sub']],
    ['nidify schema ', ['config', 'plan', 'event', 'result']],
  ])('bash: %s', async (line, expected) => {
    expect(await completed(line, folder({ 'sub/x': '' }))).toEqual(expected);
  });

  test.each(['zsh', 'fish'])('%s: has every command', async (shell) => {
    const cwd = folder();
    const { exitCode, stdout } = await nidify(['completion', shell], { cwd });
    expect(exitCode).toBe(0);
    for (const name of ['generate', 'analyze', 'explain', 'check', 'update', 'init', 'clean', 'schema']) {
      expect(stdout).toContain(name);
    }
  });
});
