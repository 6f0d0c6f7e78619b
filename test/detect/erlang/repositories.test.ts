/** Repositories of Erlang and the plan that their own documentation asks for. */
import { describe, expect, it } from 'vitest';
import { analyze } from '../../../src/analyze.ts';
import { folderWith } from '../../support/folder.ts';

type Plan = Awaited<ReturnType<typeof analyze>>;
const codes = (plan: Plan) => plan.findings.map(({ code }) => code);
const project = (plan: Plan, path = '.') => plan.projects.find((each) => each.path === path);
const appSrc = (name: string) =>
  `{application, ${name}, [{vsn, "0.1.0"}, {applications, [kernel, stdlib]}]}.\n`;

describe('Erlang', () => {
  it('a library of rebar3 with a minimum, and NIFs among its dependencies', async () => {
    const plan = await analyze(
      folderWith({
        'rebar.config': `%% {minimum_otp_vsn, "99"}.
{minimum_otp_vsn, "25.0"}.
{erl_opts, [debug_info, {d, 'TEXT', "100% \\"fine\\""}]}.
{deps, [{jiffy, "1.1.1"}, cowboy]}.
{project_plugins, [erlfmt, rebar3_hex]}.
`,
        'rebar.lock': `{"1.2.0",
[{<<"cowboy">>,{pkg,<<"cowboy">>,<<"2.10.0">>},0},
 {<<"jiffy">>,{pkg,<<"jiffy">>,<<"1.1.1">>},0}]}.
[{pkg_hash,[{<<"jiffy">>, <<"ACA10F47AA91697BF24AB9582C74E00E8E95474C7EF9F76D4F1A338D0F5DE21B">>}]}].
`,
        'src/parser.app.src': appSrc('parser'),
        'src/parser.erl': '',
        'test/parser_tests.erl': '',
      }),
    );
    expect(plan.toolchains).toMatchObject([
      { id: 'erlang', attribute: 'erlang_28', requested: '25.0', match: 'compatible' },
    ]);
    expect(plan.packageManagers).toMatchObject([
      { id: 'rebar3', attribute: 'beam.packages.erlang_28.rebar3', lockfile: 'rebar.lock' },
    ]);
    expect(project(plan)).toMatchObject({
      name: 'parser',
      languages: ['erlang'],
      frameworks: ['cowboy'],
      packageManager: 'rebar3',
      commands: {
        install: 'rebar3 get-deps',
        build: 'rebar3 compile',
        test: 'rebar3 eunit',
        start: null,
        dev: 'rebar3 shell',
        lint: 'rebar3 fmt --check',
      },
    });
    expect(plan.environments[0]).toMatchObject({ compiler: 'default' });
    expect(plan.tools.map(({ attribute }) => attribute)).toContain('gnumake');
  });

  it('a release of several applications', async () => {
    const plan = await analyze(
      folderWith({
        'rebar.config': `{deps, []}.
{relx, [{release, {shop, "0.1.0"}, [shop_core, shop_web, sasl]},
        {mode, dev}, {sys_config, "./config/sys.config"}]}.
{profiles, [{prod, [{relx, [{mode, prod}]}]}]}.
`,
        '.tool-versions': 'erlang 27.2\nrebar 3.24.0\n',
        'apps/shop_core/src/shop_core.app.src': appSrc('shop_core'),
        'apps/shop_core/rebar.config': '{deps, [recon]}.\n',
        'apps/shop_web/src/shop_web.app.src': appSrc('shop_web'),
        'apps/shop_web/test/web_SUITE.erl': '',
        'apps/shop_core/test/core_tests.erl': '',
        '_build/default/lib/recon/rebar.config': '{minimum_otp_vsn, "99"}.\n',
      }),
    );
    expect(plan.toolchains).toMatchObject([{ attribute: 'erlang_27', requested: '27.2' }]);
    expect(plan.packageManagers).toMatchObject([{ attribute: 'beam.packages.erlang_27.rebar3' }]);
    expect(project(plan)?.commands).toMatchObject({
      build: 'rebar3 as prod release',
      test: 'rebar3 do eunit, ct',
      start: '_build/prod/rel/shop/bin/shop foreground',
    });
    expect(plan.projects.map(({ path }) => path)).toEqual(['.']);
  });

  it('an escript', async () => {
    const plan = await analyze(
      folderWith({
        'rebar.config': '{escript_main_app, tool}.\n{escript_name, "tool"}.\n{deps, [getopt]}.\n',
        'src/tool.app.src': appSrc('tool'),
      }),
    );
    expect(project(plan)?.commands).toMatchObject({
      build: 'rebar3 escriptize',
      start: './_build/default/bin/tool',
    });
  });

  it('a project of erlang.mk', async () => {
    const plan = await analyze(
      folderWith({
        'erlang.mk': '# Copyright\n',
        Makefile: 'PROJECT = chat\nDEPS = cowboy jiffy\ndep_cowboy_commit = 2.10.0\n\ninclude erlang.mk\n',
        'src/chat_app.erl': '',
      }),
    );
    expect(plan.toolchains.map(({ id }) => id)).toEqual(['erlang']);
    expect(project(plan)).toMatchObject({
      name: 'chat',
      packageManager: null,
      commands: { install: 'make deps', build: 'make', test: 'make tests', start: 'make run' },
    });
    expect(plan.tools.map(({ attribute }) => attribute)).toContain('gnumake');
    expect(plan.environments[0]?.compiler).toBe('default');
  });

  it('an old OTP comes from the channel that has it, with the rebar3 that runs on it', async () => {
    const plan = await analyze(
      folderWith({ 'rebar.config': '{deps, []}.\n', 'mise.toml': '[tools]\nerlang = "25"\n' }),
    );
    expect(plan.toolchains).toMatchObject([{ attribute: 'erlang_25', status: 'end-of-life' }]);
    expect(plan.packageManagers).toMatchObject([{ attribute: 'beam.packages.erlang_25.rebar3' }]);
    expect(plan.packageManagers[0]?.input).toBe(plan.toolchains[0]?.input);
  });

  it('a package that Mix can build too is built by rebar3', async () => {
    const plan = await analyze(
      folderWith({
        'rebar.config': '{deps, []}.\n',
        'mix.exs':
          'defmodule J.Mixfile do\n  def project do\n    [app: :j, elixir: "~> 1.16", package: []]\n  end\nend\n',
        'src/j.app.src': appSrc('j'),
      }),
    );
    expect(project(plan)).toMatchObject({ languages: ['erlang', 'elixir'], packageManager: 'rebar3' });
    expect(project(plan)?.commands.build).toBe('rebar3 compile');
    expect(plan.toolchains.map(({ id }) => id).sort()).toEqual(['elixir', 'erlang']);
  });

  it('a configuration that is changed by a script, or malformed, says so', async () => {
    const scripted = await analyze(
      folderWith({ 'rebar.config': '{deps, []}.\n', 'rebar.config.script': 'CONFIG.\n' }),
    );
    expect(codes(scripted)).toContain('manifest-not-static');
    const broken = await analyze(folderWith({ 'rebar.config': '{deps, ["' }));
    expect(codes(broken)).toContain('unreadable-manifest');
    const pattern = await analyze(folderWith({ 'rebar.config': '{require_otp_vsn, "R16|17"}.\n' }));
    expect(codes(pattern)).toContain('version-not-understood');
  });
});
