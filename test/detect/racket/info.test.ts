import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readInfo } from '../../../src/detect/racket/info.ts';
import { type Datum, readSource } from '../../../src/detect/racket/reader.ts';

const written = ({ kind, text, items }: Datum): string =>
  kind === 'list' ? `(${items.map(written).join(' ')})` : kind === 'other' ? '?' : `${text}`;
const read = (text: string) => readSource(text).data?.map(written).join(' ') ?? null;

describe('data of Racket', () => {
  test.each([
    ['(a [b {c}])', '(a (b (c)))'],
    ["'(a . b) `(c ,d ,@e)", '(quote (a . b)) (quasiquote (c (unquote d) (unquote-splicing e)))'],
    ['"a \\"b\\" \\\\ ; #| c"', 'a "b" \\ ; #| c'],
    ['a ; b (\n c', 'a c'],
    ['a #| b #| c |# d |# e', 'a e'],
    ['(a #;(b c) d #;e)', '(a d)'],
    ["(a #;'b c '#;d e)", '(a c (quote e))'],
    ['#:version "8"', 'version 8'],
    ['(#\\( #\\a #\\newline x)', '(? ? ? x)'],
    ['#rx"[)]" #px#"\\"" #"(" x', '? ? ? x'],
    ['#(a b) #hash((a . b)) #s(a) #&b x', '? ? ? ? x'],
    ['#<<EOS\n(\n EOS\nEOS\nx', '? x'],
    ['|a b|c a\\ b 12 #t #e1.5', '|a b|c a\\ b ? ? ?'],
    ['', ''],
    ['#lang racket/base\nx', 'x'],
    ['#! /usr/bin/env racket (\nx', 'x'],
  ])('%j', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test.each(['(', ')', '(]', '"a', '#| a', '#<<A\nb', '|a', "(')", "'", '('.repeat(10_000)])(
    'that do not end are none: %j',
    (text) => {
      expect(read(text)).toBe(null);
    },
  );

  test('have lines', () => {
    const { data } = readSource('#lang info ; a\n#| b\n |# (c\n"d\ne"\n f)\n\ng');
    expect(data?.map(({ line }) => line)).toEqual([3, 8]);
    expect(data?.[0]?.items.map(({ line }) => line)).toEqual([3, 4, 6]);
  });

  const pieces = fc.constantFrom(
    ...'()[]{}"\'`,;|#\\.: \n'.split(''),
    ...[
      '#|',
      '|#',
      '#;',
      '#<<A\n',
      'A\n',
      '#:a',
      '#rx"',
      '#lang ',
      'info',
      ',@',
      '#\\',
      '(define deps ',
      '8.0',
    ],
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 80 }).map((words) => words.join('')),
  );

  test('of whatever text are read without an error, and no datum is behind the end', () => {
    const lines = (data: readonly Datum[]): number[] =>
      data.flatMap(({ line, items }) => [line, ...lines(items)]);
    fc.assert(
      fc.property(text, (each) => {
        const { data } = readSource(each);
        for (const line of lines(data ?? [])) expect(line).toBeLessThanOrEqual(each.split('\n').length);
        readInfo(`#lang info\n${each}`);
      }),
      { numRuns: 2000 },
    );
  });

  test.each(
    [
      '(',
      '()',
      '"',
      '"\\',
      '#|',
      '#;',
      "'",
      '|',
      '\\',
      '#<<A\n',
      '#\\',
      ';',
      '#:',
      ',@',
      'a',
      '#rx"',
      '[a ',
    ].map((unit) => [unit]),
  )('take linear time for many %j', (unit) => {
    const many = `#lang info\n${unit.repeat(800_000 / unit.length)}`;
    const start = performance.now();
    readInfo(many);
    expect(performance.now() - start).toBeLessThan(6000);
  });
});

describe('info.rkt', () => {
  const dependencies = (text: string) =>
    readInfo(`#lang info\n${text}`)?.dependencies.map(({ name, version, line }) => [name, version, line]);

  test.each<[string, unknown[]]>([
    [
      '(define deps \'("base"\n ("rackunit-lib" #:version "1.2")))',
      [
        ['base', null, 2],
        ['rackunit-lib', '1.2', 3],
      ],
    ],
    [
      '(define deps (list "base" (list "a" \'#:version "1")))',
      [
        ['base', null, 2],
        ['a', '1', 2],
      ],
    ],
    ['(define deps \'(["base" "6.0"]))', [['base', '6.0', 2]]],
    ['(define version "8.1")\n(define deps `(["base" #:version ,version] ,@more))', [['base', '8.1', 3]]],
    ['(define deps \'())(define build-deps \'("a"))', [['a', null, 2]]],
    ['(define deps (quote ("a")))', [['a', null, 2]]],
    // What is computed, what one system needs, what is no definition.
    ['(define deps (append \'("a") (if x \'("b") \'())))', []],
    ['(define deps \'(("a" #:platform "win32" #:version "1") b 3 ("c" #:version v)))', [['c', null, 2]]],
    ['(define (deps) \'("a"))', []],
    ['#;(define deps \'("a")) ; (define deps \'("b"))', []],
  ])('%j', (text, expected) => {
    expect(dependencies(text)).toEqual(expected);
  });

  test.each([
    ['(define collection "tally")', { collection: 'tally', isMulti: false }],
    ["(define collection 'multi)", { collection: null, isMulti: true }],
    ["(define collection 'use-pkg-name)", { collection: null, isMulti: false }],
    ['(define collection (string-append "a" "b"))', { collection: null, isMulti: false }],
    ['', { collection: null, isMulti: false }],
  ])('says of collections in %j', (text, expected) => {
    expect(readInfo(`#lang info\n${text}`)).toMatchObject(expected);
  });

  test.each([
    '#lang info\n(define collection "a")',
    ';; A | B\n#| #lang racket |#\n#lang setup/infotab\n(define collection "a")',
    '(module info setup/infotab\n  (define collection "a"))',
    '(module info (lib "infotab.ss" "setup")\n  (define collection "a"))',
  ])('is in a language of its own: %j', (text) => {
    expect(readInfo(text)?.collection).toBe('a');
  });

  test.each([
    '',
    '#lang racket/base\n(define deps \'("a"))',
    '#lang information\n',
    '(module info racket)',
    '(define x 1)',
  ])('is none in another: %j', (text) => {
    expect(readInfo(text)).toBe(null);
  });

  test('that is broken says so', () => {
    expect(readInfo('#lang info\n(define deps (')).toMatchObject({ isReadable: false, dependencies: [] });
  });
});
