import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/schema.ts';
import type {
  DependencyNeed,
  Need,
  PackageManagerNeed,
  ToolchainNeed,
  VersionRequest,
  VersionScheme,
} from '../../src/detect/types.ts';
import type { Lock } from '../../src/lock/types.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { type Plan, planSchema } from '../../src/plan/schema.ts';
import { testCatalogue } from '../support/catalogue.ts';
import { inventoryOf } from '../support/inventory.ts';

const evidence = (file: string, rule = 'test') => ({ file, line: 1, text: '', rule });

function request(raw: string, scheme: VersionScheme = 'semver', file = 'package.json'): VersionRequest {
  return { raw, scheme, because: evidence(file) };
}

function toolchain(id: string, requests: VersionRequest[] = [], project = '.'): ToolchainNeed {
  return { kind: 'toolchain', id, project, requests, because: [evidence(`${project}/manifest`)] };
}

function manager(id: string, requests: VersionRequest[] = [], project = '.'): PackageManagerNeed {
  return { kind: 'package-manager', id, project, requests, lockfile: null, because: [evidence('lock')] };
}

function dependency(ecosystem: DependencyNeed['ecosystem'], name: string, project = '.'): DependencyNeed {
  return { kind: 'dependency', ecosystem, name, version: null, project, because: [evidence('lock', name)] };
}

function planned(needs: Need[], options: { config?: Config; locked?: Lock } = {}): Plan {
  const plan = makePlan({
    needs,
    inventory: inventoryOf({ 'package.json': '{}' }),
    catalogue: testCatalogue(),
    config: options.config ?? {},
    configText: null,
    asked: {},
    locked: options.locked ?? null,
    version: '1.0.0',
  });
  return planSchema.parse(plan);
}

const codes = (plan: Plan) => plan.findings.map(({ code }) => code);
const versions = (plan: Plan) => plan.toolchains.map(({ key, attribute, input }) => [key, attribute, input]);
const only = (plan: Plan) => {
  const [environment, ...others] = plan.environments;
  if (environment === undefined || others.length > 0) throw new Error('not one environment');
  return environment;
};

