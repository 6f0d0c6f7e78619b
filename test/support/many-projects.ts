/** Repositories of any number of projects of one ecosystem: their analysis takes time that grows with the number. */

type Files = Record<string, string>;
type Make = (count: number) => Files;

/** So many projects, of which each may name the next. */
function members(count: number, member: (at: number, next: number) => Files, root: Files = {}): Files {
  const files = { ...root };
  for (let at = 0; at < count; at++) Object.assign(files, member(at, (at + 1) % count));
  return files;
}

function numbered(count: number, line: (at: number) => string, between = '\n'): string {
  return Array.from({ length: count }, (_, at) => line(at)).join(between);
}

/** At least one for every ecosystem, by its id first. */
export const manyProjects: Readonly<Record<string, Make>> = {
  ada: (count) =>
    members(count, (at) => ({
      [`p${at}/alire.toml`]: `name = "p${at}"\nversion = "1.0.0"\n\n[[depends-on]]\ngnat = ">=12"\n`,
      [`p${at}/src/p${at}.adb`]: '',
    })),
  bazel: (count) =>
    members(count, (at) => ({
      [`p${at}/MODULE.bazel`]: `module(name = "p${at}")\nbazel_dep(name = "rules_cc", version = "0.1.1")\n`,
      [`p${at}/.bazelversion`]: '7.4.1\n',
      [`p${at}/main.cc`]: '',
    })),
  binder: (count) =>
    members(
      count,
      (at) => ({
        [`p${at}/binder/apt.txt`]: 'libpq-dev\n',
        [`p${at}/binder/requirements.txt`]: 'numpy\n',
      }),
      {
        'binder/apt.txt': numbered(count, () => 'libpq-dev'),
        'binder/requirements.txt': numbered(count, (at) => `n${at}`),
      },
    ),
  bun: (count) =>
    members(
      count,
      (at, next) => ({
        [`p${at}/package.json`]: `{\n"name":"p${at}",\n"scripts":{"build":"bun build ."},\n"dependencies":{"p${next}":"workspace:*"}}`,
        [`p${at}/bunfig.toml`]: '[install]\n',
      }),
      { 'package.json': '{"workspaces":["*"]}', 'bun.lock': '{}' },
    ),
  c: (count) =>
    members(count, (at) => ({
      [`p${at}/CMakeLists.txt`]: `cmake_minimum_required(VERSION 3.20)\nproject(p${at} C)\nfind_package(OpenSSL REQUIRED)\nadd_executable(p${at} main.c)\n`,
      [`p${at}/main.c`]: '',
    })),
  'c subdirectories': (count) =>
    members(
      count,
      (at) => ({
        [`p${at}/CMakeLists.txt`]: `add_library(p${at} a.c)\nfind_package(ZLIB REQUIRED)\n`,
        [`p${at}/a.c`]: '',
      }),
      {
        'CMakeLists.txt': `cmake_minimum_required(VERSION 3.20)\nproject(x C)\n${numbered(count, (at) => `add_subdirectory(p${at})`)}\n`,
      },
    ),
  'c meson': (count) =>
    members(count, (at) => ({
      [`p${at}/meson.build`]: `project('p${at}', 'c')\nzlib = dependency('zlib')\nexecutable('p${at}', 'main.c')\n`,
      [`p${at}/main.c`]: '',
    })),
  'c autotools': (count) =>
    members(count, (at) => ({
      [`p${at}/configure.ac`]: `AC_INIT([p${at}], [1.0])\nAC_PROG_CC\nPKG_CHECK_MODULES([SSL], [openssl])\n`,
      [`p${at}/main.c`]: '',
    })),
  'c make': (count) =>
    members(count, (at) => ({
      [`p${at}/Makefile`]: `all:\n\t$(CC) -o p main.c -lssl\ntest:\n\t./p\n`,
      [`p${at}/main.c`]: '',
    })),
  clojure: (count) =>
    members(count, (at, next) => ({
      [`p${at}/deps.edn`]: `{:deps {org.clojure/clojure {:mvn/version "1.12.0"}\n p${next}/p {:local/root "../p${next}"}}\n :aliases {:test {:main-opts ["-m" "x"]}}}`,
    })),
  'clojure leiningen': (count) =>
    members(count, (at) => ({
      [`p${at}/project.clj`]: `(defproject p${at} "0.1"\n :dependencies [[org.clojure/clojure "1.12.0"]]\n :main p${at}.core)`,
    })),
  cobol: (count) =>
    members(count, (at) => ({
      [`p${at}/x.cbl`]: '       IDENTIFICATION DIVISION.\n       PROGRAM-ID. X.\n       STOP RUN.\n',
    })),
  conda: (count) =>
    members(count, (at) => ({
      [`p${at}/environment.yml`]: `name: p${at}\nchannels: [conda-forge]\ndependencies:\n  - python=3.12\n  - numpy\n  - pip:\n    - requests\n`,
    })),
  'conda pixi': (count) =>
    members(count, (at) => ({
      [`p${at}/pixi.toml`]: `[workspace]\nname = "p${at}"\nchannels = ["conda-forge"]\nplatforms = ["linux-64"]\n[dependencies]\npython = "3.12.*"\n[tasks]\nstart = "python main.py"\n`,
    })),
  crystal: (count) =>
    members(count, (at) => ({
      [`p${at}/shard.yml`]: `name: p${at}\nversion: 0.1.0\ncrystal: ">= 1.10"\ndependencies:\n  pg:\n    github: will/crystal-pg\n`,
      [`p${at}/src/p${at}.cr`]: '',
    })),
  dart: (count) =>
    members(count, (at, next) => ({
      [`p${at}/pubspec.yaml`]: `name: p${at}\nenvironment:\n  sdk: ^3.5.0\ndependencies:\n  p${next}:\n    path: ../p${next}\ndev_dependencies:\n  test: any\n`,
      [`p${at}/bin/p${at}.dart`]: '',
    })),
  'dart workspace': (count) =>
    members(
      count,
      (at) => ({
        [`p${at}/pubspec.yaml`]: `name: p${at}\nresolution: workspace\nenvironment:\n  sdk: ^3.5.0\n`,
      }),
      {
        'pubspec.yaml': `name: x\nenvironment:\n  sdk: ^3.5.0\nworkspace:\n${numbered(count, (at) => `  - p${at}`)}\n`,
      },
    ),
  deno: (count) =>
    members(
      count,
      (at) => ({
        [`p${at}/deno.json`]: `{"name":"@x/p${at}","tasks":{"dev":"deno run main.ts"},"exports":"./mod.ts"}`,
        [`p${at}/mod.ts`]: '',
      }),
      { 'deno.json': '{"workspace":["./*"]}' },
    ),
  dotnet: (count) =>
    members(
      count,
      (at, next) => ({
        [`p${at}/p${at}.csproj`]: `<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup><ItemGroup><ProjectReference Include="../p${next}/p${next}.csproj"/></ItemGroup></Project>`,
      }),
      {
        'x.sln': numbered(
          count,
          (at) => `Project("{9A}") = "p${at}", "p${at}\\p${at}.csproj", "{0}"\nEndProject`,
        ),
      },
    ),
  'dotnet alone': (count) =>
    members(count, (at) => ({
      [`p${at}/p${at}.csproj`]: `<Project Sdk="Microsoft.NET.Sdk.Web">\n<PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>\n<ItemGroup><PackageReference Include="Npgsql" Version="8.0.0"/></ItemGroup></Project>`,
      [`p${at}/Directory.Build.props`]:
        '<Project><PropertyGroup><LangVersion>12</LangVersion></PropertyGroup></Project>',
      [`p${at}/global.json`]: '{"sdk":{"version":"8.0.100"}}',
      [`p${at}/Properties/launchSettings.json`]:
        '{"profiles":{"http":{"applicationUrl":"http://localhost:5000"}}}',
    })),
  elixir: (count) =>
    members(
      count,
      (at, next) => ({
        [`apps/a${at}/mix.exs`]: `defmodule A do\n def project do\n [app: :a${at}, elixir: "~> 1.16",\n deps: [{:a${next}, in_umbrella: true}, {:bcrypt_elixir, "~> 3.0"}]]\n end\nend`,
      }),
      { 'mix.exs': 'defmodule X do\n def project do\n [apps_path: "apps"]\n end\nend' },
    ),
  'elixir alone': (count) =>
    members(count, (at) => ({
      [`a${at}/mix.exs`]: `defmodule A do\n def project do\n [app: :a${at}, elixir: "~> 1.16",\n deps: [{:phoenix, "~> 1.7"}, {:bcrypt_elixir, "~> 3.0"}]]\n end\nend`,
    })),
  environments: (count) =>
    members(count, (at) => ({
      [`p${at}/devbox.json`]: '{"packages":["nodejs@22","python@3.12","jq"],"env":{"A":"b"}}',
      [`p${at}/flake.nix`]:
        '{ outputs = { nixpkgs, ... }: { devShells.x.default = pkgs.mkShell {\n packages = [ pkgs.nodejs_22 pkgs.jq ]; }; }; }',
      [`p${at}/Brewfile`]: 'brew "jq"\nbrew "node@22"\n',
    })),
  erlang: (count) =>
    members(
      count,
      (at) => ({
        [`apps/a${at}/rebar.config`]: '{deps, [{cowboy, "2.9.0"}, jiffy]}.\n',
        [`apps/a${at}/src/a${at}.app.src`]: '',
      }),
      { 'rebar.config': '{minimum_otp_vsn, "26"}.\n' },
    ),
  'erlang alone': (count) =>
    members(count, (at) => ({
      [`a${at}/rebar.config`]: '{minimum_otp_vsn, "26"}.\n{deps, [{cowboy, "2.9.0"}, jiffy]}.\n',
      [`a${at}/src/a${at}.app.src`]: '',
      [`a${at}/.tool-versions`]: 'erlang 27.1\n',
    })),
  fortran: (count) =>
    members(count, (at, next) => ({
      [`p${at}/fpm.toml`]: `name = "p${at}"\n[dependencies]\np${next} = { path = "../p${next}" }\nstdlib = "*"\n[build]\nlink = ["openblas"]\n`,
      [`p${at}/app/main.f90`]: '',
    })),
  gleam: (count) =>
    members(count, (at, next) => ({
      [`p${at}/gleam.toml`]: `name = "p${at}"\nversion = "1.0.0"\ngleam = ">= 1.0.0"\n[dependencies]\ngleam_stdlib = ">= 0.34.0"\np${next} = { path = "../p${next}" }\n`,
      [`p${at}/src/p${at}.gleam`]: '',
    })),
  go: (count) =>
    members(
      count,
      (at, next) => ({
        [`m${at}/go.mod`]: `module m${at}\ngo 1.25\nrequire m${next} v0.0.0\nreplace m${next} => ../m${next}\n`,
        [`m${at}/main.go`]: '',
      }),
      { 'go.work': `go 1.25\nuse (\n${numbered(count, (at) => `./m${at}`)}\n)\n` },
    ),
  haskell: (count) =>
    members(
      count,
      (at) => ({
        [`p${at}/p${at}.cabal`]: `cabal-version: 2.4\nname: p${at}\nversion: 0.1\ntested-with: GHC == 9.6.6\nexecutable p${at}\n  main-is: Main.hs\n  build-depends: base, zlib,\n    postgresql-libpq\n`,
      }),
      { 'cabal.project': 'packages: */*.cabal\n' },
    ),
  'haskell stack': (count) =>
    members(
      count,
      (at) => ({
        [`p${at}/package.yaml`]: `name: p${at}\ndependencies:\n- base\n- zlib\nexecutables:\n  p${at}:\n    main: Main.hs\n`,
      }),
      { 'stack.yaml': `resolver: lts-22.43\npackages:\n${numbered(count, (at) => `- p${at}`)}\n` },
    ),
  'haskell alone': (count) =>
    members(count, (at) => ({
      [`p${at}/stack.yaml`]: 'resolver: lts-22.43\npackages:\n- .\n',
      [`p${at}/p${at}.cabal`]: `cabal-version: 2.4\nname: p${at}\nversion: 0.1\nexecutable p${at}\n  main-is: Main.hs\n  build-depends: base, zlib\n`,
    })),
  'java maven': (count) =>
    members(
      count,
      (at) => ({
        [`m${at}/pom.xml`]: `<project><parent><artifactId>p</artifactId></parent><artifactId>m${at}</artifactId>\n<properties><java.version>21</java.version></properties></project>`,
      }),
      {
        'pom.xml': `<project><artifactId>p</artifactId><modules>${numbered(count, (at) => `<module>m${at}</module>`)}</modules></project>`,
      },
    ),
  'java gradle': (count) =>
    members(
      count,
      (at, next) => ({
        [`m${at}/build.gradle.kts`]: `plugins { java }\njava { toolchain { languageVersion = JavaLanguageVersion.of(21) } }\ndependencies { implementation(project(":m${next}")) }\n`,
      }),
      { 'settings.gradle.kts': numbered(count, (at) => `include("m${at}")`) },
    ),
  'java gradle alone': (count) =>
    members(count, (at) => ({
      [`m${at}/settings.gradle`]: `rootProject.name = 'm${at}'\n`,
      [`m${at}/build.gradle`]: `plugins { id 'application' }\njava { toolchain { languageVersion = JavaLanguageVersion.of(21) } }\ndependencies { implementation 'org.postgresql:postgresql:42.7.3' }\n`,
      [`m${at}/gradlew`]: '',
      [`m${at}/gradle/wrapper/gradle-wrapper.properties`]:
        'distributionUrl=https\\://services.gradle.org/distributions/gradle-8.10-bin.zip\n',
      [`m${at}/src/main/resources/application.yml`]: 'server:\n  port: 8081\n',
    })),
  'java maven alone': (count) =>
    members(count, (at) => ({
      [`m${at}/pom.xml`]: `<project><artifactId>m${at}</artifactId>\n<properties><java.version>21</java.version></properties>\n<dependencies><dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId></dependency></dependencies></project>`,
      [`m${at}/mvnw`]: '',
      [`m${at}/.mvn/wrapper/maven-wrapper.properties`]:
        'distributionUrl=https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/3.9.9/apache-maven-3.9.9-bin.zip\n',
      [`m${at}/src/main/resources/application.properties`]:
        'server.port=8081\nspring.datasource.url=jdbc:postgresql://localhost:5432/x\n',
    })),
  'java ant': (count) =>
    members(count, (at) => ({
      [`m${at}/build.xml`]: `<project name="m${at}" default="x">\n<target name="x"><javac release="17"/></target></project>`,
    })),
  'java files': (count) =>
    members(count, (at) => ({
      [`m${at}/Main.java`]: 'class Main { public static void main(String[] a) {} }',
    })),
  julia: (count) =>
    members(count, (at) => ({
      [`p${at}/Project.toml`]: `name = "P${at}"\nuuid = "x"\n[deps]\nPlots = "x"\n[compat]\njulia = "1.10"\n`,
      [`p${at}/Manifest.toml`]: 'julia_version = "1.10.5"\n',
      [`p${at}/test/runtests.jl`]: '',
    })),
  latex: (count) =>
    members(count, (at) => ({
      [`p${at}/paper.tex`]: `\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n\\input{part}\n\\end{document}\n`,
      [`p${at}/part.tex`]: `text\n`,
      [`p${at}/latexmkrc`]: '$pdf_mode = 1;\n',
    })),
  lua: (count) =>
    members(count, (at) => ({
      [`p${at}/p${at}-1-1.rockspec`]: `package = "p${at}"\nversion = "1-1"\ndependencies = {\n "lua >= 5.1",\n "lpeg"\n}\n`,
    })),
  nim: (count) =>
    members(count, (at) => ({
      [`p${at}/p${at}.nimble`]: `version = "1"\nbin = @["p${at}"]\nrequires "nim >= 2.0"\nrequires "jester"\n`,
    })),
  node: (count) =>
    members(
      count,
      (at, next) => ({
        [`p${at}/package.json`]: `{"name":"p${at}",\n"scripts":{"build":"tsc"},\n"dependencies":{"p${next}":"*","sharp":"^0.33.0"}}`,
      }),
      { 'package.json': '{"workspaces":["*"]}' },
    ),
  'node pnpm': (count) =>
    members(
      count,
      (at, next) => ({
        [`packages/p${at}/package.json`]: `{"name":"p${at}",\n"engines":{"node":">=20"},"scripts":{"dev":"vite"},\n"dependencies":{"p${next}":"workspace:*","pg":"1"},"devDependencies":{"vite":"5"}}`,
        [`packages/p${at}/vite.config.ts`]: '',
      }),
      {
        'package.json': '{"packageManager":"pnpm@9.1.0"}',
        'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
        'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
      },
    ),
  'node named': (count) =>
    members(count, (at) => ({ [`p${at}/package.json`]: `{"name":"p${at}","dependencies":{"sharp":"*"}}` }), {
      'package.json': JSON.stringify({ workspaces: Array.from({ length: count }, (_, at) => `p${at}`) }),
      'package-lock.json': JSON.stringify({
        lockfileVersion: 3,
        packages: Object.fromEntries(
          Array.from({ length: count }, (_, at) => [`p${at}/node_modules/sharp`, { version: `0.33.${at}` }]),
        ),
      }),
    }),
  'node nx': (count) =>
    members(
      count,
      (at) => ({
        [`libs/p${at}/project.json`]: `{"name":"p${at}","targets":{"build":{"executor":"x"}}}`,
      }),
      { 'package.json': '{"devDependencies":{"nx":"20"}}', 'nx.json': '{}' },
    ),
  'node alone': (count) =>
    members(count, (at) => ({
      [`p${at}/package.json`]: `{"name":"p${at}",\n"engines":{"node":"22"},\n"scripts":{"start":"node ."},\n"dependencies":{"express":"4","sharp":"^0.33.0"}}`,
      [`p${at}/package-lock.json`]:
        '{"lockfileVersion":3,"packages":{"node_modules/sharp":{"version":"0.33.1"}}}',
      [`p${at}/.nvmrc`]: '22\n',
    })),
  notebooks: (count) =>
    members(count, (at) => ({
      [`p${at}/x.ipynb`]:
        '{"cells":[],"metadata":{"kernelspec":{"name":"python3","language":"python"},"language_info":{"name":"python","version":"3.12.1"}},"nbformat":4}',
      [`p${at}/requirements.txt`]: 'numpy\n',
    })),
  ocaml: (count) =>
    members(count, (at) => ({
      [`p${at}/dune-project`]: `(lang dune 3.10)\n(package (name p${at}) (depends ocaml (zarith (>= 1.10))))\n`,
      [`p${at}/p${at}.opam`]: `opam-version: "2.0"\ndepends: [\n  "ocaml" {>= "5.0"}\n  "zarith"\n]\n`,
      [`p${at}/bin/dune`]: '(executable (public_name x) (name main))\n',
    })),
  'ocaml one': (count) =>
    members(
      count,
      (at) => ({
        [`p${at}.opam`]: `opam-version: "2.0"\ndepends: [\n  "ocaml" {>= "5.0"}\n  "zarith"\n]\n`,
        [`p${at}/dune`]: `(executable (name p${at}))\n`,
      }),
      { 'dune-project': '(lang dune 3.10)\n' },
    ),
  pants: (count) =>
    members(count, (at) => ({
      [`p${at}/pants.toml`]:
        '[GLOBAL]\npants_version = "2.23.0"\nbackend_packages = ["pants.backend.python"]\n[python]\ninterpreter_constraints = ["==3.11.*"]\n',
    })),
  pear: (count) =>
    members(count, (at) => ({
      [`p${at}/package.xml`]:
        '<?xml version="1.0"?>\n<package version="2.0" xmlns="http://pear.php.net/dtd/package-2.0"><dependencies><required><php><min>8.1.0</min></php></required></dependencies></package>\n',
      [`p${at}/lib/a.php`]: '',
    })),
  perl: (count) =>
    members(count, (at) => ({
      [`p${at}/cpanfile`]: `requires "perl", "5.036";\nrequires "DBI";\nrequires "Mojolicious";\n`,
      [`p${at}/app.psgi`]: '',
    })),
  'perl build': (count) =>
    members(count, (at) => ({
      [`p${at}/Makefile.PL`]: `use ExtUtils::MakeMaker;\nWriteMakefile(\n NAME => 'P${at}',\n MIN_PERL_VERSION => '5.036',\n PREREQ_PM => { 'DBI' => 0 },\n);\n`,
      [`p${at}/dist.ini`]: `name = p${at}\n[Prereqs]\nDBD::Pg = 0\n`,
      [`p${at}/x.pl`]: '#!/usr/bin/perl\nuse DBI;\n',
    })),
  php: (count) =>
    members(
      count,
      (at) => ({
        [`p${at}/composer.json`]: `{"name":"a/p${at}","require":{"php":"^8.2","ext-gd":"*"}}`,
        [`p${at}/index.php`]: '',
      }),
      {
        'composer.json': `{"repositories":[${numbered(count, (at) => `{"type":"path","url":"p${at}"}`, ',')}]}`,
      },
    ),
  'php alone': (count) =>
    members(count, (at) => ({
      [`p${at}/composer.json`]: `{"name":"a/p${at}",\n"require":{"php":"^8.2","laravel/framework":"11"}}`,
      [`p${at}/artisan`]: '',
      [`p${at}/composer.lock`]:
        '{"packages":[{"name":"laravel/framework","version":"v11.0.0","require":{"ext-mbstring":"*"}}]}',
      [`p${at}/.env.example`]: 'DB_CONNECTION=pgsql\nDB_PORT=5432\n',
      [`p${at}/Procfile`]: 'web: vendor/bin/heroku-php-apache2 public/\n',
    })),
  protobuf: (count) =>
    members(count, (at) => ({
      [`p${at}/buf.yaml`]: '',
      [`p${at}/buf.gen.yaml`]: 'version: v2\nplugins:\n  - local: protoc-gen-go\n    out: gen\n',
    })),
  'protobuf last': (count) => members(count, (at) => ({ [`p${at}/x.proto`]: 'syntax = "proto3";\n' })),
  'python uv': (count) =>
    members(
      count,
      (at, next) => ({
        [`p${at}/pyproject.toml`]: `[project]\nname = "p${at}"\nrequires-python = ">=3.11"\ndependencies = ["p${next}", "psycopg2"]\n`,
      }),
      {
        'pyproject.toml': '[project]\nname = "r"\n[tool.uv.workspace]\nmembers = ["*"]\n',
        'uv.lock': 'version = 1\n',
      },
    ),
  'python named': (count) =>
    members(
      count,
      (at) => ({ [`p${at}/pyproject.toml`]: `[project]\nname = "p${at}"\ndependencies = ["psycopg2"]\n` }),
      {
        'pyproject.toml': `[project]\nname = "r"\n[tool.uv.workspace]\nmembers = [\n${numbered(count, (at) => `  "p${at}",`)}\n]\n`,
        'uv.lock': numbered(count, (at) => `[[package]]\nname = "p${at}"\nversion = "1"\n`),
      },
    ),
  'python pip': (count) =>
    members(
      count,
      (at) => ({
        [`p${at}/requirements.txt`]: 'flask\npsycopg2==2.9\n-r ../requirements.txt\n',
        [`p${at}/app.py`]: '',
      }),
      { 'requirements.txt': 'requests\n' },
    ),
  'python setup': (count) =>
    members(count, (at) => ({
      [`p${at}/setup.py`]: `from setuptools import setup\nsetup(\n name="p${at}",\n python_requires=">=3.10",\n install_requires=["lxml"],\n)\n`,
      [`p${at}/setup.cfg`]: `[metadata]\nname = p${at}\n`,
      [`p${at}/tox.ini`]: '[tox]\nenvlist = py311\n',
    })),
  'python poetry': (count) =>
    members(count, (at) => ({
      [`p${at}/pyproject.toml`]: `[tool.poetry]\nname = "p${at}"\n[tool.poetry.dependencies]\npython = "^3.11"\ndjango = "5"\npsycopg2 = "*"\n`,
      [`p${at}/poetry.lock`]: '[[package]]\nname = "psycopg2"\nversion = "2.9.9"\n',
      [`p${at}/manage.py`]: '',
      [`p${at}/.python-version`]: '3.12\n',
    })),
  r: (count) =>
    members(count, (at) => ({
      [`p${at}/DESCRIPTION`]: `Package: p${at}\nVersion: 1\nDepends: R (>= 4.1)\nImports: curl,\n  xml2\n`,
      [`p${at}/NAMESPACE`]: '',
      [`p${at}/R/x.R`]: '',
    })),
  'r renv': (count) =>
    members(count, (at) => ({
      [`p${at}/renv.lock`]:
        '{"R":{"Version":"4.4.1"},"Packages":{"curl":{"Package":"curl","Version":"5.2.1"}}}',
      [`p${at}/x.Rproj`]: 'Version: 1.0\n',
      [`p${at}/app.R`]: 'library(shiny)\n',
    })),
  'r scripts': (count) => members(count, (at) => ({ [`p${at}/x.R`]: 'library(curl)\nlibrary(xml2)\n' })),
  racket: (count) =>
    members(count, (at, next) => ({
      [`p${at}/info.rkt`]: `#lang info\n(define collection "p${at}")\n(define deps '("p${next}" ("base" #:version "8.0")))\n`,
      [`p${at}/main.rkt`]: '',
    })),
  ruby: (count) =>
    members(count, (at) => ({
      [`p${at}/Gemfile`]: `source "https://rubygems.org"\nruby "3.3.5"\ngem "pg"\ngem "rails", "~> 7.1"\n`,
      [`p${at}/config.ru`]: '',
      [`p${at}/Rakefile`]: 'task :test do\nend\n',
    })),
  'ruby gems': (count) =>
    members(count, (at) => ({
      [`p${at}/Gemfile`]: 'gemspec\n',
      [`p${at}/p${at}.gemspec`]: `Gem::Specification.new do |s|\n s.name = "p${at}"\n s.required_ruby_version = ">= 3.1"\n s.add_dependency "nokogiri"\nend\n`,
      [`p${at}/Gemfile.lock`]: 'GEM\n  specs:\n    nokogiri (1.16.0)\n',
    })),
  rust: (count) =>
    members(
      count,
      (at, next) => ({
        [`c${at}/Cargo.toml`]: `[package]\nname = "c${at}"\nrust-version = "1.80"\n[dependencies]\nc${next} = { path = "../c${next}" }\nopenssl-sys = "0.9"\n`,
        [`c${at}/src/main.rs`]: '',
      }),
      { 'Cargo.toml': '[workspace]\nmembers = ["*"]\n' },
    ),
  'rust named': (count) =>
    members(
      count,
      (at) => ({ [`c${at}/Cargo.toml`]: `[package]\nname = "c${at}"\n`, [`c${at}/src/lib.rs`]: '' }),
      { 'Cargo.toml': `[workspace]\nmembers = [\n${numbered(count, (at) => `  "c${at}",`)}\n]\n` },
    ),
  'rust alone': (count) =>
    members(count, (at) => ({
      [`w${at}/Cargo.toml`]: '[workspace]\nmembers = ["*"]\n',
      [`w${at}/rust-toolchain.toml`]: '[toolchain]\nchannel = "1.80"\n',
      [`w${at}/c/Cargo.toml`]: '[package]\nname = "c"\n',
      [`w${at}/c/src/main.rs`]: '',
    })),
  scala: (count) =>
    members(count, (at) => ({
      [`p${at}/build.sbt`]: `name := "p${at}"\nscalaVersion := "3.3.4"\nlibraryDependencies += "org.postgresql" % "postgresql" % "42.7.3"\n`,
      [`p${at}/project/build.properties`]: 'sbt.version=1.10.2\n',
      [`p${at}/project/plugins.sbt`]: 'addSbtPlugin("org.playframework" % "sbt-plugin" % "3.0.5")\n',
    })),
  'scala one build': (count) =>
    members(count, (at) => ({ [`p${at}/build.sbt`]: `name := "p${at}"\nscalaVersion := "3.3.4"\n` }), {
      'build.sbt': `scalaVersion := "3.3.4"\n${numbered(count, (at) => `lazy val p${at} = (project in file("p${at}")).dependsOn(p${(at + 1) % count})`)}\n`,
      'project/build.properties': 'sbt.version=1.10.2\n',
    }),
  'scala mill': (count) =>
    members(count, (at) => ({
      [`p${at}/build.mill`]: `package build\nimport mill._\nobject p extends ScalaModule {\n def scalaVersion = "3.3.4"\n}\n`,
      [`p${at}/.mill-version`]: '0.12.0\n',
    })),
  scheme: (count) =>
    members(count, (at) => ({
      [`p${at}/x.scm`]: '(import (scheme base))\n(display "a")\n',
      [`p${at}/info.rkt`]: '',
    })),
  shell: (count) =>
    members(count, (at) => ({ [`p${at}/x.sh`]: '#!/usr/bin/env bash\njq . x.json\ncurl http://x\n' })),
  'sites hugo': (count) =>
    members(count, (at) => ({
      [`p${at}/hugo.toml`]: 'baseURL = "x"\ntitle = "x"\n[module.hugoVersion]\nmin = "0.120"\n',
    })),
  'sites config': (count) =>
    members(count, (at) => ({
      [`p${at}/config.toml`]: 'base_url = "x"\ntitle = "x"\ntheme = "t"\n',
      [`p${at}/content/_index.md`]: '',
      [`p${at}/themes/t/theme.toml`]: 'min_version = "0.100"\n',
    })),
  'sites mkdocs': (count) =>
    members(count, (at) => ({
      [`p${at}/mkdocs.yml`]: 'site_name: x\ntheme:\n  name: material\nplugins:\n  - search\n',
      [`p${at}/docs/index.md`]: '',
    })),
  'sites mdbook': (count) =>
    members(count, (at) => ({
      [`p${at}/book.toml`]: '[book]\ntitle = "x"\n[preprocessor.mermaid]\n',
      [`p${at}/src/SUMMARY.md`]: '',
    })),
  static: (count) =>
    members(count, (at) => ({ [`p${at}/index.html`]: '', [`p${at}/app.js`]: 'document.title = "x"\n' })),
  swift: (count) =>
    members(count, (at, next) => ({
      [`p${at}/Package.swift`]: `// swift-tools-version:5.9\nlet package = Package(name: "p${at}",\n dependencies: [.package(path: "../p${next}"), .package(url: "https://github.com/vapor/vapor", from: "4.0.0")],\n targets: [.executableTarget(name: "p${at}")])`,
    })),
  system: (count) =>
    members(count, (at) => ({
      [`p${at}/Dockerfile`]:
        'FROM node:22\nRUN apt-get update && apt-get install -y libpq-dev nosuchpackage curl\n',
      [`p${at}/Aptfile`]: 'libvips\n',
      [`p${at}/package.json`]: `{"name":"p${at}"}`,
    })),
  'system workflows': (count) =>
    members(count, (at) => ({
      [`.github/workflows/w${at}.yml`]: `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    services:\n      db:\n        image: postgres:16\n    steps:\n      - uses: actions/setup-node@v4\n        with: {node-version: 22}\n      - run: sudo apt-get install -y libpq-dev\n      - run: npm test\n        working-directory: p${at}\n`,
      [`p${at}/package.json`]: `{"name":"p${at}"}`,
    })),
  tasks: (count) =>
    members(count, (at) => ({
      [`p${at}/justfile`]: 'build:\n  jq . x\n',
      [`p${at}/Makefile`]: `all:\n\tprotoc x\n`,
      [`p${at}/Taskfile.yml`]: 'version: "3"\ntasks:\n  a:\n    cmds: ["jq ."]\n',
      [`p${at}/.pre-commit-config.yaml`]: '',
    })),
  terraform: (count) =>
    members(count, (at, next) => ({
      [`m${at}/main.tf`]: `terraform {\n required_version = ">= 1.6"\n required_providers {\n  aws = {\n   source = "hashicorp/aws"\n  }\n }\n}\nmodule "x" {\n source = "../m${next}"\n}\n`,
      [`m${at}/.terraform.lock.hcl`]: '',
    })),
  unserved: (count) =>
    members(count, (at) => ({
      [`p${at}/x.uproject`]: '',
      [`p${at}/dub.json`]: '{}',
      [`p${at}/build.vlang`]: '',
      [`p${at}/ProjectSettings/ProjectVersion.txt`]: 'm_EditorVersion: 2022.3.1f1\n',
    })),
  variables: (count) =>
    members(count, (at) => ({
      [`p${at}/.env.example`]: `DATABASE_URL=postgres://u:p@localhost:5432/d${at}\nV${at}=\n`,
      [`p${at}/package.json`]: `{"name":"p${at}"}`,
    })),
  containers: (count) =>
    members(count, (at) => ({
      [`p${at}/compose.yaml`]: `services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_USER: u\n  web:\n    build: .\n    ports: ["${3000 + at}:3000"]\n`,
      [`p${at}/package.json`]: `{"name":"p${at}","dependencies":{"pg":"8","testcontainers":"10","ioredis":"5"}}`,
      [`p${at}/wrangler.jsonc`]: `{"name":"p${at}","main":"x.ts","containers":[{"class_name":"X","image":"./Dockerfile"}]}`,
      [`p${at}/prisma/schema.prisma`]: 'datasource db {\n provider = "postgresql"\n}\n',
      [`p${at}/run.sh`]: 'docker run x\n',
    })),
  'containers one compose': (count) => ({
    'compose.yaml': `services:\n${numbered(count, (at) => `  s${at}:\n    build: ./p${at}\n    depends_on: [db]\n    ports: ["${3000 + at}:3000"]`)}\n  db:\n    image: postgres:16\n`,
    ...members(count, (at) => ({
      [`p${at}/package.json`]: `{"name":"p${at}"}`,
      [`p${at}/Dockerfile`]: 'FROM node:22\n',
    })),
  }),
  'deep folders': (count) =>
    members(count, (at) => ({
      [`${'a/'.repeat(at % 20)}p${at}/Gemfile`]: 'gem "pg"\n',
      [`${'a/'.repeat(at % 20)}p${at}/cpanfile`]: 'requires "DBI";\n',
    })),
  zig: (count) =>
    members(count, (at, next) => ({
      [`p${at}/build.zig`]:
        'const std = @import("std");\npub fn build(b: *std.Build) void {\n exe.linkSystemLibrary("ssl");\n}\n',
      [`p${at}/build.zig.zon`]: `.{ .name = .p${at},\n .minimum_zig_version = "0.13.0",\n .dependencies = .{ .p${next} = .{ .path = "../p${next}" } } }\n`,
    })),
  'version files': (count) =>
    members(count, (at) => ({
      [`p${at}/.tool-versions`]: 'nodejs 22.1.0\npython 3.12.1\nruby 3.3.5\ngolang 1.25.0\n',
      [`p${at}/package.json`]: `{"name":"p${at}"}`,
      [`p${at}/go.mod`]: `module p${at}\n`,
      [`p${at}/requirements.txt`]: 'x\n',
    })),
};
