import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTerms, settingOf, type Term } from '../../../src/detect/erlang/terms.ts';

type Plain = string | Plain[];
const plain = ({ kind, text, items }: Term): Plain =>
  kind === 'tuple' || kind === 'list' ? items.map(plain) : text;

describe('Erlang terms', () => {
  it('are tuples, lists, atoms, strings and numbers; comments are none', () => {
    const terms = parseTerms(
      '%% {a, b}.\n{deps, [{jsx, "2.0"}, \'quoted atom\', $", $\\", 16#FF, <<"bin">>]}. % "\n',
    );
    expect(plain(terms?.[0] as Term)).toEqual([
      'deps',
      [['jsx', '2.0'], 'quoted atom', '$"', '$\\"', '16#FF', 'bin'],
    ]);
    expect(terms?.[0]?.line).toBe(2);
  });

  it('keep the last of several settings', () => {
    expect(settingOf(parseTerms('{a, 1}. {a, 2}.') ?? [], 'a')?.text).toBe('2');
  });

  it.each(['{a, "', "{'", '{a]', '{a', '}', '['.repeat(1000)])('are none: %s', (text) => {
    expect(parseTerms(text)).toBeNull();
  });

  it('of any text are read without throwing', () => {
    const pieces = fc.constantFrom('{', '}', '[', ']', '"', "'", '\\', '$', '%', '\n', 'a', ',', '<<', '.');
    fc.assert(fc.property(fc.array(pieces), (parts) => void parseTerms(parts.join(''))));
    fc.assert(fc.property(fc.string(), (text) => void parseTerms(text)));
  });

  it.each(['{}', '.', '"\\"', 'a.', '$', '%\n', '"a"', '#', '\\'])(
    'of many "%s" take linear time',
    (piece) => {
      const start = performance.now();
      parseTerms(piece.repeat(Math.floor(1_000_000 / piece.length)));
      expect(performance.now() - start).toBeLessThan(2000);
    },
  );
});
