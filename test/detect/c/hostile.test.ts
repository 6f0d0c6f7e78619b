import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAutotools } from '../../../src/detect/c/autotools.ts';
import { callsOf } from '../../../src/detect/c/calls.ts';
import { CMakeVariables, truthOf } from '../../../src/detect/c/cmake-conditions.ts';
import { cmakeCommands } from '../../../src/detect/c/cmake-syntax.ts';
import { MesonVariables } from '../../../src/detect/c/meson-variables.ts';
import { qmakeStatements } from '../../../src/detect/c/qmake.ts';
import { parseCabal } from '../../../src/detect/haskell/cabal.ts';
import { parseNimble } from '../../../src/detect/nim/nimble.ts';
import { parseSexps } from '../../../src/detect/ocaml/dune.ts';
import { opamDependencies } from '../../../src/detect/ocaml/opam.ts';
import { readZigScript } from '../../../src/detect/zig/script.ts';
import { parseZon } from '../../../src/detect/zig/zon.ts';
import { inventoryOf } from '../../support/inventory.ts';
import { planOfFiles } from '../../support/repository.ts';

describe('the language of CMake', () => {
  const names = (text: string) => cmakeCommands(text).map(({ name, args, line }) => [name, args, line]);

  test('has comments, strings and brackets', () => {
    expect(names('# a(b)\nset(X "a ) b" [==[ c ] ) ]==] d\\ e) #[[ f()\n ]] g ( )')).toEqual([
      ['set', ['X', 'a ) b', ' c ] ) ', 'd e'], 2],
      ['g', [], 3],
    ]);
    expect(names('if((A AND B) OR C)')).toEqual([['if', ['(', 'A', 'AND', 'B', ')', 'OR', 'C'], 1]]);
  });

  test('that is broken ends', () => {
    expect(names('a("never closed')).toEqual([['a', ['never closed'], 1]]);
    expect(names('a([[b')).toEqual([['a', ['b'], 1]]);
    expect(names(')))(((')).toEqual([]);
  });

  test.each<[string, boolean | null]>([
    ['WIN32', false],
    ['NOT WIN32', true],
    ['LINUX', true],
    ['UNIX AND NOT APPLE', true],
    ['WITH_X', null],
    ['WITH_X AND MSVC', false],
    ['WITH_X OR UNIX', true],
    ['( WIN32 OR APPLE ) AND WITH_X', false],
    ['DEFINED FOO', null],
    ['CMAKE_SYSTEM_NAME STREQUAL Windows', false],
    ['CMAKE_SYSTEM_NAME STREQUAL Linux', true],
    ['X VERSION_LESS 3.5', null],
  ])('knows of %s: %s', (condition, truth) => {
    expect(truthOf(condition.split(' '), new CMakeVariables())).toBe(truth);
  });
});

