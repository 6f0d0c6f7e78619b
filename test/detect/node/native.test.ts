import { describe, expect, it } from 'vitest';
import { needsOf } from '../../support/needs.ts';
import { detected, json, lines, nativeOf } from './support.ts';

const known = ['sharp', '@img/canvas', 'node-gyp', 'bcrypt'];
const manifest = json({ name: 'shop', dependencies: { express: '^4', sharp: '^0.33' } });

describe('dependencies of a manifest', () => {
  it('are named with the line that names them, in every field that is installed', async () => {
    const text = json({
      dependencies: { sharp: '^0.33' },
      devDependencies: { '@img/canvas': '1.2.3' },
      optionalDependencies: { bcrypt: '*' },
      peerDependencies: { 'node-gyp': '*' },
    });
    expect(await nativeOf({ 'package.json': text }, known)).toEqual([
      'sharp ? . package.json:3',
      '@img/canvas 1.2.3 . package.json:6',
      'bcrypt ? . package.json:9',
    ]);
  });

  it('may be called as JavaScript calls its own', async () => {
    const text = '{ "dependencies": { "__proto__": "1", "constructor": "2", "toString": "3", "sharp": {} } }';
    expect(await nativeOf({ 'package.json': text }, known)).toEqual(['sharp ? . package.json:1']);
  });
});

