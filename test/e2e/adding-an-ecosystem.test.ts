import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { folder } from './nidify.ts';

const root = path.resolve(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/adding-an-ecosystem.md'), 'utf8');
const blocks = [...page.matchAll(/^```(?:ts|json)\n(?<text>[\s\S]*?)^```$/gm)].map(
  ({ groups }) => groups?.text ?? '',
);

const copied = [
  'src',
  'nix',
  'catalogue',
  'scripts',
  'templates',
  'test/support',
  'vitest.config.ts',
  'tsdown.config.ts',
];

test('docs/adding-an-ecosystem.md works as it is written', async () => {
  const [claims = '', registration = '', detect = '', catalogue = '', specification = ''] = blocks;
  const work = folder({ 'repository/elm.json': '{ "elm-version": "0.19.1" }\n' });
  for (const name of [...copied, 'package.json', 'tsconfig.json']) {
    cpSync(path.join(root, name), path.join(work, name), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(work, 'node_modules'));
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(work, name)), { recursive: true });
    writeFileSync(path.join(work, name), text);
  };
  const registry = readFileSync(path.join(work, 'src/detect/registry.ts'), 'utf8');
  const [statement = '', row = ''] = registration.split('\n\n');
  write('src/detect/registry.ts', `${statement}\n${registry.replace('Detector[] = [', `$&\n${row}`)}`);
  write('src/detect/elm/claims.ts', claims);
  write('src/detect/elm/detect.ts', detect);
  write('catalogue/sources/elm.json', catalogue);
  write('test/detect/elm/detect.test.ts', specification);

  const run = (file: string, args: string[]) =>
    execa(file, args, { cwd: work, all: true, preferLocal: true });
  await run('npm', ['run', 'catalogue:build']);
  await run('tsc', ['--noEmit']);
  await run('npm', ['run', 'build']);
  await run('vitest', ['run', '--project', 'unit', 'test/detect/elm']);
  const { stdout } = await run('node', ['dist/cli.js', 'repository', '--dry-run']);
  expect(stdout).toMatch(/^environment {2}elm 0\.19$/m);
});
