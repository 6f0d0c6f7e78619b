import { describe, expect, it } from 'vitest';
import { parsePathInfos } from '../../src/build/closure.ts';
import { type StorePath, storePathsOf } from '../../src/image/closure.ts';
import { planLayers } from '../../src/image/layers.ts';
import { bashPath, environmentPath, fakeStore, libraryPath } from './support.ts';

const names = (layers: readonly (readonly StorePath[])[]) =>
  layers.map((layer) => layer.map(({ path }) => path));

describe('layers', () => {
  it('are one for each path while there is room, the most needed lowest', () => {
    const { closure } = fakeStore();
    expect(names(planLayers(closure, 3))).toEqual([[libraryPath], [bashPath], [environmentPath]]);
  });

  it('keep large paths apart and put what is left together', () => {
    const { closure } = fakeStore();
    expect(names(planLayers(closure, 2))).toEqual([[bashPath], [environmentPath, libraryPath].sort()]);
    expect(names(planLayers(closure, 1))).toEqual([[environmentPath, bashPath, libraryPath].sort()]);
  });

  it('do not depend on the order of the closure', () => {
    const { closure } = fakeStore();
    for (const limit of [1, 2, 3, 100]) {
      expect(planLayers([...closure].reverse(), limit)).toEqual(planLayers(closure, limit));
    }
  });
});

describe('the closure', () => {
  const facts = { narHash: `sha256-${'A'.repeat(43)}=`, narSize: 10 };
  const list = [
    { path: bashPath, ...facts, references: [libraryPath, bashPath] },
    { path: libraryPath, ...facts, references: [] },
  ];
  const wanted = [libraryPath, bashPath];
  const parseClosure = (text: string, expected: string[]) => storePathsOf(parsePathInfos(text), expected);

  it('is read alike from what old and new versions of Nix print', () => {
    const old = parseClosure(JSON.stringify(list), wanted);
    const byPath = Object.fromEntries(list.map(({ path, ...rest }) => [path, rest]));
    expect(parseClosure(JSON.stringify(byPath), wanted)).toEqual(old);
    expect(old).toEqual([
      { path: bashPath, narHash: '0'.repeat(64), narSize: 10, references: [libraryPath] },
      { path: libraryPath, narHash: '0'.repeat(64), narSize: 10, references: [] },
    ]);
  });

  it.each([
    ['a path that is not in the store', JSON.stringify(list.slice(1)), wanted],
    ['a reference out of the closure', JSON.stringify(list), [bashPath]],
    ['a path outside the store', JSON.stringify([{ ...list[0], path: '/etc' }]), ['/etc']],
    ['a path that climbs', '{}', [`${bashPath}/../../../etc`]],
    ['no JSON', 'error', wanted],
    ['null', 'null', wanted],
  ])('is refused with %s', (_, text, expected) => {
    expect(() => parseClosure(text, expected)).toThrow(expect.objectContaining({ code: 'closure-unknown' }));
  });
});
