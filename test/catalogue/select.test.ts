import { describe, expect, test } from 'vitest';
import { satisfies, selectLine } from '../../src/catalogue/select.ts';
import type { Selection } from '../../src/catalogue/types.ts';
import type { VersionScheme } from '../../src/detect/types.ts';
import { line, standIn } from './stand-in.ts';

const catalogue = standIn([
  {
    id: 'node',
    aliases: { 'lts/*': '24', 'lts/hydrogen': '18', latest: '26', 'lts/erbium': '12' },
    defaults: { '24.05': '20', '25.05': '22', '26.05': '24', unstable: '26' },
    lines: [
      line('27', ['unstable']),
      line('26', ['26.05..unstable'], { endOfLife: '2029-04-30' }),
      line('24', ['25.05', '26.05..unstable version 24.18.0+'], { endOfLife: '2028-04-30' }),
      line('22', ['24.05', '25.05 version 22.14.0', '26.05..unstable version 22.23.3'], {
        endOfLife: '2027-04-30',
      }),
      line('20', ['24.05..25.05', '26.05..unstable insecure'], { endOfLife: '2026-04-30' }),
      line('18', ['24.05 version 18.20.5'], { endOfLife: '2025-04-30' }),
      line('16', ['24.05 insecure?', '25.05 insecure cached', '26.05 insecure'], { endOfLife: '2023-09-11' }),
      line('14', ['24.05..25.05 insecure'], { endOfLife: '2023-04-30' }),
    ],
  },
  {
    id: 'rust',
    aliases: { nightly: 'rustup', beta: 'rustup' },
    defaults: { '24.05': '1.77', '25.05': '1.86', '26.05': '1.95', unstable: '1.97' },
    lines: [
      line('1.97', ['unstable version 1.97.x']),
      line('1.95', ['26.05 version 1.95.x']),
      line('1.86', ['25.05 version 1.86.0'], { endOfLife: '2025-05-15' }),
      line('1.77', ['24.05 version 1.77.2'], { endOfLife: '2024-05-02' }),
      line('rustup', ['24.05..unstable']),
    ],
  },
  {
    id: 'python',
    aliases: { pypy: 'pypy3.11' },
    defaults: { '26.05': '3.13' },
    lines: [
      line('3.14', ['26.05']),
      line('3.13', ['26.05']),
      line('3.12', ['26.05 version 3.12.13+'], { endOfLife: '2028-10-31' }),
      line('pypy3.11', ['25.05..26.05']),
      line('pypy3.10', ['25.05']),
    ],
  },
  {
    id: 'go',
    defaults: { '26.05': '1.26' },
    lines: [line('1.27', ['unstable']), line('1.26', ['26.05 version 1.26.2+'])],
  },
  { id: 'just', defaults: { '26.05': 'default' }, lines: [line('default', ['26.05'])] },
  { id: 'npm', bundledWith: 'node' },
]);

function select(tool: string, raw: string | null, scheme: VersionScheme = 'prefix', channel = 'nixos-26.05') {
  return selectLine(catalogue, tool, raw === null ? null : { raw, scheme }, { channel });
}

/** `line channel match status` */
function answer(selection: Selection | null): string {
  if (selection === null) return 'none';
  const { line: name, fact, match, status } = selection;
  return `${name} ${fact.channel.replace('nixos-', '')} ${match} ${status}`;
}

