/** Repositories of sources without a manifest: what an ending says, and what a Makefile compiles. */
import { describe, expect, it } from 'vitest';
import { censusOf } from '../../../src/detect/sources/census.ts';
import { sourceLanguages } from '../../../src/detect/sources/languages.ts';
import { understood } from '../../support/understood.ts';

describe('sources without a manifest', () => {
  it.each([
    ['ocaml', ['main.ml', 'lexer.mll'], 'default'],
    ['fortran', ['solve.f90', 'grid.f'], 'default'],
    ['ada', ['client/log.adb', 'client/log.ads'], 'default'],
    ['go', ['gid.go', 'gid_test.go'], 'none'],
    ['python', ['game.py', 'map.py'], 'none'],
    ['ruby', ['lib/rt/parser.rb', 'lib/rt.rb'], 'none'],
    ['php', ['Text-0.7/Text.php', 'Text-0.7/Tools.php'], 'none'],
    ['erlang', ['src/bot.erl', 'src/config.erl'], 'none'],
    ['lua', ['lib/resty/cookie.lua'], 'none'],
    ['haskell', ['Main.hs', 'Parse.lhs'], 'default'],
    ['nim', ['hello.nim'], 'default'],
  ])('are %s by their endings', async (id, paths, compiler) => {
    const found = await understood(Object.fromEntries(paths.map((path) => [path, '\n'])));
    expect(found).toMatchObject({ languages: [id], compiler, codes: ['runtime-assumed'] });
    // The line is the one of the language's own rows, whose catalogue no file has announced.
    expect(found.plan.toolchains).toMatchObject([{ id, match: 'default' }]);
    const { findings, repository } = found.plan;
    expect(findings[0]?.message).toContain(paths.length === 1 ? paths[0] : `${paths.length} sources like`);
    expect(paths).toContain(repository.inputs[0]?.path);
  });

  it('have the line of Go that its own catalogue has', async () => {
    const { plan } = await understood({ 'gid.go': 'package gls\n' });
    expect(plan.toolchains[0]?.key).toMatch(/^go-1\.\d+$/);
  });

  it('are started where there is but one', async () => {
    expect((await understood({ 'bin/say hello.lua': '' })).root).toEqual({
      start: "lua 'bin/say hello.lua'",
    });
    expect((await understood({ 'hello.py': '', 'util.py': '' })).root).toEqual({});
    expect((await understood({ 'hello.py': '', Makefile: 'all:\n' })).root).toEqual({ build: 'make' });
    expect((await understood({ 'hello.ml': '' })).root).toEqual({});
  });

  it('are built as their Makefile says', async () => {
    const found = await understood({
      Makefile: 'all: spam\ntest:\n\t./test.sh\n',
      'database.ml': '\n',
      'main.ml': '\n',
    });
    expect(found).toMatchObject({
      languages: ['ocaml'],
      tools: ['gnumake'],
      root: { build: 'make', test: 'make test' },
    });
    expect(found.plan.findings).toMatchObject([{ code: 'runtime-assumed', severity: 'info' }]);
  });

  it('are configured before by the script that writes the Makefile', async () => {
    const found = await understood({
      configure: '#!/bin/sh\n',
      'Makefile.in': 'all:\n',
      'src/bot.erl': '\n',
    });
    expect(found.root).toEqual({ build: './configure && make' });
  });

  it('are in two languages where there are half as many of the second', async () => {
    const files = (python: number, go: number) =>
      understood(
        Object.fromEntries([
          ...Array.from({ length: python }, (_, at) => [`p${at}.py`, '\n']),
          ...Array.from({ length: go }, (_, at) => [`g${at}.go`, '\n']),
        ]),
      );
    expect((await files(4, 2)).languages).toEqual(['python', 'go']);
    expect((await files(5, 2)).languages).toEqual(['python']);
    // A single one beside a single other may be anything.
    expect((await files(1, 1)).languages).toEqual(['python']);
  });

  it('are nothing where most are in a language that is not served', async () => {
    const found = await understood({ 'a.pas': '', 'b.pas': '', 'c.pas': '', 'tool.py': '' });
    expect(found.languages).toEqual([]);
    expect(found.codes).toContain('nothing-found');
  });

  it('are not those of examples, of tests or of other people', async () => {
    const paths = ['vendor/a.go', 'examples/b.go', 'tests/c.go', 'deps/d.go', 'docs/e.go'];
    const found = await understood(Object.fromEntries(paths.map((path) => [path, ''])));
    expect(found.languages).toEqual([]);
  });

  it('are left alone where the language is disabled', async () => {
    const found = await understood({ 'gid.go': '' }, { disable: ['go'] });
    expect(found.toolchains).toEqual([]);
  });

  it('say nothing beside a manifest', async () => {
    const found = await understood({ 'package.json': '{}', 'a.ml': '', 'b.ml': '', 'c.ml': '' });
    expect(found.languages).toEqual(['node']);
  });
});

