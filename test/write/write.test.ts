import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NidifyError } from '../../src/errors.ts';
import { hashOf, lockOf } from '../../src/lock/make.ts';
import type { Plan } from '../../src/plan/schema.ts';
import type { GeneratedFile } from '../../src/render/types.ts';
import { check } from '../../src/write/check.ts';
import { clean } from '../../src/write/clean.ts';
import { diffOf } from '../../src/write/diff.ts';
import { type WriteOptions, type WrittenFile, write } from '../../src/write/write.ts';
import { planOf } from '../support/plan.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'nidify-write-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const at = (...parts: string[]) => path.join(root, ...parts);
const read = (...parts: string[]) => readFileSync(at(...parts), 'utf8');
const file = (name: string, text: string, mode: GeneratedFile['mode'] = 0o644) => ({
  path: name,
  text,
  mode,
});

const files = [
  file('flake.nix', '{ }\n'),
  file('flake.lock', '{}\n'),
  file('.devcontainer/boot.sh', '#!/bin/sh\n', 0o755),
];
const plan = planOf({ inputs: [{ path: 'package.json', blob: 'a'.repeat(40) }] });

function generate(
  generated: readonly GeneratedFile[] = files,
  options: Partial<WriteOptions> & { plan?: Plan } = {},
): Promise<WrittenFile[]> {
  const { plan: from = plan, ...rest } = options;
  return write(generated, { directory: root, lock: lockOf(from, generated), ...rest });
}

function verify(generated: readonly GeneratedFile[] = files, from: Plan = plan) {
  return check(generated, { directory: root, lock: lockOf(from, generated) });
}

async function failure(promise: Promise<unknown>): Promise<NidifyError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof NidifyError) return error;
  throw new Error(`expected a NidifyError, got ${String(error)}`);
}

const statesOf = (written: WrittenFile[]) =>
  Object.fromEntries(written.map(({ path, state }) => [path, state]));
const allNames = () => readdirSync(root, { recursive: true }).map(String).sort();

describe('writing', () => {
  test('creates files with their modes, folders and a lock that knows them', async () => {
    expect(statesOf(await generate())).toEqual({
      'flake.nix': 'created',
      'flake.lock': 'created',
      '.devcontainer/boot.sh': 'created',
      'nidify.lock': 'created',
    });
    expect(read('flake.nix')).toBe('{ }\n');
    expect(statSync(at('flake.nix')).mode & 0o777).toBe(0o644);
    expect(statSync(at('.devcontainer/boot.sh')).mode & 0o777).toBe(0o755);
    expect(JSON.parse(read('nidify.lock')).outputs['flake.nix']).toBe(hashOf('{ }\n'));
  });

  test('leaves no temporary file behind', async () => {
    await generate();
    expect(allNames()).toEqual([
      '.devcontainer',
      '.devcontainer/boot.sh',
      'flake.lock',
      'flake.nix',
      'nidify.lock',
    ]);
  });

  test('does not touch what is the same already', async () => {
    await generate();
    const before = statSync(at('flake.nix')).mtimeMs;
    const inode = statSync(at('flake.nix')).ino;
    const states = Object.values(statesOf(await generate()));
    expect(new Set(states)).toEqual(new Set(['unchanged']));
    expect(statSync(at('flake.nix'))).toMatchObject({ mtimeMs: before, ino: inode });
  });

  test('replaces what nidify wrote and nobody edited', async () => {
    await generate();
    const next = [file('flake.nix', '{ a = 1; }\n'), ...files.slice(1)];
    expect(statesOf(await generate(next))).toMatchObject({
      'flake.nix': 'updated',
      'flake.lock': 'unchanged',
    });
    expect(read('flake.nix')).toBe('{ a = 1; }\n');
  });

  test('gives back a lost executable bit', async () => {
    await generate();
    chmodSync(at('.devcontainer/boot.sh'), 0o644);
    expect(statesOf(await generate())['.devcontainer/boot.sh']).toBe('updated');
    expect(statSync(at('.devcontainer/boot.sh')).mode & 0o111).not.toBe(0);
  });

  test('a dry run says the same and writes nothing', async () => {
    expect(statesOf(await generate(files, { dryRun: true }))['flake.nix']).toBe('created');
    expect(allNames()).toEqual([]);
  });

  test('makes the output folder', async () => {
    await generate(files, { directory: at('.nidify'), repository: root });
    expect(read('.nidify', 'flake.nix')).toBe('{ }\n');
  });

  test('removes what is not generated any more, with its empty folder, unless it was edited', async () => {
    await generate();
    expect(statesOf(await generate(files.slice(0, 2)))['.devcontainer/boot.sh']).toBe('removed');
    expect(existsSync(at('.devcontainer'))).toBe(false);
    await generate();
    writeFileSync(at('.devcontainer/boot.sh'), 'mine');
    expect(statesOf(await generate(files.slice(0, 2)))['.devcontainer/boot.sh']).toBe('kept');
    expect(read('.devcontainer', 'boot.sh')).toBe('mine');
  });
});