describe('which line is taken', () => {
  test.each<[string, string | null, VersionScheme, string]>([
    // Nothing is asked for, or nothing that the default does not satisfy.
    ['node', null, 'prefix', '24 26.05 default supported'],
    ['node', '>=18', 'semver', '24 26.05 compatible supported'],
    ['node', '^20.19.0 || >=22.12.0', 'semver', '24 26.05 compatible supported'],
    ['node', '*', 'semver', '24 26.05 compatible supported'],
    ['node', '18', 'minimum', '24 26.05 compatible supported'],
    // The newest supported line of the main channel that satisfies.
    ['node', '<24', 'semver', '22 26.05 compatible supported'],
    ['node', '>=25', 'semver', '26 26.05 compatible supported'],
    // The catalogue knows the line only, or the exact version.
    ['node', '24.19.0', 'prefix', '24 26.05 assumed supported'],
    ['node', '24.1.0', 'prefix', '24 26.05 nearest supported'],
    ['node', '^24.12', 'semver', '24 26.05 compatible supported'],
    ['node', '22', 'prefix', '22 26.05 compatible supported'],
    ['node', '22.23.3', 'exact', '22 26.05 exact supported'],
    ['node', 'v22.23.3', 'prefix', '22 26.05 exact supported'],
    ['node', '22.12.0', 'prefix', '22 26.05 nearest supported'],
    ['node', '22.30.0', 'prefix', '22 26.05 nearest supported'],
    // The main channel's line that may satisfy, before another channel's that does.
    ['go', '1.26.4', 'minimum', '1.26 26.05 assumed supported'],
    ['go', '1.27', 'minimum', '1.27 unstable compatible supported'],
    // Supported, but only elsewhere.
    ['node', '27', 'prefix', '27 unstable compatible supported'],
    // End of life: the newest channel in which it is not insecure.
    ['node', '20', 'prefix', '20 25.05 compatible end-of-life'],
    ['node', '18.x', 'semver', '18 24.05 compatible end-of-life'],
    ['node', '>=18 <21', 'semver', '20 25.05 compatible end-of-life'],
    // Insecure everywhere: the oldest, which had most time in the cache.
    ['node', '14', 'prefix', '14 24.05 compatible insecure'],
    // But one that the cache has although it is insecure is better.
    ['node', '16', 'prefix', '16 25.05 compatible insecure'],
    // Nothing satisfies: next newer, not insecure if it can be helped; else next older.
    ['node', '12', 'prefix', '18 24.05 nearest end-of-life'],
    ['node', '19', 'prefix', '20 25.05 nearest end-of-life'],
    ['node', '99', 'prefix', '27 unstable nearest supported'],
    ['node', '^12 || ^19', 'semver', '20 25.05 nearest end-of-life'],
    ['rust', '1.75.0', 'exact', '1.77 24.05 nearest end-of-life'],
    ['rust', '1.77.0', 'exact', '1.77 24.05 nearest end-of-life'],
    ['rust', '1.77', 'prefix', '1.77 24.05 compatible end-of-life'],
    ['rust', '1.70', 'minimum', '1.95 26.05 compatible supported'],
    ['rust', '1.96', 'minimum', '1.97 unstable compatible supported'],
    // Names.
    ['node', 'lts/*', 'alias', '24 26.05 compatible supported'],
    ['node', 'lts/Hydrogen', 'alias', '18 24.05 compatible end-of-life'],
    ['node', 'latest', 'alias', '26 26.05 compatible supported'],
    ['node', 'lts/erbium', 'alias', '18 24.05 nearest end-of-life'],
    ['rust', 'stable', 'alias', '1.95 26.05 compatible supported'],
    ['rust', 'stable-x86_64-unknown-linux-gnu', 'alias', '1.95 26.05 compatible supported'],
    ['rust', 'nightly-2024-05-01', 'alias', 'rustup 26.05 compatible supported'],
    ['python', 'pypy3.10-7.3.12', 'alias', 'pypy3.10 25.05 compatible supported'],
    ['python', 'pypy', 'alias', 'pypy3.11 26.05 compatible supported'],
    ['python', 'system', 'alias', '3.13 26.05 compatible supported'],
    // Not understood: never a silent default.
    ['python', 'miniconda3-4.7.12', 'alias', '3.13 26.05 nearest supported'],
    ['python', '$(id)', 'prefix', '3.13 26.05 nearest supported'],
    ['python', 'constructor', 'alias', '3.13 26.05 nearest supported'],
    // Schemes of Python.
    ['python', '>=3.9,<3.13', 'pep440', '3.12 26.05 compatible supported'],
    ['python', '~=3.12.4', 'pep440', '3.12 26.05 compatible supported'],
    ['python', '^3.10', 'poetry', '3.13 26.05 compatible supported'],
    // A tool of which nothing but its presence is known.
    ['just', null, 'prefix', 'default 26.05 default supported'],
    ['just', '1.40', 'prefix', 'default 26.05 assumed supported'],
    // What another tool brings, and what is unknown.
    ['npm', '10', 'prefix', 'none'],
    ['constructor', null, 'prefix', 'none'],
  ])('%s %s (%s): %s', (tool, raw, scheme, expected) => {
    expect(answer(select(tool, raw, scheme))).toBe(expected);
  });

  test('another main channel has other defaults', () => {
    expect(answer(select('node', null, 'prefix', 'nixos-24.05'))).toBe('20 24.05 default end-of-life');
    expect(answer(select('node', '>=18', 'semver', 'nixos-25.05'))).toBe('22 25.05 compatible supported');
    expect(answer(select('node', '26', 'prefix', 'nixos-25.05'))).toBe('26 26.05 compatible supported');
  });

  test('what must be permitted is said', () => {
    expect(select('node', '14')?.fact.insecure).toEqual(['tool']);
    expect(select('node', '20')?.fact.insecure).toEqual([]);
  });
});

