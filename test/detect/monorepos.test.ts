/** Monorepos as their tools' own documentation and templates lay them out, through the whole analysis. */
import { describe, expect, it } from 'vitest';
import { type Expected, expectPlan } from '../support/expected.ts';
import { json, lines } from './node/support.ts';

interface Row {
  tool: string;
  files: Record<string, string>;
  expected: Expected;
}

const pnpmLock = lines("lockfileVersion: '9.0'", '', 'importers:', '  .: {}');
const npmLock = json({ name: 'root', lockfileVersion: 3, packages: {} });
const berryLock = lines('__metadata:', '  version: 8', '  cacheKey: 10c0');

const rows: readonly Row[] = [
  {
    tool: 'Turborepo with pnpm (npx create-turbo)',
    files: {
      'package.json': json({
        name: 'shop',
        private: true,
        scripts: { build: 'turbo run build', dev: 'turbo run dev', lint: 'turbo run lint' },
        devDependencies: { turbo: '^2.5.0' },
        packageManager: 'pnpm@10.4.1',
        engines: { node: '>=20' },
      }),
      'pnpm-workspace.yaml': lines('packages:', '  - "apps/*"', '  - "packages/*"'),
      'pnpm-lock.yaml': pnpmLock,
      'turbo.json': json({ tasks: { build: { dependsOn: ['^build'] }, test: {}, dev: { cache: false } } }),
      'apps/web/package.json': json({
        name: 'web',
        private: true,
        scripts: { dev: 'next dev --port 3001', build: 'next build', start: 'next start' },
        dependencies: { next: '15.2.0', '@repo/ui': 'workspace:*' },
      }),
      'packages/ui/package.json': json({ name: '@repo/ui', scripts: { lint: 'eslint .' } }),
    },
    expected: {
      toolchains: { node: '24' },
      packageManagers: { pnpm: '10' },
      projects: {
        '.': {
          name: 'shop',
          commands: {
            install: 'pnpm install --frozen-lockfile',
            build: 'pnpm run build',
            test: 'pnpm exec turbo run test',
            dev: 'pnpm run dev',
            lint: 'pnpm run lint',
            start: null,
          },
        },
        'apps/web': {
          frameworks: ['nextjs'],
          ports: [3001],
          commands: {
            install: 'pnpm install --frozen-lockfile',
            build: 'pnpm run build',
            start: 'pnpm start',
          },
        },
        'packages/ui': { name: '@repo/ui', commands: { lint: 'pnpm run lint', start: null, build: null } },
      },
    },
  },
  {
    tool: 'Nx, integrated: no manifests but project.json',
    files: {
      'package.json': json({
        name: 'org',
        private: true,
        devDependencies: { nx: '21.0.0', '@nx/js': '21.0.0' },
      }),
      'package-lock.json': npmLock,
      '.nvmrc': '22\n',
      'nx.json': json({ targetDefaults: { build: { cache: true } } }),
      'apps/api/project.json': json({
        name: 'api',
        projectType: 'application',
        targets: {
          build: { executor: '@nx/webpack:webpack' },
          serve: { executor: '@nx/js:node', options: { port: 3333 } },
          test: { executor: '@nx/jest:jest' },
        },
      }),
      'apps/api-e2e/project.json': json({
        name: 'api-e2e',
        projectType: 'application',
        targets: { e2e: {} },
      }),
      'libs/data/project.json': json({
        name: 'data',
        projectType: 'library',
        targets: { lint: { executor: '@nx/eslint:lint' }, test: { executor: '@nx/jest:jest' } },
      }),
    },
    expected: {
      toolchains: { node: '22' },
      projects: {
        '.': {
          name: 'org',
          commands: {
            install: 'npm ci',
            build: 'npx nx run-many -t build',
            test: 'npx nx run-many -t test',
            lint: 'npx nx run-many -t lint',
            dev: null,
          },
        },
        'apps/api': {
          name: 'api',
          languages: ['node'],
          ports: [3333],
          commands: {
            install: 'npm ci',
            build: 'npx nx run api:build',
            test: 'npx nx run api:test',
            start: 'npx nx run api:serve',
            dev: 'npx nx run api:serve',
            lint: null,
          },
        },
        'libs/data': {
          name: 'data',
          ports: [],
          commands: { build: null, test: 'npx nx run data:test', lint: 'npx nx run data:lint', start: null },
        },
      },
    },
  },
  {
    tool: 'Nx, package-based: manifests with scripts',
    files: {
      'package.json': json({
        name: 'org',
        private: true,
        workspaces: ['packages/*'],
        devDependencies: { nx: '^20.0.0' },
      }),
      'package-lock.json': npmLock,
      'nx.json': json({ targetDefaults: { build: { dependsOn: ['^build'], cache: true } } }),
      'packages/core/package.json': json({
        name: '@org/core',
        scripts: { build: 'tsc -b', test: 'vitest run' },
      }),
      'packages/web/package.json': json({ name: '@org/web', scripts: { build: 'vite build', dev: 'vite' } }),
    },
    expected: {
      toolchains: { node: '24' },
      projects: {
        '.': {
          commands: {
            build: 'npx nx run-many -t build',
            test: 'npx nx run-many -t test',
            lint: null,
            dev: null,
          },
        },
        'packages/core': { commands: { build: 'npm run build', test: 'npm test' } },
        'packages/web': { commands: { build: 'npm run build', dev: 'npm run dev' } },
      },
    },
  },
  {
    tool: 'Nx before 16: workspace.json holds the projects',
    files: {
      'package.json': json({ name: 'old', private: true, devDependencies: { nx: '13.10.0' } }),
      'package-lock.json': npmLock,
      'nx.json': json({ npmScope: 'old' }),
      'workspace.json': json({
        version: 2,
        projects: {
          shop: {
            root: 'apps/shop',
            projectType: 'application',
            targets: { build: { executor: '@nrwl/web:build' }, serve: { executor: '@nrwl/web:dev-server' } },
          },
          admin: 'apps/admin',
        },
      }),
      'apps/shop/src/main.ts': '',
      'apps/admin/project.json': json({ projectType: 'application', targets: { build: {} } }),
    },
    expected: {
      toolchains: { node: '24' },
      projects: {
        '.': { commands: { build: 'npx nx run-many -t build' } },
        'apps/admin': { name: 'admin', commands: { build: 'npx nx run admin:build' } },
        'apps/shop': {
          name: 'shop',
          commands: { build: 'npx nx run shop:build', dev: 'npx nx run shop:serve' },
        },
      },
    },
  },
  {
    tool: 'Lerna with npm workspaces',
    files: {
      'package.json': json({
        name: 'root',
        private: true,
        workspaces: ['packages/*'],
        scripts: { build: 'lerna run build' },
        devDependencies: { lerna: '^8.0.0' },
      }),
      'package-lock.json': npmLock,
      'lerna.json': json({ $schema: 'node_modules/lerna/schemas/lerna-schema.json', version: '1.0.0' }),
      'packages/header/package.json': json({
        name: 'header',
        scripts: { build: 'tsc', test: 'node --test' },
      }),
      'packages/footer/package.json': json({ name: 'footer', scripts: { build: 'tsc' } }),
    },
    expected: {
      toolchains: { node: '24' },
      projects: {
        '.': {
          commands: { install: 'npm ci', build: 'npm run build', test: 'npx lerna run test', lint: null },
        },
        'packages/footer': { commands: { build: 'npm run build' } },
        'packages/header': { commands: { build: 'npm run build', test: 'npm test' } },
      },
    },
  },
  {
    tool: 'Rush with pnpm',
    files: {
      'rush.json': lines(
        '/* The configuration file of Rush. */',
        '{',
        '  "rushVersion": "5.150.0",',
        '  "pnpmVersion": "9.15.9",',
        '  "nodeSupportedVersionRange": ">=20.9.0 <21.0.0 || >=22.12.0 <23.0.0",',
        '  "projects": [',
        '    { "packageName": "@org/app", "projectFolder": "apps/app" }, // first',
        '    { "packageName": "@org/lib", "projectFolder": "libraries/lib" },',
        '  ]',
        '}',
      ),
      'common/config/rush/pnpm-lock.yaml': pnpmLock,
      'common/config/rush/command-line.json': lines(
        '{',
        '  "commands": [',
        '    { "commandKind": "bulk", "name": "lint", "summary": "lint all" },',
        '    { "commandKind": "global", "name": "deploy", "shellCommand": "node deploy.js" }',
        '  ],',
        '  "phases": [{ "name": "_phase:test" }]',
        '}',
      ),
      'common/scripts/install-run-rush.js': '',
      'apps/app/package.json': json({
        name: '@org/app',
        scripts: { build: 'heft build', start: 'node lib' },
      }),
      'libraries/lib/package.json': json({ name: '@org/lib', scripts: { build: 'heft build --clean' } }),
    },
    expected: {
      toolchains: { node: '22' },
      packageManagers: { pnpm: '9' },
      projects: {
        '.': {
          languages: ['node'],
          commands: {
            install: 'node common/scripts/install-run-rush.js install',
            build: 'node common/scripts/install-run-rush.js build',
            lint: 'node common/scripts/install-run-rush.js lint',
            test: null,
          },
        },
        'apps/app': {
          commands: {
            install: 'node common/scripts/install-run-rush.js install',
            build: 'pnpm run build',
            start: 'pnpm start',
          },
        },
        'libraries/lib': { commands: { build: 'pnpm run build' } },
      },
    },
  },
  {
    tool: 'Yarn Berry workspaces',
    files: {
      'package.json': json({
        name: 'root',
        private: true,
        workspaces: ['packages/*'],
        packageManager: 'yarn@4.9.1',
        scripts: { build: 'yarn workspaces foreach -At run build' },
      }),
      'yarn.lock': berryLock,
      '.yarnrc.yml': lines('nodeLinker: node-modules'),
      'packages/a/package.json': json({ name: 'a', scripts: { build: 'tsc' } }),
    },
    expected: {
      toolchains: { node: '24' },
      packageManagers: { yarn: '4' },
      projects: {
        '.': { commands: { install: 'yarn install --immutable', build: 'yarn run build', test: null } },
        'packages/a': { commands: { install: 'yarn install --immutable', build: 'yarn run build' } },
      },
    },
  },
  {
    tool: 'Bun workspaces',
    files: {
      'package.json': json({ name: 'root', private: true, workspaces: ['packages/*', '!packages/old'] }),
      'bun.lock': json({ lockfileVersion: 1, workspaces: {} }),
      'packages/api/package.json': json({
        name: 'api',
        private: true,
        scripts: { dev: 'bun --hot src/index.ts' },
        dependencies: { hono: '^4' },
      }),
      'packages/api/src/index.ts': '',
      'packages/old/package.json': json({ name: 'old' }),
    },
    expected: {
      toolchains: { bun: '1' },
      projects: {
        '.': { commands: { install: 'bun install --frozen-lockfile' } },
        'packages/api': { frameworks: ['hono'], commands: { dev: 'bun run dev' } },
        // Out of the workspace, and so on its own.
        'packages/old': { commands: { install: 'bun install' } },
      },
    },
  },
  {
    tool: 'a Cargo workspace with a front end of npm',
    files: {
      'Cargo.toml': lines('[workspace]', 'resolver = "2"', 'members = ["crates/*"]'),
      'Cargo.lock': lines('version = 4'),
      'rust-toolchain.toml': lines('[toolchain]', 'channel = "stable"'),
      'crates/core/Cargo.toml': lines(
        '[package]',
        'name = "core-lib"',
        'version = "0.1.0"',
        'edition = "2021"',
      ),
      'crates/core/src/lib.rs': '',
      'crates/server/Cargo.toml': lines(
        '[package]',
        'name = "server"',
        'version = "0.1.0"',
        'edition = "2021"',
      ),
      'crates/server/src/main.rs': '',
      'frontend/package.json': json({
        name: 'frontend',
        scripts: { build: 'vite build' },
        devDependencies: { vite: '^6' },
      }),
      'frontend/package-lock.json': npmLock,
    },
    expected: {
      toolchains: { node: '24', rust: expect.any(String) },
      projects: {
        '.': {
          languages: ['rust'],
          commands: {
            install: 'cargo fetch --locked',
            build: 'cargo build --release',
            test: 'cargo test --workspace',
          },
        },
        'crates/core': { name: 'core-lib' },
        'crates/server': { name: 'server', commands: { start: expect.stringContaining('cargo run') } },
        frontend: { frameworks: ['vite'], commands: { install: 'npm ci', build: 'npm run build' } },
      },
    },
  },
  {
    tool: 'go.work',
    files: {
      'go.work': lines('go 1.24', '', 'use (', '\t./api', '\t./shared', ')'),
      'api/go.mod': lines('module example.com/api', '', 'go 1.24'),
      'api/main.go': 'package main\n\nfunc main() {}\n',
      'shared/go.mod': lines('module example.com/shared', '', 'go 1.23'),
      'shared/shared.go': 'package shared\n',
    },
    expected: {
      toolchains: { go: expect.any(String) },
      projects: {
        api: { languages: ['go'], commands: { build: 'go build -o out', test: 'go test ./...' } },
        shared: { commands: { test: 'go test ./...' } },
      },
    },
  },
  {
    tool: 'a uv workspace',
    files: {
      'pyproject.toml': lines(
        '[project]',
        'name = "albatross"',
        'version = "0.1.0"',
        'requires-python = ">=3.12"',
        'dependencies = ["bird-feeder"]',
        '[tool.uv.sources]',
        'bird-feeder = { workspace = true }',
        '[tool.uv.workspace]',
        'members = ["packages/*"]',
        'exclude = ["packages/seeds"]',
      ),
      'uv.lock': lines('version = 1', 'requires-python = ">=3.12"'),
      'packages/bird-feeder/pyproject.toml': lines('[project]', 'name = "bird-feeder"', 'version = "1.0.0"'),
      'packages/seeds/pyproject.toml': lines('[project]', 'name = "seeds"', 'version = "1.0.0"'),
    },
    expected: {
      toolchains: { python: '3.13' },
      projects: {
        '.': { name: 'albatross', commands: { install: expect.stringMatching(/^uv sync --frozen/) } },
        'packages/bird-feeder': { name: 'bird-feeder' },
        'packages/seeds': { name: 'seeds' },
      },
    },
  },
  {
    tool: 'Poetry with path dependencies',
    files: {
      'services/api/pyproject.toml': lines(
        '[tool.poetry]',
        'name = "api"',
        'version = "0.1.0"',
        '[tool.poetry.dependencies]',
        'python = "^3.12"',
        'common = { path = "../../libs/common", develop = true }',
        '[build-system]',
        'requires = ["poetry-core"]',
        'build-backend = "poetry.core.masonry.api"',
      ),
      'services/api/poetry.lock': lines('[metadata]', 'lock-version = "2.1"', 'python-versions = "^3.12"'),
      'libs/common/pyproject.toml': lines(
        '[tool.poetry]',
        'name = "common"',
        'version = "0.1.0"',
        '[tool.poetry.dependencies]',
        'python = ">=3.11,<4.0"',
      ),
    },
    expected: {
      toolchains: { python: '3.13' },
      packageManagers: { poetry: expect.anything() },
      projects: {
        'libs/common': { name: 'common', commands: { install: 'poetry install --no-root' } },
        'services/api': {
          name: 'api',
          commands: { install: expect.stringMatching(/^poetry (sync|install)/) },
        },
      },
    },
  },
  {
    tool: 'Gradle with several modules',
    files: {
      'settings.gradle.kts': lines('rootProject.name = "bank"', 'include(":app")', 'include(":libs:money")'),
      'build.gradle.kts': lines('plugins { java }'),
      gradlew: '#!/bin/sh\n',
      'gradle/wrapper/gradle-wrapper.jar': '',
      'gradle/wrapper/gradle-wrapper.properties':
        'distributionUrl=https\\://services.gradle.org/distributions/gradle-8.14-bin.zip\n',
      'app/build.gradle.kts': lines(
        'plugins { application }',
        'java { toolchain { languageVersion = JavaLanguageVersion.of(21) } }',
        'dependencies { implementation(project(":libs:money")) }',
        'application { mainClass = "bank.App" }',
      ),
      'libs/money/build.gradle.kts': lines('plugins { `java-library` }'),
    },
    expected: {
      toolchains: { java: '21' },
      projects: {
        '.': {
          name: 'bank',
          languages: ['java'],
          commands: { build: './gradlew build -x test', test: './gradlew test' },
        },
        app: { commands: { build: '../gradlew build -x test', start: '../gradlew run' } },
        'libs/money': { commands: { build: '../../gradlew build -x test', start: null } },
      },
    },
  },
  {
    tool: 'Maven with several modules',
    files: {
      'pom.xml': lines(
        '<project><modelVersion>4.0.0</modelVersion>',
        '<groupId>org.example</groupId><artifactId>parent</artifactId><version>1</version>',
        '<packaging>pom</packaging>',
        '<properties><maven.compiler.release>17</maven.compiler.release></properties>',
        '<modules><module>core</module><module>web</module></modules></project>',
      ),
      'core/pom.xml': lines(
        '<project><modelVersion>4.0.0</modelVersion>',
        '<parent><groupId>org.example</groupId><artifactId>parent</artifactId><version>1</version></parent>',
        '<artifactId>core</artifactId></project>',
      ),
      'web/pom.xml': lines(
        '<project><modelVersion>4.0.0</modelVersion>',
        '<parent><groupId>org.example</groupId><artifactId>parent</artifactId><version>1</version></parent>',
        '<artifactId>web</artifactId></project>',
      ),
    },
    expected: {
      toolchains: { java: '17' },
      packageManagers: { maven: null },
      projects: { '.': { name: 'parent' }, core: { name: 'core' }, web: { name: 'web' } },
    },
  },
  {
    tool: 'sbt with several projects',
    files: {
      'build.sbt': lines(
        'ThisBuild / scalaVersion := "3.3.4"',
        'lazy val root = (project in file(".")).aggregate(core, api)',
        'lazy val core = project.in(file("modules/core"))',
        'lazy val api = (project in file("api")).dependsOn(core)',
      ),
      'project/build.properties': 'sbt.version=1.10.7\n',
      'modules/core/src/main/scala/Core.scala': '',
      'api/src/main/scala/Api.scala': '',
    },
    expected: {
      toolchains: { java: expect.any(String) },
      packageManagers: { sbt: null },
      projects: {
        '.': { languages: ['scala', 'java'], commands: { build: 'sbt compile', test: 'sbt test' } },
        api: { name: 'api', languages: ['scala', 'java'] },
        'modules/core': { name: 'core', languages: ['scala', 'java'] },
      },
    },
  },
  {
    tool: 'a Mix umbrella',
    files: {
      'mix.exs': lines(
        'defmodule Shop.MixProject do',
        '  use Mix.Project',
        '  def project do',
        '    [apps_path: "apps", version: "0.1.0", deps: []]',
        '  end',
        'end',
      ),
      'mix.lock': '%{}\n',
      'apps/shop/mix.exs': lines(
        'defmodule Shop.App.MixProject do',
        '  use Mix.Project',
        '  def project do',
        '    [app: :shop, version: "0.1.0", elixir: "~> 1.16", build_path: "../../_build"]',
        '  end',
        'end',
      ),
      'apps/shop_web/mix.exs': lines(
        'defmodule ShopWeb.MixProject do',
        '  use Mix.Project',
        '  def project do',
        '    [app: :shop_web, version: "0.1.0", elixir: "~> 1.16"]',
        '  end',
        '  defp deps do',
        '    [{:phoenix, "~> 1.7.0"}, {:shop, in_umbrella: true}]',
        '  end',
        'end',
      ),
    },
    expected: {
      toolchains: { elixir: expect.any(String), erlang: expect.any(String) },
      projects: {
        '.': { languages: ['elixir'], commands: { test: 'mix test' } },
        'apps/shop': { name: 'shop' },
        'apps/shop_web': { name: 'shop_web', frameworks: ['phoenix'] },
      },
    },
  },
  {
    tool: 'a solution of .NET',
    files: {
      'Shop.sln': lines(
        'Microsoft Visual Studio Solution File, Format Version 12.00',
        'Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "Api", "src\\Api\\Api.csproj", "{6D1E2A4B-0001-0000-0000-000000000001}"',
        'EndProject',
        'Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "Core", "src\\Core\\Core.csproj", "{6D1E2A4B-0001-0000-0000-000000000002}"',
        'EndProject',
        'Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "Api.Tests", "tests\\Api.Tests\\Api.Tests.csproj", "{6D1E2A4B-0001-0000-0000-000000000003}"',
        'EndProject',
      ),
      'src/Api/Api.csproj':
        '<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>',
      'src/Core/Core.csproj':
        '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>',
      'tests/Api.Tests/Api.Tests.csproj':
        '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup><ItemGroup><PackageReference Include="Microsoft.NET.Test.Sdk" Version="17.8.0" /></ItemGroup></Project>',
    },
    expected: {
      toolchains: { dotnet: '8' },
      projects: {
        '.': {
          languages: ['dotnet'],
          commands: { install: 'dotnet restore', build: expect.stringMatching(/^dotnet build/) },
        },
        'src/Api': { name: 'Api' },
        'src/Core': { name: 'Core' },
        'tests/Api.Tests': { name: 'Api.Tests' },
      },
    },
  },
  {
    tool: 'Bazel with rules of Go, Python and JavaScript',
    files: {
      'MODULE.bazel': lines(
        'module(name = "depot", version = "1.0")',
        '',
        'bazel_dep(name = "rules_go", version = "0.53.0")',
        'bazel_dep(name = "gazelle", version = "0.42.0")',
        'bazel_dep(name = "rules_python", version = "1.2.0")',
        'bazel_dep(name = "aspect_rules_js", version = "2.1.0")',
        'bazel_dep(name = "protobuf", version = "29.3", dev_dependency = True)',
        '# bazel_dep(name = "rules_rust", version = "0.58.0")',
        '',
        'go_sdk = use_extension("@rules_go//go:extensions.bzl", "go_sdk")',
        'go_sdk.download(version = "1.24.1")',
        'python = use_extension("@rules_python//python/extensions:python.bzl", "python")',
        'python.toolchain(',
        '    is_default = True,',
        '    python_version = "3.12",',
        ')',
      ),
      'MODULE.bazel.lock': json({ lockFileVersion: 13 }),
      '.bazelversion': '8.1.1\n',
      'BUILD.bazel': '',
      'cmd/server/BUILD.bazel': 'go_binary(name = "server")\n',
      'cmd/server/main.go': 'package main\n',
      'tools/gen/BUILD': 'py_binary(name = "gen")\n',
      'tools/gen/gen.py': '',
      'web/src/app.ts': '',
    },
    expected: {
      toolchains: { go: '1.24', node: '24', python: '3.12' },
      packageManagers: { bazel: '8' },
      projects: {
        '.': {
          name: 'depot',
          languages: ['go', 'python', 'node'],
          packageManager: 'bazel',
          commands: { build: 'bazel build //...', test: 'bazel test //...', install: null },
        },
      },
    },
  },
  {
    tool: 'Pants with Python and shell',
    files: {
      'pants.toml': lines(
        '[GLOBAL]',
        'pants_version = "2.24.0"',
        'backend_packages = [',
        '  "pants.backend.python",',
        '  "pants.backend.python.lint.ruff",',
        '  "pants.backend.experimental.go",',
        ']',
        '[source]',
        'root_patterns = ["/src/python"]',
        '[python]',
        'interpreter_constraints = ["CPython>=3.11,<3.13"]',
        'enable_resolves = true',
      ),
      'src/python/app/BUILD': 'python_sources()\n',
      'src/python/app/main.py': '',
      '3rdparty/python/default.lock': '{}',
    },
    expected: {
      toolchains: { go: expect.any(String), python: '3.12' },
      projects: {
        '.': {
          languages: ['python', 'go'],
          packageManager: 'pants',
          commands: { build: 'pants package ::', test: 'pants test ::', lint: 'pants lint ::' },
        },
      },
      findings: ['pants-launcher'],
    },
  },
  {
    tool: 'a back end and a front end of differing Node.js',
    files: {
      'backend/package.json': json({
        name: 'backend',
        engines: { node: '20.x' },
        scripts: { start: 'node index.js' },
      }),
      'backend/package-lock.json': npmLock,
      'backend/index.js': '',
      'frontend/package.json': json({
        name: 'frontend',
        scripts: { build: 'vite build' },
        devDependencies: { vite: '^6' },
      }),
      'frontend/pnpm-lock.yaml': pnpmLock,
      'frontend/.nvmrc': 'v22.12.0\n',
    },
    expected: {
      toolchains: { node: expect.any(String) },
      projects: {
        backend: { commands: { install: 'npm ci', start: 'npm start' } },
        frontend: { commands: { install: 'pnpm install --frozen-lockfile', build: 'pnpm run build' } },
      },
      environments: 2,
      findings: ['several-environments'],
    },
  },
];

describe('a monorepo', () => {
  it.each(rows)('of $tool', async ({ files, expected }) => {
    await expectPlan(files, expected);
  });
});
