/** The list of ecosystems in the documentation is the list in the code. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { detectors } from '../src/detect/registry.ts';

const folder = path.resolve(import.meta.dirname, '../docs/ecosystems');
const rows = readFileSync(path.join(folder, 'README.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ['))
  .map((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    return {
      page: /\]\((?<page>[^)#]+)/.exec(cells[1] ?? '')?.groups?.page ?? '',
      ids: [...(cells[3] ?? '').matchAll(/`(?<id>[^`]+)`/g)].map(({ groups }) => groups?.id ?? ''),
    };
  });

test('every ecosystem has its row, and a row is of ecosystems that there are', () => {
  const listed = rows.flatMap(({ ids }) => ids);
  expect(listed.sort()).toEqual(detectors.map(({ id }) => id).sort());
});

test('every row leads to a page, and every page has a row', () => {
  expect(rows.map(({ page }) => page).filter((page) => !existsSync(path.join(folder, page)))).toEqual([]);
  const pages = readdirSync(folder).filter((name) => name !== 'README.md');
  expect(pages.filter((name) => !rows.some(({ page }) => page === name))).toEqual([]);
});

test('a page names the ecosystem that leads to it', () => {
  const words: Readonly<Record<string, string>> = {
    tasks: 'task',
    unserved: 'serve',
    c: 'C++',
    sites: 'site',
  };
  for (const { page, ids } of rows) {
    const text = readFileSync(path.join(folder, page), 'utf8').toLowerCase();
    for (const id of ids) {
      const word = { dotnet: '.net', latex: 'latex', protobuf: 'protocol buffers', ...words }[id] ?? id;
      expect(text, page).toContain(word.toLowerCase());
    }
  }
});

test('what the page on adding one names is there', () => {
  const root = path.resolve(import.meta.dirname, '..');
  const page = readFileSync(path.join(root, 'docs/adding-an-ecosystem.md'), 'utf8');
  const named = [
    ...page.matchAll(/`(?<file>(?:src|test|catalogue|docs)\/[\w./-]+|shared\/[\w-]+\.ts)`/g),
  ].map(({ groups }) => (groups?.file ?? '').replace(/^shared\//, 'src/detect/shared/'));
  // Elm's own are what the reader writes.
  const missing = named.filter((file) => !/\belm\b/.test(file) && !existsSync(path.join(root, file)));
  expect(missing).toEqual([]);
  expect(named.length).toBeGreaterThan(15);
});