describe('refusing: exit code 6 and nothing is written', () => {
  test('a flake of the user: the way out is --output', async () => {
    writeFileSync(at('flake.nix'), '{ mine = true; }');
    const error = await failure(generate());
    expect(error).toMatchObject({ code: 'would-overwrite', exitCode: 6 });
    expect(error.message).toContain('flake.nix was not written by nidify');
    expect(error.hint).toContain('--output .nidify');
    expect(allNames()).toEqual(['flake.nix']);
  });

  test('every file that stands in the way is named, not the first only', async () => {
    await generate();
    writeFileSync(at('flake.nix'), 'edited');
    writeFileSync(at('.devcontainer', 'boot.sh'), 'edited');
    const error = await failure(
      generate([file('flake.nix', 'new'), file('flake.lock', 'new'), file('.devcontainer/boot.sh', 'new')]),
    );
    expect(error.message).toMatch(/flake\.nix was edited.*boot\.sh was edited/);
    expect(error.hint).toContain('--force');
    expect(read('flake.lock')).toBe('{}\n');
  });

  test('--force overwrites', async () => {
    writeFileSync(at('flake.nix'), 'mine');
    await generate(files, { force: true });
    expect(read('flake.nix')).toBe('{ }\n');
  });

  test('the same content is nobody’s loss, whoever wrote it', async () => {
    writeFileSync(at('flake.nix'), '{ }\n');
    expect(statesOf(await generate())['flake.nix']).toBe('unchanged');
  });

  test.each([
    ['the file itself', () => symlinkSync(at('victim'), at('flake.nix'))],
    ['a dangling link', () => symlinkSync('/nonexistent/x', at('flake.nix'))],
    ['the folder above it', () => symlinkSync(tmpdir(), at('.devcontainer'))],
    ['the lock', () => symlinkSync(at('victim'), at('nidify.lock'))],
  ])('a symbolic link at %s, even with --force', async (_, plant) => {
    writeFileSync(at('victim'), 'precious');
    plant();
    for (const force of [false, true]) {
      expect(await failure(generate(files, { force }))).toMatchObject({ code: 'unsafe-path', exitCode: 6 });
    }
    expect(read('victim')).toBe('precious');
    expect(existsSync(at('flake.lock'))).toBe(false);
  });

  test('a link between the repository and an output folder inside it', async () => {
    mkdirSync(at('elsewhere'));
    symlinkSync(at('elsewhere'), at('.nidify'));
    const error = await failure(generate(files, { directory: at('.nidify'), repository: root }));
    expect(error.code).toBe('unsafe-path');
    expect(readdirSync(at('elsewhere'))).toEqual([]);
  });

  test('a folder where a file should be', async () => {
    mkdirSync(at('flake.nix'));
    expect((await failure(generate())).code).toBe('unsafe-path');
  });

  test.each(['../x', '/etc/x', 'a/../../x', '', '.', 'a//b', 'a\\..\\b', '.git/hooks/post-checkout', 'a\0b'])(
    'the path %j',
    async (name) => {
      expect((await failure(generate([file(name, 'x')]))).code).toBe('unsafe-path');
    },
  );

  test('a lock of the repository has nothing removed that nidify does not write', async () => {
    mkdirSync(at('repo', '.git'), { recursive: true });
    const victims = ['../victim', '.git/config', 'package.json', 'nidify.jsonc', '.devcontainer/own.sh'];
    mkdirSync(at('repo', '.devcontainer'));
    for (const name of victims) writeFileSync(at('repo', name), 'precious');
    const lock = lockOf(
      plan,
      victims.map((name) => file(name, 'precious')),
    );
    for (const act of [generate, clean]) {
      writeFileSync(at('repo', 'nidify.lock'), JSON.stringify(lock));
      if (act === generate) await generate(files, { directory: at('repo') });
      else expect((await clean({ directory: at('repo') })).removed).toEqual(['nidify.lock']);
      for (const name of victims) expect(read('repo', name)).toBe('precious');
    }
  });
});

