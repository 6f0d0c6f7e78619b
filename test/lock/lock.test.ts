import { describe, expect, test } from 'vitest';
import { NidifyError } from '../../src/errors.ts';
import { adoptedPins, withPins } from '../../src/lock/adopt.ts';
import { hashOf, lockFile, lockOf } from '../../src/lock/make.ts';
import { isOutputName } from '../../src/lock/outputs.ts';
import { parseLock } from '../../src/lock/read.ts';
import type { Lock } from '../../src/lock/types.ts';
import { integrations } from '../../src/render/ci/files.ts';
import { render } from '../../src/render/render.ts';
import { variants } from '../render/container/plans.ts';
import { planOf, toolchainOf } from '../support/plan.ts';

const rev = 'a'.repeat(40);
const narHash = `sha256-${'A'.repeat(43)}=`;

const lock: Lock = {
  schemaVersion: 1,
  generator: { name: 'nidify', version: '0.1.0' },
  pins: [{ input: 'nixpkgs', channel: 'nixos-26.05', rev, narHash, lastModified: 1 }],
  lines: [
    {
      key: 'node-22',
      id: 'node',
      requested: '^22.3',
      version: '22.22.0',
      precision: 'exact',
      attribute: 'nodejs_22',
      channel: 'nixos-26.05',
    },
  ],
  inputs: { 'package.json': 'b'.repeat(40), 'bun.lockb': null },
  outputs: { 'flake.nix': hashOf('flake') },
};

function flakeLock(
  changes: { locked?: object; original?: object; root?: object; nodes?: object } = {},
): string {
  const github = { owner: 'NixOS', repo: 'nixpkgs', type: 'github' };
  return JSON.stringify({
    nodes: {
      nixpkgs: {
        locked: { ...github, rev: 'c'.repeat(40), narHash, lastModified: 2, ...changes.locked },
        original: { ...github, ref: 'nixos-26.05', ...changes.original },
      },
      root: { inputs: { nixpkgs: 'nixpkgs', ...changes.root } },
      ...changes.nodes,
    },
    root: 'root',
    version: 7,
  });
}

function failureOf(text: string): NidifyError {
  try {
    parseLock(text);
  } catch (error) {
    if (error instanceof NidifyError) return error;
    throw error;
  }
  throw new Error('no failure');
}

describe('outputs', () => {
  test('are the files that rendering makes', async () => {
    const plans = [planOf(), ...Object.values(variants)];
    const files = await Promise.all(plans.map((plan) => render(plan, integrations)));
    const paths = files.flat().map(({ path }) => path);
    expect(paths).not.toHaveLength(0);
    expect(paths.filter((path) => !isOutputName(path))).toEqual([]);
  });

  test('that nidify never writes are left out of a lock', () => {
    const foreign = [
      '.github/workflows/ci.yml',
      '.gitlab-ci.yml',
      'package.json',
      '../flake.nix',
      'a/flake.nix',
      '/flake.nix',
      '__proto__',
      '.git/config',
    ];
    const outputs = Object.fromEntries([...foreign, 'flake.nix'].map((path) => [path, hashOf('flake')]));
    expect(parseLock(JSON.stringify({ ...lock, outputs })).outputs).toEqual(lock.outputs);
  });
});

describe('making a lock', () => {
  test('it holds what the planner, check and write ask of it', () => {
    const plan = planOf({
      toolchains: [toolchainOf({ key: 'node-22', id: 'node', version: '22.22', attribute: 'nodejs_22' })],
      inputs: [
        { path: 'package.json', blob: 'b'.repeat(40) },
        { path: '.nvmrc', blob: 'c'.repeat(40) },
      ],
    });
    const made = lockOf(plan, [{ path: 'flake.nix', text: 'x', mode: 0o644 }]);
    expect(made.lines).toEqual([
      expect.objectContaining({ key: 'node-22', version: '22.22', channel: 'nixos-26.05' }),
    ]);
    expect(Object.keys(made.inputs)).toEqual(['.nvmrc', 'package.json']);
    expect(made.outputs).toEqual({ 'flake.nix': hashOf('x') });
    expect(made.pins[0]).toMatchObject({ input: 'nixpkgs', channel: 'nixos-26.05' });
  });

  test('what is written is read back', () => {
    expect(parseLock(lockFile(lock).text)).toEqual(lock);
  });

  test('what was asked for and what images are is read back', () => {
    const asked = { kind: 'container', profile: 'sidecar', toolchain: 'features' } as const;
    const images = [{ reference: 'docker.io/library/debian:13', digest: `sha256:${'a'.repeat(64)}` }];
    const made: Lock = { ...lock, asked, images };
    expect(parseLock(lockFile(made).text)).toEqual(made);
  });

  test('a path named like an inherited property survives', () => {
    const odd: Lock = { ...lock, inputs: Object.fromEntries([['__proto__', null]]) };
    expect(Object.keys(parseLock(lockFile(odd).text).inputs)).toEqual(['__proto__']);
  });
});

