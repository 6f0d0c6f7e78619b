import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { plainPaths } from '../../src/render/paths.ts';
import { render } from '../../src/render/render.ts';
import { folderWith } from '../support/folder.ts';

const fixtures = path.resolve(import.meta.dirname, '../fixtures');
const names = readdirSync(fixtures, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

test('the paths that are told without rendering are those of what is rendered', async () => {
  let told = 0;
  for (const name of names) {
    for (const options of [{}, { package: true }]) {
      const plan = await analyze(path.join(fixtures, name), options);
      const paths = plainPaths(plan);
      if (paths === null) continue;
      told++;
      expect(
        (await render(plan)).map((file) => file.path),
        name,
      ).toEqual(paths);
    }
  }
  expect(told).toBeGreaterThan(10);
});

test.each([
  ['servers', { 'package.json': '{"dependencies":{"bullmq":"5"}}' }],
  ['a container', { 'dagger.json': '{"name":"a","sdk":"go"}', 'package.json': '{}' }],
])('of %s only rendering tells', async (_, files) => {
  const plan = await analyze(folderWith(files as Record<string, string>));
  expect(plainPaths(plan)).toBeNull();
  expect((await render(plan)).length).toBeGreaterThan(4);
});
