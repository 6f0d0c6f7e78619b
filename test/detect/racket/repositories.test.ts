/**
 * Repositories in Racket and the plans that they must have, as https://docs.racket-lang.org/pkg/ and
 * https://docs.racket-lang.org/raco/ describe them.
 */
import { describe, expect, test } from 'vitest';
import { analysed } from '../../support/analysed.ts';

const install = 'raco pkg install --auto --no-docs --skip-installed';
const info = (fields: string) => `#lang info\n${fields}`;
const library = '#lang racket/base\n(provide tally)\n(define (tally xs) (length xs))\n';
const program = '#lang racket/base\n(module+ main\n  (displayln "hello"))\n';

test('a library of one collection: its own version is none of Racket', async () => {
  const found = await analysed({
    'info.rkt': info(
      '(define collection "tally")\n(define version "3.1")\n(define deps \'("base"))\n(define build-deps \'("rackunit-lib" "racket-doc" ("scribble-lib" #:version "97.1")))\n',
    ),
    'main.rkt': library,
    'scribblings/tally.scrbl': '#lang scribble/manual\n',
  });
  expect(found).toMatchObject({
    languages: ['racket'],
    toolchains: ['racket 9 default'],
    packageManagers: ['raco'],
    frameworks: [],
    commands: { install: `${install} --name tally`, build: 'raco make main.rkt', test: 'raco test -x .' },
    findings: [],
  });
  expect(found.commands).not.toHaveProperty('start');
  expect(found.plan.projects).toMatchObject([{ path: '.', name: 'tally', packageManager: 'raco' }]);
  expect(found.plan.toolchains[0]).toMatchObject({ attribute: 'racket', requested: null });
  expect(found.plan.packageManagers[0]?.bundledWith).toBe('racket-9');
});

test('a web application is started, and has the least Racket that base is asked for in', async () => {
  const found = await analysed({
    'info.rkt': info(
      '(define collection "blog")\n(define deps (list "web-server-lib"\n  (list "base" \'#:version "8.2")))\n',
    ),
    'main.rkt': program,
    'tests/routes.rkt': '#lang racket/base\n(require rackunit)\n',
  });
  expect(found).toMatchObject({
    toolchains: ['racket 9 compatible'],
    frameworks: ['web-server'],
    commands: {
      install: `${install} --name blog`,
      build: 'raco make main.rkt',
      start: 'racket main.rkt',
      test: 'raco test -x . && raco test tests',
    },
  });
  expect(found.plan.repository.inputs.map(({ path }) => path)).toEqual(['info.rkt', 'main.rkt']);
  expect(found.plan.toolchains[0]?.because).toContainEqual({
    file: 'info.rkt',
    line: 4,
    text: '(list "base" \'#:version "8.2")))',
    rule: 'racket/base',
  });
});

test.each<[string, string | undefined]>([
  ['#lang racket/base\n(module* main #f (display 1))\n', 'racket main.rkt'],
  ['#lang racket\n(serve/servlet start)\n', 'racket main.rkt'],
  ['#lang racket\n(provide start)\n(define start 1)\n', undefined],
  ['#lang racket\n(provide x)\n  (module+ main\n (x))\n', 'racket main.rkt'],
  ['#lang racket\n; nothing yet\n', undefined],
  ['#lang racket\n(module+ main-test 1)(provide a)\n(provide b)\n', undefined],
])('of main.rkt %j, %s is run', async (text, start) => {
  const found = await analysed({ 'info.rkt': info(''), 'main.rkt': text });
  expect(found.commands.start).toBe(start);
});

test('a package of several collections is one project', async () => {
  const found = await analysed({
    'info.rkt': info('(define collection \'multi)\n(define deps \'("base"))\n'),
    'shelf/info.rkt': info('(define scribblings \'(("shelf.scrbl" ())))\n'),
    'shelf/main.rkt': program,
    'shelf-cli/main.rkt': program,
    'shelf/private/main.rkt': '',
  });
  expect(found.plan.projects.map(({ path }) => path)).toEqual(['.']);
  expect(found.commands).toEqual({
    install,
    build: 'raco make shelf-cli/main.rkt shelf/main.rkt',
    test: 'raco test -x .',
  });
});

test('packages of one repository are installed together, not from the catalogue', async () => {
  const files = {
    'tally/info.rkt': info(
      '(define collection \'multi)\n(define deps \'("tally-lib" "tally-doc"))\n(define implies \'("tally-lib"))\n',
    ),
    'tally-lib/info.rkt': info('(define collection \'multi)\n(define deps \'(("base" #:version "7.0")))\n'),
    'tally-lib/tally/main.rkt': library,
    'tally-doc/info.rkt': info(
      '(define collection \'multi)\n(define deps \'("base"))\n(define build-deps \'("tally"))\n',
    ),
    'examples/one/info.rkt': info('(define deps \'(("base" #:version "99.0")))\n'),
  };
  const found = await analysed(files, 'tally');
  expect(found.plan.projects.map(({ path }) => path)).toEqual(['tally', 'tally-doc', 'tally-lib']);
  expect(found.commands.install).toBe(`${install} ../tally-doc ../tally-lib ../tally`);
  expect((await analysed(files, 'tally-doc')).commands.install).toBe(
    `${install} ../tally-lib ../tally ../tally-doc`,
  );
  expect((await analysed(files, 'tally-lib')).commands).toMatchObject({
    install,
    build: 'raco make tally/main.rkt',
  });
  expect(found.toolchains).toEqual(['racket 9 compatible']);
});

