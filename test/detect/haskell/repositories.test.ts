import { describe, expect, test } from 'vitest';
import { compilerOfBase, compilerOfSnapshot, compilerOfTests } from '../../../src/detect/haskell/releases.ts';
import { decisionsOf, planOfFiles } from '../../support/repository.ts';

async function decided(files: Record<string, string>) {
  const plan = await planOfFiles(files);
  return { ...decisionsOf(plan), commands: plan.projects[0]?.commands, plan };
}

const cabal = `cabal-version: 2.4
name: shop
version: 0.1.0.0
tested-with: GHC ==9.6.6 || ==9.8.4
common deps
  build-depends:
      base >=4.16 && <4.20
    , text
    , servant-server
    , postgresql-simple ^>=0.7

executable shop
  import: deps
  main-is: Main.hs
  if os(windows)
    build-depends: Win32, sdl2
  extra-libraries: curl

test-suite spec
  type: exitcode-stdio-1.0
  build-depends: base, hspec
`;

describe('Haskell', () => {
  test('a cabal package: the tested compiler, base, native libraries', async () => {
    const found = await decided({ 'shop.cabal': cabal, 'app/Main.hs': '' });
    expect(found.toolchains).toEqual(['haskell 9.8.4 compatible nixpkgs']);
    expect(found.managers).toEqual(['cabal']);
    expect(found.projects).toEqual([
      {
        path: '.',
        name: 'shop',
        languages: ['haskell'],
        frameworks: ['servant'],
        packageManager: 'cabal',
        ports: [],
      },
    ]);
    expect(found.commands).toMatchObject({
      install: 'cabal update && cabal build all --only-dependencies --enable-tests',
      build: 'cabal build all',
      test: 'cabal test all',
      start: 'cabal run shop',
    });
    expect(found.libraries).toEqual(['curl', 'gmp', 'libpq', 'libpq.pg_config']);
    expect(found.compiler).toEqual(['default']);
    expect(found.findings.filter((code) => code !== 'compiler-c23')).toEqual([]);
  });

  test('stack with a snapshot by address: its GHC, which stack does not fetch', async () => {
    const found = await decided({
      'stack.yaml':
        'resolver:\n  url: https://raw.githubusercontent.com/commercialhaskell/stackage-snapshots/master/lts/19/6.yaml\npackages:\n- .\n',
      'package.yaml':
        'name: site\ndependencies:\n- base >= 4.7 && < 5\n- yesod\nexecutables:\n  site-exe:\n    main: Main.hs\n    dependencies:\n    - site\ntests:\n  site-test:\n    main: Spec.hs\n',
      'site.cabal':
        'name: site\nexecutable site-exe\n  build-depends: base >=4.7 && <5, yesod\ntest-suite t\n  build-depends: base\n',
    });
    expect(found.toolchains[0]).toMatch(/^haskell 9\.0\.2 exact nixpkgs-25_05$/);
    expect(found.managers).toEqual(['stack']);
    expect(found.projects[0]).toMatchObject({ name: 'site', frameworks: ['yesod'], ports: [3000] });
    expect(found.commands?.build).toBe('stack build --no-nix --system-ghc --skip-ghc-check');
    expect(found.commands?.start).toBe('stack exec --no-nix --system-ghc --skip-ghc-check -- site-exe');
    expect(found.libraries).toEqual(
      expect.arrayContaining([expect.stringMatching(/^gmp/), expect.stringMatching(/^zlib/)]),
    );
  });

  test.each([
    ['a compiler of long ago: the oldest that is supported', 'GHC==7.6.3', '>=4.5 && <5', '9.6'],
    ['in any order', 'GHC ==9.0.1, GHC ==8.10.4, GHC ==9.2.1, GHC ==8.0.2', '<5', '9.6'],
    ['one of them is supported', 'GHC ==8.10.7 || ==9.8.4', '>=4.12', '9.8'],
    ['base forbids what is supported', 'GHC ==8.10.7 || ==9.2.8', '>=4.12 && <4.17', '9.2'],
  ])('tested with %s', async (_, tested, base, line) => {
    const { toolchains, findings } = await decided({
      'shop.cabal': `name: shop\ntested-with: ${tested}\nlibrary\n  build-depends: base ${base}\n`,
    });
    expect(toolchains[0]).toMatch(`haskell ${line}`);
    expect(findings.includes('version-superseded')).toBe(line === '9.6');
    expect(findings).not.toContain('version-contradiction');
  });

  test('a library of pkg-config that nobody knows is said', async () => {
    const found = await decided({
      'shop.cabal':
        'name: shop\nlibrary\n  build-depends: base\n  pkgconfig-depends: libpq, libunheard >= 1.1\n',
    });
    expect(found.libraries).toContain('libpq');
    expect(found.findings).toContain('library-unknown');
  });

  test('an executable that only a flag builds is not what is started', async () => {
    const found = await decided({
      'shop.cabal':
        'name: shop\nflag example\n  default: False\nlibrary\n  build-depends: base\nexecutable shop-example\n  main-is: Main.hs\n  if !flag(example)\n    buildable: False\n',
    });
    expect(found.commands?.start).toBeNull();
  });

  test.each([
    ['a snapshot of today', { 'stack.yaml': 'snapshot: lts-24.10\n' }, 'haskell 9.10.3 compatible nixpkgs'],
    [
      'a compiler of stack.yaml',
      { 'stack.yaml': 'resolver: lts-24.10\ncompiler: ghc-9.8.4\n' },
      /^haskell 9\.8\.4 exact nixpkgs$/,
    ],
    [
      'cabal.project',
      { 'cabal.project': 'packages: .\nwith-compiler: ghc-9.4.8\n', 'a.cabal': 'name: a\n' },
      /^haskell 9\.4\.8 exact nixpkgs$/,
    ],
    [
      '.tool-versions',
      { '.tool-versions': 'haskell 9.6.7\n', 'a.cabal': 'name: a\n' },
      /^haskell 9\.6\.7 exact nixpkgs$/,
    ],
    [
      'a resolver that is a compiler, which only an older channel has',
      { 'stack.yaml': 'resolver: ghc-9.2.5\n' },
      /^haskell 9\.2\.5 exact nixpkgs-24_11$/,
    ],
    [
      'a compiler that no channel has: its series',
      { 'cabal.project': 'packages: .\nwith-compiler: ghc-9.2.3\n', 'a.cabal': 'name: a\n' },
      /^haskell 9\.2\.8 nearest nixpkgs-25_05$/,
    ],
    [
      'a series: its newest release',
      { 'stack.yaml': 'resolver: lts-20\n' },
      /^haskell 9\.2\.8 compatible nixpkgs-25_05$/,
    ],
    [
      'a snapshot of a series that current channels have no more',
      { 'stack.yaml': 'resolver: lts-20.12\n' },
      /^haskell 9\.2\.6 exact nixpkgs-24_11$/,
    ],
    [
      'a snapshot of a series that they have',
      { 'stack.yaml': 'resolver: lts-21.20\n' },
      /^haskell 9\.4\.8 compatible nixpkgs$/,
    ],
    [
      'the bounds of base',
      { 'a.cabal': 'name: a\nlibrary\n  build-depends: base >=4.16 && <4.18\n' },
      /^haskell 9\.4\.8 compatible nixpkgs$/,
    ],
    [
      'nothing',
      { 'a.cabal': 'name: a\nlibrary\n  build-depends: base <5\n' },
      'haskell 9.10.3 default nixpkgs',
    ],
  ])('pinned by %s', async (_, files, expected) => {
    expect((await decided(files as Record<string, string>)).toolchains[0]).toMatch(expected);
  });

  test('a nightly snapshot is told: nobody knows its compiler offline', async () => {
    const found = await decided({ 'stack.yaml': 'resolver: nightly-2025-01-01\n', 'a.cabal': 'name: a\n' });
    expect(found.findings).toContain('version-not-understood');
  });

  test('a project with several packages and a freeze file', async () => {
    const found = await decided({
      'cabal.project': 'packages: core app\n',
      'cabal.project.freeze': 'constraints: any.text ==2.0.2,\n             any.zlib ==0.7.0.0\n',
      'core/core.cabal': 'name: core\nlibrary\n  build-depends: base\n',
      'app/app.cabal': 'name: app\nexecutable app\n  build-depends: base, core\n',
      'examples/x/x.cabal': 'name: x\n',
    });
    expect(found.projects).toHaveLength(1);
    expect(found.libraries).toEqual(['gmp', 'zlib']);
    expect(found.plan.packageManagers[0]?.lockfile).toBe('cabal.project.freeze');
  });

  test('hpack alone: the description is made first', async () => {
    const found = await decided({
      'package.yaml': 'name: a\nlibrary:\n  source-dirs: src\ndependencies: base\n',
    });
    expect(found.commands?.install).toMatch(/^hpack && cabal update/);
    expect(found.tools).toContain('hpack');
  });

  test("another tool's package.yaml is none", async () => {
    expect((await decided({ 'package.yaml': 'title: a\n' })).projects).toEqual([]);
  });
});

