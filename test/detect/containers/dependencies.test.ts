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
    [
      'pom.xml',
      '<project><dependencies>\n<dependency><groupId>org.testcontainers</groupId><artifactId>kafka</artifactId></dependency></dependencies></project>',
      2,
    ],
    [
      'build.gradle.kts',
      'dependencies {\n  testImplementation("org.testcontainers:postgresql:1.20")\n}\n',
      2,
    ],
    ['gradle/libs.versions.toml', '[libraries]\ntc = { module = "org.testcontainers:mysql" }\n', 2],
    ['build.sbt', '\n"com.dimafeng" %% "testcontainers-scala-scalatest" % "0.41" % Test\n', 2],
    ['project.clj', '\n[clj-test-containers "0.7.4"]\n', 2],
    ['deps.edn', '{:deps {clj-test-containers/clj-test-containers {:mvn/version "0.7.4"}}}', 1],
    ['T.csproj', '<Project>\n<PackageReference Include="Testcontainers.PostgreSql"/></Project>', 2],
    ['Directory.Packages.props', '<Project>\n<PackageVersion Include="Testcontainers"/></Project>', 2],
    ['Gemfile', "\ngem 'testcontainers-postgres'\n", 2],
    ['composer.json', '{"require-dev": {\n"testcontainers/testcontainers": "1"}}', 2],
    ['mix.exs', '\n{:testcontainers, "~> 1.11", only: :test}\n', 2],
    ['x.cabal', 'test-suite t\n  build-depends: base, testcontainers\n', 2],
    ['pubspec.yaml', 'dev_dependencies:\n  testcontainers: 1\n', 2],
    ['CMakeLists.txt', '\n  GIT_REPOSITORY https://github.com/testcontainers/testcontainers-native.git\n', 2],
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
    [
      'pom.xml',
      '<project><dependencyManagement><dependencies><dependency><groupId>org.testcontainers</groupId><artifactId>testcontainers-bom</artifactId></dependency></dependencies></dependencyManagement></project>',
    ],
    ['pom.xml', '<!DOCTYPE a [<!ENTITY t "org.testcontainers">]><project>&t;'],
    ['build.gradle', '// testImplementation "org.testcontainers:mysql:1"\n'],
    ['App.csproj', '<Project><PackageReference Include="MyTestcontainers"/></Project>'],
    ['Gemfile', "# gem 'testcontainers'\n"],
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

describe('what a kind asks of its surroundings', () => {
  const codes = async (files: Record<string, string>) =>
    needsOf(await detectContainers(contextOf(files)), 'finding').map(({ code }) => code);

  it('is told where the evidence is clear', async () => {
    expect(await codes({ 'dagger.json': '{}' })).toEqual(['dagger-engine']);
    expect(await codes({ Makefile: 'test-e2e:\n\tkind create cluster\n' })).toEqual(['cluster-in-container']);
    expect(await codes({ Makefile: 'cluster:\n\tkind create cluster\n' })).toEqual([]);
  });
});

describe('.NET Aspire', () => {
  it.each([
    ['<Project Sdk="Aspire.AppHost.Sdk/13.0.0"/>', 1],
    ['<Project>\n<Sdk Name="Aspire.AppHost.Sdk" Version="9.0.0"/></Project>', 2],
    ['<Project>\n<ItemGroup>\n<PackageReference Include="Aspire.Hosting.Redis"/></ItemGroup></Project>', 3],
  ])('is hosted by %s', async (text, line) => {
    expect(await nested({ 'AppHost/AppHost.csproj': text })).toEqual([
      `aspire AppHost/AppHost.csproj:${line}`,
    ]);
  });

  it('is not where a project only talks to what it hosts', async () => {
    const text = '<Project><PackageReference Include="Aspire.Npgsql"/></Project>';
    expect(await nested({ 'Api/Api.csproj': text })).toEqual([]);
  });
});

describe('a client of an engine', () => {
  const confidence = async (name: string, text: string) => {
    const needs = needsOf(await detectContainers(contextOf({ [name]: text })), 'nested-container');
    return needs.map(({ container, confidence }) => `${container} ${confidence}`);
  };

  it.each([
    ['package.json', '{"devDependencies": {"dockerode": "4"}}', 'high'],
    ['package.json', '{"dependencies": {"dockerode": "4"}}', 'low'],
    ['e2e/package.json', '{"dependencies": {"dockerode": "4"}}', 'high'],
    ['pyproject.toml', '[dependency-groups]\ntest = ["docker"]\n', 'high'],
    ['pyproject.toml', '[project]\ndependencies = ["docker>=7"]\n', 'low'],
    ['go.mod', 'module m\nrequire github.com/docker/docker v27.0.0\n', 'low'],
    ['go.mod', 'module m\nrequire github.com/ory/dockertest/v3 v3.11.0\n', 'high'],
    ['Cargo.toml', '[dev-dependencies]\nbollard = "0.18"\n', 'high'],
    ['Cargo.toml', '[dependencies]\nbollard = "0.18"\n', 'low'],
    ['build.gradle', 'testImplementation "com.github.docker-java:docker-java:3.4"\n', 'high'],
    ['App.Tests.csproj', '<Project><PackageReference Include="Docker.DotNet"/></Project>', 'high'],
    ['Gemfile', "gem 'docker-api'\n", 'low'],
  ])('is clear only where development uses it: %s %s', async (name, text, expected) => {
    expect(await confidence(name, text)).toEqual([`docker-client ${expected}`]);
  });

  it.each([
    ['package.json', '{"devDependencies": {"dockerfile-ast": "1", "docker-names": "1"}}'],
    ['requirements-dev.txt', 'dockerfile-parse\ndocker-pycreds\n'],
    ['go.mod', 'module m\nrequire github.com/docker/go-units v0.5.0\n'],
  ])('is not every package that is named like one: %s %s', async (name, text) => {
    expect(await confidence(name, text)).toEqual([]);
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
    expect(
      await nested({
        'build.gradle': "developmentOnly 'org.springframework.boot:spring-boot-docker-compose'\n",
      }),
    ).toEqual(['compose build.gradle:1']);
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
