import { expect, test, vi } from 'vitest';
import type { Entry } from '../../src/scan/types.ts';
import { CannotWatch, watchFolders } from '../../src/watch/folders.ts';
import { watch } from '../../src/watch/watch.ts';
import { folderWith } from '../support/folder.ts';

/** What the system answers to the next requests to watch, instead of watching. */
const failures = vi.hoisted(() => ({ code: null as string | null, after: 0 }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    watch: (...args: Parameters<typeof fs.watch>) => {
      if (failures.code !== null && failures.after-- <= 0) {
        throw Object.assign(new Error(failures.code), { code: failures.code });
      }
      return fs.watch(...args);
    },
  };
});

const folders = (...paths: string[]): Entry[] => paths.map((each) => ({ path: each, kind: 'directory' }));

test('gives up where the system allows no more watchers, and leaves none', () => {
  const root = folderWith({ 'a/x': '', 'b/x': '' });
  Object.assign(failures, { code: 'ENOSPC', after: 2 });
  const watched = watchFolders(
    root,
    () => true,
    () => {},
  );
  expect(() => watched.follow(folders('a', 'b'))).toThrow(CannotWatch);
  expect(watched.size()).toBe(0);
  failures.code = null;
});

test('gives up on a tree with too many folders', () => {
  const watched = watchFolders(
    folderWith(),
    () => true,
    () => {},
  );
  const many = folders(...Array.from({ length: 20_001 }, (_, n) => `f${n}`));
  expect(() => watched.follow(many)).toThrow(CannotWatch);
  expect(watched.size()).toBe(0);
});

test('passes over folders that are gone', () => {
  const root = folderWith({ 'a/x': '' });
  const watched = watchFolders(
    root,
    () => true,
    () => {},
  );
  expect(watched.follow(folders('a', 'gone'))).toBe(true);
  expect(watched.size()).toBe(2);
  expect(watched.follow(folders('a', 'gone'))).toBe(false);
  expect(watched.follow(folders())).toBe(false);
  expect(watched.size()).toBe(1);
  watched.close();
  expect(watched.size()).toBe(0);
});

test('where folders cannot be watched, the tree is looked at from time to time', async () => {
  const root = folderWith({ 'package.json': '{}' });
  Object.assign(failures, { code: 'EMFILE', after: 0 });
  const controller = new AbortController();
  const ready: unknown[] = [];
  const pending = watch(root, { signal: controller.signal, onReady: (how) => ready.push(how) }).next();
  await expect.poll(() => ready, { timeout: 20_000 }).toHaveLength(1);
  expect(ready).toEqual([
    { kind: 'interval', intervalMs: 5000, why: 'the system allows no more watchers (EMFILE)' },
  ]);
  controller.abort();
  expect((await pending).done).toBe(true);
  failures.code = null;
});
