import { describe, expect, it } from 'vitest';
import { needsOf } from '../../support/needs.ts';
import { commandsOf, detected, type Files, json, lines, projectOf } from './support.ts';

const project = (manifest: object, files: Files = {}): Files => ({
  'package.json': json(manifest),
  ...files,
});

describe('the installation', () => {
  it.each([
    [{}, 'npm install'],
    [{ 'package-lock.json': json({ lockfileVersion: 3 }) }, 'npm ci'],
    [{ 'pnpm-lock.yaml': 'lockfileVersion: 9.0\n' }, 'pnpm install --frozen-lockfile'],
    [{ 'yarn.lock': '# yarn lockfile v1\n' }, 'yarn install --frozen-lockfile'],
    [{ 'yarn.lock': lines('__metadata:', '  version: 8') }, 'yarn install --immutable'],
    [{ '.yarnrc.yml': 'nodeLinker: node-modules\n' }, 'yarn install'],
    [{ 'bun.lock': '{}' }, 'bun install --frozen-lockfile'],
    [{ 'bun.lockb': null }, 'bun install --frozen-lockfile'],
  ])('%j: %s', async (files, install) => {
    expect((await commandsOf(project({}, files))).install).toBe(install);
  });
});

describe('scripts', () => {
  const scripts = { build: 'tsc', test: 'vitest', start: 'node .', dev: 'tsx watch .', lint: 'eslint .' };

  it.each([
    ['npm@10.0.0', ['npm run build', 'npm test', 'npm start', 'npm run dev', 'npm run lint']],
    ['pnpm@9.0.0', ['pnpm run build', 'pnpm test', 'pnpm start', 'pnpm run dev', 'pnpm run lint']],
    ['yarn@4.0.0', ['yarn run build', 'yarn run test', 'yarn run start', 'yarn run dev', 'yarn run lint']],
    ['bun@1.2.0', ['bun run build', 'bun run test', 'bun run start', 'bun run dev', 'bun run lint']],
  ])('are run by %s', async (packageManager, expected) => {
    const { build, test, start, dev, lint } = await commandsOf(project({ packageManager, scripts }));
    expect([build, test, start, dev, lint]).toEqual(expected);
  });

  it("take npm's placeholder for no test", async () => {
    const manifest = { scripts: { test: 'echo "Error: no test specified" && exit 1' } };
    expect(await commandsOf(project(manifest))).toEqual({ install: 'npm install' });
  });

  it("take a framework's names for a purpose", async () => {
    expect(
      await commandsOf(
        project({
          devDependencies: { 'laravel-mix': '^6' },
          scripts: { dev: 'mix', prod: 'npm run production', production: 'mix -p' },
        }),
      ),
    ).toMatchObject({ build: 'npm run prod', dev: 'npm run dev' });
    expect(
      await commandsOf(
        project({
          dependencies: { '@nestjs/core': '10' },
          scripts: { start: 'nest start', 'start:dev': 'nest start -w' },
        }),
      ),
    ).toMatchObject({ start: 'npm start', dev: 'npm run start:dev' });
  });

  it.each([{ scripts: [] }, { scripts: 'x' }, { scripts: { build: 5, test: null, start: {} } }])(
    '%j are none',
    async (manifest) => {
      expect(await commandsOf(project(manifest))).toEqual({ install: 'npm install' });
    },
  );
});

