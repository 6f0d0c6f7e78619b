import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/plan/schema.ts';
import { renderIntegrations } from '../../../src/render/ci/render.ts';
import { planOf } from '../../support/plan.ts';
import { monorepo } from './plans.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nidify-agent-'));
  for (const folder of ['bin', 'home', 'repository/.nidify', 'store/bin']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  // The programs of a plain system, without those that are about Nix or the network.
  for (const name of [
    'sh',
    'dirname',
    'mkdir',
    'cksum',
    'cut',
    'readlink',
    'ln',
    'cat',
    'rm',
    'mktemp',
    'uname',
    'id',
    'chmod',
    'tr',
    'grep',
    'sed',
  ]) {
    const found = spawnSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
    symlinkSync(found, join(root, 'bin', name));
  }
  program('store/bin/enter', 'PATH=/nix/store/b/bin:/nix/store/a/bin:$PATH\nexec "$@"');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function program(path: string, body: string): void {
  const file = join(root, path);
  writeFileSync(file, `#!${join(root, 'bin/sh')}\n${body}\n`);
  chmodSync(file, 0o755);
}

/** As `nix-build`: notes what it is called with, makes the link, prints the path. */
const nixBuild = () =>
  `echo "$@" >>'${root}/calls'\nfor word; do last=$word; done\nln -sfn '${root}/store' "$last"\necho '${root}/store'`;

function run(plan: Plan, args: string[] = [], env: Record<string, string> = {}) {
  const script = renderIntegrations(plan, ['agents']).find(({ path }) => path.endsWith('.sh'));
  const file = join(root, 'repository/.nidify/agent-setup.sh');
  writeFileSync(file, script?.text ?? '');
  return spawnSync(join(root, 'bin/sh'), [file, ...args], {
    cwd: tmpdir(),
    env: { PATH: join(root, 'bin'), HOME: join(root, 'home'), TMPDIR: root, ...env },
    encoding: 'utf8',
  });
}

/** The script finds it there, whatever PATH says. */
const hasNix = existsSync('/nix/var/nix/profiles/default/bin/nix-build');

describe('.nidify/agent-setup.sh', () => {
  test.skipIf(spawnSync('shellcheck', ['--version']).status !== 0).each([
    ['one', planOf()],
    ['two', monorepo()],
  ])('with %s environment is what shellcheck takes as POSIX shell', (_, plan) => {
    const text = renderIntegrations(plan, ['agents']).find(({ path }) => path.endsWith('.sh'))?.text;
    const { stdout } = spawnSync('shellcheck', ['-s', 'sh', '-'], { input: text, encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  test('can be run as it is', () => {
    expect(renderIntegrations(planOf(), ['agents']).map(({ mode }) => mode)).toEqual([0o644, 0o755]);
  });

  test('builds the environment and says how to enter it', () => {
    program('bin/nix-build', nixBuild());
    const { status, stdout } = run(planOf());
    expect(status).toBe(0);
    expect(stdout).toContain(`  . ${root}/store/activate\n`);
    expect(stdout).toContain(`  ${root}/store/bin/enter COMMAND\n`);
    expect(readFileSync(join(root, 'calls'), 'utf8')).toMatch(
      /^shell\.nix -A packages\.environment -o .*home\/\.cache\/nidify\/\d+\/environment\n$/,
    );
  });

  test('builds every environment', () => {
    program('bin/nix-build', nixBuild());
    expect(run(monorepo()).status).toBe(0);
    expect(readFileSync(join(root, 'calls'), 'utf8')).toContain('-A packages.environment-services-api -o');
  });

  test('runs its arguments in the environment, with their exit code', () => {
    program('bin/nix-build', nixBuild());
    const { status, stdout } = run(planOf(), ['sh', '-c', 'echo "$1" "$PATH"; exit 7', 'sh', 'a  b']);
    expect(stdout).toMatch(/^a {2}b \/nix\/store\/b\/bin:/);
    expect(status).toBe(7);
  });

  test('tells the agents what they read: programs on PATH, a line to source', () => {
    program('bin/nix-build', nixBuild());
    const [pathFile, environmentFile] = [join(root, 'path'), join(root, 'environment')];
    expect(run(planOf(), [], { GITHUB_PATH: pathFile, CLAUDE_ENV_FILE: environmentFile }).status).toBe(0);
    // The last line comes first on PATH.
    expect(readFileSync(pathFile, 'utf8')).toBe('/nix/store/a/bin\n/nix/store/b/bin\n');
    expect(readFileSync(environmentFile, 'utf8')).toBe(`. ${root}/store/activate\n`);
  });

  test('a Nix that is no longer on PATH is found, and none is installed', () => {
    mkdirSync(join(root, 'home/.nix-profile/bin'), { recursive: true });
    program('home/.nix-profile/bin/nix-build', nixBuild());
    program('bin/curl', `echo called >'${root}/curl'; exit 1`);
    expect(run(planOf()).status).toBe(0);
    expect(existsSync(join(root, 'curl'))).toBe(false);
  });

  test.skipIf(hasNix)(
    'without Nix, the one installer of a fixed version is fetched; where that fails it says how',
    () => {
      program('bin/curl', `echo "$@" >'${root}/curl'; exit 22`);
      const { status, stderr } = run(planOf());
      expect(status).toBe(1);
      expect(stderr).toContain('https://nixos.org/download');
      expect(readFileSync(join(root, 'curl'), 'utf8')).toMatch(
        /--proto =https .*https:\/\/releases\.nixos\.org\/nix\/nix-[\d.]+\/install\n$/,
      );
    },
  );

  test.skipIf(hasNix)('without anything to download with it says how', () => {
    const { status, stdout, stderr } = run(planOf());
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('could not be installed here');
  });
});
