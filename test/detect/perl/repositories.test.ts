/** Repositories in Perl and the plans that they must have. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tokensOf } from '../../../src/detect/perl/tokens.ts';
import { dotted } from '../../../src/detect/perl/versions.ts';
import { analysed } from '../../support/analysed.ts';

const cpanfile = `# requires 'Commented::Out';
requires 'perl', '5.026001';
requires 'Mojolicious' => '>= 9.0';
requires "DBD::Pg";
on 'test' => sub {
    requires 'Test::More', 0.98;
};
feature 'sqlite', 'local' => sub { recommends q(DBD::SQLite) };

=pod

requires 'In::Documentation';

=cut

__END__
requires 'After::End';
`;

test('a Mojolicious application with a list of modules', async () => {
  const found = await analysed({
    cpanfile,
    'script/shop': '#!/usr/bin/env perl\nuse Mojolicious::Commands;\n',
    'lib/Shop.pm': 'package Shop;\n1;\n',
    't/basic.t': 'use Test::More;\n',
  });
  expect(found).toMatchObject({
    languages: ['perl'],
    toolchains: ['perl 5.42 compatible'],
    packageManagers: ['cpanm'],
    frameworks: ['mojolicious'],
    ports: [3000],
    compiler: 'default',
    commands: {
      install: 'cpanm -L local --installdeps .',
      test: 'prove -lr t',
      start: 'perl script/shop daemon',
    },
    findings: [],
  });
  expect(found.libraries).toEqual(expect.arrayContaining(['libpq']));
  const [environment] = found.plan.environments;
  expect(environment?.hooks.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['perl-library', 'perl-bin']),
  );
  const ofLocale = environment?.variables.find(({ name }) => name === 'LANG');
  expect(ofLocale?.value).toEqual(['C.UTF-8']);
});

test('a snapshot makes it carton, frozen, on the perl that is pinned', async () => {
  const found = await analysed({
    cpanfile: "requires 'Dancer2';\n",
    'cpanfile.snapshot': '# carton snapshot format: version 1.0\nDISTRIBUTIONS\n',
    '.perl-version': 'perl-5.38.2\n',
    'bin/app.psgi': '',
    't/a.t': '',
  });
  expect(found).toMatchObject({
    toolchains: ['perl 5.38 assumed'],
    packageManagers: ['carton'],
    frameworks: ['dancer'],
    ports: [5000],
    commands: {
      install: 'carton install --deployment',
      test: 'carton exec prove -lr t',
      start: 'carton exec plackup bin/app.psgi',
    },
  });
  // carton installs for the perl that it runs on.
  const [manager] = found.plan.packageManagers;
  expect(manager).toMatchObject({ lockfile: 'cpanfile.snapshot', input: found.plan.toolchains[0]?.input });
});

test('a distribution with C, built by ExtUtils::MakeMaker', async () => {
  const found = await analysed({
    'Makefile.PL': `use ExtUtils::MakeMaker;
WriteMakefile(
  NAME => 'Fast::Thing',
  MIN_PERL_VERSION => '5.8.1',
  PREREQ_PM => { 'XML::LibXML' => '2.0', "List::Util" => 0 },
  TEST_REQUIRES => { 'Test::More' => '0.88' },
);
`,
    'Thing.xs': '#include "EXTERN.h"\n',
    't/a.t': '',
  });
  expect(found).toMatchObject({
    toolchains: ['perl 5.42 compatible'],
    compiler: 'default',
    commands: { build: 'perl Makefile.PL && make', test: 'make test' },
  });
  expect(found.libraries).toContain('libxml2');
});

test('Module::Build', async () => {
  const found = await analysed({
    'Build.PL': `use Module::Build;
Module::Build->new(module_name => 'A', requires => { perl => '>= 5.10.0, < 5.41', 'Net::SSLeay' => 0 })->create_build_script;
`,
  });
  expect(found.toolchains).toEqual(['perl 5.40 compatible']);
  expect(found.commands.build).toBe('perl Build.PL && ./Build');
  expect(found.libraries).toContain('openssl');
});

test('Dist::Zilla', async () => {
  const found = await analysed({
    'dist.ini':
      'name = App-Thing\nlicense = Perl_5\n[@Basic]\n[Prereqs]\nperl = 5.020\nGD = 2.0\n[Other]\nNot::This = 1\n',
    't/a.t': '',
  });
  expect(found.commands.build).toBe('dzil build');
  expect(found.commands.install).toContain('dzil listdeps --missing | cpanm -L local');
  expect(found.libraries).toContain('gd');
});

test('a monorepo', async () => {
  const found = await analysed(
    {
      'api/cpanfile': "requires 'Plack';\n",
      'api/app.psgi': '',
      'worker/cpanfile': "requires 'DBD::mysql';\n",
      'examples/x/cpanfile': "requires 'perl', '5.99.0';\n",
    },
    'api',
  );
  expect(found.plan.projects.map(({ path }) => path)).toEqual(['api', 'worker']);
  expect(found.commands.start).toBe('plackup app.psgi');
});

describe('odd ones', () => {
  test('nothing to install: no manager, no compiler', async () => {
    const found = await analysed({
      'Makefile.PL': "use ExtUtils::MakeMaker;\nWriteMakefile(NAME => 'Hello');\n",
      'lib/Hello.pm': 'package Hello; 1;\n',
      't/hello.t': 'use Test::More tests => 1; ok 1;\n',
    });
    expect(found).toMatchObject({ packageManagers: [], compiler: 'none' });
    expect(found.commands).toEqual({ build: 'perl Makefile.PL && make', test: 'prove -lr t' });
  });

  test('a module that is named by a variable is said', async () => {
    const found = await analysed({ cpanfile: "my $m = 'DBD::Pg';\nrequires $m;\nrequires 'Moo';\n" });
    expect(found.findings).toEqual(['dependency-unreadable']);
  });

  test('scripts alone', async () => {
    const found = await analysed({ 'convert.pl': '#!/usr/bin/perl\nuse strict;\n', 'README.md': '' });
    expect(found).toMatchObject({ languages: ['perl'], commands: { start: 'perl convert.pl' } });
    const prolog = await analysed({ 'family.pl': 'parent(a, b).\n' });
    expect(prolog.languages).toEqual([]);
    const helper = await analysed({ 'package.json': '{}', 'tool.pl': '#!/usr/bin/perl\nuse strict;\n' });
    expect(helper.languages).toEqual(['node']);
  });

  test.each([
    ['5.026001', '5.26.1'],
    ['5.010', '5.10.0'],
    ['5.006_001', '5.6.1'],
    ['v5.36', '5.36'],
    ['5.36.0', '5.36.0'],
    ['5.8.1', '5.8.1'],
    ['5', '5'],
    ['five', null],
  ])('%s is %s', (text, expected) => expect(dotted(text)).toBe(expected));

  test('hostile text neither fails nor takes long', () => {
    fc.assert(fc.property(fc.string(), (text) => void tokensOf(text)));
    const start = performance.now();
    for (const part of ['q(', "'", '{', '=a\n', '#', 'qw{', '\\', 'requires ', '\n'])
      tokensOf(part.repeat(50_000));
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

test('a distribution is not started by what lies beside its manifest', async () => {
  const found = await analysed({
    'Makefile.PL': 'use ExtUtils::MakeMaker;\nWriteMakefile(NAME => "Shop");\n',
    'lib/Shop.pm': 'package Shop;\n1;\n',
    'test.pl': '#!/usr/bin/perl\n',
    'dump.pl': '#!/usr/bin/perl\n',
  });
  // https://perldoc.perl.org/ExtUtils::MakeMaker#make-test
  expect(found.commands).toMatchObject({ build: 'perl Makefile.PL && make', test: 'make test' });
  expect(found.commands).not.toHaveProperty('start');
  const alone = await analysed({ cpanfile: '', 'test.pl': '', 'report.pl': '' });
  expect(alone.commands).toMatchObject({ start: 'perl report.pl' });
});
