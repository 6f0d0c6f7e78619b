import { describe, expect, test } from 'vitest';
import { NidifyError } from '../../../src/errors.ts';
import { interpolation, name, text } from '../../../src/render/nix/expression.ts';
import {
  attributeName,
  attributePath,
  isIdentifier,
  stringLiteral,
} from '../../../src/render/nix/literal.ts';
import { printNix } from '../../../src/render/nix/print.ts';
import { hostile, sampled, seed } from '../hostile.ts';
import { describeWithNix, evaluate, folderOf } from '../nix.ts';

describe('a string', () => {
  test.each([
    ['plain', '"plain"'],
    ['"\\', '"\\"\\\\"'],
    [`\${x}`, String.raw`"\${x}"`],
    [`$\${x}`, String.raw`"$\${x}"`],
    ['a\r\n\tb', '"a\\r\\n\\tb"'],
    ["''", '"\'\'"'],
  ])('%j is written %s', (value, literal) => {
    expect(stringLiteral(value)).toBe(literal);
  });

  test('with NUL in it is refused', () => {
    expect(() => stringLiteral('\0')).toThrow(NidifyError);
  });

  test('keeps a dollar before an interpolation a dollar', () => {
    expect(`${printNix(interpolation(['$', name('a'), '$', '{x}']))}`).toBe(
      ['"\\$', '{a}\\', '{x}"'].join('$'),
    );
  });
});

describe('an attribute name', () => {
  test.each(['a', '_', "a'b", 'nixpkgs-24_05', 'x86_64-linux'])('%s stands for itself', (value) => {
    expect(isIdentifier(value)).toBe(true);
    expect(attributeName(value)).toBe(value);
  });

  test.each(['', '7zz', 'a b', 'a.b', 'if', 'inherit', 'or', '-a', 'é', 'a\n'])('%j is quoted', (value) => {
    expect(attributeName(value)).toBe(stringLiteral(value));
  });
});

describe('an attribute path', () => {
  test('is split at its dots', () => {
    expect(attributePath('stdenv.cc.cc.lib')).toEqual(['stdenv', 'cc', 'cc', 'lib']);
    expect(attributePath('7zz')).toEqual(['7zz']);
  });

  test.each(['', '.', 'a.', 'a b', 'a"b', `\${x}`, 'a;b', '(import <x>)', 'a\n', 'a..b', '-a', 'é'])(
    '%j is none',
    (path) => {
      expect(() => attributePath(path)).toThrow(expect.objectContaining({ code: 'attribute-invalid' }));
    },
  );
});

describeWithNix(`read by Nix (SEED=${seed})`, () => {
  const texts = sampled(hostile, 2000);
  const folder = folderOf([]);

  test('strings and attribute names are what they were', () => {
    const strings = texts.map((value) => `${printNix(text(value))}`).join('\n');
    const names = texts.map((value) => `(builtins.attrNames { ${attributeName(value)} = 1; })`).join('\n');
    const read = evaluate(folder, `{ strings = [ ${strings} ]; names = [ ${names} ]; }`);
    expect(read).toEqual({ strings: texts, names: texts.map((value) => [value]) });
  });

  test('interpolations stand between the texts around them', () => {
    const strings = texts.map((value) => `${printNix(interpolation([value, name('x'), value]))}`).join('\n');
    const read = evaluate(folder, `let x = "|"; in [ ${strings} ]`);
    expect(read).toEqual(texts.map((value) => `${value}|${value}`));
  });
});