describe('versions', () => {
  it('take the default line of the main channel when nothing is asked for, or when it satisfies', () => {
    expect(versions(planned([toolchain('node')]))).toEqual([['node-24', 'nodejs_24', 'nixpkgs']]);
    const plan = planned([toolchain('node', [request('>=18')])]);
    expect(plan.toolchains[0]).toMatchObject({ key: 'node-24', requested: '>=18', match: 'compatible' });
    expect(codes(plan)).toEqual([]);
  });

  it('come from an older channel when only it has them, with a finding and a further input', () => {
    const plan = planned([toolchain('node', [request('18', 'prefix', '.nvmrc')])]);
    expect(versions(plan)).toEqual([['node-18', 'nodejs_18', 'nixpkgs-24_05']]);
    expect(plan.nixpkgs.map(({ input, rev }) => [input, rev[0]])).toEqual([
      ['nixpkgs', 'a'],
      ['nixpkgs-24_05', 'c'],
    ]);
    expect(plan.nixpkgs[1]?.because[0]?.file).toBe('.nvmrc');
    expect(codes(plan)).toContain('runtime-end-of-life');
  });

  it('come from the newest channel in which they are not yet insecure', () => {
    const plan = planned([toolchain('node', [request('20.x')])]);
    expect(versions(plan)).toEqual([['node-20', 'nodejs_20', 'nixpkgs-25_05']]);
    expect(plan.nixpkgs[1]?.permit.insecure).toEqual([]);
  });

  it('are permitted by name where every channel calls them insecure', () => {
    const plan = planned([toolchain('node', [request('14')])]);
    expect(plan.nixpkgs.find(({ input }) => input === 'nixpkgs-24_05')?.permit.insecure).toEqual(['nodejs']);
    expect(plan.nixpkgs[0]?.permit.insecure).toEqual([]);
    expect(codes(plan)).toContain('runtime-insecure');
  });

  it('say what cannot be known offline, and what nothing satisfies', () => {
    expect(codes(planned([toolchain('node', [request('24.3.0', 'exact')])]))).toEqual(['version-assumed']);
    const plan = planned([toolchain('node', [request('19')])]);
    expect(plan.toolchains[0]).toMatchObject({ match: 'nearest' });
    expect(codes(plan)).toContain('version-nearest');
    const hint = plan.findings.find(({ code }) => code === 'version-nearest')?.hint;
    expect(hint).toMatch(/^nidify knows node (\d+, )+\d+.*: choose with "versions" in nidify\.jsonc\.$/);
  });

  it('are contradicted by what comes later in the order of precedence', () => {
    const plan = planned([toolchain('node', [request('22', 'prefix', '.nvmrc'), request('^24')])]);
    expect(versions(plan)[0]?.[0]).toBe('node-22');
    const finding = plan.findings.find(({ code }) => code === 'version-contradiction');
    expect(finding?.message).toContain('package.json:1');
    expect(finding?.message).toContain('.nvmrc:1');
  });

  it('are the same for all projects where one line satisfies all', () => {
    const needs = [
      toolchain('node', [request('>=18')], '.'),
      toolchain('node', [request('^22')], 'a'),
      toolchain('node', [], 'b'),
    ];
    const plan = planned(needs);
    expect(versions(plan)).toEqual([['node-22', 'nodejs_22', 'nixpkgs']]);
    expect(only(plan).projects).toEqual(['.', 'a', 'b']);
  });

  it('are decided by the configuration, whatever the repository says', () => {
    const plan = planned([toolchain('node', [request('24')])], { config: { versions: { node: '22' } } });
    expect(plan.toolchains[0]).toMatchObject({ key: 'node-22', requested: '22' });
    expect(plan.toolchains[0]?.because[0]?.file).toBe('nidify.jsonc');
    expect(codes(plan)).toEqual([]);
  });

  it('stay as they were locked while they satisfy', () => {
    const lock = (line: string, attribute: string): Lock => ({
      schemaVersion: 1,
      generator: { name: 'nidify', version: '0.9.0' },
      pins: [
        {
          input: 'nixpkgs',
          channel: 'nixos-26.05',
          rev: 'f'.repeat(40),
          narHash: 'sha256-x',
          lastModified: 5,
        },
      ],
      lines: [
        {
          key: `node-${line}`,
          id: 'node',
          requested: null,
          version: null,
          precision: 'line',
          attribute,
          channel: 'nixos-26.05',
        },
      ],
      inputs: {},
      outputs: {},
    });
    const kept = planned([toolchain('node', [request('>=18')])], { locked: lock('22', 'nodejs_22') });
    expect(versions(kept)[0]?.[0]).toBe('node-22');
    expect(kept.nixpkgs[0]).toMatchObject({ rev: 'f'.repeat(40), lastModified: 5 });
    const moved = planned([toolchain('node', [request('>=24')])], { locked: lock('22', 'nodejs_22') });
    expect(versions(moved)[0]?.[0]).toBe('node-24');
  });

  it('are as exact as the lock knows them', () => {
    const locked: Lock = {
      schemaVersion: 1,
      generator: { name: 'nidify', version: '1.0.0' },
      pins: [],
      lines: [
        {
          key: 'node-24',
          id: 'node',
          requested: null,
          version: '24.5.0',
          precision: 'exact',
          attribute: 'nodejs_24',
          channel: 'nixos-26.05',
        },
      ],
      inputs: {},
      outputs: {},
    };
    const match = (raw: string) => {
      const { toolchains, findings } = planned([toolchain('node', [request(raw)])], { locked });
      return [toolchains[0]?.version, toolchains[0]?.match, findings.map(({ code }) => code)];
    };
    expect(match('24.5.0')).toEqual(['24.5.0', 'exact', []]);
    expect(match('^24.1')).toEqual(['24.5.0', 'compatible', []]);
    expect(match('^24.9')).toEqual(['24', 'assumed', ['version-assumed']]);
  });

  it('of examples and tests add nothing, unless there is nothing else', () => {
    const side: ToolchainNeed = { ...toolchain('python', [], 'examples/x'), optional: true };
    expect(versions(planned([toolchain('node'), side])).map(([key]) => key)).toEqual(['node-24']);
    const plan = planned([side]);
    expect(plan.toolchains).toMatchObject([{ key: 'python-3.13', optional: true }]);
  });
});

