import { describe, expect, it } from 'vitest';
import { needsOf } from '../../support/needs.ts';
import { detected, type Files, findingsOf, json, lines, managerOf } from './support.ts';

const npmLock = (version: number) => json({ name: 'shop', lockfileVersion: version, packages: {} });
const pnpmLock = (version: string) => lines(`lockfileVersion: ${version}`, '', 'packages:');
const yarnLock = lines('# yarn lockfile v1', '', 'left-pad@^1:', '  version "1.3.0"');
const berryLock = (...metadata: string[]) => lines('__metadata:', ...metadata.map((each) => `  ${each}`), '');

const withManifest = (manifest: object, files: Files = {}): Files => ({
  'package.json': json(manifest),
  ...files,
});

describe('what names a package manager', () => {
  it('is npm where nothing does', async () => {
    expect(await managerOf(withManifest({}))).toEqual({ id: 'npm', lockfile: null, requests: [] });
  });

  it.each([
    ['pnpm@9.1.0+sha512.ab12', 'pnpm', ['9.1.0 exact']],
    ['yarn@1.22.22', 'yarn', ['1.22.22 exact']],
    ['npm@10.8.0', 'npm', ['10.8.0 exact']],
    ['bun@1.2.3', 'bun', ['1.2.3 exact']],
    ['pnpm@9', 'pnpm', ['9 prefix']],
    ['pnpm@^9.1', 'pnpm', ['^9.1 semver']],
    ['pnpm', 'pnpm', []],
    ['pnpm@https://example.com/pnpm.tgz', 'pnpm', []],
  ])('reads packageManager %s', async (packageManager, id, requests) => {
    expect(await managerOf(withManifest({ packageManager }))).toEqual({ id, lockfile: null, requests });
  });

  it('says that it does not know another one', async () => {
    const files = withManifest({ packageManager: 'cnpm@9.0.0' });
    expect((await managerOf(files)).id).toBe('npm');
    expect(await findingsOf(files)).toEqual(['package-manager-unknown']);
  });

  it('lets packageManager stand before devEngines, only-allow and Volta', async () => {
    const manifest = {
      devEngines: { packageManager: { name: 'pnpm', version: '>=9' } },
      scripts: { preinstall: 'npx only-allow pnpm' },
      volta: { pnpm: '9.4.0' },
    };
    expect((await managerOf(withManifest(manifest))).requests).toEqual(['>=9 semver', '9.4.0 exact']);
    expect((await managerOf(withManifest({ ...manifest, packageManager: 'yarn@4.1.0' }))).id).toBe('yarn');
    expect((await managerOf(withManifest({ scripts: manifest.scripts }))).id).toBe('pnpm');
  });

  it('looks upwards for packageManager, as Corepack does, but not past a lock file', async () => {
    const files = {
      ...withManifest({ packageManager: 'pnpm@9.1.0' }),
      'docs/package.json': json({ scripts: { build: 'tsc' } }),
      'docs/package-lock.json': npmLock(3),
      'tools/package.json': json({ scripts: { build: 'tsc' } }),
    };
    const managers = needsOf(await detected(files), 'package-manager');
    expect(managers.map(({ project, id, requests }) => [project, id, requests[0]?.raw])).toEqual([
      ['.', 'pnpm', '9.1.0'],
      ['docs', 'npm', '>=7'],
      ['tools', 'pnpm', '9.1.0'],
    ]);
    expect(await findingsOf(files)).toEqual([]);
  });

  it('hears nothing further up once one is named', async () => {
    const needs = await detected({
      ...withManifest({ packageManager: 'pnpm@9.1.0' }),
      'tools/package.json': json({ packageManager: 'pnpm@8.15.0' }),
    });
    expect(needsOf(needs, 'package-manager')[1]?.requests.map(({ raw }) => raw)).toEqual(['8.15.0']);
  });

  it('takes the release of Yarn that lies in the repository', async () => {
    const files = {
      ...withManifest({ packageManager: 'yarn@3.6.0' }),
      '.yarnrc.yml': lines('nodeLinker: node-modules', 'yarnPath: .yarn/releases/yarn-3.6.1.cjs'),
    };
    expect((await managerOf(files)).requests).toEqual(['3.6.0 exact']);
    expect((await managerOf({ ...files, '.yarn/releases/yarn-3.6.1.cjs': null })).requests).toEqual([
      '3.6.1 exact',
      '3.6.0 exact',
    ]);
  });

  it.each([
    ['pnpm-workspace.yaml', 'pnpm'],
    ['.yarnrc.yml', 'yarn'],
    ['bunfig.toml', 'bun'],
  ])('takes %s for a sign', async (name, id) => {
    expect((await managerOf(withManifest({}, { [name]: '' }))).id).toBe(id);
  });

  it('takes a range of engines for a sign, a complaint for none', async () => {
    const engines = { npm: 'please-use-yarn', yarn: '>=1.22' };
    expect(await managerOf(withManifest({ engines }))).toEqual({
      id: 'yarn',
      lockfile: null,
      requests: ['>=1.22 semver'],
    });
    expect((await managerOf(withManifest({ engines: { yarn: 'YARN NO LONGER USED' } }))).id).toBe('npm');
  });

  it('reads the client of Lerna and the version of Rush', async () => {
    const lerna = { 'lerna.json': json({ npmClient: 'yarn' }) };
    expect((await managerOf(withManifest({}, lerna))).id).toBe('yarn');
    const rush = lines(
      '// comments',
      '{ "pnpmVersion": "8.15.8",',
      '"projects": [{ "projectFolder": "apps/web" }] }',
    );
    const needs = await detected({
      'rush.json': rush,
      'common/config/rush/pnpm-lock.yaml': pnpmLock('6.0'),
      'apps/web/package.json': json({ name: 'web' }),
    });
    expect(needsOf(needs, 'package-manager')).toMatchObject([
      {
        id: 'pnpm',
        project: 'apps/web',
        lockfile: 'common/config/rush/pnpm-lock.yaml',
        requests: [{ raw: '8.15.8' }, { raw: '>=7.24' }],
      },
      { id: 'pnpm', project: '.', lockfile: 'common/config/rush/pnpm-lock.yaml' },
    ]);
  });
});

