import { describe, expect, it } from 'vitest';
import { detectNode } from '../../../src/detect/node/detect.ts';
import { parseFindings } from '../../../src/detect/shared/parsed.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf } from '../../support/needs.ts';
import { detected, findingsOf, json, lines, projectPaths, requestsOf } from './support.ts';

const app = json({ name: 'app', scripts: { build: 'tsc' } });

describe('workspaces', () => {
  it.each([
    ['a list of npm', { 'package.json': json({ workspaces: ['packages/*'] }) }],
    [
      'an object of Yarn',
      { 'package.json': json({ workspaces: { packages: ['packages/*'], nohoist: [] } }) },
    ],
    [
      'pnpm-workspace.yaml',
      { 'package.json': json({}), 'pnpm-workspace.yaml': lines('packages:', "  - 'packages/*'") },
    ],
    [
      'pnpm-workspace.yaml in flow style',
      { 'package.json': json({}), 'pnpm-workspace.yaml': 'packages: ["packages/*"]' },
    ],
    [
      'pnpm-workspace.yaml alone',
      { 'pnpm-workspace.yaml': lines('# all', 'packages:', '- packages/*', 'catalog: {}') },
    ],
    ['lerna.json', { 'package.json': json({}), 'lerna.json': json({ packages: ['packages/*'] }) }],
    ['lerna.json by default', { 'package.json': json({}), 'lerna.json': json({ version: '1.0.0' }) }],
  ])('are read from %s', async (_name, root) => {
    const files = {
      ...root,
      'pnpm-lock.yaml': 'lockfileVersion: 9.0\n',
      'packages/a/package.json': app,
      'packages/b/package.json': app,
    };
    const members = needsOf(await detected(files), 'project').filter(({ path }) => path !== '.');
    expect(members.map(({ path, commands }) => [path, commands.install])).toEqual([
      ['packages/a', 'pnpm install --frozen-lockfile'],
      ['packages/b', 'pnpm install --frozen-lockfile'],
    ]);
  });

  it('give their members the package manager and the lock file of the root', async () => {
    const needs = await detected({
      'package.json': json({ workspaces: ['apps/*'], packageManager: 'yarn@4.1.0' }),
      'yarn.lock': lines('__metadata:', '  version: 8', '  cacheKey: 10c0'),
      'apps/web/package.json': app,
    });
    expect(
      needsOf(needs, 'package-manager').map(({ project, id, lockfile }) => [project, id, lockfile]),
    ).toEqual([
      ['.', 'yarn', 'yarn.lock'],
      ['apps/web', 'yarn', 'yarn.lock'],
    ]);
  });

  it('leave packages that no pattern names on their own', async () => {
    const needs = await detected({
      'package.json': json({ workspaces: ['packages/*'] }),
      'package-lock.json': json({ lockfileVersion: 3 }),
      'docs/package.json': app,
      'docs/yarn.lock': lines('# yarn lockfile v1'),
    });
    const commands = needsOf(needs, 'project').map(({ path, commands: { install } }) => [path, install]);
    expect(commands).toEqual([
      ['.', 'npm ci'],
      ['docs', 'yarn install --frozen-lockfile'],
    ]);
  });

  it('within a workspace belong to the outer one, unless they have a lock file', async () => {
    const inner = {
      'package.json': json({ workspaces: ['group'] }),
      'group/package.json': json({ workspaces: ['member'] }),
      'group/member/package.json': app,
      'package-lock.json': json({ lockfileVersion: 3 }),
    };
    const installs = async (files: Record<string, string>) =>
      needsOf(await detected(files), 'project').map(
        ({ path, commands: { install } }) => `${path}: ${install}`,
      );
    expect(await installs(inner)).toEqual(['.: npm ci', 'group: npm ci', 'group/member: npm ci']);
    expect(await installs({ ...inner, 'group/yarn.lock': lines('# yarn lockfile v1') })).toEqual([
      '.: npm ci',
      'group: yarn install --frozen-lockfile',
      'group/member: yarn install --frozen-lockfile',
    ]);
  });

  it.each([
    { workspaces: 5 },
    { workspaces: { packages: 'a' } },
    { workspaces: [5, null, {}] },
    { workspaces: ['..', '/', ''] },
  ])('take %j for none', async (manifest) => {
    expect(await projectPaths({ 'package.json': json(manifest), 'a/package.json': app })).toEqual(['.', 'a']);
  });
});

describe('a package.json that is no project', () => {
  it('only says how modules are loaded', async () => {
    const files = {
      'package.json': json({ name: 'lib', scripts: { build: 'tsc' } }),
      'esm/package.json': json({ type: 'module' }),
      'cjs/package.json': json({ type: 'commonjs', main: './index.js' }),
      'cjs/index.js': null,
    };
    expect(await projectPaths(files)).toEqual(['.']);
    expect(await projectPaths({ 'package.json': json({ type: 'module' }), 'app.py': null })).toEqual([]);
  });

  it('but is one beside a program or a lock file', async () => {
    expect(await projectPaths({ 'package.json': json({ type: 'module' }), 'server.js': null })).toEqual([
      '.',
    ]);
    expect(await projectPaths({ 'package.json': '{}', 'yarn.lock': '' })).toEqual(['.']);
  });

  it('lies in a folder of examples or tests, vendored code or built output', async () => {
    const files = {
      'package.json': app,
      'examples/a/package.json': app,
      'packages/x/__fixtures__/b/package.json': 'broken {',
      'vendor/gems/c/package.json': app,
      'dist/package.json': app,
    };
    expect(await projectPaths(files)).toEqual(['.']);
    expect(await findingsOf(files)).toEqual([]);
  });

  it('is the template of a generator', async () => {
    const context = contextOf({
      'package.json': app,
      '{{ cookiecutter.slug }}/package.json': '{ "name": "{{ cookiecutter.slug }}", {% if x %} }',
    });
    expect(needsOf(await detectNode(context), 'project').map(({ path }) => path)).toEqual(['.']);
    expect(parseFindings(context.inventory.files.values())).toEqual([]);
  });
});