describe('reading a lock', () => {
  test('a merge conflict is named, with its line', () => {
    const text = lockFile(lock).text.replace('  "pins"', '<<<<<<< HEAD\n  "pins"');
    const error = failureOf(text);
    expect(error).toMatchObject({ code: 'lock-invalid', exitCode: 3 });
    expect(error.message).toMatch(/^nidify\.lock:\d+: .*merge conflict/);
  });

  test('a later format asks for a later nidify: exit code 4', () => {
    expect(failureOf('{"schemaVersion": 2}')).toMatchObject({ code: 'lock-too-new', exitCode: 4 });
  });

  test.each([
    ['a list', '[]'],
    ['another version', '{"schemaVersion": 0}'],
    ['a revision that is none', JSON.stringify({ ...lock, pins: [{ ...lock.pins[0], rev: '$(id)' }] })],
    ['a hash that is none', JSON.stringify({ ...lock, outputs: { 'flake.nix': 'x' } })],
    ['a toolchain that is none', JSON.stringify({ ...lock, asked: { toolchain: 'apt' } })],
    [
      'a digest that is none',
      JSON.stringify({ ...lock, images: [{ reference: 'a/b', digest: 'sha256:1\nRUN id' }] }),
    ],
    ['lines that are none', JSON.stringify({ ...lock, lines: [null] })],
    ['deep nesting', '['.repeat(100_000)],
  ])('%s is refused: exit code 3', (_, text) => {
    expect(failureOf(text)).toMatchObject({ code: 'lock-invalid', exitCode: 3 });
  });
});

describe('adopting what nix flake update moved', () => {
  test('other revisions of the same inputs are adopted', () => {
    expect(adoptedPins(flakeLock(), lock)).toEqual([
      { input: 'nixpkgs', channel: 'nixos-26.05', rev: 'c'.repeat(40), narHash, lastModified: 2 },
    ]);
  });

  test('an input without a branch of its own is, too', () => {
    expect(adoptedPins(flakeLock({ original: { ref: undefined } }), lock)).not.toBeNull();
  });

  test.each([
    ['a further input', flakeLock({ root: { other: 'other' }, nodes: { other: {} } })],
    ['another repository', flakeLock({ locked: { owner: 'someone' } })],
    ['another branch', flakeLock({ original: { ref: 'nixos-unstable' } })],
    ['another host', flakeLock({ locked: { host: 'git.example.com' } })],
    ['a revision that is none', flakeLock({ locked: { rev: '"; evil = "' } })],
    ['a hash that is none', flakeLock({ locked: { narHash: 'sha256-x' } })],
    ['a time that is none', flakeLock({ locked: { lastModified: -1 } })],
    ['a node that is not referred to', flakeLock({ nodes: { extra: {} } })],
    ['no JSON', '{'],
    ['a version that nidify does not write', '{"version": 6, "nodes": {}}'],
  ])('%s is not', (_, text) => {
    expect(adoptedPins(text, lock)).toBeNull();
  });

  test('the line stays, what was known of its patch level does not', () => {
    const pins = adoptedPins(flakeLock(), lock);
    expect(withPins(lock, pins ?? []).lines[0]).toMatchObject({
      key: 'node-22',
      version: '22',
      precision: 'line',
    });
  });

  test('nothing changes when no revision did', () => {
    expect(withPins(lock, lock.pins)).toBe(lock);
  });
});
