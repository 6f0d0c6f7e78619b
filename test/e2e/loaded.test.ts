/** What the built command loads of ecosystems: the code and the catalogue of those that the repository announces. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { detectors } from '../../src/detect/registry.ts';
import { folder, nidify } from './nidify.ts';

const ids = detectors.map(({ id }) => id);

/** Files of `dist` that a run has loaded, as V8 counts them. */
async function loaded(args: string[], files: Record<string, string>): Promise<string[]> {
  const cwd = folder(files);
  const coverage = folder();
  const { exitCode, stderr } = await nidify(args, { cwd, env: { NODE_V8_COVERAGE: coverage } });
  expect(exitCode, stderr).toBe(0);
  const urls = readdirSync(coverage).flatMap((name) => {
    const report: { result: { url: string }[] } = JSON.parse(readFileSync(path.join(coverage, name), 'utf8'));
    return report.result.map(({ url }) => url);
  });
  return urls.filter((url) => url.includes('/dist/')).map((url) => path.posix.basename(url));
}

const nameOfChunk = (file: string) => file.replace(/-[\w-]{8}\.js$/, '');
/** `node`, of which there is the code, and `catalogue-node`. */
const ecosystemsOf = (files: readonly string[]) => ({
  code: ids.filter((id) => files.some((file) => nameOfChunk(file) === `${id}-detect`)),
  catalogue: ids.filter((id) => files.some((file) => nameOfChunk(file) === `catalogue-${id}`)),
  groups: files.map(nameOfChunk).filter((name) => ['javascript', 'tasks', 'python-python'].includes(name)),
});

/** What many repositories have, whatever their language. */
const everywhere = {
  '.editorconfig': 'root = true\n',
  '.env.example': 'PORT=3000\n',
  '.github/workflows/ci.yml': 'on: push\njobs: {}\n',
  Makefile: 'test:\n\techo test\n',
  Procfile: 'web: ./start\n',
};
const frame = ['tasks', 'containers', 'system', 'variables'];

test.each([
  {
    name: 'Node.js',
    files: { 'package.json': '{}', 'index.js': '', '.tool-versions': 'nodejs 22.1.0\n' },
    code: ['node', 'bun', 'deno', ...frame],
    catalogue: ['node', 'bun', 'deno'],
  },
  {
    name: 'Go',
    files: { 'go.mod': 'module example.com/x\n\ngo 1.25\n', 'main.go': 'package main\n' },
    code: ['go', ...frame],
    catalogue: ['go'],
  },
  {
    name: 'Python',
    files: { 'pyproject.toml': '[project]\nname = "x"\n', 'mise.toml': '[tools]\npython = "3.12"\n' },
    code: ['python', ...frame],
    // Extensions of Python are built with Rust.
    catalogue: ['python', 'rust'],
    more: ['python-python'],
  },
  {
    name: 'Go with an environment and configuration of its own',
    files: {
      'go.mod': 'module example.com/x\n\ngo 1.25\n',
      'flake.nix': '{ outputs = { nixpkgs }: { devShell = mkShell { packages = [ pkgs.go pkgs.zig ]; }; }; }',
      'config.json': '{"theme":"dark"}',
      'config.toml': '[server]\nport = 8080\n',
    },
    code: ['go', 'environments', ...frame],
    catalogue: ['go', 'zig', 'environments'],
  },
  {
    name: 'devbox',
    files: { 'devbox.json': '{"packages":["ruby@3.3","jq"]}' },
    code: ['environments', ...frame],
    catalogue: ['ruby', 'environments'],
  },
])('a repository of $name loads its own', async ({ files, code, catalogue, more = [] }) => {
  const found = ecosystemsOf(await loaded(['analyze', '--json'], { ...everywhere, ...files }));
  expect(found.code.sort()).toEqual([...code].sort());
  expect(found.catalogue.sort()).toEqual([...catalogue].sort());
  expect(found.groups.sort()).toEqual(['javascript', 'tasks', ...more].sort());
});

test('what prints the version loads the start alone', async () => {
  const files = await loaded(['--version'], {});
  expect(files.map(nameOfChunk).sort()).toEqual(['cli.js', 'rolldown-runtime', 'start']);
});