describe('environments', () => {
  it('are several where projects need two lines of one runtime', () => {
    const needs = [
      toolchain('node', [request('24', 'prefix')], '.'),
      toolchain('node', [request('18', 'prefix')], 'apps/Old One'),
      toolchain('python', [], 'api'),
    ];
    const plan = planned(needs);
    expect(plan.environments.map(({ name, projects }) => [name, projects])).toEqual([
      ['default', ['.', 'api']],
      ['apps-old-one', ['apps/Old One']],
    ]);
    expect(codes(plan)).toContain('several-environments');
  });

  it('take compiler and libraries from the channel of the interpreter that loads native code', () => {
    const plan = planned([
      toolchain('node', [request('18', 'prefix')]),
      dependency('npm', 'canvas'),
      { kind: 'tool', id: 'just', project: '.', because: [evidence('justfile')] },
    ]);
    expect(only(plan)).toMatchObject({ base: 'nixpkgs-24_05', compiler: 'default' });
    expect(plan.libraries).toMatchObject([
      { key: 'cairo@nixpkgs-24_05', input: 'nixpkgs-24_05', use: 'link', grade: 'inferred' },
    ]);
    expect(plan.tools.find(({ key }) => key === 'just')?.input).toBe('nixpkgs');
    expect(only(plan).packages).toContain('pkg-config@nixpkgs-24_05');
  });

  it('are separate where native code needs two channels', () => {
    const plan = planned([
      toolchain('node', [request('18', 'prefix')], 'web'),
      dependency('npm', 'canvas', 'web'),
      toolchain('python', [], 'api'),
      dependency('pypi', 'lxml', 'api'),
    ]);
    expect(plan.environments.map(({ name, base }) => [name, base])).toEqual([
      ['default', 'nixpkgs'],
      ['web', 'nixpkgs-24_05'],
    ]);
  });

  it('have no compiler and no library without evidence', () => {
    expect(only(planned([toolchain('node')])).compiler).toBe('none');
    expect(planned([toolchain('node')]).libraries).toEqual([]);
  });

  it('take the compiler that the configuration names, and warn where the default one is new', () => {
    const needs = [toolchain('node'), dependency('npm', 'bcrypt')];
    const plan = planned(needs);
    expect(only(plan).compiler).toBe('default');
    expect(plan.findings).toMatchObject([{ code: 'compiler-c23', because: [{ file: 'lock' }] }]);
    const chosen = planned(needs, { config: { compiler: 'gcc14Stdenv' } });
    expect(only(chosen).compiler).toBe('gcc14Stdenv');
    expect(codes(chosen)).toEqual([]);
    const old = planned([toolchain('node', [request('18', 'prefix')]), dependency('npm', 'bcrypt')]);
    expect(codes(old)).not.toContain('compiler-c23');
  });

  it('say that a bundled package manager has its own version', () => {
    const plan = planned([toolchain('node'), manager('npm', [request('8.15.0', 'exact')])]);
    expect(plan.findings).toMatchObject([{ code: 'package-manager-bundled', severity: 'info' }]);
    expect(codes(planned([toolchain('node'), manager('npm', [request('>=7')])]))).toEqual([]);
  });

  it('load libraries at run time on Linux only', () => {
    const plan = planned([toolchain('python'), dependency('pypi', 'numpy')]);
    expect(only(plan)).toMatchObject({ libraryPath: ['stdenv.cc.cc.lib'], compiler: 'none' });
    expect(plan.libraries[0]).toMatchObject({ use: 'dlopen', systems: ['x86_64-linux', 'aarch64-linux'] });
    expect(only(plan).packages).not.toContain('stdenv.cc.cc.lib');
  });

  it('keep runtimes of other channels away from libraries on LD_LIBRARY_PATH', () => {
    const old = [toolchain('python', [request('3.9', 'prefix')]), dependency('pypi', 'numpy')];
    const plan = planned([...old, toolchain('node', [request('>=18')])]);
    expect(versions(plan).map(([key, , input]) => [key, input])).toEqual([
      ['python-3.9', 'nixpkgs-24_05'],
      ['node-20', 'nixpkgs-24_05'],
    ]);
    expect(codes(plan)).not.toContain('library-path-conflict');
    const impossible = planned([...old, toolchain('node', [request('24', 'prefix')])]);
    expect(codes(impossible)).toContain('library-path-conflict');
    const unloaded = planned([old[0] as Need, toolchain('node', [request('>=18')])]);
    expect(versions(unloaded)[1]?.[0]).toBe('node-24');
  });

  it('use the project’s own Python as a helper where there is one', () => {
    expect(only(planned([toolchain('node'), dependency('npm', 'bcrypt')])).packages).toContain('python3');
    const plan = planned([toolchain('node'), toolchain('python'), dependency('npm', 'bcrypt')]);
    expect(only(plan).packages).toEqual(['bashInteractive', 'node-24', 'python-3.13']);
  });

  it('put what pip installs in the place of the interpreter’s own', () => {
    const hooks = only(planned([toolchain('python'), manager('pip')])).hooks.map(({ id }) => id);
    expect(hooks).toContain('python-venv-path');
    expect(only(planned([toolchain('python'), manager('uv')])).hooks.map(({ id }) => id)).not.toContain(
      'python-venv-path',
    );
  });

  it('set what dependencies and tools want, and the configuration over both', () => {
    const plan = planned(
      [toolchain('python'), manager('uv'), toolchain('node'), dependency('npm', 'bcrypt')],
      {
        config: { env: { UV_PYTHON_DOWNLOADS: 'manual' } },
      },
    );
    const variables = Object.fromEntries(
      only(plan).variables.map(({ name, value, systems }) => [name, { value, systems }]),
    );
    expect(variables).toEqual({
      UV_PYTHON_DOWNLOADS: { value: ['manual'], systems: null },
      UV_PYTHON: { value: [{ package: 'python-3.13', path: '/bin/python3' }], systems: null },
      npm_config_nodedir: { value: [{ package: 'node-24', path: '' }], systems: null },
      OPENSSL_DIR: { value: [{ package: 'openssl', path: '/x' }], systems: ['x86_64-linux'] },
    });
    expect(only(plan).packages).not.toContain('openssl');
    expect(plan.tools.some(({ key }) => key === 'openssl')).toBe(true);
  });

  it('leave out variables that no shell could carry, and say so', () => {
    const plan = planned([toolchain('node')], {
      config: { env: { PATH: '/x', GOOD: 'a\tb\n', BAD: 'a\u0000b', ALSO: '\u001b[0m' } },
    });
    expect(only(plan).variables.map(({ name }) => name)).toEqual(['GOOD']);
    expect(codes(plan)).toEqual(['variable-refused', 'variable-refused', 'variable-refused']);
  });

  it('name a library that the base does not have, instead of emitting it', () => {
    const plan = planned([toolchain('node', [request('18', 'prefix')]), dependency('npm', 'modern')]);
    expect(plan.libraries).toEqual([]);
    expect(codes(plan)).toContain('library-missing');
  });

  it('put the shell first, then runtimes, package managers, tools', () => {
    const plan = planned([
      { kind: 'tool', id: 'make', project: '.', because: [evidence('Makefile')] },
      manager('pnpm', [request('9', 'prefix')]),
      toolchain('node'),
    ]);
    expect(only(plan).packages).toEqual(['bashInteractive', 'node-24', 'pnpm-9', 'make']);
    expect(plan.packageManagers).toMatchObject([
      { key: 'pnpm-9', input: 'nixpkgs-25_05', bundledWith: null },
    ]);
  });

  it('hold the whole of a toolchain, and what it brings along is named', () => {
    const plan = planned([toolchain('rust'), manager('cargo'), toolchain('node'), manager('npm')]);
    expect(only(plan).packages).toEqual(['bashInteractive', 'rust-default', 'cargo', 'clippy', 'node-24']);
    expect(plan.packageManagers.map(({ key, id, bundledWith }) => [key, id, bundledWith])).toEqual([
      ['cargo@rust-default', 'cargo', 'rust-default'],
      ['npm@node-24', 'npm', 'node-24'],
    ]);
  });

  it('say which package manager must be run by the project’s own runtime', () => {
    const needs = [toolchain('node'), manager('pnpm'), manager('npm'), toolchain('python'), manager('uv')];
    expect(planned(needs).packageManagers.map(({ id, runsOn }) => [id, runsOn])).toEqual([
      ['pnpm', 'node'],
      ['npm', null],
      ['uv', null],
    ]);
  });

  it('know Yarn 1 from its successors', () => {
    const [berry] = planned([
      toolchain('node'),
      manager('yarn', [request('4.1.0', 'exact')]),
    ]).packageManagers;
    expect(berry).toMatchObject({ id: 'yarn', attribute: 'yarn-berry', version: '4' });
    const [classic] = planned([
      toolchain('node'),
      manager('yarn', [request('1.22.22', 'exact')]),
    ]).packageManagers;
    expect(classic).toMatchObject({ id: 'yarn', attribute: 'yarn' });
  });

  it('take and leave packages as the configuration says', () => {
    const plan = planned([toolchain('node'), { kind: 'tool', id: 'just', project: '.', because: [] }], {
      config: {
        packages: { add: ['terraform', 'my.own'], remove: ['just'] },
        libraries: { add: ['openssl'] },
      },
    });
    expect(only(plan).packages).toEqual(['bashInteractive', 'node-24', 'terraform', 'my.own', 'openssl']);
    expect(plan.nixpkgs[0]?.permit.unfree).toEqual(['terraform']);
    expect(plan.tools.find(({ key }) => key === 'my.own')?.grade).toBe('unverified');
    expect(codes(plan)).toEqual(['attribute-unverified']);
  });
});

