import { describe, expect, it } from 'vitest';
import { detectContainers } from '../../../src/detect/containers/detect.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf } from '../../support/needs.ts';

async function nested(files: Record<string, string | null>) {
  const needs = needsOf(await detectContainers(contextOf(files)), 'nested-container');
  return needs.map(({ container, because }) => `${container} ${because[0]?.file}:${because[0]?.line}`);
}

describe('Testcontainers', () => {
  it.each([
    ['package.json', '{\n "devDependencies": {\n  "testcontainers": "10"}}', 3],
    ['package.json', '{"dependencies": {\n "@testcontainers/postgresql": "10"}}', 2],
    ['pyproject.toml', '[dependency-groups]\ndev = [\n  "pytest",\n  "testcontainers[postgres]>=4",\n]\n', 4],
    ['pyproject.toml', '[project.optional-dependencies]\ntest = ["testcontainers"]\n', 2],
    ['pyproject.toml', '[tool.poetry.group.dev.dependencies]\ntestcontainers = "^4.0"\n', 2],
    ['pyproject.toml', '[tool.hatch.envs.test]\ndependencies = ["Testcontainers~=4.0"]\n', 2],
    ['requirements-dev.txt', 'pytest\ntestcontainers==4.8.0 # databases\n', 2],
    ['requirements/test.txt', 'testcontainers[redis]\n', 1],
    ['Pipfile', '[dev-packages]\ntestcontainers = "*"\n', 2],
    ['go.mod', 'module m\nrequire github.com/testcontainers/testcontainers-go v0.34.0\n', 2],
    [
      'go.mod',
      'module m\nrequire (\n\tgithub.com/testcontainers/testcontainers-go/modules/redis v0.34.0\n)\n',
      3,
    ],
    ['Cargo.toml', '[dev-dependencies]\ntestcontainers-modules = "0.11"\n', 2],
    ['Cargo.toml', '[workspace.dependencies]\ntestcontainers = "0.23"\n', 2],
    ['tests/package.json', '{"devDependencies": {"testcontainers": "10"}}', 1],
  ])('is in %s: %j', async (name, text, line) => {
    expect(await nested({ [name]: text })).toEqual([`testcontainers ${name}:${line}`]);
  });

  it.each([
    [
      'package.json',
      '{"description": "testcontainers", "peerDependencies": {"testcontainers": "10"}, "dependencies": {"my-testcontainers": "1"}}',
    ],
    [
      'pyproject.toml',
      '[project]\ndescription = "like testcontainers"\ndependencies = ["testcontainers-mock"]\n',
    ],
    ['requirements.txt', '# testcontainers\npytest-testcontainers\n'],
    ['go.mod', 'module m\nrequire github.com/testcontainers/testcontainers-go v0.34.0 // indirect\n'],
    ['examples/demo/package.json', '{"devDependencies": {"testcontainers": "10"}}'],
    ['package.json', '{"devDependencies": ["testcontainers"]}'],
    ['package.json', 'testcontainers'],
  ])('is not in %s: %j', async (name, text) => {
    expect(await nested({ [name]: text })).toEqual([]);
  });
});

describe('Dagger', () => {
  it.each([
    ['dagger.json', '{"name": "ci", "sdk": "go"}', null],
    ['package.json', '{"devDependencies": {\n"@dagger.io/dagger": "0.15"}}', 2],
    ['pyproject.toml', '[project]\ndependencies = ["dagger-io"]\n', 2],
    ['go.mod', 'module ci\nrequire dagger.io/dagger v0.15.0\n', 2],
    ['Cargo.toml', '[dependencies]\ndagger-sdk = "0.15"\n', 2],
  ])('is in %s', async (name, text, line) => {
    expect(await nested({ [name]: text })).toEqual([`dagger ${name}:${line}`]);
  });
});

describe('fixtures that start a compose file', () => {
  it('are dependencies of tests', async () => {
    expect(await nested({ 'requirements-test.txt': 'pytest-docker>=3\n' })).toEqual([
      'compose requirements-test.txt:1',
    ]);
    expect(await nested({ 'package.json': '{"devDependencies": {"docker-compose": "1"}}' })).toEqual([
      'compose package.json:1',
    ]);
  });
});

describe('several kinds', () => {
  it('are told apart, with no more evidence than a reader wants to see', async () => {
    const files: Record<string, string> = { 'dagger.json': '{}' };
    for (let at = 0; at < 20; at++)
      files[`apps/${at}/package.json`] = '{"devDependencies": {"testcontainers": "10"}}';
    const needs = needsOf(await detectContainers(contextOf(files)), 'nested-container');
    expect(needs.map(({ container, because }) => [container, because.length])).toEqual([
      ['testcontainers', 5],
      ['dagger', 1],
    ]);
  });

  it('are none where a Dockerfile only says how the project is deployed', async () => {
    expect(await nested({ Dockerfile: 'FROM scratch\n', '.dockerignore': '', 'package.json': '{}' })).toEqual(
      [],
    );
  });
});
