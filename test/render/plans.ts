/** Plans written by hand, as the planner makes them, for what the rendered files look like. */
import type { Environment, Evidence, Library, Plan, System, Tool } from '../../src/plan/schema.ts';
import { planOf, toolchainOf } from '../support/plan.ts';

const linux: System[] = ['x86_64-linux', 'aarch64-linux'];
const main = planOf();
const [nixpkgs] = main.nixpkgs;
const [empty] = main.environments;
if (nixpkgs === undefined || empty === undefined) throw new Error('the test plan has no input');

const at = (file: string, line: number | null, text: string, rule: string): Evidence[] => [
  { file, line, text, rule },
];

function tool(attribute: string, parts: Partial<Tool> = {}): Tool {
  return {
    key: attribute,
    attribute,
    input: 'nixpkgs',
    systems: null,
    grade: 'confirmed',
    because: [],
    ...parts,
  };
}

const library = (attribute: string, use: Library['use'], parts: Partial<Tool> = {}): Library => ({
  ...tool(attribute, parts),
  use,
});

export const environment = (parts: Partial<Environment>): Environment => ({ ...empty, ...parts });

const hook = (id: string) => ({ id, because: [] });
const common = [hook('unset-tmpdir'), hook('ca-bundle')];
const named = (plan: Plan, name: string): Plan => ({ ...plan, repository: { ...plan.repository, name } });

/** A web application: no compiler, one input. */
export const node = named(
  planOf({
    toolchains: [
      toolchainOf({
        key: 'node-22',
        id: 'node',
        version: '22.22',
        precision: 'minor',
        requested: '^22.3',
        match: 'compatible',
        attribute: 'nodejs_22',
        because: at('package.json', 7, '"node": "^22.3"', 'node/engines'),
      }),
    ],
    packageManagers: [
      {
        ...toolchainOf({
          key: 'pnpm-10',
          id: 'pnpm',
          version: '10',
          requested: '10.4.1',
          match: 'compatible',
          attribute: 'pnpm_10',
          because: at('package.json', 5, '"packageManager": "pnpm@10.4.1"', 'node/package-manager'),
        }),
        lockfile: 'pnpm-lock.yaml',
        runsOn: 'node',
        bundledWith: null,
      },
    ],
    tools: [tool('bashInteractive'), tool('nixfmt-tree')],
    environments: [
      environment({
        packages: ['bashInteractive', 'node-22', 'pnpm-10'],
        variables: [
          {
            name: 'npm_config_manage_package_manager_versions',
            value: ['false'],
            systems: null,
            because: [],
          },
        ],
        hooks: common,
      }),
    ],
  }),
  'shop',
);

