import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contains } from '../../src/versions/interval.ts';
import { javaFeature, javaTargetSet, javaTuple, mavenSet } from '../../src/versions/java.ts';
import { readRequest } from '../../src/versions/request.ts';
import { compare, parseTuple } from '../../src/versions/tuple.ts';

describe('versions of Java', () => {
  test.each([
    ['1.8', [8]],
    ['1.8.0_392', [8, 0, 392]],
    ['8u392-b08', [8, 0, 392]],
    ['11.0.21', [11, 0, 21]],
    ['21.0.3+9.0.LTS', [21, 0, 3]],
    ['temurin-21.0.3', [21, 0, 3]],
    ['temurin64-11.0.21', [11, 0, 21]],
    ['corretto-8.392.08.1', [8, 392, 8, 1]],
    ['17.0.9-tem', [17, 0, 9]],
    ['openjdk17', [17]],
    ['graalvm-community-21.0.2', [21, 0, 2]],
    ['adoptopenjdk-openj9-11.0.11+9', [11, 0, 11]],
    ['1', [1]],
  ])('%s', (text, tuple) => {
    expect(javaTuple(text)).toEqual(tuple);
  });

  test.each(['', 'latest', 'lts', 'system', '-', `${'a-'.repeat(200)}17`, '17 18'])(
    '%j names none',
    (text) => {
      expect(javaTuple(text)).toBeNull();
    },
  );

  test('the old and the new notation of a release are the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 0, max: 500 }), (feature, update) => {
        expect(javaTuple(`1.${feature}.0_${update}`)).toEqual(javaTuple(`${feature}u${update}`));
        expect(javaFeature(`vendor-${feature}.0.${update}+1`)).toBe(feature);
      }),
    );
  });

  test('any text is read in bounded time, without an error', () => {
    fc.assert(fc.property(fc.string({ maxLength: 400 }), (text) => void javaTuple(text)));
    const before = performance.now();
    for (const text of ['a'.repeat(199), 'a-'.repeat(99), `${'a1'.repeat(90)}!`, '1.'.repeat(99)])
      javaTuple(text);
    expect(performance.now() - before).toBeLessThan(200);
  });

  test('javac compiles for older releases until it drops them', () => {
    const compiles = (jdk: number, target: number) => contains(javaTargetSet(target), [jdk]);
    expect([compiles(17, 17), compiles(21, 17), compiles(11, 17)]).toEqual([true, true, false]);
    expect([compiles(19, 7), compiles(20, 7), compiles(11, 6), compiles(12, 6)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(compiles(25, 8)).toBe(true);
  });
});

describe('ranges of Maven', () => {
  const holds = (range: string, version: string) => {
    const wish = readRequest({ raw: range, scheme: 'maven' });
    return wish.kind === 'set' && contains(wish.set, parseTuple(version) ?? []);
  };

  test.each([
    ['1.0', '1.0', true],
    ['1.0', '1.1', true],
    ['1.0', '0.9', false],
    ['[1.0]', '1.0', true],
    ['[1.0]', '1.1', false],
    ['(,1.0]', '1.0', true],
    ['(,1.0)', '1.0', false],
    ['[1.2,1.3]', '1.2.5', true],
    ['[1.0,2.0)', '2.0', false],
    ['[1.5,)', '7', true],
    ['(1.5,)', '1.5', false],
    ['(,1.0],[1.2,)', '1.1', false],
    ['(,1.0],[1.2,)', '1.2', true],
    ['(,1.1),(1.1,)', '1.1', false],
    [' [ 1.0 , 2.0 ] ', '1.5', true],
  ])('%s holds %s: %s', (range, version, expected) => {
    expect(holds(range, version)).toBe(expected);
  });

  test('of Java, 1.8 is 8', () => {
    const wish = readRequest({ raw: '[1.8,12)', scheme: 'java-range' });
    expect(wish.kind === 'set' && [7, 8, 11, 12].map((each) => contains(wish.set, [each]))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test.each(['', '[', '[1,2', '1,2]', '[a,b]', '(1.0)', '[1,2,3]', '[1.0]]'])('%j is none', (text) => {
    expect(mavenSet(text, parseTuple)).toBeNull();
  });

  test('a range holds what lies between its ends', () => {
    const version = fc.tuple(fc.nat(30), fc.nat(30)).map(([a, b]) => `${a}.${b}`);
    fc.assert(
      fc.property(version, version, version, fc.boolean(), fc.boolean(), (from, to, at, opens, closes) => {
        const [low, high, it] = [from, to, at].map((each) => parseTuple(each) ?? []);
        const [a, b] = [compare(it ?? [], low ?? []), compare(it ?? [], high ?? [])];
        const expected = (opens ? a >= 0 : a > 0) && (closes ? b <= 0 : b < 0);
        expect(holds(`${opens ? '[' : '('}${from},${to}${closes ? ']' : ')'}`, at)).toBe(expected);
      }),
    );
  });

  test('any text is read without an error', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void mavenSet(text, parseTuple)));
  });
});
