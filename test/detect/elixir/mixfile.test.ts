import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMixLock } from '../../../src/detect/elixir/lockfile.ts';
import { readMixfile } from '../../../src/detect/elixir/mixfile.ts';
import { otpRequest } from '../../../src/detect/elixir/otp.ts';
import { tokensOf } from '../../../src/detect/elixir/tokens.ts';
import type { VersionScheme } from '../../../src/detect/types.ts';

const words = (text: string) => tokensOf(text).tokens.map(({ kind, text: value }) => `${kind} ${value}`);

describe('tokens of Elixir', () => {
  it('know comments, strings, sigils, heredocs and characters from code', () => {
    expect(words('a # b: "c"\n:d')).toEqual(['word a', 'atom d']);
    expect(words('elixir: "~> 1.0"')).toEqual(['key elixir', 'string ~> 1.0']);
    expect(words('"assets.deploy": [x]')).toEqual(['key assets.deploy', 'mark [', 'word x', 'mark ]']);
    expect(words('"a#{f("}")}b" c')).toEqual(['string null', 'word c']);
    expect(words('~s(elixir: "~> 9") ~w[a b]a ~r/"/ x')).toEqual([
      ...['string null', 'string null', 'word a', 'string null', 'word x'],
    ]);
    expect(words('"""\nelixir: "9"\n""" x')).toEqual(['string \nelixir: "9"\n', 'word x']);
    expect(words('?" x ?\\" y')).toEqual(['word x', 'word y']);
    expect(words(':"quoted atom" Shop.Web valid? a::b')).toEqual([
      ...['atom quoted atom', 'word Shop.Web', 'word valid?', 'word a', 'mark ::', 'word b'],
    ]);
  });

  it('count lines, also those within strings', () => {
    const { tokens } = tokensOf('a\n"""\nx\ny\n"""\nb');
    expect(tokens.map(({ line }) => line)).toEqual([1, 2, 6]);
  });

  it('end where a string has no end', () => {
    for (const text of ['"', "'abc", '~s(', '"""\n"', '"#{']) expect(tokensOf(text).isBroken).toBe(true);
  });

  it('of any text are read without throwing', () => {
    const pieces = fc.constantFrom(
      '"',
      "'",
      '"""',
      '#{',
      '}',
      '~s(',
      ':',
      '?',
      '\\',
      'a',
      '\n',
      '#',
      '{',
      ',',
    );
    fc.assert(fc.property(fc.array(pieces), (parts) => void readMixfile(parts.join(''))));
    fc.assert(fc.property(fc.string(), (text) => void readMixfile(text)));
  });

  it.each(['"#{', '~s(', '#{"', '{:a, only: [', ':', '?', "'", 'a.', '@a "b" '])(
    'of many "%s" take no more than linear time',
    (piece) => {
      const start = performance.now();
      readMixfile(piece.repeat(Math.floor(400_000 / piece.length)));
      expect(performance.now() - start).toBeLessThan(2000);
    },
  );
});

describe('a mix.exs', () => {
  it('has dependencies with their environments, but no other tuples', () => {
    const { dependencies } = readMixfile(`
      {:a, "~> 1.0"},
      {:b, ">= 0.0.0", only: [:dev, :test], runtime: false},
      {:c, git: "https://example.org/c.git", tag: "v1"}, {:d, path: "../d"},
      # {:e, "~> 1.0"},
      {:f, @version},
      {:noreply, state}, {:ok, :x}, {Shop.Application, []}
      {:g, "~> 2.0", only: :prod}`);
    expect(dependencies.map(({ name, only }) => [name, only])).toEqual([
      ['a', null],
      ['b', ['dev', 'test']],
      ['c', null],
      ['d', null],
      ['f', null],
      ['g', ['prod']],
    ]);
    expect(dependencies[1]?.line).toBe(3);
  });
});

describe('a mix.lock', () => {
  it('names packages of Hex by their own name, and those of Git', () => {
    const text = `%{
  "a": {:hex, :other_name, "1.2.3", "00", [:mix], [{:b, "~> 1.0", [hex: :b]}], "hexpm", "11"},
  "g": {:git, "https://example.org/g.git", "abc", [tag: "v1"]},
}`;
    expect(parseMixLock(text)).toEqual([
      { name: 'other_name', version: '1.2.3', line: 2 },
      { name: 'g', version: null, line: 3 },
    ]);
  });
});

describe('the Erlang/OTP of an Elixir', () => {
  const asked = (raw: string, scheme: VersionScheme) =>
    otpRequest({ raw, scheme, because: { file: 'mix.exs', line: 1, text: '', rule: 'elixir/mix-exs' } })
      ?.raw ?? null;

  it.each<[string, VersionScheme, string | null]>([
    ['1.18.4', 'prefix', '>=25 <28'],
    ['1.15', 'prefix', '>=24 <27'],
    ['~> 1.17.0', 'hex', '>=25 <28'],
    ['~> 1.17', 'hex', '>=25 <30'],
    ['>= 1.13.0 and < 1.15.0', 'hex', '>=22 <27'],
    ['~> 1.0', 'hex', null],
    ['9.9', 'prefix', null],
    ['main', 'alias', null],
  ])('%s (%s) is %s', (raw, scheme, expected) => expect(asked(raw, scheme)).toBe(expected));
});
