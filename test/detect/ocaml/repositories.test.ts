import { describe, expect, test } from 'vitest';
import { parseSexps } from '../../../src/detect/ocaml/dune.ts';
import { opamDependencies } from '../../../src/detect/ocaml/opam.ts';
import { decisionsOf, planOfFiles } from '../../support/repository.ts';

async function decided(files: Record<string, string>) {
  const plan = await planOfFiles(files);
  const { install, build, test: tests, start } = plan.projects[0]?.commands ?? {};
  return { ...decisionsOf(plan), commands: { install, build, test: tests, start }, plan };
}

const dune = `(lang dune 3.10)
; (package (name not))
(name shop)
(generate_opam_files true)
(package
 (name shop)
 (depends
  (ocaml (and (>= 4.14) (< 5.2)))
  dune
  (dream (>= 1.0.0~alpha5))
  (caqti-driver-postgresql :with-dev-setup)
  (alcotest :with-test)))
`;

describe('OCaml', () => {
  test('a web application of dune', async () => {
    const found = await decided({
      'dune-project': dune,
      'bin/dune': '(executable\n (public_name shop)\n (name main))\n',
      'bin/main.ml': '',
    });
    expect(found.toolchains).toEqual(['ocaml 5.1 compatible nixpkgs']);
    expect(found.managers).toEqual(['opam']);
    expect(found.projects).toEqual([
      {
        path: '.',
        name: 'shop',
        languages: ['ocaml'],
        frameworks: ['dream'],
        packageManager: 'opam',
        ports: [8080],
      },
    ]);
    expect(found.commands.install).toMatch(
      /opam switch create \. ocaml-system .*opam install \. --deps-only --with-test --yes$/,
    );
    expect(found.commands).toMatchObject({
      build: 'opam exec -- dune build',
      test: 'opam exec -- dune runtest',
      start: 'opam exec -- dune exec shop',
    });
    expect(found.libraries).toEqual(['libev', 'libpq', 'libpq.pg_config', 'openssl']);
    expect(found.tools).toEqual(
      expect.arrayContaining(['dune', 'git', 'm4', 'make', 'pkg-config', 'rsync', 'unzip']),
    );
    expect(found.compiler).toEqual(['default']);
  });

  test('a package of opam with a lock file', async () => {
    const found = await decided({
      'hash.opam':
        'opam-version: "2.0"\ndepends: [\n  "ocaml" {>= "4.08" & < "5.0"}\n  "dune" {>= "2.0"}\n  "zarith" {>= "1.9"}\n  "odoc" {with-doc}\n]\ndepopts: [ "mariadb" ]\nbuild: ["dune" "build"]\n',
      'hash.opam.locked': 'opam-version: "2.0"\n',
      'dune-project': '(lang dune 2.0)\n',
    });
    expect(found.toolchains).toEqual(['ocaml 4.14 compatible nixpkgs']);
    expect(found.projects[0]).toMatchObject({ name: 'hash' });
    expect(found.commands.install).toMatch(/ --locked$/);
    expect(found.libraries).toEqual(['gmp']);
    expect(found.plan.packageManagers[0]?.lockfile).toBe('hash.opam.locked');
  });

  test('dune alone, without packages of others', async () => {
    const found = await decided({
      'dune-project': '(lang dune 3.0)\n',
      'bin/dune': '(executable (name main))',
    });
    expect(found.toolchains).toEqual(['ocaml 5.4 default nixpkgs']);
    expect(found.managers).toEqual(['dune']);
    expect(found.commands).toEqual({
      install: null,
      build: 'dune build',
      test: 'dune runtest',
      start: 'dune exec ./bin/main.exe',
    });
  });

  test.each([
    [
      'a helper that a rule runs',
      '(executable (name gen))\n(rule (targets flags.sexp) (deps (:gen gen.exe)) (action (run %{gen})))',
      null,
    ],
    [
      'a helper that finds out about the system',
      '(executable (name discover) (libraries dune-configurator))',
      null,
    ],
    [
      'a helper beside the program',
      '(executable (name gen))\n(executable (name main))\n(rule (with-stdout-to a.ml (run %{exe:./gen.exe})))',
      './bin/main.exe',
    ],
    [
      'what is installed, though a rule runs it too',
      '(executable (name main) (public_name shop))\n(executable (name other))\n(rule (with-stdout-to shop.1 (run ./main.exe --help=groff)))',
      'shop',
    ],
    [
      'of several the one that is installed',
      '(executables (names main probe) (public_names shop -))',
      'shop',
    ],
    [
      'what an install stanza installs',
      '(executables (names main probe))\n(install (section bin) (files (main.exe as shop)))',
      './bin/main.exe',
    ],
    [
      'nothing where a copy is installed',
      '(executable (name main))\n(executable (name boot))\n(rule (copy main.exe shop.exe))\n(install (section bin) (files (shop.exe as shop)))',
      null,
    ],
    ['nothing of several', '(executables (names one two))', null],
  ])('the program of dune: %s', async (_, bin, program) => {
    const { commands } = await decided({ 'dune-project': '(lang dune 3.0)\n', 'bin/dune': bin });
    expect(commands.start).toBe(program === null ? null : `dune exec ${program}`);
  });

  test('locked by dune itself', async () => {
    const found = await decided({ 'dune-project': dune, 'dune.lock/lock.dune': '(lang package 0.1)\n' });
    expect(found.managers).toEqual(['dune']);
    expect(found.plan.packageManagers[0]?.lockfile).toBe('dune.lock/lock.dune');
  });

  test('.tool-versions comes before bounds', async () => {
    const found = await decided({ 'dune-project': dune, '.tool-versions': 'ocaml 5.3.0\n' });
    expect(found.toolchains[0]).toMatch(/^ocaml 5\.3 /);
    expect(found.findings).toContain('version-contradiction');
  });

  test('a monorepo: the outermost project holds the packages, vendored ones are none of it', async () => {
    const found = await decided({
      'dune-project': '(lang dune 3.0)\n',
      'a.opam': 'opam-version: "2.0"\ndepends: ["ocaml" {>= "5.0"}]\n',
      'lib/b/dune-project': '(lang dune 3.0)\n',
      'vendor/c/dune-project': '(lang dune 3.0)\n',
      'examples/d/dune-project': '(lang dune 3.0)\n',
    });
    expect(found.projects.map(({ path }) => path)).toEqual(['.']);
    expect(found.toolchains).toEqual(['ocaml 5.4 compatible nixpkgs']);
  });

  test('what Dream is linked with, which its own dependencies look for', async () => {
    const found = await decided({
      'dune-project': '(lang dune 3.0)\n',
      'web.opam': 'opam-version: "2.0"\ndepends: ["ocaml" {>= "5.0"} "dream"]\n',
    });
    expect(found.plan.libraries.map(({ attribute }) => attribute)).toEqual(['libev', 'openssl']);
  });

  test('of alternatives the first counts, with what is asked for beside them', () => {
    const text = `depends: [
  "dune" {>= "3.0"}
  ("ocaml" {>= "4.08"} | ("ocaml" {< "4.08~~"} & "secondary" {>= "1"}) & "tertiary")
  "a" | "b" {>= "2"}
  "c" {>= "3"}
]
conflicts: [ "d" ]
`;
    const found = opamDependencies(text).map(({ name, bound }) => `${name} ${bound}`);
    expect(found).toEqual(['dune >= "3.0"', 'ocaml >= "4.08"', 'a ', 'c >= "3"']);
  });

  test('broken files are read as far as they go', () => {
    expect(parseSexps('(a (b "c')).toHaveLength(1);
    expect(parseSexps('))))')).toEqual([]);
    expect(parseSexps('('.repeat(100_000)).length).toBeLessThan(2);
    expect(opamDependencies('depends: [ "a" {').map(({ name }) => name)).toEqual(['a']);
  });
});
