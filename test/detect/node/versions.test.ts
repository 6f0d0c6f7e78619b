import { describe, expect, it } from 'vitest';
import { findingsOf, json, lines, nodeOf, requestsOf } from './support.ts';

const plain = json({ name: 'shop' });

describe('version files', () => {
  it.each([
    ['v18', 'v18 prefix'],
    ['18.17.0', '18.17.0 prefix'],
    ['20.x', '20.x semver'],
    ['>=18 <21', '>=18 <21 semver'],
    ['lts/*', 'lts/* alias'],
    ['lts/Hydrogen', 'lts/hydrogen alias'],
    ['lts-iron', 'lts/iron alias'],
    ['node', 'node alias'],
    ['stable', 'stable alias'],
    ['node-v20.1.0', 'v20.1.0 prefix'],
  ])('reads %s', async (text, request) => {
    expect(await nodeOf({ 'package.json': plain, '.nvmrc': lines(text) })).toEqual([`${request} .nvmrc:1`]);
  });

  it('skips comments, blank lines and settings, whatever the line ends are', async () => {
    const text = '\r\n# for local tools\r\nfoo=bar\r\n  v20.18.0  # keep\r\n';
    expect(await nodeOf({ 'package.json': plain, '.nvmrc': text })).toEqual(['v20.18.0 prefix .nvmrc:4']);
  });

  it.each(['', '# only a comment\n', 'system\n'])('leaves the choice open for %j', async (text) => {
    const files = { 'package.json': plain, '.nvmrc': text };
    expect(await nodeOf(files)).toEqual([]);
    expect(await findingsOf(files)).toEqual([]);
  });

  it.each(['some_invalid_version', 'x'.repeat(10_000), '18; rm -rf /'])(
    'says that a text is no version',
    async (text) => {
      const files = { 'package.json': plain, '.nvmrc': text };
      expect(await nodeOf(files)).toEqual([]);
      expect(await findingsOf(files)).toEqual(['version-not-understood']);
    },
  );

  it('may be called .node-version', async () => {
    expect(await nodeOf({ 'package.json': plain, '.node-version': lines('v22.12.0') })).toEqual([
      'v22.12.0 prefix .node-version:1',
    ]);
  });

  it('is evidence of Node.js in a repository without a manifest', async () => {
    expect(await nodeOf({ '.nvmrc': lines('20'), 'requirements.txt': lines('flask') })).toEqual([
      '20 prefix .nvmrc:1',
    ]);
  });
});

describe('precedence', () => {
  it('is version files, Volta, mise, asdf, pnpm, devEngines, engines', async () => {
    expect(
      await nodeOf({
        '.nvmrc': lines('20.1.0'),
        '.node-version': lines('20.2.0'),
        '.tool-versions': lines('python 3.12', 'nodejs 20.5.0'),
        'mise.toml': lines('[tools]', 'node = "20.4.0"'),
        '.npmrc': lines('engine-strict=true', 'use-node-version=20.6.0'),
        'pnpm-workspace.yaml': lines('packages: []', 'useNodeVersion: 20.7.0'),
        'package.json': json({
          engines: { node: '>=18' },
          devEngines: { runtime: [{ name: 'bun' }, { name: 'node', version: '^20.9' }] },
          volta: { node: '20.3.0' },
          pnpm: { executionEnv: { nodeVersion: '20.8.0' } },
        }),
      }),
    ).toEqual([
      '20.1.0 prefix .nvmrc:1',
      '20.2.0 prefix .node-version:1',
      '20.3.0 exact package.json:17',
      '20.4.0 prefix mise.toml:2',
      '20.5.0 prefix .tool-versions:2',
      '20.6.0 exact .npmrc:2',
      '20.7.0 exact pnpm-workspace.yaml:2',
      '20.8.0 exact package.json:21',
      '^20.9 semver package.json:6',
      '>=18 semver package.json:3',
    ]);
  });

  it('follows what Volta extends, within the repository', async () => {
    const root = json({ volta: { node: '18.20.4' } });
    const member = (to: string) => json({ name: 'web', volta: { extends: to } });
    const web = async (to: string) =>
      (await requestsOf('node', { 'package.json': root, 'apps/web/package.json': member(to) }))['apps/web'];
    expect(await web('../../package.json')).toEqual(['18.20.4 exact package.json:3']);
    expect(await web('../../../../etc/passwd')).not.toContain('/etc');
    expect(await web('./package.json')).toHaveLength(1);
  });

  it('lets the nearest folder that pins anything decide', async () => {
    expect(
      await requestsOf('node', {
        'package.json': json({ workspaces: ['apps/*'], engines: { node: '>=18' } }),
        '.nvmrc': lines('22'),
        'apps/old/package.json': json({ engines: { node: '16.x' } }),
        'apps/old/.tool-versions': lines('nodejs 16.20.2'),
        'apps/new/package.json': json({}),
      }),
    ).toEqual({
      '.': ['22 prefix .nvmrc:1', '>=18 semver package.json:6'],
      'apps/new': ['22 prefix .nvmrc:1', '>=18 semver package.json:6'],
      'apps/old': [
        '16.20.2 prefix apps/old/.tool-versions:1',
        '16.x semver apps/old/package.json:3',
        '>=18 semver package.json:6',
      ],
    });
  });

  it('speaks for a folder by the configuration of mise below it', async () => {
    const files = { 'package.json': plain, '.config/mise/config.toml': lines('[tools]', 'node = "22"') };
    expect(await nodeOf(files)).toEqual(['22 prefix .config/mise/config.toml:2']);
  });
});

describe('engines', () => {
  it.each(['>=0.10', '^18.0.0 || >=20', '22.x', '>= 18', '18'])('takes %s as a range', async (range) => {
    expect(await nodeOf({ 'package.json': json({ engines: { node: range } }) })).toEqual([
      `${range} semver package.json:3`,
    ]);
  });

  it.each(['*', 'x', '', 'latest'])('hears no request in %j', async (range) => {
    const files = { 'package.json': json({ engines: { node: range } }) };
    expect(await nodeOf(files)).toEqual([]);
    expect(await findingsOf(files)).toEqual([]);
  });

  it('says what is no range', async () => {
    const files = { 'package.json': json({ engines: { node: 'please use 18' } }) };
    expect(await nodeOf(files)).toEqual([]);
    expect(await findingsOf(files)).toEqual(['version-not-understood']);
  });

  it.each([
    { engines: 5 },
    { engines: null },
    { engines: [] },
    { engines: { node: 18 } },
    { engines: { node: { version: '18' } } },
  ])('takes %j for nothing', async (manifest) => {
    const files = { 'package.json': json(manifest) };
    expect(await nodeOf(files)).toEqual([]);
    expect(await findingsOf(files)).toEqual([]);
  });
});
