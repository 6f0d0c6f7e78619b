import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as library from '../src/index.ts';
import { planSchema } from '../src/plan/schema.ts';
import { folderWith } from './support/folder.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../docs/library.md'), 'utf8');

describe('the library', () => {
  it('has every function of its page', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    const functions = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(?<name>\w+)/g)]);
    expect(functions.length).toBeGreaterThan(10);
    for (const { groups } of functions) expect(library).toHaveProperty(groups?.name ?? '');
  });

  it('makes a plan of its schema, and files from it', async () => {
    const folder = folderWith({ 'package.json': '{ "engines": { "node": "22" } }' });
    const plan = await library.analyze(folder);
    expect(planSchema.parse(plan)).toEqual(plan);
    const files = await library.render(plan);
    expect(files.map(({ path: name }) => name)).toEqual(['flake.nix', 'flake.lock', 'shell.nix', '.envrc']);
  });

  it.each<[string, Record<string, string>]>([
    [
      'an old runtime with native modules',
      {
        'package.json': '{ "engines": { "node": "18" }, "dependencies": { "canvas": "2.11.2" } }',
        'requirements.txt': 'numpy==2.0.0\n',
      },
    ],
    [
      'several versions of one runtime, and a project that asks for none',
      {
        'a/package.json': '{ "engines": { "node": "22" } }',
        'b/package.json': '{ "engines": { "node": "18" } }',
        'c/package.json': '{}',
      },
    ],
    [
      'one version for two ranges, and a project that asks for none',
      {
        'a/package.json': '{ "engines": { "node": ">=18" } }',
        'b/package.json': '{ "engines": { "node": "^22" } }',
        'c/package.json': '{}',
      },
    ],
    [
      'a toolchain that rustup installs',
      {
        'Cargo.toml': '[package]\nname = "a"\nversion = "0.1.0"\n',
        'rust-toolchain.toml': '[toolchain]\nchannel = "nightly-2024-08-12"\n',
      },
    ],
    ['a request that is the name of a line', { '.nvmrc': '22\n', 'package.json': '{}' }],
    [
      'a runtime that follows the libraries of another',
      { '.python-version': '3.9\n', 'requirements.txt': 'numpy==1.26.4\n', 'package.json': '{}' },
    ],
  ])('gives the same plan before and after generating: %s', async (_name, repository) => {
    const folder = folderWith(repository);
    const before = await library.analyze(folder);
    const files = await library.render(before);
    await library.write(files, { directory: folder, lock: library.lockOf(before, files) });
    const after = await library.analyze(folder);
    expect(after).toEqual(before);
    expect(await library.render(after)).toEqual(files);
  });

  it('gives the same plan of a folder and of another with the same files', async () => {
    const files = { 'go.mod': 'module x\n\ngo 1.25\n', 'a/Cargo.toml': '[package]\nname = "a"\n' };
    const [one, other] = [folderWith(files), folderWith(files)];
    expect(await library.analyze(one)).toEqual(await library.analyze(other));
  });
});
