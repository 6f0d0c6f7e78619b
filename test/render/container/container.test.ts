import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Plan } from '../../../src/plan/schema.ts';
import { renderContainer } from '../../../src/render/container/render.ts';
import { variants } from './plans.ts';
import { devcontainerSchema } from './specification.ts';

const golden = join(import.meta.dirname, '../golden/container');
const require = createRequire(import.meta.url);
const cases = Object.entries(variants) as [string, Plan][];
const root = mkdtempSync(join(tmpdir(), 'nidify-container-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const textOf = (plan: Plan, name: string): string => {
  const file = renderContainer(plan).find(({ path }) => path.endsWith(`/${name}`));
  if (file === undefined) throw new Error(`${name} is not written`);
  return file.text;
};

function written(plan: Plan, name: string): string {
  const folder = join(root, name);
  for (const { path, text, mode } of renderContainer(plan)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, mode);
  }
  return folder;
}

/** devcontainer.json, as the command line of devcontainers understands it. */
function understood(folder: string, env: NodeJS.ProcessEnv = {}): Record<string, unknown> {
  const program = require.resolve('@devcontainers/cli/devcontainer.js');
  const output = execFileSync(
    process.execPath,
    [program, 'read-configuration', '--workspace-folder', folder, '--docker-path', '/bin/true'],
    { encoding: 'utf8', env: { PATH: process.env.PATH, HOME: root, ...env }, stdio: 'pipe' },
  );
  return JSON.parse(output).configuration;
}

/** What is short and specific to a plan; the rest is the same bytes everywhere. */
const reviewed = ['devcontainer.json', 'Dockerfile', '.dockerignore', 'compose.yaml'];

