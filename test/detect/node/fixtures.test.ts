import { describe, expect, it } from 'vitest';
import { nodeClaims } from '../../../src/detect/node/claims.ts';
import { detectNode } from '../../../src/detect/node/detect.ts';
import { fixtureContext } from '../../support/fixture.ts';
import { needsOf, onlyNeed } from '../../support/needs.ts';

describe('a workspace of pnpm with Turborepo', async () => {
  const context = await fixtureContext('node-pnpm-monorepo', [nodeClaims], {
    npm: ['sharp', 'bcrypt', 'lightningcss', '@playwright/test', 'turbo', 'esbuild'],
  });
  const needs = await detectNode(context);

  it('has the root and its members as projects, but not its tests', () => {
    expect(
      needsOf(needs, 'project').map(({ path, name, frameworks, ports }) => [path, name, frameworks, ports]),
    ).toEqual([
      ['.', 'shop', [], []],
      ['apps/api', '@shop/api', ['fastify'], []],
      ['apps/web', '@shop/web', ['nextjs', 'react'], [4000]],
      ['packages/ui', '@shop/ui', [], []],
    ]);
  });

  it('is run from the root, each member by its own scripts', () => {
    const commands = Object.fromEntries(needsOf(needs, 'project').map((each) => [each.path, each.commands]));
    const install = 'pnpm install --frozen-lockfile';
    expect(commands).toEqual({
      '.': {
        install,
        build: 'pnpm run build',
        dev: 'pnpm run dev',
        lint: 'pnpm run lint',
        start: 'pnpm exec turbo run start',
        test: 'pnpm exec turbo run test',
      },
      'apps/api': { install, dev: 'pnpm run dev', test: 'pnpm test', start: 'node src/server.js' },
      'apps/web': { install, build: 'pnpm run build', dev: 'pnpm run dev', start: 'pnpm start' },
      'packages/ui': { install },
    });
  });

  it('asks for the Node.js that .nvmrc pins, then for what engines state', () => {
    const requests = needsOf(needs, 'toolchain').map((each) => [
      each.project,
      each.requests.map(({ raw }) => raw),
    ]);
    expect(requests).toEqual([
      ['.', ['v22.12.0', '>=20.9']],
      ['apps/api', ['v22.12.0', '>=22', '>=20.9']],
      ['apps/web', ['v22.12.0', '>=20.9']],
      ['packages/ui', ['v22.12.0', '>=20.9']],
    ]);
  });

  it('asks for the pnpm that packageManager pins, then for one that reads the lock file', () => {
    const [manager] = needsOf(needs, 'package-manager');
    expect(manager).toMatchObject({
      id: 'pnpm',
      lockfile: 'pnpm-lock.yaml',
      requests: [
        { raw: '9.15.4', scheme: 'exact', because: { file: 'package.json', line: 4 } },
        { raw: '>=9', scheme: 'semver', because: { file: 'pnpm-lock.yaml', line: 1 } },
      ],
    });
  });

  it('needs what its dependencies need, direct or not', () => {
    expect(
      needsOf(needs, 'dependency').map(({ name, version, project, because }) => [
        project,
        `${name} ${version}`,
        because.map(({ file, line }) => `${file}:${line}`),
      ]),
    ).toEqual([
      ['.', 'turbo null', ['package.json:15']],
      ['apps/api', 'bcrypt 5.1.1', ['apps/api/package.json:14', 'pnpm-lock.yaml:73']],
      ['apps/web', 'sharp 0.33.5', ['apps/web/package.json:14', 'pnpm-lock.yaml:81']],
      ['.', '@playwright/test 1.49.1', ['pnpm-lock.yaml:68']],
      ['.', 'lightningcss 1.28.2', ['pnpm-lock.yaml:77']],
    ]);
  });

  it('leaves nothing to be found', () => {
    expect(needsOf(needs, 'finding')).toEqual([]);
  });
});

describe('an application with Yarn 3 in its repository', async () => {
  const context = await fixtureContext('node-yarn-berry', [nodeClaims], {
    npm: ['better-sqlite3', 'node-gyp'],
  });
  const needs = await detectNode(context);

  it('is installed by that Yarn', () => {
    expect(onlyNeed(needs, 'package-manager')).toMatchObject({
      id: 'yarn',
      lockfile: 'yarn.lock',
      requests: [
        { raw: '3.8.7', because: { file: '.yarnrc.yml', line: 3 } },
        { raw: '>=2', because: { file: 'yarn.lock', line: 4 } },
        { raw: '>=3', because: { file: 'package.json', line: 18 } },
      ],
    });
    expect(onlyNeed(needs, 'project').commands.install).toBe('yarn install --immutable');
  });

  it('runs on the Node.js that Volta pins', () => {
    expect(onlyNeed(needs, 'toolchain').requests.map(({ raw }) => raw)).toEqual(['18.20.5', '^18.18 || ^20']);
  });

  it('is developed and started as Nest writes its scripts', () => {
    expect(onlyNeed(needs, 'project')).toMatchObject({
      frameworks: ['nestjs'],
      commands: {
        build: 'yarn run build',
        start: 'yarn run start',
        dev: 'yarn run start:dev',
        test: 'yarn run test',
      },
      ports: [3000],
    });
  });

  it('builds a native addon', () => {
    expect(needsOf(needs, 'dependency').map(({ name, version }) => `${name} ${version}`)).toEqual([
      'better-sqlite3 11.7.0',
      'node-gyp 11.0.0',
    ]);
  });
});