describe('without a script', () => {
  it('a framework says what is usual', async () => {
    expect(await commandsOf(project({ dependencies: { next: '15.0.0' } }))).toMatchObject({
      build: 'npx next build',
      start: 'npx next start',
      dev: 'npx next dev',
    });
    expect(
      await commandsOf(
        project({
          packageManager: 'pnpm@9.0.0',
          devDependencies: { vite: '^6' },
          scripts: { preview: 'vite preview' },
        }),
      ),
    ).toMatchObject({ build: 'pnpm exec vite build', start: 'pnpm run preview', dev: 'pnpm exec vite' });
  });

  it('a test runner finds its tests', async () => {
    expect((await commandsOf(project({ devDependencies: { vitest: '^3' } }))).test).toBe('npx vitest run');
  });

  it('main starts where it lies in the repository, else a file with a usual name', async () => {
    expect((await commandsOf(project({ main: './src/index.js' }, { 'src/index.js': null }))).start).toBe(
      'node src/index.js',
    );
    expect((await commandsOf(project({ main: 'missing.js' }, { 'server.js': null }))).start).toBe(
      'node server.js',
    );
    expect((await commandsOf(project({ name: 'x' }, { 'index.ts': null, 'bun.lockb': null }))).start).toBe(
      'bun run index.ts',
    );
  });

  it('nothing starts that is a library, or has a name for a shell', async () => {
    expect(
      (await commandsOf(project({ main: 'index.js', types: 'index.d.ts' }, { 'index.js': null }))).start,
    ).toBeUndefined();
    for (const library of [
      { peerDependencies: { webpack: '^5' } },
      { scripts: { prepublishOnly: 'npm test' } },
      { scripts: { release: 'standard-version' } },
    ]) {
      expect((await commandsOf(project(library, { 'index.js': null }))).start).toBeUndefined();
    }
    expect(
      (await commandsOf(project({ main: '$(id).js', scripts: {} }, { '$(id).js': null }))).start,
    ).toBeUndefined();
    expect(
      (await commandsOf(project({ main: '../x.js', scripts: {} }, { 'x.js': null }))).start,
    ).toBeUndefined();
  });
});

describe('the root of a workspace', () => {
  const files = {
    'package.json': json({
      workspaces: ['apps/*'],
      devDependencies: { turbo: '2', next: '15' },
      scripts: { build: 'turbo run build' },
    }),
    'turbo.json': lines('{ // tasks', '  "tasks": { "build": {}, "start": {}, "dev": {} } }'),
    'apps/web/package.json': json({ scripts: { dev: 'next dev --port 4000' }, dependencies: { next: '15' } }),
  };

  it('runs the tasks that Turborepo knows, and no framework', async () => {
    const [root, web] = needsOf(await detected(files), 'project');
    expect(root?.commands).toEqual({
      install: 'npm install',
      build: 'npm run build',
      start: 'npx turbo run start',
      dev: 'npx turbo run dev',
    });
    expect(root?.ports).toEqual([]);
    expect(web?.ports).toEqual([4000]);
  });
});

describe('ports', () => {
  it.each([
    [{ dependencies: { next: '15' } }, [3000]],
    [{ dependencies: { next: '15' }, scripts: { dev: 'next dev -p 4000' } }, [4000]],
    [
      {
        dependencies: { express: '4' },
        scripts: { start: 'PORT=8081 node .', dev: 'nodemon --port=8082 .' },
      },
      [8081, 8082],
    ],
    [{ dependencies: { express: '4' } }, []],
    [{ devDependencies: { astro: '^2.1' } }, [3000]],
    [{ devDependencies: { astro: '^5' } }, [4321]],
    [{ scripts: { dev: 'tsc -p tsconfig.json', start: 'mkdir -p 12 && x --port 99999' } }, [12]],
  ])('%j', async (manifest, ports) => {
    expect((await projectOf(project(manifest))).ports).toEqual(ports);
  });
});

describe('frameworks', () => {
  it('come from dependencies and from configuration files, the ones that bring a server first', async () => {
    expect(
      (
        await projectOf(
          project({ dependencies: { react: '19', next: '15' }, devDependencies: { vite: '6' } }),
        )
      ).frameworks,
    ).toEqual(['nextjs', 'vite', 'react']);
    expect((await projectOf(project({}, { 'astro.config.mjs': null }))).frameworks).toEqual(['astro']);
  });
});