/** Python with native wheels, a browser that only Linux has, and an unfree tool. */
export const python = named(
  planOf({
    systems: ['x86_64-linux', 'aarch64-linux', 'aarch64-darwin', 'x86_64-darwin'],
    nixpkgs: [{ ...nixpkgs, permit: { unfree: ['terraform'], insecure: [] } }],
    toolchains: [
      toolchainOf({
        key: 'python-3.12',
        id: 'python',
        version: '3.12',
        precision: 'minor',
        requested: '>=3.12',
        match: 'compatible',
        attribute: 'python312',
        because: at('pyproject.toml', 9, 'requires-python = ">=3.12"', 'python/requires-python'),
      }),
    ],
    packageManagers: [
      {
        ...toolchainOf({
          key: 'uv-default',
          id: 'uv',
          attribute: 'uv',
          because: at('uv.lock', null, '', 'python/uv-lock'),
        }),
        lockfile: 'uv.lock',
        runsOn: null,
        bundledWith: null,
      },
    ],
    tools: [
      tool('bashInteractive'),
      tool('pkg-config', { because: at('uv.lock', 120, 'name = "psycopg2"', 'python/native') }),
      tool('libpq.pg_config', { because: at('uv.lock', 120, 'name = "psycopg2"', 'python/native') }),
      tool('terraform', { because: at('infra/main.tf', null, '', 'terraform/files') }),
      tool('chromium', {
        systems: linux,
        because: at('uv.lock', 88, 'name = "playwright"', 'python/native'),
      }),
      tool('nixfmt-tree'),
    ],
    libraries: [
      library('libpq', 'link', { because: at('uv.lock', 120, 'name = "psycopg2"', 'python/native') }),
      library('openssl', 'link'),
      library('stdenv.cc.cc.lib', 'dlopen', { systems: linux }),
      library('zlib', 'dlopen'),
    ],
    environments: [
      environment({
        compiler: 'gcc14Stdenv',
        packages: [
          'bashInteractive',
          'python-3.12',
          'uv-default',
          'pkg-config',
          'libpq.pg_config',
          'terraform',
          'chromium',
          'libpq',
          'openssl',
        ],
        variables: [
          {
            name: 'UV_PYTHON',
            value: [{ package: 'python-3.12', path: '/bin/python3' }],
            systems: null,
            because: [],
          },
          { name: 'UV_PYTHON_DOWNLOADS', value: ['never'], systems: null, because: [] },
          { name: 'PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD', value: ['1'], systems: linux, because: [] },
          {
            name: 'PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH',
            value: [{ package: 'chromium', path: '/bin/chromium' }],
            systems: linux,
            because: [],
          },
        ],
        libraryPath: ['stdenv.cc.cc.lib', 'zlib'],
        hardeningDisable: ['fortify'],
        hooks: [...common, hook('unset-pythonpath')],
      }),
    ],
  }),
  'price-service',
);

/** Two projects that cannot share: one needs a runtime that only an older channel has. */
export const several = named(
  planOf({
    nixpkgs: [
      nixpkgs,
      {
        ...nixpkgs,
        input: 'nixpkgs-23_05',
        channel: 'nixos-23.05',
        rev: 'b'.repeat(40),
        narHash: `sha256-${'B'.repeat(43)}=`,
        lastModified: 1_704_000_000,
        minimumNix: '2.4',
        permit: { unfree: [], insecure: ['nodejs', 'openssl'] },
        because: at('legacy/.nvmrc', 1, '16', 'node/nvmrc'),
      },
    ],
    toolchains: [
      toolchainOf({
        key: 'go-1.25',
        id: 'go',
        version: '1.25.4',
        precision: 'exact',
        requested: '1.24',
        match: 'nearest',
        attribute: 'go_1_25',
        because: at('api/go.mod', 3, 'go 1.24', 'go/mod'),
      }),
      toolchainOf({
        key: 'node-16',
        id: 'node',
        version: '16',
        requested: '16',
        match: 'exact',
        status: 'insecure',
        attribute: 'nodejs_16',
        input: 'nixpkgs-23_05',
        because: at('legacy/.nvmrc', 1, '16', 'node/nvmrc'),
      }),
    ],
    tools: [
      tool('bashInteractive'),
      tool('bashInteractive', { key: 'bashInteractive@nixpkgs-23_05', input: 'nixpkgs-23_05' }),
      tool('python3', {
        key: 'python3@nixpkgs-23_05',
        input: 'nixpkgs-23_05',
        because: at('legacy/package-lock.json', 40, '"node-sass"', 'node/native'),
      }),
    ],
    environments: [
      environment({
        projects: ['api', '.'],
        packages: ['bashInteractive', 'go-1.25'],
        variables: [{ name: 'GOTOOLCHAIN', value: ['local'], systems: null, because: [] }],
        hooks: common,
      }),
      environment({
        name: 'legacy',
        projects: ['legacy'],
        base: 'nixpkgs-23_05',
        compiler: 'default',
        packages: ['bashInteractive@nixpkgs-23_05', 'node-16', 'python3@nixpkgs-23_05'],
        variables: [
          {
            name: 'npm_config_nodedir',
            value: [{ package: 'node-16', path: '' }],
            systems: null,
            because: [],
          },
        ],
        hooks: common,
      }),
    ],
  }),
  'shop',
);

/** Nothing was found: a shell all the same. */
export const nothing = planOf({ systems: ['x86_64-linux'] });
