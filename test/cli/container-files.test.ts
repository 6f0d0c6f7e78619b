import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runCommand } from '../../src/cli/run.ts';
import { capturedIo } from '../support/io.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'nidify-container-files-'));
  const manifest = { name: 'shop', engines: { node: '22' }, devDependencies: { testcontainers: '^11.0.0' } };
  writeFileSync(at('package.json'), JSON.stringify(manifest));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const at = (...parts: string[]) => path.join(root, ...parts);
const folder = (...parts: string[]) => at('.devcontainer', ...parts);
const mode = (file: string) => statSync(file).mode & 0o777;

/** The real stages, from the files of a repository to those that are written. */
async function run(...argv: string[]) {
  const io = capturedIo({ cwd: root, columns: 120 });
  const exitCode = await runCommand(argv, io);
  return { exitCode, stdout: io.stdout(), stderr: io.stderr() };
}

const json = async (...argv: string[]) => JSON.parse((await run(...argv, '--json')).stdout);

describe('the files of a container', () => {
  test('are written where the project runs containers, and are then as they should be', async () => {
    expect((await run()).exitCode).toBe(0);
    expect(readdirSync(folder()).sort()).toEqual(
      [
        '.dockerignore',
        'Dockerfile',
        'boot.sh',
        'devcontainer.json',
        'docker-policy.mjs',
        'seccomp.json',
        'toolchain',
      ].sort(),
    );
    expect(mode(folder('boot.sh'))).toBe(0o755);
    expect((await run('check')).exitCode).toBe(0);
    expect((await run()).stdout).toContain('Every file is as it should be.');
  });

  test('boot.sh has to be one that can be started', async () => {
    await run();
    chmodSync(folder('boot.sh'), 0o644);
    const { exitCode, stdout } = await run('check');
    expect(exitCode).not.toBe(0);
    expect(stdout).toContain('.devcontainer/boot.sh');
    const { stdout: patch } = await run('--diff');
    expect(patch).toContain('old mode 100644\nnew mode 100755');
    execFileSync('git', ['init', '--quiet'], { cwd: root });
    execFileSync('git', ['apply', '--check', '-'], { cwd: root, input: patch });
    expect((await run()).exitCode).toBe(0);
    expect(mode(folder('boot.sh'))).toBe(0o755);
    expect((await run('check')).exitCode).toBe(0);
  });

  test('--dry-run and --diff write none', async () => {
    expect((await run('--dry-run')).stdout).toContain('.devcontainer/Dockerfile');
    const { stdout: patch } = await run('--diff');
    expect(existsSync(folder())).toBe(false);
    execFileSync('git', ['init', '--quiet'], { cwd: root });
    execFileSync('git', ['apply', '-'], { cwd: root, input: patch });
    expect(mode(folder('boot.sh')) & 0o111).not.toBe(0);
    expect((await run('check')).exitCode).toBe(0);
  });

  test('that a person edited stay, unless force is asked for', async () => {
    await run();
    writeFileSync(folder('boot.sh'), '#!/bin/sh\nexec "$@"\n');
    const { exitCode, stderr } = await run();
    expect([exitCode, stderr]).toEqual([6, expect.stringContaining('.devcontainer/boot.sh')]);
    expect((await json('check')).changes).toEqual([{ path: '.devcontainer/boot.sh', state: 'edited' }]);

    const { stdout } = await run('clean');
    expect(stdout).toContain('.devcontainer/boot.sh');
    expect(readdirSync(at()).sort()).toEqual(['.devcontainer', 'package.json']);
    expect(readdirSync(folder())).toEqual(['boot.sh']);

    expect((await run('--force')).exitCode).toBe(0);
    expect(readFileSync(folder('boot.sh'), 'utf8')).toContain('ENABLE_DOCKER');
    expect(mode(folder('boot.sh'))).toBe(0o755);
  });

  test('go with their folders when the target is nix again, but for edited ones', async () => {
    await run();
    expect((await run('--target', 'nix')).exitCode).toBe(0);
    expect(existsSync(folder())).toBe(false);
    await run('--target', 'auto');
    writeFileSync(folder('toolchain', 'build.sh'), 'mine');
    const files = (await json('--target', 'nix')).files as { path: string; state: string }[];
    expect(files.find(({ path: file }) => file.endsWith('build.sh'))?.state).toBe('kept');
    expect(readdirSync(folder())).toEqual(['toolchain']);
    expect(readdirSync(folder('toolchain'))).toEqual(['build.sh']);
  });

  test('go all with clean', async () => {
    await run();
    await run('clean');
    expect(readdirSync(at())).toEqual(['package.json']);
  });
});

