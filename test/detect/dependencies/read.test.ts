import { describe, expect, it } from 'vitest';
import { manifestEndings, manifestNames } from '../../../src/detect/dependencies/claims.ts';
import { dependenciesOf } from '../../../src/detect/dependencies/read.ts';

async function read(path: string, text: string) {
  const found = await dependenciesOf({ path, text, blob: null });
  return found.map(
    ({ name, isDevelopment, line }) => `${line()} ${name}${isDevelopment ? ' (development)' : ''}`,
  );
}

const lines = (...all: string[]) => `${all.join('\n')}\n`;

describe('dependencies', () => {
  it.each([
    [
      'package.json',
      '{"dependencies": {"a": "1"},\n"devDependencies": {"b": "1"}}',
      ['1 a', '2 b (development)'],
    ],
    [
      'composer.json',
      '{"require": {"a/b": "1"},\n"require-dev": {"c/d": "1"}}',
      ['1 a/b', '2 c/d (development)'],
    ],
    [
      'pubspec.yaml',
      lines('dependencies:', '  a: 1', 'dev_dependencies:', '  b: 1'),
      ['2 a', '4 b (development)'],
    ],
    [
      'Cargo.toml',
      lines('[dependencies]', 'a = "1"', '[dev-dependencies]', 'b = "1"'),
      ['2 a', '4 b (development)'],
    ],
    ['go.mod', lines('module m', 'require a.b/c/v2 v2.0.0'), ['2 a.b/c']],
    [
      'pyproject.toml',
      lines('[project]', 'dependencies = ["A_b>1"]', '[dependency-groups]', 'test = ["c"]', 'docs = ["d"]'),
      ['2 a-b', '4 c (development)', '5 d'],
    ],
    ['requirements.txt', 'docker\n', ['1 docker']],
    ['requirements-dev.txt', '# x\ndocker\n', ['2 docker (development)']],
    ['Pipfile', lines('[dev-packages]', 'a = "*"'), ['2 a (development)']],
    [
      'pom.xml',
      lines(
        '<project><dependencies>',
        '<dependency><groupId>g</groupId><artifactId>a</artifactId></dependency>',
        '<dependency>',
        '  <groupId>g</groupId><artifactId>b</artifactId><scope>test</scope>',
        '</dependency></dependencies>',
        '<dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>bom</artifactId></dependency></dependencies></dependencyManagement>',
        '</project>',
      ),
      ['2 g:a', '3 g:b (development)'],
    ],
    [
      'build.gradle.kts',
      lines(
        'dependencies {',
        '    implementation("g:a:1.0")',
        '    testImplementation(platform("g:bom:1.0"))',
        '    integrationTestImplementation("g:b")',
        '    // testImplementation("g:not:1.0")',
        '}',
      ),
      ['2 g:a', '3 g:bom (development)', '4 g:b (development)'],
    ],
    ['build.gradle', "    testImplementation group: 'g', name: 'a', version: '1'\n", ['1 g:a (development)']],
    [
      'gradle/libs.versions.toml',
      lines(
        '[libraries]',
        'a = { module = "g:a", version = "1" }',
        'b = { group = "g", name = "b" }',
        'c = "g:c:1"',
      ),
      ['2 g:a', '3 g:b', '4 g:c'],
    ],
    [
      'build.sbt',
      lines('libraryDependencies ++= Seq(', '  "g" %% "a" % "1",', '  "g" % "b" % "1" % Test', ')'),
      ['2 g:a', '3 g:b (development)'],
    ],
    ['build.sc', 'def ivyDeps = Agg(ivy"g::a:1", ivy"g:b:1")\n', ['1 g:a', '1 g:b']],
    [
      'project.clj',
      lines('(defproject x "1"', '  ; [not "1"]', '  :dependencies [[a "1"]', '                 [g/b "1"]])'),
      ['1 x:x', '3 a:a', '4 g:b'],
    ],
    ['deps.edn', '{:deps {g/a {:mvn/version "1"}}}\n', ['1 g:a']],
    [
      'App.Tests.csproj',
      '<Project Sdk="Microsoft.NET.Sdk">\n<ItemGroup>\n<PackageReference Include="A.B" Version="1" /></ItemGroup></Project>',
      ['1 microsoft.net.sdk (development)', '3 a.b (development)'],
    ],
    [
      'App.fsproj',
      '<Project Sdk="Aspire.AppHost.Sdk/9.0.0"><ItemGroup><PackageReference Include="A"/></ItemGroup></Project>',
      ['1 aspire.apphost.sdk', '1 a'],
    ],
    ['Directory.Packages.props', '<Project><PackageVersion Include="A" Version="1"/></Project>', ['1 a']],
    [
      'Gemfile',
      lines(
        "gem 'a'",
        'group :development, :test do',
        '  gem "b", "~> 1"',
        'end',
        "gem 'c', group: :test",
        "# gem 'd'",
        "gem 'e'",
      ),
      ['1 a', '3 b (development)', '5 c (development)', '7 e'],
    ],
    [
      'x.gemspec',
      lines("  spec.add_dependency 'a', '1'", '  spec.add_development_dependency("b")'),
      ['1 a', '2 b (development)'],
    ],
    [
      'mix.exs',
      lines('  {:a, "~> 1.0"},', '  {:b, "~> 1.0", only: [:dev, :test]},', '  # {:c, "1"}'),
      ['1 a', '2 b (development)'],
    ],
    [
      'x.cabal',
      lines(
        'library',
        '  build-depends: base, a >= 1',
        'test-suite t',
        '  build-depends:',
        '    b ^>=1,',
        '    c',
        '  hs-source-dirs: t',
      ),
      ['2 base', '2 a', '5 b (development)', '6 c (development)'],
    ],
    ['package.yaml', lines('dependencies:', '- base >= 4', '- a'), ['2 base', '3 a']],
    ['CMakeLists.txt', '  GIT_REPOSITORY https://github.com/o/n.git\n', ['1 o/n']],
  ])('of %s: %j', async (path, text, expected) => {
    expect(await read(path, text)).toEqual(expected);
  });

  it('of a malformed manifest are none', async () => {
    for (const path of [
      ...manifestNames,
      ...manifestEndings.map((ending) => `x${ending}`),
      'requirements.txt',
    ]) {
      for (const text of ['\0', '{', '<', '[[[[', '"', '']) expect(await read(path, text)).toEqual([]);
    }
  });

  it('are read in linear time', async () => {
    for (const path of [...manifestNames, ...manifestEndings.map((ending) => `x${ending}`)]) {
      for (const text of ['"a:', '{:a,', ' ', '(a', '"a" %', 'gem ', '<a ', '\n', '[a\n', '-\n']) {
        const start = performance.now();
        await read(path, text.repeat(60_000 / text.length));
        expect(performance.now() - start, `${path} ${text}`).toBeLessThan(2500);
      }
    }
  });
});
