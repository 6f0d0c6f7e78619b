import { describe, expect, it } from 'vitest';
import { needsOf, onlyNeed } from '../../support/needs.ts';
import { detected, type Files, json, lines, nativeOf, projectOf, requestsOf } from '../node/support.ts';

const config = (value: object) => ({ 'deno.json': json(value) });

async function toolchains(files: Files): Promise<string[]> {
  return needsOf(await detected(files), 'toolchain').map(({ id, project }) => `${id} ${project}`);
}

describe('a Deno project', () => {
  it('is announced by its configuration, with comments too', async () => {
    expect(
      await projectOf({
        'deno.jsonc': '// x\n{ "name": "@shop/api", "tasks": { "dev": "deno run -A main.ts" }, }',
      }),
    ).toMatchObject({
      path: '.',
      name: '@shop/api',
      languages: ['deno'],
      packageManager: null,
      commands: { install: 'deno install', dev: 'deno task dev' },
    });
  });

  it('is announced by a lock file, an import map or its names for modules where nothing else is there', async () => {
    expect(await toolchains({ 'deno.lock': json({ version: '5' }) })).toEqual(['deno .']);
    expect(await toolchains({ 'import_map.json': '{}' })).toEqual(['deno .']);
    expect(await toolchains({ 'deps.ts': null, 'mod.ts': null })).toEqual(['deno .']);
    expect(
      await toolchains({ 'package.json': json({ name: 'web' }), 'mod.ts': null, 'import_map.json': '{}' }),
    ).toEqual(['node .']);
  });

  it('has members with configurations of their own', async () => {
    const files = {
      ...config({ workspace: ['./api'] }),
      'api/deno.json': json({ name: '@shop/api', exports: './mod.ts' }),
      'api/mod.ts': null,
      'deno.lock': json({ version: '5' }),
    };
    const projects = needsOf(await detected(files), 'project');
    expect(projects.map(({ path, commands }) => [path, commands])).toEqual([
      ['.', { install: 'deno install --frozen' }],
      ['api', { install: 'deno install --frozen' }],
    ]);
  });

  it('is optional in folders of examples, and where a host runs its functions', async () => {
    const needs = await detected({
      'supabase/functions/hello/deno.json': '{}',
      'examples/a/deno.json': 'broken',
    });
    expect(needs).toMatchObject([{ kind: 'toolchain', id: 'deno', optional: true }]);
  });
});

describe('beside package.json', () => {
  const manifest = (value: object, files: Files = {}) => ({
    ...config({ tasks: {} }),
    'package.json': json(value),
    ...files,
  });

  it('Deno alone runs a manifest that has dependencies only, or calls nothing but Deno', async () => {
    expect(await toolchains(manifest({ dependencies: { express: '4' } }))).toEqual(['deno .']);
    expect(await toolchains(manifest({ scripts: { start: 'rm -rf out && deno run main.ts' } }))).toEqual([
      'deno .',
    ]);
  });

  it('Node.js stays where a lock file, a version or a script speaks for it', async () => {
    const both = ['node .', 'deno .'];
    expect(await toolchains(manifest({}, { 'package-lock.json': json({ lockfileVersion: 3 }) }))).toEqual(
      both,
    );
    expect(await toolchains(manifest({ engines: { node: '22' } }))).toEqual(both);
    expect(await toolchains(manifest({ scripts: { build: 'tsc' } }))).toEqual(both);
  });

  it('scripts that call Deno need it', async () => {
    const files = { 'package.json': json({ scripts: { build: 'tsc', dev: 'deno task dev' } }) };
    expect(await toolchains(files)).toEqual(['node .', 'deno .']);
    const only = await detected({
      'package.json': json({ name: 'api', scripts: { start: 'deno run -A main.ts' } }),
    });
    expect(onlyNeed(only, 'toolchain').id).toBe('deno');
    expect(onlyNeed(only, 'project')).toMatchObject({ name: 'api', commands: { start: 'deno task start' } });
  });
});

describe('the version', () => {
  it('comes from version files, then from the format of the lock file', async () => {
    const files = {
      ...config({}),
      '.dvmrc': lines('2.1.4'),
      '.tool-versions': lines('deno 2.1.5'),
      'deno.lock': lines('{', '  "version": "4"', '}'),
    };
    expect(await requestsOf('deno', files)).toEqual({
      '.': ['2.1.4 prefix .dvmrc:1', '2.1.5 prefix .tool-versions:1', '2.0 minimum deno.lock:2'],
    });
  });

  it.each([
    ['5', ['2.3 minimum deno.lock:1']],
    ['3', ['1 minimum deno.lock:1']],
    ['99', []],
    ['__proto__', []],
  ])('of lock file %s', async (version, requests) => {
    expect(await requestsOf('deno', { ...config({}), 'deno.lock': `{ "version": "${version}" }` })).toEqual({
      '.': requests,
    });
  });
});

describe('commands', () => {
  it('come from tasks, whatever their form', async () => {
    const tasks = {
      build: 'deno run -A build.ts',
      start: { command: 'deno serve --port 8123 main.ts' },
      test: { dependencies: ['build'] },
    };
    const { commands, ports } = await projectOf(config({ tasks }));
    expect(commands).toEqual({
      install: 'deno install',
      build: 'deno task build',
      start: 'deno task start',
      test: 'deno task test',
    });
    expect(ports).toEqual([8123]);
  });

  it('come from what lies there', async () => {
    const { commands } = await projectOf({ ...config({ lint: {} }), 'main.ts': null, 'main_test.ts': null });
    expect(commands).toEqual({
      install: 'deno install',
      start: 'deno run --allow-all main.ts',
      test: 'deno test --allow-all',
      lint: 'deno lint',
    });
  });

  it('fill the cache for Deno 1, which installs nothing', async () => {
    const { commands } = await projectOf({ ...config({}), '.dvmrc': '1.46.3\n', 'main.ts': null });
    expect(commands.install).toBe('deno cache main.ts');
  });
});

describe('imports', () => {
  it('announce frameworks, from the import map too', async () => {
    const files = {
      ...config({ importMap: './import_map.json' }),
      'import_map.json': json({ imports: { '$fresh/': 'https://deno.land/x/fresh@1.6.8/' } }),
    };
    expect(await projectOf(files)).toMatchObject({ frameworks: ['fresh'], ports: [8000] });
  });

  it('name npm packages that need something native, the lock file their versions', async () => {
    const files = config({ imports: { sharp: 'npm:sharp@^0.33', canvas: 'npm:/@napi-rs/canvas@1/x.js' } });
    const known = ['sharp', '@napi-rs/canvas', 'bcrypt'];
    expect(await nativeOf(files, known)).toEqual([
      'sharp ? . deno.json:3',
      '@napi-rs/canvas ? . deno.json:4',
    ]);
    const lock = lines(
      '{ "version": "5", "npm": {',
      '  "sharp@0.33.5": { "integrity": "x" },',
      '  "bcrypt@5.1.1_node@20.0.0": { "integrity": "y" }',
      '} }',
    );
    expect(await nativeOf({ ...files, 'deno.lock': lock }, known)).toEqual([
      'sharp 0.33.5 . deno.json:3 deno.lock:2',
      '@napi-rs/canvas ? . deno.json:4',
      'bcrypt 5.1.1 . deno.lock:3',
    ]);
  });
});
