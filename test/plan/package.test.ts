import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { lockFile, lockOf } from '../../src/lock/make.ts';
import { parseLock } from '../../src/lock/read.ts';
import type { Plan } from '../../src/plan/schema.ts';
import { render } from '../../src/render/render.ts';
import { folderWith } from '../support/folder.ts';

type Files = Record<string, string>;

const json = (content: object) => JSON.stringify(content, null, 2);
const hash = `sha512-${'A'.repeat(86)}==`;
const resolved = 'https://registry.npmjs.org/is-odd/-/is-odd-3.0.1.tgz';
const manifest = {
  name: '@acme/shop',
  version: '1.2.0',
  engines: { node: '^22' },
  scripts: { build: 'tsc', test: 'node --test' },
  dependencies: { 'is-odd': '^3.0.1' },
};

function npm({ entry = {}, more = {}, lock = {}, ...changes }: Record<string, object> = {}): Files {
  const packages = {
    '': {},
    'node_modules/is-odd': { version: '3.0.1', resolved, integrity: hash, ...entry },
    ...more,
  };
  return {
    'package.json': json({ ...manifest, ...changes }),
    'package-lock.json': json({ name: 'shop', lockfileVersion: 3, packages, ...lock }),
  };
}

const crate = (lines: string[]) => `\n[[package]]\n${lines.join('\n')}\n`;
const own = crate(['name = "greet"', 'version = "0.3.0"']);
const registry = 'source = "registry+https://github.com/rust-lang/crates.io-index"';
const cargo = (...crates: string[]): Files => ({
  'Cargo.toml': '[package]\nname = "greet"\nversion = "0.3.0"\n',
  'Cargo.lock': `version = 4\n${own}${crates.join('')}`,
  'src/main.rs': 'fn main() {}\n',
});
const go = (more: Files = {}): Files => ({
  'go.mod': 'module example.com/greet/v2\n\ngo 1.24\n\nrequire example.com/words v1.0.0\n',
  'main.go': 'package main\n',
  ...more,
});

const planOf = (files: Files, options = { package: true }) => analyze(folderWith(files), options);
const about = ({ findings }: Plan) => findings.filter(({ code }) => code.startsWith('package-'));