describe('hostile files', () => {
  const readers = {
    cmake: cmakeCommands,
    calls: callsOf,
    meson: (text: string) => new MesonVariables().read(text),
    qmake: qmakeStatements,
    autoconf: (text: string) => {
      const inventory = inventoryOf({ 'configure.ac': text });
      for (const file of inventory.files.values()) readAutotools(inventory, file);
    },
    cabal: parseCabal,
    nimble: parseNimble,
    sexps: parseSexps,
    opam: opamDependencies,
    zon: parseZon,
    zig: readZigScript,
  };
  const pieces = fc.constantFrom(
    ...'()[]{}"\'#;|&=<>.:,\\\n \t'.split(''),
    '[==[',
    ']==]',
    '"""',
    "'''",
    'if',
    'depends:',
    'a',
    '1.2',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 80 }).map((words) => words.join('')),
  );

  test.each(Object.entries(readers))('are read by %s without an error', (_, read) => {
    fc.assert(fc.property(text, (each) => void read(each)));
  });

  test.each(Object.entries(readers))('take %s no more than linear time', (_, read) => {
    for (const unit of [
      '(',
      '[',
      '"',
      '#[[',
      'a(',
      'if(',
      "'",
      '\\',
      '[=',
      ' ',
      '\n',
      '{',
      'x:',
      '.a=',
      'a ',
      'requires ',
      'a=',
      'a=[',
      'QT += a \\\n',
      '\\\n',
      'A_B(',
      'foreach a : b\n',
      '|',
      '&',
      '<',
    ]) {
      const started = performance.now();
      read(unit.repeat(200_000 / unit.length));
      expect(performance.now() - started, JSON.stringify(unit)).toBeLessThan(3000);
    }
  });

  const presets = (all: { name: string; inherits: string[] }[]) =>
    JSON.stringify({ version: 3, configurePresets: all });
  const range = (count: number) => Array.from({ length: count }, (_, at) => at);
  test.each<[string, Record<string, string>]>([
    [
      'values that double with every line',
      {
        'CMakeLists.txt': `project(x C)\nset(A a)\n${'set(A "${A}${A}")\n'.repeat(60)}find_package(${'${A}'})\n`,
      },
    ],
    [
      'conditions in conditions',
      { 'CMakeLists.txt': `project(x C)\n${'if(X)\n'.repeat(75_000)}${'a()\n'.repeat(110_000)}` },
    ],
    ['commands of CMake on one line', { 'CMakeLists.txt': `project(x C) ${'a() '.repeat(240_000)}` }],
    ['calls of Meson on one line', { 'meson.build': `project('x', 'c') ${'a() '.repeat(240_000)}` }],
    ['macros on one line', { 'configure.ac': `AC_INIT([x])\nAC_PROG_CC ${'AC_A '.repeat(200_000)}` }],
    ['macros in macros', { 'configure.ac': `AC_INIT([x])\nAC_PROG_CC ${'AC_A('.repeat(200_000)}` }],
    [
      'a file that every build includes',
      {
        'all.cmake': 'a()\n'.repeat(150_000),
        ...Object.fromEntries(
          range(300).map((at) => [`d${at}/CMakeLists.txt`, 'project(x C)\ninclude(../all.cmake)\n']),
        ),
      },
    ],
    [
      'presets that inherit from nowhere',
      {
        'CMakeLists.txt': 'project(x C)',
        'CMakePresets.json': presets([
          { name: 'b', inherits: range(200_000).map(() => '') },
          ...range(499).map((at) => ({ name: `p${at}`, inherits: ['b'] })),
        ]),
      },
    ],
    [
      'presets that inherit from one another',
      {
        'CMakeLists.txt': 'project(x C)',
        'CMakePresets.json': presets(
          range(500).map((at) => ({
            name: `p${at}`,
            inherits: range(250).map((each) => `p${(at * 7 + each) % 500}`),
          })),
        ),
      },
    ],
  ])(
    'take no more than linear time: %s',
    async (_, files) => {
      const started = process.cpuUsage();
      const plan = await planOfFiles(files);
      expect(plan.projects.length).toBeGreaterThan(0);
      expect(process.cpuUsage(started).user / 1000).toBeLessThan(2500);
    },
    60_000,
  );

  test('a condition in one that is not certain is not certain either', async () => {
    const found = async (text: string) =>
      (await planOfFiles({ 'CMakeLists.txt': `project(x C)\n${text}` })).findings.map(({ code }) => code);
    const wanted = 'find_package(NoSuchThing REQUIRED)\n';
    expect(await found(`if(UNIX)\n${wanted}endif()\n`)).toContain('library-unknown');
    for (const around of ['if(X)', 'function(f)'])
      expect(await found(`${around}\nif(UNIX)\n${wanted}endif()\n`)).not.toContain('library-unknown');
    expect(await found(`if(WIN32)\nif(UNIX)\n${wanted}`)).not.toContain('library-unknown');
    expect(await found(`if(WIN32)\nelse()\nif(UNIX)\n${wanted}`)).toContain('library-unknown');
  });

  test('of a whole repository give a plan', async () => {
    const names = [
      'CMakeLists.txt',
      'CMakePresets.json',
      'meson.build',
      'a.pro',
      'configure.ac',
      'Makefile',
      'conanfile.py',
      'conanfile.txt',
      'vcpkg.json',
      'MODULE.bazel',
      '.bazelversion',
      'a.cabal',
      'stack.yaml',
      'cabal.project',
      'package.yaml',
      'dune-project',
      'dune',
      'a.opam',
      'build.zig',
      'build.zig.zon',
      '.zigversion',
      'a.nimble',
      'nimble.lock',
      'shard.yml',
      'shard.lock',
      '.crystal-version',
    ];
    const words = fc.constantFrom(
      'project(',
      'a',
      ')',
      '"',
      '\n',
      'depends: [',
      '{',
      '}',
      '>= 1',
      'find_package(X REQUIRED)',
      'AC_INIT([x])',
      'name: b',
      'resolver: lts-1.1',
      'crystal: ~>',
      '.{',
      'requires "nim',
      '(',
      '$(',
      '`id`',
      '; rm -rf /',
    );
    const content = fc.array(words, { maxLength: 20 }).map((each) => each.join(''));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...names), content, { maxKeys: 6 }), async (files) => {
        const plan = await planOfFiles({ ...files, 'main.c': '', 'a.cpp': '' });
        for (const { commands } of plan.projects) {
          for (const command of Object.values(commands)) expect(command ?? '').not.toMatch(/`|rm -rf|\$\(/);
        }
      }),
      { numRuns: 60 },
    );
  });
});