describe('a line that was decided before', () => {
  const kept = (raw: string | null, only: { line: string; channel: string }) =>
    answer(
      selectLine(catalogue, 'node', raw === null ? null : { raw, scheme: 'semver' }, {
        channel: 'nixos-26.05',
        only,
      }),
    );

  test('stays while it satisfies', () => {
    expect(kept('>=18', { line: '22', channel: 'nixos-25.05' })).toBe('22 25.05 compatible supported');
    expect(kept(null, { line: '22', channel: 'nixos-26.05' })).toBe('22 26.05 default supported');
  });

  test('is nearest when it does not, and nothing when the catalogue lost it', () => {
    expect(kept('>=23', { line: '22', channel: 'nixos-26.05' })).toBe('22 26.05 nearest supported');
    expect(kept('>=18', { line: '21', channel: 'nixos-26.05' })).toBe('none');
    expect(kept('>=18', { line: '26', channel: 'nixos-24.05' })).toBe('none');
  });
});

describe('whether a selection satisfies another request', () => {
  const verdict = (tool: string, first: string | null, other: string, scheme: VersionScheme = 'prefix') => {
    const selection = select(tool, first, /^[a-z]/.test(first ?? '') ? 'alias' : 'prefix');
    return selection === null ? null : satisfies(catalogue, selection, { raw: other, scheme });
  };

  test.each<[string, string | null, string, VersionScheme, string]>([
    ['node', '22', '>=18', 'semver', 'yes'],
    ['node', '22', '22.23.3', 'exact', 'yes'],
    ['node', '22', '22.12.0', 'prefix', 'no'],
    ['node', '22', '20', 'prefix', 'no'],
    ['node', '24', '24.19', 'prefix', 'maybe'],
    ['node', '24', '>=24.2', 'semver', 'yes'],
    ['node', '24', 'lts/*', 'alias', 'yes'],
    ['node', '22', 'lts/*', 'alias', 'no'],
    ['node', '22', 'whatever-else', 'alias', 'unknown'],
    ['node', '22', '$(id)', 'prefix', 'unknown'],
    ['rust', 'nightly', '1.75.0', 'exact', 'yes'],
    ['rust', null, 'nightly', 'alias', 'no'],
    ['python', 'pypy3.10', '>=3.9', 'pep440', 'yes'],
    ['python', 'pypy3.10', '>=3.11', 'pep440', 'no'],
  ])('%s %s against %s (%s): %s', (tool, first, other, scheme, expected) => {
    expect(verdict(tool, first, other, scheme)).toBe(expected);
  });
});