describe('the package of a plan', () => {
  test('is there only when it is asked for', async () => {
    const [asked, not] = await Promise.all([planOf(npm()), planOf(npm(), { package: false })]);
    expect(not).not.toHaveProperty('packages');
    expect(asked.repository.digest).not.toBe(not.repository.digest);
    expect({ ...asked, packages: undefined, repository: not.repository }).toEqual({
      ...not,
      packages: undefined,
    });
    expect((await render(not)).map(({ path }) => path)).not.toContain('package.nix');
  });

  test('is that of a project with package-lock.json', async () => {
    const plan = await planOf(npm());
    expect(about(plan)).toEqual([]);
    expect(plan.packages).toMatchObject([
      {
        project: '.',
        kind: 'npm',
        name: 'acme-shop',
        version: '1.2.0',
        toolchain: 'node-22',
        lockfile: 'package-lock.json',
        build: 'npm run build',
        test: 'npm test',
        because: [{ file: 'package.json' }, { file: 'package-lock.json' }],
      },
    ]);
  });

  test('has neither build nor check where package.json names no such script', async () => {
    const test = 'echo "Error: no test specified" && exit 1';
    const plan = await planOf(npm({ scripts: { test } }));
    expect(plan.packages).toMatchObject([{ build: null, test: null }]);
    expect(about(plan)).toMatchObject([{ code: 'package-without-tests', severity: 'info' }]);
  });

  test('takes what the archive of another package brings along', async () => {
    const more = { 'node_modules/is-odd/node_modules/in': { version: '1.0.0', inBundle: true } };
    expect((await planOf(npm({ more }))).packages).toHaveLength(1);
  });

  test('is that of a crate with its libraries, and of a vendored module', async () => {
    const ssl = crate([
      'name = "openssl-sys"',
      'version = "0.9.0"',
      registry,
      `checksum = "${'a'.repeat(64)}"`,
    ]);
    const crates = cargo(ssl);
    crates['Cargo.toml'] += '[dependencies]\nopenssl-sys = "0.9"\n';
    expect((await planOf(crates)).packages).toMatchObject([
      {
        kind: 'cargo',
        name: 'greet',
        version: '0.3.0',
        nativeBuildInputs: ['pkg-config'],
        buildInputs: ['openssl'],
      },
    ]);
    const vendored = await planOf(go({ 'vendor/modules.txt': '# example.com/words v1.0.0\n' }));
    expect(vendored.packages).toMatchObject([{ kind: 'go', name: 'greet', lockfile: 'vendor/modules.txt' }]);
    const alone = await planOf({
      'go.mod': 'module example.com/greet\n\ngo 1.24\n',
      'main.go': 'package main\n',
    });
    expect(alone.packages).toMatchObject([{ kind: 'go', lockfile: null }]);
  });

  test('has what its dependencies want while they are built, or a finding', async () => {
    const protobuf = crate([
      'name = "prost-build"',
      'version = "0.13.0"',
      registry,
      `checksum = "${'b'.repeat(64)}"`,
    ]);
    const files = cargo(protobuf);
    files['Cargo.toml'] += '[dependencies]\nprost-build = "0.13"\n';
    const plan = await planOf(files);
    expect(plan.packages?.[0]?.nativeBuildInputs).toEqual(['protobuf']);
    expect(plan.packages?.[0]?.variables).toEqual([
      { name: 'PROTOC', value: [{ package: 'protobuf', path: '/bin/protoc' }] },
    ]);
    expect(about(plan)).toEqual([]);
    const onLinux = cargo(
      crate(['name = "webkit2gtk-sys"', 'version = "2.0.1"', registry, `checksum = "${'b'.repeat(64)}"`]),
    );
    onLinux['Cargo.toml'] += '[dependencies]\nwebkit2gtk-sys = "2"\n';
    const other = await planOf(onLinux);
    expect(other.packages?.[0]?.variables).toEqual([]);
    expect(about(other)).toContainEqual(
      expect.objectContaining({
        code: 'package-input-left-out',
        severity: 'warning',
        message: expect.stringContaining('GIO_EXTRA_MODULES'),
      }),
    );
    const npmPlan = await planOf(
      npm({
        dependencies: { 'pg-native': '3' },
        more: { 'node_modules/pg-native': { version: '3.5.0', resolved, integrity: hash } },
      }),
    );
    expect(npmPlan.packages?.[0]?.nativeBuildInputs).toContain('libpq.pg_config');
  });

  test('is warned of where npm packs nothing of what is built', async () => {
    const ignored = { '.gitignore': 'dist\n' };
    expect(about(await planOf({ ...npm(), ...ignored }))).toMatchObject([
      { code: 'package-may-be-incomplete', severity: 'warning' },
    ]);
    expect(about(await planOf({ ...npm({ files: ['dist'] }), ...ignored }))).toEqual([]);
  });

  test.each<[string, Files, RegExp]>([
    [
      'a module with another one inside',
      {
        'go.mod': 'module example.com/greet\n\ngo 1.24\n',
        'main.go': 'package main\n',
        'tools/go.mod': 'module t\n',
      },
      /build tools as part/,
    ],
    ['an override of a direct dependency', npm({ overrides: { 'is-odd': '3.0.1' } }), /overrides is-odd/],
    ['a toolchain that rustup fetches', { ...cargo(''), 'rust-toolchain': 'nightly-2025-06-01\n' }, /rustup/],
  ])('is none with %s, which the builder of nixpkgs does not take', async (_what, files, message) => {
    const plan = await planOf(files);
    expect(plan.packages).toEqual([]);
    expect(about(plan)).toContainEqual(
      expect.objectContaining({
        code: 'package-unsupported',
        severity: 'warning',
        message: expect.stringMatching(message),
      }),
    );
  });

  test.each<[string, Files, RegExp]>([
    ['a package without a hash', npm({ entry: { integrity: undefined } as object }), /hash for is-odd/],
    ['a package without an address', npm({ entry: { resolved: undefined } as object }), /hash for is-odd/],
    [
      'a package from Git',
      npm({ entry: { resolved: 'git+ssh://git@example.com/a.git#1' } }),
      /hash for is-odd/,
    ],
    ['a package that only package.json has', npm({ devDependencies: { late: '1' } }), /does not have late/],
    ['a lock file of npm 6', npm({ lock: { lockfileVersion: 1 } }), /version 1/],
    ['no lock file', { 'package.json': json(manifest) }, /no package-lock\.json/],
    [
      'pnpm',
      { 'package.json': json(manifest), 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" },
      /fetchPnpmDeps/,
    ],
    ['Yarn', { 'package.json': json(manifest), 'yarn.lock': '# yarn lockfile v1\n' }, /yarn\.lock/],
    ['pip', { 'requirements.txt': 'flask==3.0.0\n' }, /requirements\.txt/],
    ['Poetry', { 'pyproject.toml': '[tool.poetry]\nname = "p"\n', 'poetry.lock': '' }, /poetry\.lock/],
    [
      'a crate from Git',
      cargo(crate(['name = "g"', 'version = "1.0.0"', 'source = "git+https://example.com/g#abc"'])),
      /g 1\.0\.0 comes from Git/,
    ],
    [
      'a crate without a checksum',
      cargo(crate(['name = "g"', 'version = "1.0.0"', registry])),
      /checksum of g 1\.0\.0/,
    ],
    ['modules that are not vendored', go(), /vendorHash/],
  ])('is none with %s, and a finding names what is missing', async (_what, files, message) => {
    const plan = await planOf(files);
    expect(plan.packages).toEqual([]);
    expect(about(plan)).toMatchObject([
      { code: 'package-hash-missing', severity: 'warning', message: expect.stringMatching(message) },
    ]);
    expect((await render(plan)).map(({ path }) => path)).not.toContain('package.nix');
  });

  test.each<[string, Files, RegExp]>([
    [
      'a workspace of npm',
      npm({ workspaces: ['a'], more: { 'node_modules/a': { resolved: 'a', link: true }, a: {} } } as never),
      /workspace/,
    ],
    ['a package.json without a version', npm({ version: undefined } as never), /no "version"/],
    ['a Node.js that has left nixpkgs', npm({ engines: { node: '16' } }), /since 24\.05 only/],
    ['a workspace of Cargo', { ...cargo(), 'Cargo.toml': '[workspace]\nmembers = ["a"]\n' }, /workspace/],
    ['nothing in the root folder', { 'api/package.json': json(manifest) }, /no package\.json/],
  ])('is none with %s', async (_what, files, message) => {
    const plan = await planOf(files);
    expect(plan.packages).toEqual([]);
    expect(about(plan)).toContainEqual(
      expect.objectContaining({
        code: 'package-unsupported',
        severity: 'warning',
        message: expect.stringMatching(message),
      }),
    );
  });

  test('is asked for by the lock of the run before, until a run says no', async () => {
    const files = npm();
    const plan = await planOf(files);
    const lock = lockFile(lockOf(plan, await render(plan)));
    expect(parseLock(lock.text).package).toBe(true);
    const folder = folderWith({ ...files, 'nidify.lock': lock.text });
    expect((await analyze(folder)).packages).toHaveLength(1);
    const without = await analyze(folder, { package: false });
    expect(without).not.toHaveProperty('packages');
    expect(lockOf(without, await render(without))).not.toHaveProperty('package');
  });
});