describe('sources of C', () => {
  it('have its compiler, whatever their names', async () => {
    const found = await understood({ 'src/move.c': '', 'src/Makefile.unx': '', 'src/draw.c': '' });
    expect(found).toMatchObject({ languages: ['c'], compiler: 'default', toolchains: [] });
    expect(found.codes).toContain('runtime-assumed');
    expect((await understood({ 'a.cc': '', 'b.cxx': '', 'c.c': '' })).languages).toEqual(['cpp']);
  });
});

describe('a build of C', () => {
  const stubs = { 'stubs.c': '', 'a.ml': '', 'b.ml': '' };

  it('that compiles more of another language brings that, too', async () => {
    const found = await understood({ ...stubs, Makefile: 'all:\n\tocamlopt a.ml stubs.c\n' });
    expect(found).toMatchObject({ compiler: 'default', root: { build: 'make' } });
    expect(found.plan.projects[0]?.languages).toEqual(['ocaml', 'c']);
    expect(found.plan.toolchains).toMatchObject([{ id: 'ocaml', match: 'default' }]);
  });

  it('is of that language alone where it has nothing of C', async () => {
    const found = await understood({ 'configure.in': 'AC_INIT(web)\n', 'a.ml': '', 'b.mll': '' });
    expect(found.plan.projects[0]).toMatchObject({ languages: ['ocaml'] });
    expect(found.root.build).toBe('autoreconf -fi && ./configure && make');
  });

  it('stays one of C with as much of C, or with many scripts', async () => {
    const makefile = { Makefile: 'all:\n\tcc a.c\n' };
    expect((await understood({ ...makefile, 'a.c': '', 'a.ml': '' })).languages).toEqual(['c']);
    const scripts = { 'a.c': '', 'x.py': '', 'y.py': '', 'z.py': '' };
    expect((await understood({ ...makefile, ...scripts })).languages).toEqual(['c']);
  });
});

describe('beside projects of other languages', () => {
  const erlang = { 'src/a.erl': '', 'src/b.erl': '', 'src/c.erl': '' };
  const driver = { 'drivers/Makefile': 'all:\n\tcc d.c\n', 'drivers/d.c': '' };

  it('what make compiles at the root is its project', async () => {
    const found = await understood({ ...erlang, ...driver, Makefile: 'all:\n\terl -make\n' });
    expect(found.projects).toEqual(['.', 'drivers']);
    expect(found.plan.projects[0]).toMatchObject({ languages: ['erlang'], commands: { build: 'make' } });
    expect(found.plan.toolchains).toMatchObject([{ id: 'erlang' }]);
  });

  it('gives the compiler to the project that the root has already', async () => {
    const python = { 'setup.py': 'from setuptools import setup\nsetup(name="x")\n' };
    const found = await understood({ ...python, ...erlang, configure: '', 'Makefile.in': '' });
    expect(found.projects).toEqual(['.']);
    expect(found.languages).toEqual(['python']);
    expect(found.plan.toolchains.map(({ id }) => id).sort()).toEqual(['erlang', 'python']);
  });

  it('nothing comes without a recipe, or where other sources are more', async () => {
    const one = await understood({ ...erlang, ...driver });
    expect(one.languages).toEqual(['c']);
    const other = { 'x.js': '', 'y.js': '', 'z.js': '' };
    const two = await understood({ ...erlang, ...driver, ...other, Makefile: 'all:\n' });
    expect(two.languages).toEqual(['c']);
  });
});

describe('a setup.py', () => {
  const setup = { 'setup.py': 'from setuptools import setup\nsetup(name="x")\n' };
  const cmake = { 'CMakeLists.txt': 'cmake_minimum_required(VERSION 3.20)\nproject(x CXX)\n' };

  it('that makes the bindings of a library leaves the library to CMake', async () => {
    const found = await understood({ ...setup, ...cmake, 'a.cc': '', 'b.cc': '', 'c.cc': '', 'bind.py': '' });
    expect(found.languages.sort()).toEqual(['cpp', 'python']);
    expect(found.tools).toContain('cmake');
  });

  it('has the sources of its extension where most are in Python', async () => {
    const found = await understood({ ...setup, ...cmake, 'a.cc': '', 'x.py': '', 'y.py': '' });
    expect(found.languages).toEqual(['python']);
  });
});

describe('the census', () => {
  it('counts each ending for one language', () => {
    const endings = sourceLanguages.flatMap((language) => language.endings);
    expect(new Set(endings).size).toBe(endings.length);
    expect(endings.filter((ending) => ending !== ending.toLowerCase())).toEqual([]);
  });

  it('has the language with most sources first, and the source nearest to the folder', () => {
    const paths = ['README.md', 'lib/deep/a.rb', 'lib/b.rb', 'x.PY'].sort();
    expect(censusOf({ paths }, '.').map(({ language, count, first }) => [language.id, count, first])).toEqual(
      [
        ['ruby', 2, 'lib/b.rb'],
        ['python', 1, 'x.PY'],
      ],
    );
    expect(censusOf({ paths }, 'lib/deep')).toHaveLength(1);
  });
});