test('a package for versions before info had its name', async () => {
  const found = await analysed({
    'info.rkt':
      '(module info setup/infotab\n  (define version "0.11")\n  (define deps \'(("base" "6.0") ["racket" "6.1.1.6"])))\n',
    'src/main.rkt': '#lang racket\n(displayln 1)\n',
  });
  expect(found).toMatchObject({
    toolchains: ['racket 9 compatible'],
    commands: { build: 'raco make src/main.rkt', start: 'racket src/main.rkt' },
  });
});

test('programs without a package, where there is no other project', async () => {
  expect(await analysed({ 'hello.rkt': '#lang racket/base\n' })).toMatchObject({
    languages: ['racket'],
    toolchains: ['racket 9 default'],
    packageManagers: [],
    commands: { start: 'racket hello.rkt' },
  });
  const several = await analysed({ 'a.rkt': '#lang racket\n', 'b.rkt': '#lang racket\n' });
  expect(several).toMatchObject({ languages: ['racket'], commands: {} });
  expect((await analysed({ 'a.rkt': '', 'app.rkt': '' })).commands).toEqual({ start: 'racket app.rkt' });
  const beside = await analysed({ 'package.json': '{"name":"x"}', 'syntax/example.rkt': '#lang racket\n' });
  expect(beside.languages).toEqual(['node']);
});

test('a module that is only called as a manifest is one of a program', async () => {
  const found = await analysed({ 'info.rkt': '#lang racket/base\n(displayln "about")\n' });
  expect(found).toMatchObject({ packageManagers: [], commands: { start: 'racket info.rkt' } });
});

describe('versions', () => {
  const base = { 'info.rkt': info('(define deps \'(("base" #:version "7.5")))\n') };
  const setup = (version: string) =>
    `jobs:\n  test:\n    steps:\n      - uses: Bogdanp/setup-racket@v1.14\n        with:\n          architecture: x64\n          distribution: full\n          version: ${version}\n`;

  test.each<[string, Record<string, string>, string, string]>([
    ['.tool-versions', { '.tool-versions': 'racket 8.18\n' }, 'racket 8 assumed', '8.18'],
    ['mise.toml', { 'mise.toml': '[tools]\nracket = "9"\n' }, 'racket 9 compatible', '9'],
    ['a version that is gone', { '.tool-versions': 'racket 7.9\n' }, 'racket 7 exact', '7.9'],
    ['setup-racket', { '.github/workflows/ci.yml': setup("'8.14'") }, 'racket 8 nearest', '8.14'],
    ['a snapshot', { '.github/workflows/ci.yml': setup('current') }, 'racket 9 compatible', '7.5'],
    ['an image', { Dockerfile: 'FROM racket/racket:8.12-full\n' }, 'racket 8 nearest', '8.12'],
  ])('by %s', async (_, files, toolchain, requested) => {
    const found = await analysed({ ...base, ...files });
    expect(found.toolchains).toEqual([toolchain]);
    expect(found.plan.toolchains[0]?.requested).toBe(requested);
  });

  test('of a later Racket than there is are told of', async () => {
    const found = await analysed({ 'info.rkt': info('(define deps \'(("base" #:version "99.0")))\n') });
    expect(found.toolchains).toEqual(['racket 9 nearest']);
    expect(found.findings).toContain('version-nearest');
  });
});

test('the package of a distribution is what the toolchain brings', async () => {
  const found = await analysed({
    'info.rkt': info('(define collection "a")\n'),
    Dockerfile: 'FROM debian:12\nRUN apt-get install -y racket\n',
  });
  expect(found).toMatchObject({ toolchains: ['racket 9 default'], findings: [] });
});

test('a manifest without an end is an error, and a package nevertheless', async () => {
  const found = await analysed({ 'info.rkt': info('(define deps \'("base")\n') });
  expect(found).toMatchObject({ findings: ['unreadable-manifest'], packageManagers: ['raco'] });
});

test('examples alone make no project', async () => {
  const found = await analysed({ 'examples/a/info.rkt': info('(define collection "a")\n'), 'README.md': '' });
  expect(found.plan.projects).toEqual([]);
});

test('names that mean something to a shell are quoted; those that are none of a package are not asked for', async () => {
  const files = {
    'a b/tally/info.rkt': info('(define collection \'multi)\n(define deps \'("tally-lib" "c;d"))\n'),
    'a b/tally/x$(y)/main.rkt': program,
    'c d/tally-lib/info.rkt': info(''),
    'c;d/info.rkt': info('(define collection "semicolon")\n'),
  };
  expect((await analysed(files, 'a b/tally')).commands).toMatchObject({
    install: `${install} '../../c d/tally-lib' ../tally`,
    build: "raco make 'x$(y)/main.rkt'",
    start: "racket 'x$(y)/main.rkt'",
  });
  expect((await analysed(files, 'c;d')).commands.install).toBe(`${install} --name semicolon`);
});
