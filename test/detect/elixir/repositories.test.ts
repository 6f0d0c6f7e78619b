/** Repositories of Elixir and the plan that their own documentation asks for. */
import { describe, expect, it } from 'vitest';
import { analyze } from '../../../src/analyze.ts';
import { folderWith } from '../../support/folder.ts';

const mixExs = (project: string, rest = '') => `defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [
      app: :shop,
      version: "0.1.0",
      ${project}
      start_permanent: Mix.env() == :prod,
      deps: deps()
    ]
  end
${rest}
end
`;
const application = `
  # Run "mix help compile.app" to learn about applications.
  def application do
    [mod: {Shop.Application, []}, extra_applications: [:logger]]
  end
`;
const deps = (...lines: string[]) => `
  defp deps do
    [
      ${lines.join(',\n      ')}
    ]
  end
`;
const lock = (...entries: [string, string][]) =>
  `%{\n${entries
    .map(
      ([name, version]) =>
        `  "${name}": {:hex, :${name}, "${version}", "${'0'.repeat(64)}", [:mix], [], "hexpm", "${'1'.repeat(64)}"},`,
    )
    .join('\n')}\n}\n`;

const toolchains = (plan: Awaited<ReturnType<typeof analyze>>) =>
  plan.toolchains.map(({ id, attribute, requested, match }) => ({ id, attribute, requested, match }));
const codes = (plan: Awaited<ReturnType<typeof analyze>>) => plan.findings.map(({ code }) => code);
const project = (plan: Awaited<ReturnType<typeof analyze>>, path = '.') =>
  plan.projects.find((each) => each.path === path);

