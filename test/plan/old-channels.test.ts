import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import type { Config } from '../../src/config/schema.ts';
import type { Plan } from '../../src/plan/schema.ts';
import { render } from '../../src/render/render.ts';
import { folderWith } from '../support/folder.ts';

const planOf = (files: Record<string, string>, config: Config = {}): Promise<Plan> =>
  analyze(folderWith(files), { config });

const gemfile = (gems: string) => ({
  Gemfile: `source 'https://rubygems.org'\n${gems}`,
  '.ruby-version': '2.6.6\n',
});

async function shellNix(plan: Plan): Promise<string> {
  return (await render(plan)).find(({ path }) => path === 'shell.nix')?.text ?? '';
}

describe('a version that only an old channel has', () => {
  test.each([
    ['Ruby 2.6', gemfile(''), { key: 'ruby-2.6', attribute: 'ruby_2_6', input: 'nixpkgs-21_05' }],
    [
      'Python 3.6',
      { '.python-version': '3.6\n', 'requirements.txt': 'flask\n' },
      { key: 'python-3.6', attribute: 'python36', input: 'nixpkgs-21_05' },
    ],
    [
      'PHP 7.4',
      { 'composer.json': '{"require":{"php":"~7.4.0"}}' },
      { key: 'php-7.4', attribute: 'php74', input: 'nixpkgs-21_11' },
    ],
    [
      'PHP 7.3',
      { 'composer.json': '{"require":{"php":"7.3.*"}}' },
      { key: 'php-7.3', attribute: 'php73', input: 'nixpkgs-21_05' },
    ],
    [
      'Go 1.17',
      { 'go.mod': 'module a\n\ngo 1.17\n', '.tool-versions': 'golang 1.17.8\n' },
      { key: 'go-1.17', attribute: 'go_1_17', input: 'nixpkgs-21_11' },
    ],
    [
      'Elixir 1.11 for Erlang/OTP 22',
      { 'mix.exs': 'defmodule A.MixProject do\nend\n', '.tool-versions': 'erlang 22.3\nelixir 1.11.4\n' },
      { key: 'elixir-1.11', attribute: 'beam.packages.erlangR22.elixir_1_11', input: 'nixpkgs-21_11' },
    ],
  ])('%s comes from there, with the finding of its end', async (_, files, expected) => {
    const plan = await planOf(files as Record<string, string>);
    expect(plan.toolchains[0]).toMatchObject({ ...expected, status: 'end-of-life' });
    expect(plan.findings.map(({ code }) => code)).toContain('runtime-end-of-life');
    expect(plan.findings.map(({ code }) => code)).not.toContain('version-nearest');
  });

  test.each(['12', '10'])('Node.js %s is of the one that had not marked it insecure', async (line) => {
    const plan = await planOf({ 'package.json': '{"name":"a"}', '.nvmrc': `${line}\n` });
    expect(plan.toolchains[0]).toMatchObject({ key: `node-${line}`, status: 'end-of-life' });
    expect(plan.nixpkgs.find(({ input }) => input === 'nixpkgs-21_05')?.permit.insecure).toEqual([]);
    expect(plan.findings.map(({ code }) => code)).toContain('runtime-end-of-life');
  });

  test('compiles against the libraries of that channel', async () => {
    const lock = 'GEM\n  remote: https://rubygems.org/\n  specs:\n    nokogiri (1.13.10)\n    pg (1.2.3)\n';
    const plan = await planOf({ ...gemfile("gem 'nokogiri'\ngem 'pg'\n"), 'Gemfile.lock': lock });
    expect(plan.environments[0]?.base).toBe('nixpkgs-21_05');
    expect([...new Set(plan.libraries.map(({ input }) => input))]).toEqual(['nixpkgs-21_05']);
    expect(plan.findings.map(({ code }) => code)).not.toContain('library-missing');
  });
});

describe('a shell on an old channel', () => {
  const python = { '.python-version': '3.6\n', 'requirements.txt': 'numpy\n' };

  test('is made with what that one has: no mkShellNoCC, no packages', async () => {
    const text = await shellNix(await planOf(python));
    expect(text).toContain('pkgs-21_05.mkShell.override { stdenv = pkgs-21_05.stdenvNoCC; } {');
    expect(text).toContain('        nativeBuildInputs = [\n');
    expect(text).not.toMatch(/mkShellNoCC|\bpackages = \[/);
  });

  test('can be built all the same', async () => {
    const phases = 'phases = [ "buildPhase" ];\n      nobuildPhase = null;\n';
    expect(await shellNix(await planOf(python))).toContain(phases);
    expect(await shellNix(await planOf({ ...python, '.python-version': '3.8\n' }))).not.toContain(
      'nobuildPhase',
    );
  });

  test('on one of 21.11 has mkShellNoCC, but refuses to be built too', async () => {
    const text = await shellNix(
      await planOf({ 'Package.swift': '// swift-tools-version:5.3\n', '.swift-version': '5.4\n' }),
    );
    expect(text).toContain(
      'pkgs-21_11.mkShell.override { stdenv = pkgs-21_11.stdenv; } {\n      packages = [',
    );
    expect(text).toContain('nobuildPhase = null;');
  });
});

test('a channel that only gives old versions cannot be the main one', async () => {
  const files = { 'package.json': '{"name":"a"}' };
  await expect(planOf(files, { channel: 'nixos-21.11' })).rejects.toMatchObject({
    code: 'channel-unknown',
    message: expect.stringContaining('too old for a main channel'),
    hint: expect.stringMatching(/nixos-23\.05, nixos-22\.11\.$/),
  });
  expect((await planOf(files, { channel: 'nixos-22.11' })).nixpkgs[0]?.channel).toBe('nixos-22.11');
});