describe('all or nothing', () => {
  test.skipIf(process.getuid?.() === 0)('a folder that cannot be written', async () => {
    await generate();
    chmodSync(at('.devcontainer'), 0o555);
    const next = files.map((each) => ({ ...each, text: `${each.text}#\n` }));
    expect(await failure(generate(next))).toMatchObject({ code: 'not-accessible', exitCode: 6 });
    chmodSync(at('.devcontainer'), 0o755);
    expect(read('flake.nix')).toBe('{ }\n');
  });

  test.skipIf(!existsSync('/proc/self'))('a place where no folder can be made', async () => {
    expect((await failure(generate(files, { directory: '/proc/nidify/x' }))).code).toBe('not-accessible');
  });

  test('a name that the file system refuses', async () => {
    expect((await failure(generate([...files, file('x'.repeat(256), 'x')]))).code).toBe('not-accessible');
    expect(allNames()).toEqual([]);
  });

  test('what was replaced before a failure is put back', async () => {
    await generate();
    // A file cannot take the place of a folder: the second rename fails when the first is done.
    const clash = [file('clash/a', 'a'), file('clash', 'x')];
    const error = await failure(generate([file('flake.nix', 'new\n'), ...clash, ...files.slice(1)]));
    expect(error).toMatchObject({ code: 'not-accessible', exitCode: 6 });
    expect(read('flake.nix')).toBe('{ }\n');
    expect(allNames()).toEqual([
      '.devcontainer',
      '.devcontainer/boot.sh',
      'flake.lock',
      'flake.nix',
      'nidify.lock',
    ]);
  });
});

describe('a flake.lock that nix flake update moved', () => {
  const nixpkgs = { owner: 'NixOS', repo: 'nixpkgs', type: 'github' };
  const moved = JSON.stringify({
    nodes: {
      nixpkgs: {
        locked: { ...nixpkgs, rev: 'd'.repeat(40), narHash: `sha256-${'B'.repeat(43)}=`, lastModified: 5 },
        original: { ...nixpkgs, ref: 'nixos-26.05' },
      },
      root: { inputs: { nixpkgs: 'nixpkgs' } },
    },
    root: 'root',
    version: 7,
  });

  test('is not an edit: it may be written again', async () => {
    await generate();
    writeFileSync(at('flake.lock'), moved);
    expect(
      statesOf(await generate([files[0], file('flake.lock', moved)].flatMap((f) => f ?? [])))['flake.lock'],
    ).toBe('unchanged');
    await generate();
    writeFileSync(at('flake.lock'), moved);
    expect(statesOf(await generate())['flake.lock']).toBe('updated');
  });

  test('anything more is an edit', async () => {
    await generate();
    writeFileSync(at('flake.lock'), moved.replaceAll('NixOS', 'someone'));
    expect((await failure(generate())).message).toContain('flake.lock was edited');
  });
});

