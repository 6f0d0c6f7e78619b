import { describe, expect, it } from 'vitest';
import { needsOf } from '../../support/needs.ts';
import { detected, type Files, json, lines, managerOf, requestsOf } from '../node/support.ts';

/** Toolchains and the languages of the project. */
async function runtimes(manifest: object, files: Files = {}) {
  const needs = await detected({ 'package.json': json(manifest), ...files });
  return {
    toolchains: needsOf(needs, 'toolchain').map(({ id }) => id),
    languages: needsOf(needs, 'project')[0]?.languages,
  };
}

const bunLock = { 'bun.lock': '{}' };

describe('Bun', () => {
  it('alone runs what it installs and no program of Node.js touches', async () => {
    const only = { toolchains: ['bun'], languages: ['bun'] };
    expect(await runtimes({ name: 'api', module: 'index.ts' }, { 'bun.lockb': null })).toEqual(only);
    expect(await runtimes({ scripts: { start: 'bun index.ts', lint: 'eslint .' } }, bunLock)).toEqual(only);
    expect(
      await runtimes({ scripts: { dev: 'bunx --bun vite', build: 'bun build ./index.ts' } }, bunLock),
    ).toEqual(only);
  });

  it('stands beside Node.js where a version of it is asked for, or a script runs it', async () => {
    const both = { toolchains: ['node', 'bun'], languages: ['bun', 'node'] };
    expect(
      await runtimes({ engines: { node: '22.x' }, scripts: { start: 'bun index.ts' } }, bunLock),
    ).toEqual(both);
    expect(await runtimes({ name: 'web' }, { ...bunLock, '.nvmrc': '22\n' })).toEqual(both);
    expect(await runtimes({ scripts: { dev: 'next dev' } }, bunLock)).toEqual(both);
    expect(await runtimes({ scripts: { dev: 'bunx next dev' } }, bunLock)).toEqual(both);
  });

  it('is called by scripts of packages that another one installs', async () => {
    const manifest = { scripts: { dev: 'concurrently "bun run api.ts" "vite"' } };
    expect(await runtimes(manifest, { 'package-lock.json': json({ lockfileVersion: 3 }) })).toEqual({
      toolchains: ['node', 'bun'],
      languages: ['node', 'bun'],
    });
  });

  it('installs where nothing but its types or its scripts speaks', async () => {
    const manager = async (manifest: object) => (await managerOf({ 'package.json': json(manifest) })).id;
    expect(await manager({ scripts: { start: 'bun run index.ts' } })).toBe('bun');
    expect(await manager({ scripts: { start: 'bun run index.ts', build: 'npm run x' } })).toBe('npm');
    expect(
      (await managerOf({ 'package.json': json({ devDependencies: { '@types/bun': 'latest' } }) })).id,
    ).toBe('bun');
  });

  it('has its version from packageManager, version files, engines', async () => {
    expect(
      await requestsOf('bun', {
        'package.json': json({ packageManager: 'bun@1.2.4', engines: { bun: '>=1.2' } }),
        '.bun-version': lines('1.2.5'),
        '.tool-versions': lines('bun 1.2.6'),
      }),
    ).toEqual({
      '.': [
        '1.2.4 exact package.json:2',
        '1.2.5 prefix .bun-version:1',
        '1.2.6 prefix .tool-versions:1',
        '>=1.2 semver package.json:4',
      ],
    });
  });

  it('needs what its native dependencies need', async () => {
    const files = { 'package.json': json({ dependencies: { sharp: '0.33.5' } }), ...bunLock };
    expect(needsOf(await detected(files, ['sharp']), 'dependency')).toMatchObject([
      { name: 'sharp', version: '0.33.5' },
    ]);
  });
});

describe('Node.js without Bun', () => {
  it('is what installs and runs, whatever the language is compiled from', async () => {
    expect(await runtimes({ devDependencies: { typescript: '5' } }, { 'tsconfig.json': null })).toEqual({
      toolchains: ['node'],
      languages: ['node'],
    });
  });
});