describe('a plan', () => {
  it('names a service once, whoever found it', () => {
    const service = (version: string | null, port: number | null): Need => ({
      kind: 'service',
      id: 'postgresql',
      version,
      port,
      because: [evidence(`file-${version}`)],
    });
    const { services } = planned([toolchain('node'), service(null, 5432), service('16', null)]);
    expect(services).toMatchObject([{ id: 'postgresql', version: '16', port: 5432 }]);
    expect(services[0]?.because).toHaveLength(2);
  });

  it('says that a target of Rust may be missing', () => {
    const wasm: ToolchainNeed = { ...toolchain('rust'), components: ['clippy', 'wasm32-unknown-unknown'] };
    const [found] = planned([wasm]).findings;
    expect(found).toMatchObject({ code: 'rust-target' });
    expect(found?.message).toContain('wasm32-unknown-unknown');
    expect(found?.message).not.toContain('clippy');
  });

  it('says which settings decide nothing', () => {
    const config = { versions: { nod: '22', node: '22' }, packages: { remove: ['nope', 'node-22'] } };
    const plan = planned([toolchain('node')], { config });
    expect(plan.findings.map(({ code, message }) => [code, /"(\w+)" in/.exec(message)?.[1]])).toEqual([
      ['setting-unused', 'nod'],
      ['setting-unused', 'nope'],
    ]);
  });

  it('softens a request for a patch release of the line that there is', () => {
    const plan = planned([toolchain('node', [request('22.3.0', 'exact')])]);
    expect(plan.findings).toMatchObject([{ code: 'version-patch', severity: 'info' }]);
  });

  it('targets a container where the project runs containers itself', () => {
    const nested: Need = {
      kind: 'nested-container',
      container: 'testcontainers',
      version: null,
      network: { build: 'host', run: 'bridge' },
      confidence: 'high',
      because: [evidence('go.mod')],
    };
    const plan = planned([toolchain('node'), nested]);
    expect(plan.target).toMatchObject({ kind: 'container', profile: 'rootless', network: { run: 'bridge' } });
    expect(plan.container).toMatchObject({ folder: '.devcontainer', policy: 'on', toolchain: 'nix' });
    expect(plan.findings).toContainEqual(expect.objectContaining({ code: 'image-unpinned' }));
    expect(planned([toolchain('node'), nested], { config: { target: 'nix' } }).target.kind).toBe('nix');
  });

  it('says when there is nothing to plan for', () => {
    expect(planned([]).findings).toMatchObject([{ code: 'nothing-found', severity: 'error' }]);
  });

  it('is one project per path, whoever found it', () => {
    const project = (languages: string[], commands: object): Need => ({
      kind: 'project',
      path: '.',
      name: languages[0] === 'node' ? 'shop' : null,
      languages,
      frameworks: [],
      packageManager: null,
      commands,
      ports: [3000],
      because: [],
    });
    const plan = planned([
      toolchain('node'),
      project(['python'], { test: 'pytest' }),
      project(['node'], { test: 'npm test', build: 'npm run build' }),
    ]);
    expect(plan.projects).toMatchObject([
      {
        name: 'shop',
        languages: ['python', 'node'],
        commands: { test: 'pytest', build: 'npm run build' },
        ports: [3000],
      },
    ]);
    expect(plan.repository.name).toBe('shop');
  });

  it('has a digest of inputs, configuration, catalogue and pins, not of the commit', () => {
    const digest = (change: object) => {
      const context = {
        needs: [toolchain('node')],
        inventory: inventoryOf({ 'package.json': '{}' }),
        catalogue: testCatalogue(),
        config: {},
        configText: null,
        asked: {},
        locked: null,
        version: '1.0.0',
      };
      return makePlan({ ...context, ...change }).repository.digest;
    };
    const same = digest({});
    const source = { url: null, branch: null, commit: '0'.repeat(40) };
    expect(digest({ inventory: { ...inventoryOf({ 'package.json': '{}' }), source } })).toBe(same);
    expect(digest({ inventory: inventoryOf({ 'package.json': '{ }' }) })).not.toBe(same);
    expect(digest({ configText: '{}' })).not.toBe(same);
    expect(digest({ catalogue: { ...testCatalogue(), version: 'test-2' } })).not.toBe(same);
  });

  it('refuses a channel that has no pin', () => {
    expect(() => planned([toolchain('node')], { config: { channel: 'nixos-19.03' } })).toThrow(
      /"nixos-19.03" is no channel/,
    );
  });
});
