import { describe, expect, it } from 'vitest';
import { hasPath, isThere, pathsBelow } from '../../../src/detect/shared/paths.ts';
import { isBelow } from '../../../src/detect/shared/tree.ts';

// Neighbours whose names begin alike, and characters on both sides of the slash.
const paths = ['a', 'b-c/x', 'b.c', 'b/c/x', 'b/c0/x', 'b/x', 'b0/x', 'bb/x', 'é/x', '日/x'].sort();
const asked = ['.', ...paths, 'b', 'b/c', 'b-c', 'b0', 'c', 'é', '日', 'b/c/x/y', 'a0', ''];

describe('paths of a repository', () => {
  it.each(asked)('answers of %j as a look at each path would', (path) => {
    expect(hasPath({ paths }, path)).toBe(paths.includes(path));
    expect(isThere({ paths }, path)).toBe(paths.some((each) => isBelow(each, path)));
    expect(pathsBelow({ paths }, path)).toEqual(paths.filter((each) => isBelow(each, path) && each !== path));
  });

  it('finds nothing where there is nothing', () => {
    expect(hasPath({ paths: [] }, 'a')).toBe(false);
    expect(isThere({ paths: [] }, '.')).toBe(false);
    expect(pathsBelow({ paths: [] }, '.')).toEqual([]);
  });
});
