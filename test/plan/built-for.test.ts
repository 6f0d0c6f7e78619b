import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { folderWith } from '../support/folder.ts';

const mix = (elixir: string) =>
  `defmodule A do\n  def project do\n    [app: :a, elixir: "${elixir}"]\n  end\nend\n`;
const attributes = async (files: Record<string, string>) => {
  const plan = await analyze(folderWith(files));
  return {
    attributes: plan.toolchains.map(({ attribute }) => attribute),
    codes: plan.findings.map(({ code }) => code),
    plan,
  };
};

describe('what is built for another tool', () => {
  it('is that of the version which the same project has', async () => {
    const { attributes: found, plan } = await attributes({
      'a/mix.exs': mix('~> 1.18.0'),
      'a/.tool-versions': 'erlang 27.1\n',
      'b/mix.exs': mix('~> 1.15.0'),
      'b/.tool-versions': 'erlang 25.3\n',
    });
    expect(found.sort()).toEqual([
      'beam.packages.erlang_25.elixir_1_15',
      'beam.packages.erlang_27.elixir_1_18',
      'erlang_25',
      'erlang_27',
    ]);
    expect(plan.environments).toHaveLength(2);
  });

  it('of one version for two others is built for the first, and says so', async () => {
    const { attributes: found, codes } = await attributes({
      'a/mix.exs': mix('~> 1.17.0'),
      'a/.tool-versions': 'erlang 27.1\n',
      'b/mix.exs': mix('~> 1.17.0'),
      'b/.tool-versions': 'erlang 26.2\n',
    });
    expect(found).toContain('beam.packages.erlang_27.elixir_1_17');
    expect(found).not.toContain('beam.packages.erlang_26.elixir_1_17');
    expect(codes).toContain('tool-built-for-another');
  });

  it('is the plain one where the configuration names what the catalogue does not pair', async () => {
    const { attributes: found, codes } = await attributes({
      'mix.exs': mix('~> 1.14'),
      'nidify.jsonc': '{ "versions": { "erlang": "29" } }',
    });
    expect(found).toEqual(['beam.packages.erlang_29.elixir_1_20', 'beam.interpreters.erlang_29']);
    expect(codes).not.toContain('version-nearest');
  });
});