describe('files beside the repository', () => {
  const places = [
    ['in a folder of it', ['.nidify'], '.nidify', '../..'],
    ['further down', ['tools', 'env'], 'tools/env', '../../..'],
    ['outside of it', ['..', 'out'], '../out', '../../shop'],
  ] as const;
  test.each(places)('%s find their way back', async (_, output, down, up) => {
    const manifest = readFileSync(at('package.json'));
    const repository = at('shop');
    mkdirSync(repository);
    writeFileSync(path.join(repository, 'package.json'), manifest);
    const to = path.join(repository, ...output);
    expect((await run('shop', '--output', to)).exitCode).toBe(0);
    const text = (name: string) => readFileSync(path.join(to, '.devcontainer', name), 'utf8');
    const { runArgs } = JSON.parse(text('devcontainer.json'));
    expect(runArgs).toContain(
      `--security-opt=seccomp=\${localWorkspaceFolder}/${down}/.devcontainer/seccomp.json`,
    );
    expect(existsSync(path.join(repository, down, '.devcontainer/seccomp.json'))).toBe(true);
    expect((await run('check', 'shop', '--output', to)).exitCode).toBe(0);

    await run('shop', '--output', to, '--profile', 'sidecar');
    const { services } = parse(text('compose.yaml'));
    expect(services.worker.volumes).toContain(`${up}:/workspaces/project`);
    expect(path.resolve(to, '.devcontainer', up)).toBe(repository);
    expect(services.engine.security_opt).toContain('seccomp=./seccomp.json');
    expect(text('compose.yaml')).toContain(`docker compose -f ${down}/.devcontainer/compose.yaml run`);
  });

  test('of a Git URL have the project beside them', async () => {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root });
    git('init', '--quiet');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '-m', 'a');
    expect((await run(`file://${root}`, '--output', 'out')).exitCode).toBe(0);
    const { runArgs } = JSON.parse(readFileSync(at('out', '.devcontainer', 'devcontainer.json'), 'utf8'));
    expect(runArgs).toContain('--security-opt=seccomp=${localWorkspaceFolder}/.devcontainer/seccomp.json');
  });
});

describe('a devcontainer of the user', () => {
  const own = '{ "image": "debian" } // mine\n';
  beforeEach(() => {
    mkdirSync(folder());
    writeFileSync(folder('devcontainer.json'), own);
    writeFileSync(folder('Dockerfile'), 'FROM debian\n');
  });
  const untouched = () => {
    expect(readFileSync(folder('devcontainer.json'), 'utf8')).toBe(own);
    expect(readFileSync(folder('Dockerfile'), 'utf8')).toBe('FROM debian\n');
  };

  test('is never touched: none is written, with force neither', async () => {
    const result = await json('--force');
    untouched();
    expect(readdirSync(folder()).sort()).toEqual(['Dockerfile', 'devcontainer.json']);
    expect(result.findings.map(({ code }: { code: string }) => code)).toContain('devcontainer-kept');
    await run('clean');
    untouched();
  });

  test('has another one beside it on request, which goes alone', async () => {
    const { exitCode, stdout } = await run('--target', 'container');
    expect(exitCode).toBe(0);
    untouched();
    expect(existsSync(folder('nidify', 'devcontainer.json'))).toBe(true);
    expect(stdout).toContain(
      'devcontainer up --workspace-folder . --config .devcontainer/nidify/devcontainer.json',
    );
    // Its own files are no reason to make no more.
    expect((await run('check')).exitCode).toBe(0);
    await run('--target', 'nix');
    untouched();
    expect(readdirSync(folder()).sort()).toEqual(['Dockerfile', 'devcontainer.json']);
  });

  test('stops what would be written over a file of it that is no devcontainer yet', async () => {
    rmSync(folder('devcontainer.json'));
    const { exitCode, stderr } = await run();
    expect([exitCode, stderr]).toEqual([6, expect.stringContaining('.devcontainer/Dockerfile')]);
    expect(readdirSync(folder())).toEqual(['Dockerfile']);
  });
});

