/** Repositories of Gleam and the plan that its documentation asks for. */
import { describe, expect, it } from 'vitest';
import { analyze } from '../../../src/analyze.ts';
import { folderWith } from '../../support/folder.ts';

type Plan = Awaited<ReturnType<typeof analyze>>;
const codes = (plan: Plan) => plan.findings.map(({ code }) => code);
const project = (plan: Plan, path = '.') => plan.projects.find((each) => each.path === path);
const ids = (plan: Plan) => plan.toolchains.map(({ id }) => id);
const manifest = (...packages: [name: string, version: string, tools: string][]) =>
  `packages = [\n${packages
    .map(
      ([name, version, tools]) =>
        `  { name = "${name}", version = "${version}", build_tools = [${tools}], requirements = [], otp_app = "${name}", source = "hex", outer_checksum = "0" },`,
    )
    .join('\n')}\n]\n\n[requirements]\n`;

describe('Gleam', () => {
  it('an application for Erlang', async () => {
    const plan = await analyze(
      folderWith({
        'gleam.toml':
          'name = "shop"\nversion = "1.0.0"\n\n[dependencies]\ngleam_stdlib = ">= 0.44.0 and < 2.0.0"\n',
        'manifest.toml': manifest(['gleam_stdlib', '0.60.0', '"gleam"']),
        'src/shop.gleam': '',
        'test/shop_test.gleam': '',
      }),
    );
    expect(plan.toolchains).toMatchObject([
      { id: 'gleam', attribute: 'gleam', requested: null },
      { id: 'erlang', attribute: 'erlang_28' },
    ]);
    expect(plan.packageManagers).toEqual([]);
    expect(project(plan)).toMatchObject({
      name: 'shop',
      languages: ['gleam'],
      packageManager: null,
      commands: {
        install: 'gleam deps download',
        build: 'gleam export erlang-shipment',
        test: 'gleam test',
        start: './build/erlang-shipment/entrypoint.sh run',
        dev: 'gleam run',
        lint: 'gleam format --check',
      },
    });
  });

  it('a web application pinned by version files, with packages of rebar3 and Mix', async () => {
    const plan = await analyze(
      folderWith({
        'gleam.toml':
          'name = "api"\nversion = "0.1.0"\ngleam = ">= 1.4.0"\n\n[dependencies]\nwisp = ">= 1.0.0"\nmist = ">= 4.0.0"\n',
        'manifest.toml': manifest(
          ['wisp', '1.5.0', '"gleam"'],
          ['telemetry', '1.3.0', '"rebar3"'],
          ['decimal', '2.1.0', '"mix"'],
        ),
        '.tool-versions': 'gleam 1.10.0\nerlang 27.1\n',
        'src/api.gleam': '',
      }),
    );
    expect(ids(plan)).toEqual(['gleam', 'erlang', 'elixir']);
    expect(plan.toolchains[0]).toMatchObject({ requested: '1.10.0', match: 'nearest' });
    expect(plan.toolchains[1]).toMatchObject({ attribute: 'erlang_27' });
    expect(plan.toolchains[2]).toMatchObject({ attribute: 'beam.packages.erlang_27.elixir_1_19' });
    expect(plan.packageManagers).toMatchObject([
      { id: 'rebar3', attribute: 'beam.packages.erlang_27.rebar3' },
    ]);
    expect(project(plan)?.frameworks).toEqual(['wisp', 'mist']);
  });

  it('a program for JavaScript runs on what it names, else on Node.js', async () => {
    const toml = (...lines: string[]) =>
      ['name = "page"', 'version = "1.0.0"', 'target = "javascript"', ...lines].join('\n');
    const plain = await analyze(folderWith({ 'gleam.toml': toml(), 'src/page.gleam': '' }));
    expect(ids(plain)).toEqual(['gleam', 'node']);
    expect(project(plain)?.commands).toMatchObject({ build: 'gleam build', start: 'gleam run' });
    const deno = await analyze(
      folderWith({ 'gleam.toml': toml('', '[javascript]', 'runtime = "deno"'), 'src/page.gleam': '' }),
    );
    expect(ids(deno)).toEqual(['gleam', 'deno']);
  });

  it('Lustre serves with its own tools', async () => {
    const plan = await analyze(
      folderWith({
        'gleam.toml':
          'name = "page"\nversion = "1.0.0"\ntarget = "javascript"\n\n[dependencies]\nlustre = ">= 5.0.0"\n\n[dev-dependencies]\nlustre_dev_tools = ">= 2.0.0"\n',
        'src/page.gleam': '',
      }),
    );
    expect(project(plan)).toMatchObject({
      frameworks: ['lustre'],
      ports: [1234],
      commands: { build: 'gleam run -m lustre/dev build', dev: 'gleam run -m lustre/dev start', start: null },
    });
    // The tools run on Erlang, whatever the target is.
    expect(ids(plan)).toEqual(['gleam', 'erlang', 'node']);
  });

  it('several packages of one repository are projects of their own', async () => {
    const toml = (name: string, rest = '') => `name = "${name}"\nversion = "1.0.0"\n${rest}`;
    const plan = await analyze(
      folderWith({
        'client/gleam.toml': toml('client', 'target = "javascript"\n'),
        'server/gleam.toml': toml('server', '\n[dependencies]\nshared = { path = "../shared" }\n'),
        'shared/gleam.toml': toml('shared'),
        'server/build/packages/wisp/gleam.toml': toml('wisp', 'gleam = ">= 99.0.0"\n'),
        'server/src/server.gleam': '',
        'shared/src/shared.gleam': '',
      }),
    );
    expect(plan.projects.map(({ path }) => path)).toEqual(['client', 'server', 'shared']);
    expect(project(plan, 'client')?.commands.start).toBeNull();
    expect(codes(plan)).not.toContain('version-nearest');
  });

  it('an impossible version and a broken manifest are told', async () => {
    const impossible = await analyze(
      folderWith({ 'gleam.toml': 'name = "a"\nversion = "1.0.0"\ngleam = "< 0.20.0"\n' }),
    );
    expect(impossible.toolchains[0]).toMatchObject({ status: 'end-of-life' });
    const broken = await analyze(folderWith({ 'gleam.toml': 'name = ' }));
    expect(codes(broken)).toContain('unreadable-manifest');
  });
});
