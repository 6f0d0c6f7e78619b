/** Repositories in Julia and the plans that they must have: https://pkgdocs.julialang.org/v1/toml-files/ */
import { describe, expect, test } from 'vitest';
import { analysed } from '../../support/analysed.ts';

const install = "julia --project -e 'using Pkg; Pkg.instantiate()'";
const dataFrames = 'DataFrames = "a93c6f00-e57d-5684-b7b6-d8193f3e46c0"';
const genie = 'Genie = "c43c736e-a2d1-11e8-161f-af95117fbd1e"';

const library = (compat: string) => `name = "Shelf"
uuid = "5b1d4d4c-2f0e-4c7a-9a7e-3e5a8c1d2b3f"
version = "0.1.0"

[deps]
${dataFrames}

[compat]
julia = "${compat}"

[extras]
Test = "8dfed614-e22c-5e08-85e1-65c5234f0b40"
`;

const manifest = (version: string) => `# This file is machine-generated - editing it directly is not advised

julia_version = "${version}"
manifest_format = "2.0"
project_hash = "abc"

[[deps.DataFrames]]
version = "1.6.1"
`;

test('a library is tested as a package, by what it allows', async () => {
  const found = await analysed({
    'Project.toml': library('1.6'),
    'src/Shelf.jl': 'module Shelf\nend\n',
    'test/runtests.jl': 'using Test\n',
    'test/Project.toml': '[deps]\nTest = "8dfed614-e22c-5e08-85e1-65c5234f0b40"\n',
    'docs/Project.toml':
      '[deps]\nDocumenter = "e30172f5-a6a5-5a46-863b-614d45cd2de4"\n[compat]\njulia = "1.9"\n',
  });
  expect(found).toMatchObject({
    languages: ['julia'],
    toolchains: ['julia 1.11 compatible'],
    packageManagers: ['pkg'],
    commands: { install, test: "julia --project -e 'using Pkg; Pkg.test()'" },
    findings: [],
  });
  expect(found.plan.projects).toHaveLength(1);
  expect(found.plan.projects[0]?.name).toBe('Shelf');
  expect(found.plan.environments[0]?.variables).toContainEqual(
    expect.objectContaining({ name: 'JULIA_PROJECT', value: ['@.'] }),
  );
});

test('an application has the version that its manifest was resolved with', async () => {
  const found = await analysed({
    'Project.toml': `[deps]\n${dataFrames}\n[compat]\njulia = "1.9"\n`,
    'Manifest.toml': manifest('1.10.4'),
    'main.jl': 'println(1)\n',
  });
  expect(found.toolchains).toEqual(['julia 1.10 assumed']);
  expect(found.plan.packageManagers[0]).toMatchObject({
    lockfile: 'Manifest.toml',
    bundledWith: 'julia-1.10',
  });
  expect(found.commands).toEqual({ install, start: 'julia --project main.jl' });
});

test('a web application', async () => {
  const found = await analysed({
    'Project.toml': `[deps]\n${genie}\n`,
    'config/env/dev.jl': '',
    'routes.jl': 'using Genie.Router\n',
  });
  expect(found).toMatchObject({ frameworks: ['genie'], ports: [8000], toolchains: ['julia 1.11 default'] });
  expect(found.commands.start).toBe("julia --project -e 'using Genie; Genie.loadapp(); up(async = false)'");
});

describe('version files', () => {
  test.each([
    [{ '.tool-versions': 'julia 1.10.2\n' }, 'julia 1.10 assumed'],
    [{ 'mise.toml': '[tools]\njulia = "1.9"\n' }, 'julia 1.9 compatible'],
    [{ 'mise.toml': '[tools]\njulia = "lts"\n' }, 'julia 1.10 compatible'],
  ])('%j', async (files, expected) => {
    const found = await analysed({
      'Project.toml': library('1.9'),
      'Manifest.toml': manifest('1.11.0'),
      ...files,
    });
    expect(found.toolchains).toEqual([expected]);
  });

  test('a version that contradicts what the project allows is said', async () => {
    const found = await analysed({ 'Project.toml': library('1.11'), '.tool-versions': 'julia 1.10.2\n' });
    expect(found.findings).toEqual(['version-contradiction']);
  });

  test('a manifest of one version stands before the common one', async () => {
    const found = await analysed({
      'JuliaProject.toml': library('1.9'),
      'Manifest.toml': manifest('1.11.1'),
      'Manifest-v1.10.toml': manifest('1.10.8'),
    });
    expect(found.toolchains).toEqual(['julia 1.10 assumed']);
  });
});

test('the packages of a monorepo are projects of their own', async () => {
  const found = await analysed(
    {
      'Project.toml': `${library('1.10')}\n[workspace]\nprojects = ["test", "lib/Core"]\n`,
      'lib/Core/Project.toml': library('1.9').replace('Shelf', 'Core'),
      'lib/Core/test/runtests.jl': '',
    },
    'lib/Core',
  );
  expect(found.plan.projects.map(({ path, environment }) => [path, environment])).toEqual([
    ['.', 'default'],
    ['lib/Core', 'default'],
  ]);
  expect(found.commands.test).toBe("julia --project -e 'using Pkg; Pkg.test()'");
});

describe('odd ones', () => {
  test('a version from the future is served as near as can be, and it is said', async () => {
    const found = await analysed({ 'Project.toml': library('~1.99') });
    expect(found.findings).toEqual(['version-nearest']);
  });

  test('REQUIRE of an old package', async () => {
    const found = await analysed({ REQUIRE: 'julia 0.7\nDataFrames 0.11\n', 'src/Old.jl': '' });
    expect(found).toMatchObject({ languages: ['julia'], toolchains: ['julia 1.11 compatible'] });
  });

  test('a Project.toml of another tool says nothing', async () => {
    const found = await analysed({
      'Project.toml': 'name = "x"\n[deps]\nfoo = "1.0"\n',
      'go.mod': 'module a\n',
    });
    expect(found.languages).toEqual(['go']);
  });

  test('a broken one is an error', async () => {
    expect((await analysed({ 'Project.toml': 'name = \n' })).findings).toContain('unreadable-manifest');
  });

  test('a helper beside another language adds nothing', async () => {
    const found = await analysed({ 'package.json': '{}', 'run.jl': '' });
    expect(found.languages).toEqual(['node']);
  });

  test('only an example: optional', async () => {
    const found = await analysed({ 'examples/a/Project.toml': library('1.10') });
    expect(found.plan.toolchains[0]).toMatchObject({ id: 'julia', optional: true });
  });
});
