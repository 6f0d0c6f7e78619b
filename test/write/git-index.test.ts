import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exec } from '../../src/exec.ts';
import { pathsOf, untracked } from '../../src/write/git-index.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'nidify-index-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

async function git(...args: string[]) {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main'];
  const result = await exec({ program: 'git', args: [...identity, ...args], cwd: root, timeoutMs: 20_000 });
  if (result.exitCode !== 0) throw new Error(result.stderrTail);
}

function put(name: string) {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), name);
}

describe('which files Git does not know', () => {
  test('outside Git there is no answer', () => {
    expect(untracked(root, ['flake.nix'])).toBeNull();
  });

  test('in a repository without a commit and without an index: all', async () => {
    await git('init', '-q');
    expect(untracked(root, ['flake.nix', 'flake.lock'])).toEqual(['flake.nix', 'flake.lock']);
  });

  test.each([2, 4])('index version %i: added and intended files are known', async (version) => {
    await git('init', '-q');
    for (const name of ['flake.nix', 'flake.lock', 'sub/a', 'sub/ab', 'sub/b/c', 'other']) put(name);
    await git('add', 'flake.nix', 'sub');
    await git('add', '-N', 'flake.lock');
    await git('update-index', '--index-version', String(version));
    expect(untracked(root, ['flake.nix', 'flake.lock', 'other', 'missing'])).toEqual(['other', 'missing']);
    expect(untracked(path.join(root, 'sub'), ['a', 'ab', 'b/c', 'd'])).toEqual(['d']);
  });

  test('a repository with SHA-256 ids', async () => {
    await git('init', '-q', '--object-format=sha256');
    put('flake.nix');
    await git('add', 'flake.nix');
    expect(untracked(root, ['flake.nix', 'other'])).toEqual(['other']);
  });

  test('a linked work tree has an index of its own', async () => {
    await git('init', '-q');
    put('flake.nix');
    await git('add', '.');
    await git('commit', '-q', '-m', 'first');
    await git('worktree', 'add', '-q', 'linked');
    expect(untracked(path.join(root, 'linked'), ['flake.nix', 'other'])).toEqual(['other']);
  });

  test('a broken index is no reason to fail: everything is named', async () => {
    await git('init', '-q');
    put('flake.nix');
    await git('add', '.');
    const index = path.join(root, '.git', 'index');
    writeFileSync(index, readFileSync(index).subarray(0, 40));
    expect(untracked(root, ['flake.nix'])).toEqual(['flake.nix']);
  });

  test('an index that unfolds to terabytes is not unfolded', async () => {
    await git('init', '-q');
    const count = 100_000;
    const header = Buffer.from('DIRC\0\0\0\u0004\0\0\0\0', 'latin1');
    header.writeUInt32BE(count, 8);
    const entry = (name: string, length: number) => {
      const bytes = Buffer.alloc(62);
      bytes.writeUInt16BE(Math.min(length, 0xfff), 60);
      return Buffer.concat([bytes, Buffer.from(name, 'latin1')]);
    };
    const long = 1_000_000;
    const next = entry('\u0001b\0', long);
    const entries = [
      entry(`\0${'a'.repeat(long)}\0`, long),
      ...Array.from({ length: count - 1 }, () => next),
    ];
    writeFileSync(path.join(root, '.git', 'index'), Buffer.concat([header, ...entries]));
    const start = performance.now();
    expect(untracked(root, ['flake.nix'])).toEqual(['flake.nix']);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('no bytes make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(2, 3, 4), (bytes, version) => {
        const header = Buffer.from([0x44, 0x49, 0x52, 0x43, 0, 0, 0, version]);
        pathsOf(Buffer.concat([header, bytes]), 20, new Set(['a']));
        pathsOf(Buffer.concat([header, bytes]), 32, new Set(['a']));
      }),
    );
  });
});
