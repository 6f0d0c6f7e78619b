/** Which ecosystems a repository loads: code, and by the same ids the catalogue. Those of others cost it nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { concerned } from '../../src/detect/concerned.ts';
import { detectors } from '../../src/detect/registry.ts';
import { isVersionFile, toolsNamedIn } from '../../src/detect/shared/version-tools.ts';
import { claimants, claimMatcher } from '../../src/scan/claims.ts';
import { inventoryOf } from '../support/inventory.ts';

const claim = claimMatcher(detectors.map(({ claims }) => claims));

/** As a scan would see it: only claimed files are in `files`. */
function idsOf(files: Record<string, string>): string[] {
  const { files: all, ...inventory } = inventoryOf(files);
  const claimed = new Map([...all].filter(([path]) => claim(path) !== null));
  return concerned({ ...inventory, files: claimed }, detectors).map(({ id }) => id);
}

/** What many repositories have, whatever their language. */
const everywhere = {
  '.editorconfig': 'root = true\n',
  '.env.example': 'PORT=3000\n',
  '.github/workflows/ci.yml': 'on: push\n',
  '.gitignore': 'dist\n',
  Dockerfile: 'FROM scratch\n',
  LICENSE: '',
  Makefile: 'test:\n\techo test\n',
  Procfile: 'web: ./start\n',
  'README.md': '',
  'scripts/ci.sh': 'echo\n',
};
const shared = ['tasks', 'containers', 'system', 'variables'];
const javascript = ['node', 'bun', 'deno'];

test.each<[name: string, own: string[], files: Record<string, string>]>([
  ['nothing but what everybody has', [], {}],
  ['Node.js', javascript, { 'package.json': '{}', 'index.js': '', '.tool-versions': 'nodejs 22.1.0\n' }],
  [
    'Python',
    ['python'],
    { 'pyproject.toml': '', 'runtime.txt': 'python-3.12\n', 'mise.toml': '[tools]\npython = "3.12"\n' },
  ],
  ['Go', ['go'], { 'go.mod': 'module x\n', 'main.go': '', '.tool-versions': 'golang 1.25.0\n' }],
  [
    'Rust',
    ['rust'],
    { 'Cargo.toml': '', 'src/main.rs': '', '.mise.toml': '[tools]\n"core:rust" = "1.90"\n' },
  ],
  ['C', ['c'], { 'main.c': '', '.clang-format': '' }],
  ['C with a Makefile alone', ['c'], { 'src/x.c': '' }],
  ['Ruby', ['ruby'], { Gemfile: '', 'app.rb': '', 'config/database.yml': '' }],
  ['PHP', ['php'], { 'composer.json': '{}', 'index.php': '' }],
  ['Java', ['java'], { 'pom.xml': '<project/>', '.sdkmanrc': 'java=21\n', '.tool-versions': 'java 21\n' }],
  ['Scala', ['java', 'scala'], { 'build.sbt': '', '.tool-versions': 'java 21\n' }],
  ['Clojure', ['clojure'], { 'deps.edn': '{}' }],
  ['.NET', ['dotnet'], { 'x.csproj': '<Project/>', '.tool-versions': 'dotnet 9.0.100\n' }],
  ['Erlang', ['erlang'], { 'rebar.config': '', '.tool-versions': 'erlang 27.1\n' }],
  ['Elixir', ['erlang', 'elixir'], { 'mix.exs': '', '.tool-versions': 'erlang 27.1\nelixir 1.18\n' }],
  ['Gleam', ['gleam'], { 'gleam.toml': '' }],
  ['Haskell', ['haskell'], { 'x.cabal': '' }],
  ['OCaml', ['ocaml'], { 'dune-project': '' }],
  ['Zig', ['zig'], { 'build.zig': '' }],
  ['Crystal', ['crystal'], { 'shard.yml': '' }],
  ['Nim', ['nim'], { 'x.nimble': '' }],
  ['R', ['r'], { DESCRIPTION: '', 'R/x.R': '', 'runtime.txt': 'r-4.4-2025-01-01\n' }],
  ['Julia', ['julia'], { 'Project.toml': '' }],
  ['Racket', ['racket'], { 'info.rkt': '', 'main.rkt': '', '.tool-versions': 'racket 9.1\n' }],
  ['Perl', ['perl'], { cpanfile: '' }],
  ['Lua', ['lua'], { 'x-1-1.rockspec': '' }],
  ['Terraform', ['terraform'], { 'main.tf': '', '.tool-versions': 'terraform 1.9.0\n' }],
  ['Dart', ['dart'], { 'pubspec.yaml': '' }],
  ['Swift', ['swift'], { 'Package.swift': '' }],
  ['Fortran', ['fortran'], { 'fpm.toml': '' }],
  ['Ada', ['ada'], { 'alire.toml': '' }],
  ['LaTeX', ['latex'], { 'paper.tex': '' }],
])('a repository of %s loads nothing of others', (_, own, files) => {
  expect(idsOf({ ...everywhere, ...files }).sort()).toEqual([...own, ...shared].sort());
});