describe.each(cases)('the container of "%s"', (name, plan) => {
  test('has the files that were reviewed', async () => {
    const files = renderContainer(plan).map(({ path, text }) => ({ name: path.slice(14), text }));
    const short = files.filter((file) => reviewed.includes(file.name));
    for (const file of short)
      await expect(file.text).toMatchFileSnapshot(join(golden, name, file.name.replace(/^\./, 'dot-')));
    expect(readdirSync(join(golden, name))).toHaveLength(short.length);
  });

  test('has a devcontainer.json that the specification allows, and its command line reads', () => {
    const value: unknown = JSON.parse(textOf(plan, 'devcontainer.json'));
    expect(devcontainerSchema.parse(value)).toEqual(value);
    expect(understood(written(plan, name))).toMatchObject({ remoteUser: 'worker', overrideCommand: false });
  });

  test('never has the privileges of the machine', () => {
    for (const { path, text } of renderContainer(plan)) {
      expect(text, path).not.toMatch(/--privileged|privileged["']?\s*:\s*true|\/var\/run\/docker\.sock/);
      if (!path.endsWith('.mjs')) expect(text, path).not.toMatch(/seccomp=unconfined/);
    }
  });

  test('has files that end with one newline, without tabs and spaces at the end of a line', () => {
    for (const { path, text } of renderContainer(plan)) {
      expect(text, path).toMatch(/[^\n]\n$/);
      expect(text, path).not.toMatch(/[ \t]$/m);
      expect(text, path).not.toContain('\r');
    }
  });

  test('sends to the builder what its Dockerfile copies, and nothing else', () => {
    const [all, ...allowed] = textOf(plan, '.dockerignore').trim().split('\n');
    expect(all).toBe('*');
    const copied = [...textOf(plan, 'Dockerfile').matchAll(/^COPY (?!--from)(?<source>\S+) /gm)].map(
      ({ groups }) => groups?.source ?? '',
    );
    const files = renderContainer(plan).map(({ path }) => path.slice('.devcontainer/'.length));
    const wanted = [...files, 'toolchain/toolchain.tar'].filter((file) =>
      copied.some((source) => file === source || (source.endsWith('/') && file.startsWith(source))),
    );
    const expected = copied.includes('toolchain/')
      ? wanted
      : wanted.filter((file) => !file.startsWith('toolchain/'));
    expect(allowed.map((line) => line.replace(/^!/, '')).sort()).toEqual(expected.sort());
    expect(allowed.every((line) => line.startsWith('!'))).toBe(true);
  });
});

describe('compose.yaml', () => {
  const value = parse(textOf(variants.sidecar, 'compose.yaml'));

  test('has a name of its own, for containers and volumes are called by it', () => {
    expect(value.name).toBe('nidify-shop');
  });

  test.skipIf(!isThere('docker-compose') && !process.env.CI)('is what Compose takes', () => {
    const file = join(written(variants.sidecar, 'compose'), '.devcontainer/compose.yaml');
    // The first Compose, which Debian 12 has, knows no names.
    const text = textOf(variants.sidecar, 'compose.yaml').replace(/^name: .*\n/m, '');
    const config = (content: string) => {
      writeFileSync(file, content);
      return execFileSync('docker-compose', ['-f', file, 'config', '--services'], {
        cwd: dirname(file),
        encoding: 'utf8',
        stdio: 'pipe',
      });
    };
    expect(config(text).trim().split('\n').sort()).toEqual(['engine', 'worker']);
    expect(() => config(text.replace('cap_drop:', 'cap_dropped:'))).toThrow();
  });

  test('gives the worker nothing but the right to become the worker', () => {
    expect(value.services.worker).toMatchObject({ cap_drop: ['ALL'], cap_add: ['SETUID', 'SETGID'] });
    expect(Object.keys(value.services.worker)).not.toEqual(
      expect.arrayContaining(['devices', 'security_opt', 'privileged']),
    );
  });

  test('is the one that devcontainer.json names', () => {
    const { dockerComposeFile, service, workspaceFolder } = JSON.parse(
      textOf(variants.sidecar, 'devcontainer.json'),
    );
    expect(dockerComposeFile).toBe('compose.yaml');
    expect(value.services[service].working_dir).toBe(workspaceFolder);
  });
});

describe('what the machine of the user has', () => {
  const taken = '${localEnv:CANARY} ${env:CANARY} ${localWorkspaceFolder}';

  test('is not put into a name or a command of the repository', () => {
    const plan: Plan = variants.rootless;
    const [first, ...others] = plan.projects;
    if (first === undefined) throw new Error('no project');
    const install = `npm ci --registry=https://example.test/?${taken}`;
    const hostile = {
      ...plan,
      repository: { ...plan.repository, name: taken },
      projects: [{ ...first, path: taken, commands: { ...first.commands, install } }, ...others],
    };
    const read = understood(written(hostile, 'canary'), { CANARY: 'secret-of-the-machine' });
    expect(JSON.stringify([read.name, read.updateContentCommand])).not.toMatch(/secret-of|nidify-container-/);
    expect(JSON.stringify(read.runArgs)).toContain('nidify-container-');
  });
});

describe('scripts', () => {
  const scripts = [
    ['boot.sh', 'bash'],
    ['toolchain/build.sh', 'sh'],
  ] as const;

  test.each(scripts)('%s is one that %s reads', (name, shell) => {
    const file = join(written(variants.rootless, 'scripts'), '.devcontainer', name);
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`^#!/bin/${shell}\n`));
    execFileSync(shell, ['-n', file], { stdio: 'pipe' });
  });

  const hasShellcheck = isThere('shellcheck');
  test.skipIf(!hasShellcheck && !process.env.CI).each(scripts)('%s is what shellcheck takes', (name) => {
    const file = join(written(variants.rootless, 'scripts'), '.devcontainer', name);
    expect(execFileSync('shellcheck', ['--norc', file], { encoding: 'utf8' })).toBe('');
  });

  test('may be started', () => {
    const modes = renderContainer(variants.rootless).filter(({ mode }) => mode === 0o755);
    expect(modes.map(({ path }) => path)).toEqual(['.devcontainer/boot.sh']);
  });
});

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