describe('where programs come from', () => {
  test('--toolchain is remembered, and the configuration wins over what is remembered', async () => {
    expect((await run('--toolchain', 'features')).exitCode).toBe(0);
    const features = () => JSON.parse(readFileSync(folder('devcontainer.json'), 'utf8')).features;
    expect(Object.keys(features())).toEqual(['ghcr.io/devcontainers/features/node:2']);
    expect(existsSync(folder('toolchain'))).toBe(false);
    expect(JSON.parse(readFileSync(at('nidify.lock'), 'utf8')).asked).toEqual({ toolchain: 'features' });
    await run();
    expect(features()).toBeDefined();
    expect((await run('check')).exitCode).toBe(0);

    writeFileSync(at('nidify.jsonc'), '{ "container": { "toolchain": "nix" } }');
    await run();
    expect(features()).toBeUndefined();
    expect(existsSync(folder('toolchain', 'build.sh'))).toBe(true);
    rmSync(at('nidify.jsonc'));
    await run('--toolchain', 'nix');
    expect((await run('check')).exitCode).toBe(0);
  });

  test('features are nothing that nidify runs: the next step says what does', async () => {
    const { stdout } = await run('--toolchain', 'features');
    expect(stdout).toContain('devcontainer up --workspace-folder .');
    expect(stdout).not.toContain('nidify run');
    expect((await run('--toolchain', 'apt')).exitCode).toBe(2);
  });
});

describe('explain container', () => {
  test('says how it is made, from what, and what was asked for', async () => {
    await run('--toolchain', 'features');
    const { stdout } = await run('explain', 'container');
    expect(stdout).toMatch(/toolchain +features/);
    expect(stdout).toMatch(/feature +ghcr\.io\/devcontainers\/features\/node:2 \{"version":"22/);
    expect(stdout).toMatch(/base +docker\.io\/library\/debian:trixie-slim \(not pinned/);
    expect(stdout).toMatch(/folder +\.devcontainer/);
    expect(stdout).toMatch(/asked +features/);
    expect(stdout).toContain('package.json');
  });
});

describe('what to do next', () => {
  test('names to Git what a flake needs, and starts the container', async () => {
    execFileSync('git', ['init', '--quiet'], { cwd: root });
    const { stdout } = await run();
    expect(stdout).toMatch(/^ {2}git add -N flake\.nix flake\.lock shell\.nix( |$)/m);
    expect(stdout).not.toMatch(/git add.*devcontainer/);
    expect(stdout).toMatch(/^ {2}devcontainer up --workspace-folder \. /m);
    expect(stdout).toMatch(/^ {2}nidify run -- bash .*with Docker$/m);
  });

  test('is said from where the user is', async () => {
    mkdirSync(at('a b'));
    writeFileSync(at('a b', 'package.json'), readFileSync(at('package.json')));
    const { stdout } = await run('a b');
    expect(stdout).toContain("devcontainer up --workspace-folder 'a b'");
    expect(stdout).toContain("nidify -C 'a b' run -- bash");
  });
});