describe('locked dependencies', () => {
  const files = (lock: Record<string, string>) => nativeOf({ 'package.json': manifest, ...lock }, known);

  it('come from package-lock.json, direct ones with both lines', async () => {
    const lock = lines(
      '{ "lockfileVersion": 3, "packages": {',
      '  "": { "dependencies": { "sharp": "^0.33" } },',
      '  "node_modules/sharp": { "version": "0.33.5" },',
      '  "node_modules/a/node_modules/@img/canvas": { "version": "1.0.0" },',
      '  "node_modules/b/node_modules/@img/canvas": { "version": "2.0.0" },',
      '  "node_modules/alias": { "name": "bcrypt", "version": "5.1.1" }',
      '} }',
    );
    expect(await files({ 'package-lock.json': lock })).toEqual([
      'sharp 0.33.5 . package.json:5 package-lock.json:3',
      '@img/canvas 1.0.0 . package-lock.json:4',
      '@img/canvas 2.0.0 . package-lock.json:5',
      'bcrypt 5.1.1 . package-lock.json:6',
    ]);
  });

  it('come from the nested form of npm 6, however deep', async () => {
    const depth = 5_000;
    const lock = `{ "lockfileVersion": 1,\n"dependencies": {\n"sharp": { "version": "0.30.0", "dependencies": ${'{ "a": { "dependencies": '.repeat(depth)}{ "bcrypt": { "version": "5.0.0" } }${' } }'.repeat(depth)} } } }`;
    expect(await files({ 'package-lock.json': lock })).toEqual([
      'sharp 0.30.0 . package.json:5 package-lock.json:3',
      'bcrypt 5.0.0 . package-lock.json:3',
    ]);
  });

  it.each([
    ['5', ['  /@img/canvas/1.0.0_react@18.2.0:', '  /sharp/0.33.5:', '  registry.example.com/bcrypt/5.1.1:']],
    ['6', ["  '/@img/canvas@1.0.0(react@18.2.0)':", '  /sharp@0.33.5:', '  /bcrypt@5.1.1(a@1)(b@2):']],
    ['9', ["  '@img/canvas@1.0.0':", '  sharp@0.33.5:', '  bcrypt@5.1.1:']],
  ])('come from pnpm-lock.yaml %s', async (_version, keys) => {
    const lock = lines(
      "lockfileVersion: '9.0'",
      '',
      'importers:',
      '  sharp@9.9.9:',
      '    resolution: {}',
      'packages:',
      '',
      ...keys.flatMap((key) => [key, '    resolution: {integrity: sha512-x}', '    sharp: 1', '']),
      'snapshots:',
      '  bcrypt@7.0.0:',
      '    optional: true',
    );
    expect(await files({ 'pnpm-lock.yaml': lock })).toEqual([
      'sharp 0.33.5 . package.json:5 pnpm-lock.yaml:12',
      '@img/canvas 1.0.0 . pnpm-lock.yaml:8',
      'bcrypt 5.1.1 . pnpm-lock.yaml:16',
    ]);
  });

  it('come from yarn.lock of Yarn 1', async () => {
    const lock = lines(
      '# yarn lockfile v1',
      '',
      '"@img/canvas@^1.0.0", "@img/canvas@^1.0.1":',
      '  version "1.0.2"',
      '  dependencies:',
      '    sharp "^0.33"',
      '',
      'alias@npm:bcrypt@^5:',
      '  version "5.1.1"',
      '',
      'sharp@^0.33:\r',
      '  version "0.33.5"\r',
    );
    expect(await files({ 'yarn.lock': lock })).toEqual([
      'sharp 0.33.5 . package.json:5 yarn.lock:11',
      '@img/canvas 1.0.2 . yarn.lock:3',
      'bcrypt 5.1.1 . yarn.lock:8',
    ]);
  });

  it('come from yarn.lock of Yarn 2 and later', async () => {
    const lock = lines(
      '__metadata:',
      '  version: 8',
      '',
      '"@img/canvas@npm:^1.0.0, @img/canvas@npm:^1.0.1":',
      '  version: 1.0.2',
      '  resolution: "@img/canvas@npm:1.0.2"',
      '',
      '"sharp@npm:^0.33":',
      '  version: 0.33.5',
      '',
      '"alias@npm:bcrypt@^5":',
      '  version: 5.1.1',
      '',
      '"shop@workspace:.":',
      '  version: 0.0.0-use.local',
    );
    expect(await files({ 'yarn.lock': lock })).toEqual([
      'sharp 0.33.5 . package.json:5 yarn.lock:8',
      '@img/canvas 1.0.2 . yarn.lock:4',
      'bcrypt 5.1.1 . yarn.lock:11',
    ]);
  });

  it('come from bun.lock', async () => {
    const lock = lines(
      '{',
      '  "lockfileVersion": 1,',
      '  "workspaces": { "": { "dependencies": { "sharp": "^0.33", }, }, },',
      '  "packages": {',
      '    "@img/canvas": ["@img/canvas@1.0.2", "", {}, "sha512-x"],',
      '    "a/bcrypt": ["bcrypt@5.1.1", "", { "dependencies": { "x": "1" } }, "sha512-x"],',
      '    "local": ["bcrypt@workspace:packages/bcrypt"],',
      '    "sharp": ["sharp@0.33.5", "", {}, "sha512-x"],',
      '  }',
      '}',
    );
    expect(await files({ 'bun.lock': lock })).toEqual([
      'sharp 0.33.5 . package.json:5 bun.lock:8',
      '@img/canvas 1.0.2 . bun.lock:5',
      'bcrypt 5.1.1 . bun.lock:6',
      'bcrypt ? . bun.lock:7',
    ]);
  });

  it('belong to the member that names them, the others to the root', async () => {
    const needs = await nativeOf(
      {
        'package.json': json({ workspaces: ['apps/*'] }),
        'apps/web/package.json': manifest,
        'pnpm-lock.yaml': lines('packages:', '  sharp@0.33.5:', '  bcrypt@5.1.1:'),
      },
      known,
    );
    expect(needs).toEqual([
      'sharp 0.33.5 apps/web apps/web/package.json:5 pnpm-lock.yaml:2',
      'bcrypt 5.1.1 . pnpm-lock.yaml:3',
    ]);
  });
});

describe("the repository's own addon", () => {
  it('needs a compiler and what node-gyp needs', async () => {
    const files = {
      'package.json': json({ name: 'addon' }),
      'native/binding.gyp': null,
      'test/addon/binding.gyp': null,
    };
    const needs = await detected(files, known);
    expect(needsOf(needs, 'compiler')).toMatchObject([
      { project: '.', because: [{ file: 'native/binding.gyp' }] },
    ]);
    expect(needsOf(needs, 'dependency')).toMatchObject([{ name: 'node-gyp', project: '.' }]);
  });
});
