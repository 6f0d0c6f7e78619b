import { describe, expect, test } from 'vitest';
import { decisionsOf, planOfFiles } from '../../support/repository.ts';

async function decided(files: Record<string, string>) {
  const plan = await planOfFiles(files);
  return { ...decisionsOf(plan), commands: plan.projects[0]?.commands, plan };
}

describe('Crystal', () => {
  test('an application with a lock file: a bare version is a minimum', async () => {
    const found = await decided({
      'shard.yml': 'name: shop\nversion: 0.1.0\ntargets:\n  shop:\n    main: src/shop.cr\ncrystal: 1.4.1\n',
      'shard.lock': 'version: 2.0\nshards: {}\n',
      'src/shop.cr': '',
      'spec/shop_spec.cr': '',
    });
    expect(found.toolchains).toEqual(['crystal 1.19 compatible nixpkgs']);
    expect(found.managers).toEqual(['shards']);
    expect(found.projects).toEqual([
      {
        path: '.',
        name: 'shop',
        languages: ['crystal'],
        frameworks: [],
        packageManager: 'shards',
        ports: [],
      },
    ]);
    expect(found.commands).toEqual({
      install: 'shards install --frozen',
      build: 'shards build --release',
      test: 'crystal spec',
      start: './bin/shop',
      dev: 'crystal run src/shop.cr',
      lint: 'crystal tool format --check',
    });
    expect(found.compiler).toEqual(['default']);
    expect(found.findings).toEqual([]);
  });

  test('a web application, and the libraries that its shards link', async () => {
    const found = await decided({
      'shard.yml': `name: web
version: 0.1.0
crystal: ">= 1.0.0, < 2.0.0"
targets:
  web:
    main: src/web.cr
dependencies:
  kemal:
    github: kemalcr/kemal
  pg:
    github: will/crystal-pg
development_dependencies:
  ameba:
    github: crystal-ameba/ameba
`,
    });
    expect(found.projects[0]).toMatchObject({ frameworks: ['kemal'], ports: [3000] });
    expect(found.libraries).toEqual(['openssl', 'zlib']);
    expect(found.tools).toContain('pkg-config');
    expect(found.commands).toMatchObject({ install: 'shards install', lint: './bin/ameba' });
  });

  test('a library has nothing to build or start', async () => {
    const found = await decided({ 'shard.yml': 'name: tool\nversion: 1.0.0\n' });
    expect(found.commands).toMatchObject({ install: 'shards install', build: null, start: null });
    expect(found.toolchains).toEqual(['crystal 1.19 default nixpkgs']);
  });

  test.each([
    ['.crystal-version', { '.crystal-version': '1.11.2\n' }, /^crystal 1\.11 assumed nixpkgs-2[45]_(05|11)$/],
    ['.tool-versions', { '.tool-versions': 'crystal 1.9.2\n' }, /^crystal 1\.9 assumed /],
    [
      'a constraint that only an old line satisfies',
      { 'shard.yml': 'name: a\nversion: 1.0.0\ncrystal: ~> 1.8.0\n' },
      /^crystal 1\.8 \w+ /,
    ],
    [
      'a number that YAML would shorten',
      { 'shard.yml': 'name: a\nversion: 1.0.0\ncrystal: 1.10\n' },
      /^crystal 1\.19 compatible nixpkgs$/,
    ],
  ])('pinned by %s', async (_, files, expected) => {
    const found = await decided({ 'shard.yml': 'name: a\nversion: 1.0.0\n', ...files });
    expect(found.toolchains[0]).toMatch(expected);
  });

  test('a version written as a number is evidence as it stands', async () => {
    const { plan } = await decided({ 'shard.yml': 'name: a\nversion: 1.0.0\ncrystal: 1.10\n' });
    expect(plan.toolchains[0]?.requested).toBe('1.10');
  });

  test('installed shards and examples are none of the project', async () => {
    const found = await decided({
      'shard.yml': 'name: a\nversion: 1.0.0\n',
      'lib/b/shard.yml': 'name: b\nversion: 1.0.0\n',
      'examples/c/shard.yml': 'name: c\nversion: 1.0.0\n',
    });
    expect(found.projects.map(({ name }) => name)).toEqual(['a']);
  });

  test('a broken manifest is an error', async () => {
    const found = await decided({ 'shard.yml': 'name: [a\n' });
    expect(found.findings).toContain('unreadable-manifest');
  });
});