test('snapshots and bounds', () => {
  const of20 = [4, 11, 12, 13, 24, 25, 26].map((minor) => compilerOfSnapshot(`lts-20.${minor}`));
  expect(of20).toEqual(['9.2.5', '9.2.5', '9.2.6', '9.2.7', '9.2.7', '9.2.8', '9.2.8']);
  expect(compilerOfSnapshot('lts-21.4')).toBe('9.4');
  expect(compilerOfSnapshot('lts-20')).toBe('9.2');
  expect(compilerOfSnapshot('ghc-9.6.3')).toBe('9.6.3');
  expect(compilerOfSnapshot('./custom.yaml')).toBeNull();
  expect(compilerOfBase('>=4.16 && <4.20')).toBe('>=9.2 && <9.10');
  expect(compilerOfBase('^>=4.18.1')).toBe('^>=9.6');
  expect(compilerOfBase('==4.18.*')).toBe('==9.6.*');
  expect(compilerOfBase('>=4 && <5')).toBeNull();
  const lines = '==9.2.* || ==9.4.* || ==9.10.*';
  expect(compilerOfTests('GHC == 9.10.1, GHC ==9.2.8 || ==9.4.7, GHC == 9.4.8')).toEqual({
    lines,
    newest: '9.10',
  });
  expect(compilerOfTests('GHC >= 9.2 && < 9.8')).toEqual({ lines: '>= 9.2 && < 9.8', newest: null });
});
