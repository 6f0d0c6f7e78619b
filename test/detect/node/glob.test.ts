import { describe, expect, it } from 'vitest';
import { memberTest } from '../../../src/detect/node/glob.ts';

function members(patterns: string[], folders: string[]): string[] {
  return folders.filter(memberTest(patterns));
}

const folders = ['apps/web', 'apps/web/server', 'packages/ui', 'packages/ui/test/app', 'tools', 'docs'];

describe('memberTest', () => {
  it.each([
    [['packages/*'], ['packages/ui']],
    [
      ['./packages/*/', '/apps/web'],
      ['apps/web', 'packages/ui'],
    ],
    [['apps/**'], ['apps/web', 'apps/web/server']],
    [['packages/**', '!**/test/**'], ['packages/ui']],
    [
      ['{apps,packages}/*', 'tools'],
      ['apps/web', 'packages/ui', 'tools'],
    ],
    [
      ['apps/w?b', 'pack*/u*'],
      ['apps/web', 'packages/ui'],
    ],
    [['*'], ['tools', 'docs']],
    [['docs/package.json'], ['docs']],
    [[], []],
  ])('%j', (patterns, expected) => {
    expect(members(patterns, folders)).toEqual(expected);
  });

  it('does not take hidden folders for a star', () => {
    expect(members(['*'], ['.github', 'web'])).toEqual(['web']);
  });

  it('ends soon on patterns that would make a backtracking matcher hang', () => {
    const start = performance.now();
    const stars = memberTest([`${'*a'.repeat(200)}b`, `${'**/a/'.repeat(100)}b`, `${'{a,b}'.repeat(50)}`]);
    expect(stars(`${'a'.repeat(2_000)}`)).toBe(false);
    expect(stars(Array(500).fill('a').join('/'))).toBe(false);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
