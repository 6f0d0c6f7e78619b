/** Reading rendered files back with the real programs. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe } from 'vitest';
import type { GeneratedFile } from '../../src/render/types.ts';

const present = spawnSync('nix-instantiate', ['--version']).status === 0;

/** Tests that need Nix: skipped where a developer has none, failing where CI should have it. */
export const describeWithNix = present || process.env.CI === 'true' ? describe : describe.skip;

/** A package set without packages, in whose place real nixpkgs would be. */
export const fakeNixpkgs = join(import.meta.dirname, 'nixpkgs');

const environment = {
  ...process.env,
  NIX_CONFIG: 'build-users-group =\nexperimental-features = nix-command flakes\nsubstituters =',
};

/** The value of an expression that is read from a file, as JSON. */
export function evaluate(folder: string, expression: string): unknown {
  const file = join(folder, 'evaluate.nix');
  writeFileSync(file, expression);
  const output = execFileSync('nix-instantiate', ['--eval', '--strict', '--json', file], {
    env: environment,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(output);
}

/** What `nix` prints; no network is used. */
export function nix(...args: string[]): string {
  return execFileSync('nix', [...args, '--offline'], {
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Writes files into a new folder, which is removed after the tests of this file, and gives its path. */
export function folderOf(files: readonly GeneratedFile[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'nidify-render-'));
  folders.push(folder);
  for (const { path, text } of files) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  return folder;
}