describe('lock files', () => {
  it.each([
    ['package-lock.json', npmLock(1), 'npm', []],
    ['package-lock.json', npmLock(2), 'npm', ['>=7 semver']],
    ['npm-shrinkwrap.json', npmLock(3), 'npm', ['>=7 semver']],
    ['pnpm-lock.yaml', pnpmLock('5.3'), 'pnpm', ['>=6 <8 semver']],
    ['pnpm-lock.yaml', pnpmLock('5.4'), 'pnpm', ['>=6.35 <8 semver']],
    ['pnpm-lock.yaml', pnpmLock("'6.0'"), 'pnpm', ['^8 semver']],
    ['pnpm-lock.yaml', pnpmLock("'9.0'"), 'pnpm', ['>=9 semver']],
    ['yarn.lock', yarnLock, 'yarn', ['^1 semver']],
    ['yarn.lock', berryLock('version: 4', 'cacheKey: 7'), 'yarn', ['^2 semver']],
    ['yarn.lock', berryLock('version: 6', 'cacheKey: 8'), 'yarn', ['^3 semver']],
    ['yarn.lock', berryLock('version: 8', 'cacheKey: 10c0'), 'yarn', ['>=4 semver']],
    ['yarn.lock', berryLock('version: 8'), 'yarn', ['>=4 semver']],
    ['bun.lock', '{ "lockfileVersion": 1, }', 'bun', []],
    ['bun.lockb', null, 'bun', []],
  ])('%s %j', async (name, text, id, requests) => {
    expect(await managerOf(withManifest({}, { [name]: text }))).toEqual({ id, lockfile: name, requests });
  });

  it('are asked after exact pins, as what can read them', async () => {
    const lock = { 'pnpm-lock.yaml': pnpmLock('6.0') };
    expect((await managerOf(withManifest({ packageManager: 'pnpm@9.15.0' }, lock))).requests).toEqual([
      '9.15.0 exact',
      '>=7.24 semver',
    ]);
  });

  it('decide within a range of engines, and yield to one that excludes them', async () => {
    const lock = { 'pnpm-lock.yaml': pnpmLock('6.0') };
    const requests = async (pnpm: string) =>
      (await managerOf(withManifest({ engines: { pnpm } }, lock))).requests;
    expect(await requests('>=7')).toEqual(['^8 semver', '>=7 semver']);
    expect(await requests('>=9')).toEqual(['>=9 semver', '>=7.24 semver']);
  });
});