describe('check', () => {
  test('is current right after writing', async () => {
    await generate();
    expect(await verify()).toMatchObject({ isCurrent: true, changes: [], generator: null });
  });

  test('without a lock nothing was generated', async () => {
    const { isCurrent, changes } = await verify();
    expect(isCurrent).toBe(false);
    expect(changes).toContainEqual({ path: 'nidify.lock', state: 'missing' });
  });

  test('says which files are missing, edited, foreign and obsolete', async () => {
    await generate([...files, file('.envrc', 'old')]);
    rmSync(at('flake.lock'));
    writeFileSync(at('.devcontainer/boot.sh'), 'mine');
    writeFileSync(at('shell.nix'), 'mine');
    const { isCurrent, changes } = await verify([...files, file('shell.nix', 'generated')]);
    expect(isCurrent).toBe(false);
    expect(changes).toEqual([
      { path: 'flake.lock', state: 'missing' },
      { path: '.devcontainer/boot.sh', state: 'edited' },
      { path: 'shell.nix', state: 'foreign' },
      { path: '.envrc', state: 'obsolete' },
    ]);
  });

  test('says which input made a file stale', async () => {
    await generate();
    const now = planOf({
      inputs: [
        { path: 'package.json', blob: 'b'.repeat(40) },
        { path: '.nvmrc', blob: 'c'.repeat(40) },
      ],
    });
    const result = await verify([file('flake.nix', 'other'), ...files.slice(1)], now);
    expect(result.isCurrent).toBe(false);
    expect(result.changes).toEqual([{ path: 'flake.nix', state: 'stale' }]);
    expect(result.inputs).toEqual([
      { path: '.nvmrc', change: 'added' },
      { path: 'package.json', change: 'modified' },
    ]);
  });

  test('an input that changed without changing the files is no staleness', async () => {
    await generate();
    const now = planOf({ inputs: [{ path: 'package.json', blob: 'b'.repeat(40) }] });
    expect(await verify(files, now)).toMatchObject({ isCurrent: true, changes: [] });
  });

  test('a newer generator is information, unless something else changed too', async () => {
    await generate();
    const newer = planOf({ inputs: plan.repository.inputs, generator: { name: 'nidify', version: '0.2.0' } });
    const other = [file('flake.nix', 'other'), ...files.slice(1)];
    expect(await verify(other, newer)).toMatchObject({
      isCurrent: true,
      isGeneratorOnly: true,
      generator: { recorded: '0.1.0', running: '0.2.0' },
    });
    writeFileSync(at('flake.nix'), 'edited');
    expect(await verify(other, newer)).toMatchObject({ isCurrent: false, isGeneratorOnly: false });
  });
});

describe('check against another version of nidify', () => {
  const headed = (version: string, text: string) => [
    file('flake.nix', `# Written by nidify ${version}.\n${text}`),
  ];
  const newer = planOf({
    inputs: [{ path: 'package.json', blob: 'b'.repeat(40) }],
    generator: { name: 'nidify', version: '0.2.0' },
  });

  test('a header that names the other version is information, even when an input changed', async () => {
    await generate(headed('0.1.0', 'x'));
    expect(await verify(headed('0.2.0', 'x'), newer)).toMatchObject({
      isCurrent: true,
      isGeneratorOnly: true,
    });
  });

  test('an input that changes more than the header makes it stale', async () => {
    await generate(headed('0.1.0', 'x'));
    expect(await verify(headed('0.2.0', 'y'), newer)).toMatchObject({ isCurrent: false });
  });
});

describe('clean', () => {
  test('removes exactly what nobody edited, and the lock', async () => {
    mkdirSync(at('.devcontainer'));
    writeFileSync(at('.devcontainer', 'mine'), 'mine');
    writeFileSync(at('package.json'), '{}');
    await generate();
    writeFileSync(at('flake.nix'), 'edited');
    expect(await clean({ directory: root })).toEqual({
      removed: ['.devcontainer/boot.sh', 'flake.lock', 'nidify.lock'],
      kept: ['flake.nix'],
    });
    expect(allNames()).toEqual(['.devcontainer', '.devcontainer/mine', 'flake.nix', 'package.json']);
  });

  test('does nothing without a lock, and nothing in a dry run', async () => {
    writeFileSync(at('flake.nix'), '{ }\n');
    expect(await clean({ directory: root })).toEqual({ removed: [], kept: [] });
    await generate();
    const before = allNames();
    expect((await clean({ directory: root, dryRun: true })).removed).toContain('flake.nix');
    expect(allNames()).toEqual(before);
  });

  test('does not remove through a link', async () => {
    await generate();
    rmSync(at('flake.nix'));
    symlinkSync(at('flake.lock'), at('flake.nix'));
    expect((await failure(clean({ directory: root }))).code).toBe('unsafe-path');
    expect(lstatSync(at('flake.nix')).isSymbolicLink()).toBe(true);
  });
});

describe('diff', () => {
  test('shows what would change, and nothing for what would not', async () => {
    await generate();
    const next = [file('flake.nix', '{ a = 1; }\n'), ...files.slice(1), file('new/x', 'one\ntwo\n')];
    expect(diffOf(next, { directory: root })).toBe(
      [
        'diff --git a/flake.nix b/flake.nix',
        '--- a/flake.nix',
        '+++ b/flake.nix',
        '@@ -1 +1 @@',
        '-{ }',
        '+{ a = 1; }',
        'diff --git a/new/x b/new/x',
        'new file mode 100644',
        '--- /dev/null',
        '+++ b/new/x',
        '@@ -0,0 +1,2 @@',
        '+one',
        '+two',
        '',
      ].join('\n'),
    );
  });
});
