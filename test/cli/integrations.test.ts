import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommand } from '../../src/cli/run.ts';
import { integrationFiles } from '../../src/render/ci/files.ts';
import { capturedIo } from '../support/io.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'nidify-integrations-'));
  manifest({ test: 'node --test' });
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const at = (file: string) => path.join(root, file);
const read = (file: string) => readFileSync(at(file), 'utf8');
const [github] = integrationFiles.github;
const [gitlab] = integrationFiles.gitlab;
const [forgejo] = integrationFiles.forgejo;
const [copilot, script] = integrationFiles.agents;

function manifest(scripts: Record<string, string>): void {
  writeFileSync(at('package.json'), JSON.stringify({ name: 'shop', engines: { node: '22' }, scripts }));
  writeFileSync(at('package-lock.json'), JSON.stringify({ name: 'shop', lockfileVersion: 3, packages: {} }));
}

/** The real stages: from the files of a repository to those that are written. */
async function run(...argv: string[]) {
  const io = capturedIo({ cwd: root, columns: 120 });
  const exitCode = await runCommand(argv, io);
  return { exitCode, stdout: io.stdout(), stderr: io.stderr() };
}

async function planNow(): Promise<unknown> {
  return JSON.parse((await run('analyze', '--json')).stdout);
}

describe('generate --ci', () => {
  test('writes a workflow with the commands of the repository', async () => {
    expect((await run('--ci', 'github')).exitCode).toBe(0);
    expect(read(github)).toContain("-- sh -c 'npm ci'");
    expect(read(github)).toContain("-- sh -c 'npm test'");
    expect(Object.keys(JSON.parse(read('nidify.lock')).outputs)).toContain(github);
  });

  test.each([
    [['--ci', 'github', '--ci', 'forgejo']],
    [['--ci', 'github,forgejo']],
    [['--ci=github, forgejo']],
  ])('%j is both', async (options) => {
    expect((await run('generate', ...options)).exitCode).toBe(0);
    expect([existsSync(at(github)), existsSync(at(forgejo)), existsSync(at(gitlab))]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('without it there is none', async () => {
    await run();
    expect([github, gitlab, forgejo, copilot, script].filter((file) => existsSync(at(file)))).toEqual([]);
  });

  test('is a fixed point: the files change neither the plan nor themselves', async () => {
    await run();
    const before = await planNow();
    await run('--ci', 'github,gitlab,forgejo', '--agents');
    expect(await planNow()).toEqual(before);
    expect((await run()).stdout).toContain('Every file is as it should be.');
    expect((await run('check')).exitCode).toBe(0);
  });

  test('a later run keeps them current without being asked, and check says when they are not', async () => {
    await run('--ci', 'github', '--agents');
    manifest({ test: 'node --test', build: 'tsc' });
    const { exitCode, stdout } = await run('check', '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).changes).toEqual([{ path: github, state: 'stale' }]);
    expect((await run()).exitCode).toBe(0);
    expect(read(github)).toContain("-- sh -c 'npm run build'");
    expect((await run('check')).exitCode).toBe(0);
  });

  test('a file that is gone is missing', async () => {
    await run('--ci', 'github');
    rmSync(at(github));
    expect(JSON.parse((await run('check', '--json')).stdout).changes).toEqual([
      { path: github, state: 'missing' },
    ]);
  });

  test('adds to what there is; none removes it, and leaves the agents alone', async () => {
    await run('--ci', 'github', '--agents');
    await run('--ci', 'gitlab');
    expect([github, gitlab, copilot].map((file) => existsSync(at(file)))).toEqual([true, true, true]);
    expect((await run('--ci', 'none')).stdout).toMatch(/removed +\.gitlab\/ci/);
    expect([github, gitlab, copilot].map((file) => existsSync(at(file)))).toEqual([false, false, true]);
    expect(existsSync(at('.gitlab'))).toBe(false);
    expect((await run('check')).exitCode).toBe(0);
  });

  test('clean removes them', async () => {
    await run('--ci', 'github,gitlab,forgejo', '--agents');
    await run('clean');
    expect(['.github', '.gitlab', '.forgejo', '.nidify'].filter((folder) => existsSync(at(folder)))).toEqual(
      [],
    );
  });

  test('a workflow of the same name that a person wrote is left alone', async () => {
    await run('--ci', 'github');
    writeFileSync(at(github), 'mine');
    const { exitCode, stderr } = await run('--ci', 'github');
    expect(exitCode).toBe(6);
    expect(stderr).toContain(`${github} was edited`);
    expect(read(github)).toBe('mine');
  });

  test('.gitlab-ci.yml is the person’s: the line that it needs is said once', async () => {
    writeFileSync(at('.gitlab-ci.yml'), 'test: { script: [make] }\n');
    const line = `include: [{ local: /${gitlab} }]`;
    expect((await run('--ci', 'gitlab')).stdout).toContain(line);
    expect((await run('--ci', 'gitlab')).stdout).not.toContain(line);
    expect(read('.gitlab-ci.yml')).toBe('test: { script: [make] }\n');
    expect(read(gitlab)).toContain(line);
  });

  test.each([
    [['--ci', 'jenkins'], '--ci jenkins'],
    [['--ci', 'github,none'], 'none'],
    [['--ci', ''], 'not known'],
    [['--ci', 'github', '--output', 'elsewhere'], 'root of the repository'],
    [['--agents', '--output', '.nidify'], 'root of the repository'],
  ])('%j is wrong usage', async (options, message) => {
    const { exitCode, stderr } = await run('generate', ...options);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync(at('nidify.lock'))).toBe(false);
  });

  test('what a lock elsewhere says of them counts for the root only', async () => {
    await run('--ci', 'github');
    await run('--output', 'elsewhere');
    expect(existsSync(at(`elsewhere/${github}`))).toBe(false);
  });

  test('a file from an older version of nidify is current while that is the only difference', async () => {
    await run('--ci', 'github', '--agents');
    const version = JSON.parse(read('nidify.lock')).generator.version;
    const { hashOf } = await import('../../src/lock/make.ts');
    const lock = JSON.parse(read('nidify.lock'));
    lock.generator.version = '0.0.9';
    lock.inputs['package.json'] = 'a'.repeat(40);
    for (const file of Object.keys(lock.outputs)) {
      const text = read(file)
        .replaceAll(`nidify ${version}`, 'nidify 0.0.9')
        .replaceAll(`nidify@${version}`, 'nidify@0.0.9');
      writeFileSync(at(file), text);
      lock.outputs[file] = hashOf(text);
    }
    writeFileSync(at('nidify.lock'), JSON.stringify(lock));
    expect(read(github)).toContain('nidify@0.0.9');
    expect((await run('check')).exitCode).toBe(0);
    expect((await run('check', '--strict')).exitCode).toBe(1);
  });
});

describe('generate --agents', () => {
  test('writes the workflow and the script, which may be executed', async () => {
    await run('--agents');
    expect(read(copilot)).toContain('copilot-setup-steps:');
    expect(statSync(at(script)).mode & 0o111).toBe(0o111);
  });

  test('its folder is not taken for an output folder', async () => {
    await run('--agents');
    rmSync(at('nidify.lock'));
    expect(JSON.parse((await run('check', '--json')).stdout).changes).toContainEqual({
      path: 'nidify.lock',
      state: 'missing',
    });
  });

  test('--no-agents removes both', async () => {
    await run('--agents', '--ci', 'github');
    await run('--no-agents');
    expect([copilot, script, github].map((file) => existsSync(at(file)))).toEqual([false, false, true]);
  });
});
