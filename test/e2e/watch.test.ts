import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { environmentEventSchema } from '../../src/events/environment-change.ts';
import { cli, folder, nidify } from './nidify.ts';

const manifest = (version: string) => `{"name":"shop","engines":{"node":"${version}"}}\n`;

interface Started {
  stdout(): string;
  stderr(): string;
  end(signal: NodeJS.Signals): void;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

const started: Started[] = [];
afterEach(async () => {
  for (const each of started.splice(0)) {
    each.end('SIGKILL');
    await each.ended;
  }
});

async function following(cwd: string, ...args: string[]): Promise<Started> {
  const child = spawn(process.execPath, [cli, 'watch', ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: cwd },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    text.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    text.stderr += chunk.toString();
  });
  const made: Started = {
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    end: (signal) => void child.kill(signal),
    ended: new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal }))),
  };
  started.push(made);
  await expect.poll(made.stderr, { timeout: 60_000 }).toMatch(/watching|looking every/);
  return made;
}

const events = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => environmentEventSchema.parse(JSON.parse(line)));

describe('watch', () => {
  test('prints one event per change, and ends by the signal that it gets', async () => {
    const cwd = folder({ 'package.json': manifest('^20'), 'a.ts': '' });
    const { stdout, stderr, end, ended } = await following(cwd);
    expect(stderr()).toBe('watching 1 folder\n');
    writeFileSync(path.join(cwd, 'a.ts'), 'changed');
    writeFileSync(path.join(cwd, 'package.json'), manifest('^22'));
    await expect.poll(() => events(stdout()).length, { timeout: 60_000 }).toBe(1);
    writeFileSync(path.join(cwd, 'package.json'), manifest('^20'));
    await expect.poll(() => events(stdout()).length, { timeout: 60_000 }).toBe(2);
    expect(events(stdout())).toMatchObject([
      { type: 'environment-change', priority: 10, files: [{ path: 'package.json', state: 'changed' }] },
      { type: 'environment-current' },
    ]);
    end('SIGINT');
    expect(await ended).toEqual({ code: null, signal: 'SIGINT' });
  });

  test('with --once ends with 1 at the first change', async () => {
    const cwd = folder({ 'package.json': manifest('^20') });
    const { stdout, ended } = await following(cwd, '--once', '--interval', '0.1');
    writeFileSync(path.join(cwd, '.nvmrc'), '22\n');
    expect(await ended).toEqual({ code: 1, signal: null });
    expect(events(stdout())).toMatchObject([{ files: [{ path: '.nvmrc', state: 'added' }] }]);
  });

  test('with --since tells at once what differs already', async () => {
    const cwd = folder({ 'package.json': manifest('^20') });
    const plan = path.join(folder(), 'plan.json');
    writeFileSync(plan, (await nidify(['analyze', '--json'], { cwd })).stdout);
    writeFileSync(path.join(cwd, 'package.json'), manifest('^22'));
    const { exitCode, stdout, stderr } = await nidify(['watch', '--once', '--quiet', '--since', plan], {
      cwd,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toBe('');
    expect(events(stdout)).toMatchObject([{ files: [{ path: 'package.json', state: 'changed' }] }]);
  });

  test.each([
    [['missing'], 'there is no directory'],
    [['--since', 'package.json'], 'is no plan'],
    [['--since', 'missing.json'], 'cannot be read'],
    [['--interval', '0'], 'not a number of seconds'],
  ])('%j is wrong usage', async (args, message) => {
    const cwd = folder({ 'package.json': manifest('^20') });
    const { exitCode, stderr } = await nidify(['watch', ...args], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  test('its events have a schema', async () => {
    const { exitCode, stdout } = await nidify(['schema', 'event'], { cwd: folder() });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
    for (const type of ['progress', 'environment-change', 'environment-current', 'environment-unknown']) {
      expect(stdout).toContain(`"const": "${type}"`);
    }
  });
});
