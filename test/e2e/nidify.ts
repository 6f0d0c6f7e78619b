import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach } from 'vitest';

/** The built command (`npm run build`). */
export const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
if (!existsSync(cli)) throw new Error('dist/cli.js is not there: run `npm run build` first');

export interface Ran {
  exitCode: number | undefined;
  signal: string | undefined;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd: string;
  env?: Record<string, string>;
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test, with files in it. */
export function folder(files: Record<string, string> = {}): string {
  const root = mkdtempSync(path.join(tmpdir(), 'nidify-e2e-'));
  folders.push(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

/** Runs the built command as a user does; the environment is closed but for PATH and HOME. */
export async function nidify(args: string[], { cwd, env = {} }: RunOptions): Promise<Ran> {
  return run(process.execPath, [cli, ...args], { cwd, env });
}

export async function run(program: string, args: string[], { cwd, env = {} }: RunOptions): Promise<Ran> {
  const { exitCode, signal, stdout, stderr } = await execa(program, args, {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: cwd, ...env },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  return { exitCode, signal, stdout, stderr };
}

/** A Git repository with one commit of everything in a folder. */
export async function commitAll(cwd: string): Promise<void> {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main'];
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    ['commit', '-q', '-m', 'all'],
  ]) {
    const { exitCode, stderr } = await run('git', [...identity, ...args], { cwd });
    if (exitCode !== 0) throw new Error(stderr);
  }
}
