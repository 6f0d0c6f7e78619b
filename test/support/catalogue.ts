import type { BaseData, ChannelData, EcosystemData } from '../../src/catalogue/data-types.ts';
import { catalogueFrom } from '../../src/catalogue/from.ts';
import type { Catalogue } from '../../src/catalogue/types.ts';

function channel(name: string, digit: string, endOfLife: string): ChannelData {
  return {
    name,
    input: `nixpkgs-${name.replace('nixos-', '').replace('.', '_')}`,
    rev: digit.repeat(40),
    narHash: `sha256-${digit.repeat(43)}=`,
    lastModified: 1_700_000_000,
    endOfLife,
    minimumNix: '2.18',
    systems: ['x86_64-linux', 'aarch64-linux', 'aarch64-darwin'],
    glibc: '2.40',
  };
}

const base: BaseData = {
  version: 'test-1',
  date: '2026-11-21',
  defaultChannel: 'nixos-26.05',
  channels: [
    channel('nixos-26.05', 'a', '2026-12-31'),
    channel('nixos-25.05', 'b', '2025-12-31'),
    channel('nixos-24.05', 'c', '2024-12-31'),
  ],
  attributes: {
    bashInteractive: 'ccc',
    cacert: 'ccc',
    'nixfmt-tree': 'c',
    nixfmt: [
      { attribute: 'nixfmt', in: 'c' },
      { attribute: 'nixfmt-rfc-style', in: '-ii' },
    ],
    'pkg-config': 'ccc',
    gnumake: 'ccc',
    python3: 'ccc',
    just: 'ccc',
    openssl: 'ccc',
    cairo: 'iii',
    'stdenv.cc.cc.lib': 'ccc',
    'only-new': 'c',
    cargo: 'ccc',
    clippy: 'ccc',
    terraform: [{ attribute: 'terraform', in: 'ccc', unfree: ['terraform'] }],
  },
  tools: { make: 'gnumake' },
  uses: {},
};

const node: EcosystemData = {
  tools: [
    {
      id: 'node',
      aliases: { 'lts/hydrogen': '18', 'lts/*': '24' },
      defaults: { 'nixos-26.05': '24', 'nixos-25.05': '22', 'nixos-24.05': '20' },
      lines: [
        { line: '24', in: [{ attribute: 'nodejs_24', in: 'c' }] },
        { line: '22', in: [{ attribute: 'nodejs_22', in: 'cc' }], versions: { 'nixos-26.05': '22.22.0' } },
        {
          line: '20',
          endOfLife: '2026-04-30',
          in: [{ attribute: 'nodejs_20', in: 'Ccc', insecure: ['nodejs'] }],
        },
        { line: '18', endOfLife: '2025-04-30', in: [{ attribute: 'nodejs_18', in: '--c' }] },
        {
          line: '14',
          endOfLife: '2023-04-30',
          in: [{ attribute: 'nodejs_14', in: '--C', insecure: ['nodejs'] }],
        },
      ],
    },
    { id: 'npm', bundledWith: 'node', lines: [] },
    {
      id: 'pnpm',
      defaults: { 'nixos-26.05': '10' },
      lines: [
        { line: '10', in: [{ attribute: 'pnpm_10', in: 'cc' }] },
        { line: '9', in: [{ attribute: 'pnpm_9', in: '-cc' }] },
      ],
    },
    { id: 'yarn', lines: [{ line: '1', in: [{ attribute: 'yarn', in: 'ccc' }] }] },
    { id: 'yarn-berry', lines: [{ line: '4', in: [{ attribute: 'yarn-berry', in: 'ccc' }] }] },
  ],
  native: {
    npm: {
      shared: {},
      packages: {
        canvas: { link: ['cairo'], tools: ['pkg-config'], compiler: true },
        modern: { link: ['only-new'], compiler: true },
        bcrypt: {
          compiler: true,
          tools: ['python3'],
          variables: [
            { name: 'npm_config_nodedir', value: [{ package: '@node', path: '' }] },
            { name: 'OPENSSL_DIR', value: [{ package: 'openssl', path: '/x' }], systems: ['x86_64-linux'] },
          ],
        },
        browser: {
          finding: { code: 'browser-version', severity: 'warning', message: 'm', hint: null },
        },
      },
    },
  },
};

const python: EcosystemData = {
  tools: [
    {
      id: 'python',
      defaults: { 'nixos-26.05': '3.13' },
      lines: [
        { line: '3.13', in: [{ attribute: 'python313', in: 'cc' }] },
        { line: '3.12', in: [{ attribute: 'python312', in: 'ccc' }] },
        { line: '3.9', endOfLife: '2025-10-31', in: [{ attribute: 'python39', in: '--c' }] },
      ],
    },
    { id: 'pip', bundledWith: 'python', lines: [] },
    { id: 'uv', lines: [{ line: 'default', in: [{ attribute: 'uv', in: 'cc' }] }] },
  ],
  native: {
    pypi: { shared: {}, packages: { numpy: { dlopen: ['stdenv.cc.cc.lib'] }, lxml: { link: ['openssl'] } } },
  },
};

const rust: EcosystemData = {
  tools: [
    {
      id: 'rust',
      lines: [{ line: 'default', companions: ['cargo', 'clippy'], in: [{ attribute: 'rustc', in: 'ccc' }] }],
    },
    { id: 'cargo', bundledWith: 'rust', lines: [] },
  ],
  native: {},
};

/** A small catalogue of three channels: 26.05, 25.05 and 24.05. */
export function testCatalogue(): Catalogue {
  return catalogueFrom({ base, ecosystems: [node, python, rust] });
}