test('a version file announces the languages that it names, and no other', () => {
  expect(idsOf({ '.tool-versions': '# ruby\nnodejs 22.1.0\njust 1.0\n' })).toEqual(['node']);
  expect(idsOf({ '.config/mise.toml': '[tools]\nperl = "5.40"\n[env]\nx = "ruby"\n' })).toEqual([
    'perl',
    'containers',
  ]);
});

test.each<[concerns: boolean, files: Record<string, string>]>([
  [false, { 'config.json': '{"theme":"dark"}', 'config.toml': '[server]\nport = 1\n' }],
  [false, { 'config.toml': '[server]\n', 'content/x.md': '' }],
  [false, { 'netlify.toml': '[build]\ncommand = "npm run build"\n', 'theme.toml': 'colour = "red"\n' }],
  [true, { 'config.toml': 'baseURL = "https://example.com"\n', 'content/x.md': '' }],
  [true, { 'config.toml': 'base_url = "https://example.com"\n', 'templates/index.html': '' }],
  [true, { 'site/config/_default/config.yaml': 'theme: x\n', 'site/layouts/index.html': '' }],
  [true, { 'theme.toml': 'min_version = "0.100"\n' }],
  [true, { 'hugo.toml': '' }],
])('%s: %j is about a site', (concerns, files) => {
  expect(idsOf(files).includes('sites')).toBe(concerns);
});

test.each([
  ['node = "22"', 'node'],
  ['"core:node" = "22"', 'node'],
  ['tools = { node = "22", go = "1.25" }', 'go'],
  ['[tools.node]\nversion = "22"', 'node'],
  ["[tools.'node']\nversion = '22'", 'node'],
  ['tools.node.version = "22"', 'node'],
  ['tools.node = "22"', 'node'],
  ['[tools]\nnode = ["22", "20"]', 'node'],
])('in %j a tool is named', (text, tool) => {
  expect(toolsNamedIn('mise.toml', text)).toContain(tool);
});

test('who claims a version file says which of its tools are its own', () => {
  const silent = detectors.filter(
    ({ claims }) => claims.versionTools === undefined && claims.names?.some(isVersionFile) === true,
  );
  expect(silent.map(({ id }) => id)).toEqual([]);
});

test('one table says the same as a matcher for each ecosystem', () => {
  const all = detectors.map(({ claims }) => claims);
  const wanted = claimants(all);
  const names = all.flatMap(({ names, locks, presence, suffixes, endings, hints }) => [
    ...[names, locks, presence, suffixes, hints?.names].flatMap((each) => each ?? []),
    ...[endings, hints?.endings].flatMap((each) => each ?? []).map((ending) => `x${ending}`),
    ...(hints?.folders ?? []).map((folder) => `${folder}/x`),
  ]);
  for (const name of names.flatMap((each) => [each, `a/b/${each}`, `${each}/x`])) {
    const expected = all.flatMap((claims, at) => (claimMatcher([claims])(name) === null ? [] : [at]));
    expect([...new Set(wanted(name))].sort(), name).toEqual(expected.sort());
  }
});

const root = path.resolve(import.meta.dirname, '../../src/detect');
/** Loaded wherever anything is: they read what all ecosystems have. */
const frame = ['shared', 'tasks', 'containers', 'dependencies', 'system', 'variables', ''];
/** Whose code is in whose: the same manifests, or one built upon the other. */
const kin: Readonly<Record<string, readonly string[]>> = {
  bazel: ['c'],
  bun: ['node'],
  c: ['bazel', 'sources'],
  cobol: ['c'],
  conda: ['python'],
  deno: ['node'],
  clojure: ['jvm'],
  java: ['jvm'],
  scala: ['jvm', 'java'],
  sources: ['c'],
  // The frame reads scripts of npm and modules of Go.
  containers: ['node'],
  dependencies: ['go', 'python'],
};

test('the code of an ecosystem brings none of another', () => {
  const importOf = /^(?:import|export)\s+(?!type\s)[^;]*?from\s+'(?<to>\.[^']+)'/gm;
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const found = files.flatMap((file) => {
    const own = path.dirname(file).split(path.sep)[0] ?? '';
    if (own === '.') return [];
    const text = readFileSync(path.join(root, file), 'utf8');
    return [...text.matchAll(importOf)].flatMap(({ groups }) => {
      const to = path.relative(root, path.resolve(root, path.dirname(file), groups?.to ?? ''));
      const other = path.dirname(to).split(path.sep)[0] ?? '';
      const isData = to.endsWith('claims.ts') || to.startsWith('..') || other === '.';
      return isData || other === own || frame.includes(other) || kin[own]?.includes(other)
        ? []
        : [`${file}: ${to}`];
    });
  });
  expect(found).toEqual([]);
});
