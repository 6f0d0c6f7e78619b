import { existsSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { folderInside } from '../../../src/image/dependencies/inside.ts';
import { folderWith } from '../../support/folder.ts';

it('is the folder of a project, made anew where it is gone', () => {
  const project = folderWith({ 'a/b/file': '' });
  expect(folderInside(project, '.')).toBe(project);
  rmSync(path.join(project, 'a/b'), { recursive: true });
  expect(folderInside(project, 'a/b')).toBe(path.join(project, 'a/b'));
  expect(statSync(path.join(project, 'a/b')).isDirectory()).toBe(true);
});

it('makes nothing elsewhere, where a link leads there', () => {
  const [project, elsewhere] = [folderWith(), folderWith()];
  symlinkSync(elsewhere, path.join(project, 'a'));
  symlinkSync(path.join(elsewhere, 'new'), path.join(project, 'dangling'));
  for (const name of ['a/b', 'a', 'dangling']) {
    expect(() => folderInside(project, name)).toThrow(/has replaced it/);
  }
  expect(readdirSync(elsewhere)).toEqual([]);
  expect(() => folderInside(project, '../x')).toThrow();
  expect(existsSync(path.join(project, '../x'))).toBe(false);
});
