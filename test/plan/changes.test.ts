import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesOf } from '../../src/plan/changes.ts';

const none = { added: [], removed: [], changed: [] };

describe('what differs between inputs', () => {
  it('is told by path, sorted', () => {
    const before = { 'b.json': '1', 'a.json': '1', 'main.py': null, 'old.toml': '2', 'lock.bin': null };
    const now = [
      { path: 'z.json', blob: '9' },
      { path: 'b.json', blob: '2' },
      { path: 'a.json', blob: '1' },
      { path: 'c.json', blob: null },
      { path: 'main.py', blob: null },
      { path: 'lock.bin', blob: '3' },
    ];
    expect(changesOf(before, now)).toEqual({
      added: ['c.json', 'z.json'],
      removed: ['old.toml'],
      changed: ['b.json', 'lock.bin'],
    });
  });

  it('knows files whose names objects of JavaScript have already', () => {
    const before = JSON.parse('{"__proto__":"1","constructor":"1"}') as Record<string, string>;
    expect(changesOf({}, [{ path: 'constructor', blob: '1' }]).added).toEqual(['constructor']);
    expect(changesOf(before, [{ path: '__proto__', blob: '1' }])).toEqual({
      ...none,
      removed: ['constructor'],
    });
  });

  it('is nothing exactly where both are the same', () => {
    const inputs = fc.dictionary(fc.string(), fc.option(fc.string()), { noNullPrototype: true });
    fc.assert(
      fc.property(inputs, inputs, (before, after) => {
        const list = (record: Record<string, string | null>) =>
          Object.entries(record).map(([path, blob]) => ({ path, blob }));
        expect(changesOf(before, list(before))).toEqual(none);
        const { added, removed, changed } = changesOf(before, list(after));
        const mended = Object.fromEntries([
          ...Object.entries(before).filter(([path]) => !removed.includes(path)),
          ...[...added, ...changed].map((path) => [path, after[path] ?? null] as const),
        ]);
        expect(mended).toEqual(after);
      }),
    );
  });
});