describe('a repository with nothing but examples', () => {
  it('has an optional toolchain and no project', async () => {
    const needs = await detected({
      'Cargo.toml': '',
      'examples/web/package.json': json({ engines: { node: '>=20' } }),
    });
    expect(needs).toMatchObject([
      { kind: 'toolchain', id: 'node', project: 'examples/web', optional: true, requests: [{ raw: '>=20' }] },
    ]);
  });
});

describe('a broken package.json', () => {
  it('is a project all the same, and an error', async () => {
    const context = contextOf({ 'package.json': '{ "name": "shop",, }' });
    expect(needsOf(await detectNode(context), 'toolchain')).toHaveLength(1);
    expect(parseFindings(context.inventory.files.values())).toMatchObject([
      { code: 'unreadable-manifest', severity: 'error', because: [{ file: 'package.json', line: 1 }] },
    ]);
  });
});

describe('Nx', () => {
  const files = {
    'package.json': json({ name: 'shop', devDependencies: { nx: '19', next: '14' } }),
    'nx.json': '{}',
    'apps/web/project.json': json({
      projectType: 'application',
      targets: { build: {}, serve: { options: { port: 4300 } } },
    }),
    'apps/web/next.config.js': null,
    'apps/web-e2e/project.json': json({ projectType: 'application', targets: { e2e: {} } }),
    'libs/ui/project.json': json({ projectType: 'library', targets: { build: {} } }),
    'apps/evil/project.json': json({
      name: '$(rm -rf /)',
      projectType: 'application',
      targets: { build: {} },
    }),
  };

  it('has projects without a manifest of their own', async () => {
    const projects = needsOf(await detected(files), 'project');
    expect(projects.map(({ path }) => path)).toEqual(['.', 'apps/web', 'libs/ui']);
    expect(projects[2]).toMatchObject({ commands: { build: 'npx nx run ui:build' }, ports: [] });
    expect(projects[1]).toMatchObject({
      name: 'web',
      frameworks: ['nextjs'],
      ports: [4300],
      commands: { install: 'npm install', build: 'npx nx run web:build', start: 'npx nx run web:serve' },
    });
    expect(Object.keys(await requestsOf('node', files))).toEqual(['.', 'apps/web', 'libs/ui']);
  });

  it('runs the tasks of all from the root', async () => {
    const [root] = needsOf(await detected(files), 'project');
    expect(root?.commands).toEqual({ install: 'npm install', build: 'npx nx run-many -t build' });
    expect(root?.ports).toEqual([]);
  });

  it('serves the default project from the root, and lets the scripts of the root win', async () => {
    const more = {
      ...files,
      'package.json': json({ name: 'shop', scripts: { build: 'nx build' }, devDependencies: { nx: '15' } }),
      'nx.json': json({ defaultProject: 'web' }),
    };
    const [root] = needsOf(await detected(more), 'project');
    expect(root?.commands).toEqual({
      install: 'npm install',
      build: 'npm run build',
      start: 'npx nx run web:serve',
      dev: 'npx nx run web:serve',
    });
  });

  it('has the targets that its plug-ins add by files', async () => {
    const crystal = {
      'package.json': json({ name: 'org', devDependencies: { nx: '21' } }),
      'nx.json': json({
        plugins: [
          { plugin: '@nx/vite/plugin', options: { buildTargetName: 'vite:build', serveTargetName: 'serve' } },
          '@nx/jest/plugin',
          '@org/tools/unknown',
        ],
      }),
      'apps/web/project.json': json({ name: 'web', projectType: 'application', targets: {} }),
      'apps/web/vite.config.mts': null,
      'apps/web/index.html': null,
      'libs/ui/project.json': json({ name: 'ui', sourceRoot: 'libs/ui/src' }),
      'libs/ui/vite.config.mts': null,
      'libs/ui/jest.config.ts': null,
      'tools/other/project.json': json({ profile: 'of something else' }),
    };
    const projects = needsOf(await detected(crystal), 'project');
    expect(projects.map(({ path, commands: { install: _, ...commands } }) => [path, commands])).toEqual([
      [
        '.',
        {
          build: 'npx nx run-many -t build',
          test: 'npx nx run-many -t test',
          lint: 'npx nx run-many -t lint',
        },
      ],
      ['apps/web', { start: 'npx nx run web:serve', dev: 'npx nx run web:dev' }],
      ['libs/ui', { test: 'npx nx run ui:test' }],
    ]);
  });
});