describe('several lock files', () => {
  const two = { 'package-lock.json': npmLock(3), 'yarn.lock': yarnLock };

  it('are decided by what is stated', async () => {
    const files = withManifest({ packageManager: 'npm@10.0.0' }, two);
    expect((await managerOf(files)).lockfile).toBe('package-lock.json');
    expect(await findingsOf(files)).toEqual(['several-lockfiles']);
  });

  it('are decided by which of them holds every direct dependency', async () => {
    const manifest = { dependencies: { express: '^4' } };
    const lock = json({ lockfileVersion: 3, packages: { 'node_modules/express': { version: '4.0.0' } } });
    expect((await managerOf(withManifest(manifest, { ...two, 'package-lock.json': lock }))).id).toBe('npm');
  });

  it('are decided for the one that is not written by accident', async () => {
    const needs = await detected(withManifest({}, two));
    expect(needsOf(needs, 'package-manager')[0]?.lockfile).toBe('yarn.lock');
    const [finding] = needsOf(needs, 'finding');
    expect(finding).toMatchObject({ code: 'several-lockfiles', severity: 'warning' });
    expect(finding?.message).toContain(
      'yarn.lock and package-lock.json lie side by side: yarn was taken, because',
    );
    expect(finding?.because.map(({ file }) => file)).toEqual(['yarn.lock', 'package-lock.json']);
  });

  it('of one package manager are no finding', async () => {
    const files = withManifest({}, { 'bun.lock': '{}', 'bun.lockb': null });
    expect((await managerOf(files)).lockfile).toBe('bun.lock');
    expect(await findingsOf(files)).toEqual([]);
  });
});

describe('findings', () => {
  it('say that the lock file is not the one of the package manager that is named', async () => {
    const files = withManifest(
      { packageManager: 'pnpm@9.1.0', dependencies: { a: '1' } },
      { 'yarn.lock': yarnLock },
    );
    expect((await managerOf(files)).lockfile).toBeNull();
    expect(await findingsOf(files)).toEqual(['package-manager-mismatch']);
  });

  it('say that dependencies are locked nowhere', async () => {
    expect(await findingsOf(withManifest({ devDependencies: { vite: '^5' } }))).toEqual(['no-lockfile']);
    expect(await findingsOf(withManifest({ dependencies: {} }))).toEqual([]);
  });

  it('say that a lock file in a member of a workspace does not count', async () => {
    const files = withManifest(
      { workspaces: ['web'] },
      { 'yarn.lock': yarnLock, 'web/package.json': json({}), 'web/yarn.lock': yarnLock },
    );
    expect(await findingsOf(files)).toEqual(['ignored-lockfile']);
  });
});

it('has a later Yarn 4 keep the version of the lock file', async () => {
  const variables = async (lock: string) =>
    needsOf(await detected(withManifest({}, { 'yarn.lock': lock })), 'environment-variable').map(
      ({ name, value, because }) => [name, value, because[0]?.file],
    );
  const yarn4 = ['YARN_LOCKFILE_VERSION_OVERRIDE', '8', 'yarn.lock'];
  expect(await variables(berryLock('version: 8', 'cacheKey: 10c0'))).toEqual([yarn4]);
  expect(await variables(berryLock('version: 6', 'cacheKey: 8'))).toEqual([]);
  expect(await variables(yarnLock)).toEqual([]);
});