describe('Elixir', () => {
  it('an application pinned for asdf, with the OTP that it names', async () => {
    const plan = await analyze(
      folderWith({
        'mix.exs': mixExs('elixir: "~> 1.14",', application + deps('{:jason, "~> 1.4"}')),
        'mix.lock': lock(['jason', '1.4.4']),
        '.tool-versions': 'erlang 26.2.5\nelixir 1.17.2-otp-26\n',
        '.formatter.exs': '[inputs: ["{lib,test}/**/*.{ex,exs}"]]',
        'lib/shop.ex': '',
        'test/shop_test.exs': '',
      }),
    );
    expect(toolchains(plan)).toMatchObject([
      { id: 'elixir', attribute: 'beam.packages.erlang_26.elixir_1_17', requested: '1.17.2-otp-26' },
      { id: 'erlang', attribute: 'erlang_26', requested: '26.2.5' },
    ]);
    expect(plan.packageManagers).toMatchObject([
      { id: 'mix', lockfile: 'mix.lock', bundledWith: 'elixir-1.17' },
    ]);
    expect(project(plan)).toMatchObject({
      name: 'shop',
      languages: ['elixir'],
      packageManager: 'mix',
      commands: {
        install: 'mix local.hex --force && mix local.rebar --force && mix deps.get',
        build: 'mix compile',
        test: 'mix test',
        start: 'mix run --no-halt',
        dev: 'iex -S mix',
        lint: 'mix format --check-formatted',
      },
    });
    expect(codes(plan)).not.toContain('version-contradiction');
  });

  it('a Phoenix application with Ecto and assets', async () => {
    const plan = await analyze(
      folderWith({
        'mix.exs': mixExs(
          'elixir: "~> 1.15",\n      aliases: aliases(),',
          `${application}${deps(
            '{:phoenix, "~> 1.7.14"}',
            '{:phoenix_ecto, "~> 4.5"}',
            '{:ecto_sql, "~> 3.10"}',
            '{:postgrex, ">= 0.0.0"}',
            '{:phoenix_live_view, "~> 1.0.0"}',
            '{:phoenix_live_reload, "~> 1.2", only: :dev}',
            '{:bcrypt_elixir, "~> 3.0"}',
            '{:esbuild, "~> 0.8", runtime: Mix.env() == :dev}',
            '{:credo, "~> 1.7", only: [:dev, :test], runtime: false}',
          )}
  defp aliases do
    [
      setup: ["deps.get", "ecto.setup", "assets.setup", "assets.build"],
      "assets.deploy": ["tailwind shop --minify", "phx.digest"]
    ]
  end`,
        ),
        'mix.lock': lock(['phoenix', '1.7.14'], ['bcrypt_elixir', '3.2.0'], ['file_system', '1.0.1']),
        'lib/shop_web/endpoint.ex': '',
        'test/test_helper.exs': '',
      }),
    );
    expect(toolchains(plan)).toEqual([
      {
        id: 'elixir',
        attribute: 'beam.packages.erlang_28.elixir_1_19',
        requested: '~> 1.15',
        match: 'compatible',
      },
      { id: 'erlang', attribute: 'erlang_28', requested: '>=24 <30', match: 'compatible' },
    ]);
    expect(project(plan)).toMatchObject({
      frameworks: ['phoenix'],
      ports: [4000],
      commands: {
        build: 'mix compile && mix assets.deploy',
        start: 'mix phx.server',
        dev: 'mix phx.server',
        lint: 'mix credo',
      },
    });
    expect(plan.services).toMatchObject([{ id: 'postgresql', port: 5432 }]);
    expect(plan.tools.map(({ attribute }) => attribute)).toEqual(
      expect.arrayContaining(['inotify-tools', 'gnumake']),
    );
    expect(plan.environments[0]).toMatchObject({ compiler: 'default' });
    expect(plan.environments[0]?.hooks.map(({ id }) => id)).toContain('mix-home');
  });

  it('an old line takes an OTP that it was made for, from a channel that has both', async () => {
    const plan = await analyze(
      folderWith({
        'mix.exs': mixExs('elixir: "~> 1.15.7",', application + deps('{:plug_cowboy, "~> 2.0"}')),
      }),
    );
    expect(toolchains(plan)).toMatchObject([
      { id: 'elixir', attribute: 'beam.packages.erlang_26.elixir_1_15' },
      { id: 'erlang', attribute: 'erlang_26', requested: '>=24 <27' },
    ]);
    expect(new Set(plan.toolchains.map(({ input }) => input)).size).toBe(1);
    expect(codes(plan)).toContain('runtime-end-of-life');
  });

  it('a library for Hex is started by nothing', async () => {
    const plan = await analyze(
      folderWith({
        'mix.exs': mixExs(
          'elixir: @elixir,\n      package: package(),',
          deps('{:ex_doc, ">= 0.0.0", only: :dev}'),
        ).replace('use Mix.Project', 'use Mix.Project\n\n  @elixir "~> 1.16" # "~> 1.2"'),
      }),
    );
    expect(toolchains(plan)[0]).toMatchObject({ id: 'elixir', requested: '~> 1.16' });
    expect(project(plan)?.commands).toMatchObject({ build: 'mix compile', start: null, test: 'mix test' });
    expect(plan.services).toEqual([]);
  });

  it('an umbrella has its applications as projects', async () => {
    const child = (name: string, ...lines: string[]) =>
      mixExs('elixir: "~> 1.17",\n      deps_path: "../../deps",', application + deps(...lines)).replaceAll(
        'shop',
        name,
      );
    const plan = await analyze(
      folderWith({
        'mix.exs': mixExs('apps_path: "apps",', deps('{:dialyxir, "~> 1.4", only: [:dev]}')).replace(
          'app: :shop,\n',
          '\n',
        ),
        'mix.lock': lock(['phoenix', '1.7.14']),
        'apps/core/mix.exs': child('core', '{:ecto_sql, "~> 3.10"}', '{:myxql, ">= 0.0.0"}'),
        'apps/web/mix.exs': child('web', '{:phoenix, "~> 1.7"}', '{:core, in_umbrella: true}'),
        'apps/web/deps/phoenix/mix.exs': mixExs('elixir: "~> 1.1",'),
      }),
    );
    expect(plan.projects.map(({ path, name }) => [path, name])).toEqual([
      ['.', null],
      ['apps/core', 'core'],
      ['apps/web', 'web'],
    ]);
    expect(project(plan)?.commands.start).toBe('mix phx.server');
    expect(project(plan, 'apps/web')).toMatchObject({ frameworks: ['phoenix'], ports: [4000] });
    expect(plan.services.map(({ id }) => id)).toEqual(['mysql']);
    expect(plan.environments).toHaveLength(1);
  });

  it('versions of a buildpack count where no version manager names one', async () => {
    const files = {
      'mix.exs': mixExs('elixir: "~> 1.12",', application),
      'elixir_buildpack.config':
        '# Erlang version\nerlang_version=25.3.2\nelixir_version=1.16.3\nalways_rebuild=false\n',
    };
    expect(toolchains(await analyze(folderWith(files)))).toMatchObject([
      { attribute: 'beam.packages.erlang_25.elixir_1_16', requested: '1.16.3' },
      { attribute: 'erlang_25', requested: '25.3.2' },
    ]);
    const pinned = { ...files, 'mise.toml': '[tools]\nelixir = "1.18"\nerlang = "27"\n' };
    expect(toolchains(await analyze(folderWith(pinned)))).toMatchObject([
      { attribute: 'beam.packages.erlang_27.elixir_1_18', requested: '1.18' },
      { attribute: 'erlang_27', requested: '27' },
    ]);
  });

  it('what contradicts itself is told: no Elixir 1.18 runs on OTP 24', async () => {
    const plan = await analyze(
      folderWith({ 'mix.exs': mixExs('elixir: "~> 1.18",'), '.tool-versions': 'erlang 24.3\n' }),
    );
    expect(codes(plan)).toContain('version-contradiction');
    expect(toolchains(plan)[1]).toMatchObject({ id: 'erlang', attribute: 'erlang_24' });
  });

  it('a manifest that computes its version, or cannot be read, asks for nothing and says so', async () => {
    const computed = await analyze(
      folderWith({ 'mix.exs': mixExs('elixir: System.get_env("ELIXIR"),', application) }),
    );
    expect(codes(computed)).toContain('version-not-understood');
    expect(toolchains(computed)[0]).toMatchObject({ requested: null });
    const broken = await analyze(folderWith({ 'mix.exs': 'defmodule X do "' }));
    expect(codes(broken)).toContain('manifest-not-static');
    expect(project(broken)).toMatchObject({ languages: ['elixir'], commands: { build: 'mix compile' } });
  });

  it('an escript is built as one', async () => {
    const plan = await analyze(
      folderWith({ 'mix.exs': mixExs('elixir: "~> 1.17",\n      escript: [main_module: Shop.CLI],') }),
    );
    expect(project(plan)?.commands).toMatchObject({ build: 'mix escript.build', start: './shop' });
  });

  it('an example beside another language adds nothing', async () => {
    const plan = await analyze(
      folderWith({
        'go.mod': 'module a\n\ngo 1.26\n',
        'main.go': '',
        'examples/elixir/mix.exs': mixExs('elixir: "~> 1.17",'),
      }),
    );
    expect(plan.toolchains.map(({ id }) => id)).toEqual(['go']);
  });
});
