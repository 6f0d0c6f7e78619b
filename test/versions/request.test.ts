import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VersionScheme } from '../../src/detect/types.ts';
import { contains } from '../../src/versions/interval.ts';
import { readRequest } from '../../src/versions/request.ts';
import { parseTuple } from '../../src/versions/tuple.ts';

const schemes: VersionScheme[] = ['semver', 'pep440', 'poetry', 'prefix', 'minimum', 'exact', 'alias'];

function includes(raw: string, scheme: VersionScheme, version: string): boolean {
  const wish = readRequest({ raw, scheme });
  const numbers = parseTuple(version);
  return wish.kind === 'set' && numbers !== null && contains(wish.set, numbers);
}

describe('a request means releases', () => {
  test.each<[string, VersionScheme, string[], string[]]>([
    ['22', 'prefix', ['22.0.0', '22.99.1'], ['21.9', '23.0.0']],
    ['v18.17', 'prefix', ['18.17.5'], ['18.18.0']],
    ['22.x', 'prefix', ['22.4.0'], ['23.0.0']],
    ['1.22.3', 'prefix', ['1.22.3'], ['1.22.4']],
    ['1.22rc1', 'prefix', ['1.22.0', '1.22.9'], ['1.21']],
    ['3.13-dev', 'prefix', ['3.13.1'], ['3.14']],
    ['1.22', 'minimum', ['1.22', '1.22.1', '2.0'], ['1.21.9']],
    ['1.26.4', 'minimum', ['1.26.4', '1.27'], ['1.26.3']],
    ['9.1.0', 'exact', ['9.1.0'], ['9.1.1']],
    ['9.1.0+sha512.0a1b', 'exact', ['9.1.0'], ['9.1.1']],
    ['1.75', 'exact', ['1.75.0', '1.75.2'], ['1.76']],
    ['1.75.0-x86_64-unknown-linux-gnu', 'exact', ['1.75.0'], ['1.75.1']],
    ['>=18', 'semver', ['18.0.0', '24.1.0'], ['17.9']],
    ['>=3.9,<3.13', 'pep440', ['3.12.1'], ['3.13']],
    ['^3.9', 'pep440', ['3.12.1'], ['4.0']],
    ['3.11', 'pep440', ['3.11.7'], ['3.12']],
    ['*', 'semver', ['0.1', '99'], []],
    ['', 'pep440', ['3.0'], []],
    ['18', 'alias', ['18.2.0'], ['19.0.0']],
  ])('%s (%s)', (raw, scheme, inside, outside) => {
    expect(inside.filter((version) => !includes(raw, scheme, version))).toEqual([]);
    expect(outside.filter((version) => includes(raw, scheme, version))).toEqual([]);
  });

  test('a name is a name in every scheme', () => {
    for (const scheme of schemes) {
      expect(readRequest({ raw: ' LTS/Hydrogen ', scheme })).toEqual({ kind: 'name', name: 'lts/hydrogen' });
    }
  });
});

describe('hostile texts', () => {
  const hostile = [
    '${builtins.readFile /etc/passwd}',
    '"; rm -rf / #',
    '$(id)',
    '\u0000',
    'é',
    `${'1'.repeat(50)}`,
    `${'9.'.repeat(60)}9`,
    '>='.repeat(90),
    '1'.repeat(10_000),
    ' ||'.repeat(5_000),
    `^${'0'.repeat(199)}`,
    `${'1.'.repeat(5_000)}x`,
    `>=1${' '.repeat(150)}<`,
    `1.2.3-${'a.'.repeat(90)}!`,
    `~=${'1-'.repeat(95)}`,
    `lts/${'-'.repeat(200)}`,
    'constructor\n',
  ];

  test('are unknown, or a bounded name, in bounded time', () => {
    const start = performance.now();
    for (const raw of hostile) {
      for (const scheme of schemes) {
        const wish = readRequest({ raw, scheme });
        if (wish.kind === 'name') expect(wish.name).toMatch(/^[a-z][-a-z0-9._/*@+]{0,80}$/);
        if (wish.kind === 'set') expect(raw).not.toMatch(/[$"`;]/);
      }
    }
    expect(performance.now() - start).toBeLessThan(250);
  });

  test('a text too long to be a request is not read', () => {
    expect(readRequest({ raw: `>=18${' '.repeat(100)}<20`, scheme: 'semver' }).kind).toBe('set');
    expect(readRequest({ raw: `>=18${' '.repeat(200)}<20`, scheme: 'semver' }).kind).toBe('unknown');
  });

  test('no text makes it throw', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.string({ unit: fc.constantFrom(...'0123456789.*x^~<>=!|, -+v'), maxLength: 220 }),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(...schemes), (raw, scheme) => {
        expect(['set', 'name', 'unknown']).toContain(readRequest({ raw, scheme }).kind);
      }),
      { numRuns: 3000 },
    );
  });
});
