/** What files of each format hold, as a hostile author fills them in: in the grammar, so that values get far. */

/** `begin`, then any number of `line`, then `end`. NAME and VERSION stand for what the author chooses. */
export interface Typical {
  begin: string;
  line: string;
  end: string;
}

function json(before: string, key: string): Typical {
  return { begin: `{${before}"${key}":{`, line: '"NAME%":"VERSION",\n', end: '"z":"1"}}' };
}
const plain = (line: string, begin = '', end = ''): Typical => ({ begin, line: `${line}\n`, end });

/** By the name of the file. */
export const typical: Readonly<Record<string, Typical>> = {
  'package.json': json(
    '"name":"NAME","version":"VERSION","main":"NAME","engines":{"node":"VERSION"},"packageManager":"pnpm@VERSION","workspaces":["NAME"],"scripts":{"NAME":"NAME","build":"NAME"},',
    'dependencies',
  ),
  'composer.json': json(
    '"name":"a/NAME","config":{"platform":{"php":"VERSION"}},"scripts":{"NAME":"NAME"},',
    'require',
  ),
  'deno.json': json('"name":"NAME","workspace":["NAME"],"tasks":{"NAME":"NAME"},', 'imports'),
  'vcpkg.json': json('"name":"NAME","builtin-baseline":"VERSION","dependencies":["NAME"],', 'x'),
  'global.json': json('"sdk":{"version":"VERSION"},', 'msbuild-sdks'),
  'wrangler.json': json(
    '"name":"NAME","main":"NAME","containers":[{"class_name":"NAME","image":"NAME"}],',
    'vars',
  ),
  'devbox.json': json('"env":{"NAME":"VERSION"},', 'packages'),
  'renv.lock': json('"R":{"Version":"VERSION"},', 'Packages'),
  'CMakePresets.json': json(
    '"version":3,"configurePresets":[{"name":"NAME","generator":"Ninja","binaryDir":"${sourceDir}/NAME"}],',
    'vendor',
  ),
  'x.ipynb': json(
    '"cells":[],"metadata":{"kernelspec":{"name":"NAME"},"language_info":{"name":"NAME","version":"VERSION"}},',
    'x',
  ),
  'Cargo.toml': plain(
    'NAME% = "VERSION"',
    '[package]\nname = "NAME"\nversion = "VERSION"\nrust-version = "VERSION"\nedition = "VERSION"\n[[bin]]\nname = "NAME"\npath = "NAME"\n[workspace]\nmembers = ["NAME"]\n[dependencies]\n',
  ),
  'rust-toolchain.toml': plain(
    '',
    '[toolchain]\nchannel = "VERSION"\ntargets = ["NAME"]\ncomponents = ["NAME"]\n',
  ),
  'pyproject.toml': plain(
    '  "NAME%>=VERSION",',
    '[project]\nname = "NAME"\nversion = "VERSION"\nrequires-python = "VERSION"\nscripts = { NAME = "NAME:NAME" }\ndependencies = [\n',
    ']\n[tool.uv.workspace]\nmembers = ["NAME"]\n',
  ),
  'pixi.toml': plain(
    'NAME% = "VERSION"',
    '[workspace]\nname = "NAME"\nchannels = ["NAME"]\nplatforms = ["linux-64"]\n[tasks]\nstart = "NAME"\n[dependencies]\npython = "VERSION"\n',
  ),
  Pipfile: plain('NAME% = "VERSION"', '[requires]\npython_version = "VERSION"\n[packages]\n'),
  'gleam.toml': plain('NAME% = "VERSION"', 'name = "NAME"\ngleam = "VERSION"\n[dependencies]\n'),
  'Project.toml': plain('NAME% = "VERSION"', 'name = "NAME"\n[compat]\njulia = "VERSION"\n[deps]\n'),
  'fpm.toml': plain('NAME%.git = "NAME"', 'name = "NAME"\n[dependencies]\n'),
  'alire.toml': plain('[[depends-on]]\nNAME% = "VERSION"', 'name = "NAME"\nexecutables = ["NAME"]\n'),
  'hugo.toml': plain(
    'NAME% = "VERSION"',
    'title = "NAME"\n[module.hugoVersion]\nmin = "VERSION"\n[params]\n',
  ),
  'book.toml': plain('NAME% = "VERSION"', '[book]\ntitle = "NAME"\n[preprocessor.NAME]\n'),
  'mise.toml': plain('NAME% = "VERSION"', '[tools]\nnode = "VERSION"\npython = "VERSION"\n'),
  'bunfig.toml': plain('NAME% = "VERSION"', '[run]\n'),
  'go.mod': plain('require NAME% VERSION', 'module NAME\ngo VERSION\ntoolchain goVERSION\n'),
  'go.work': plain('use ./NAME%', 'go VERSION\n'),
  'pom.xml': {
    begin:
      '<project><artifactId>NAME</artifactId><version>VERSION</version><properties><java.version>VERSION</java.version><maven.compiler.release>VERSION</maven.compiler.release></properties><modules><module>NAME</module></modules><dependencies>',
    line: '<dependency><groupId>NAME</groupId><artifactId>NAME%</artifactId><version>VERSION</version></dependency>\n',
    end: '</dependencies></project>',
  },
  'x.csproj': {
    begin:
      '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>netVERSION</TargetFramework><AssemblyName>NAME</AssemblyName></PropertyGroup><ItemGroup>',
    line: '<PackageReference Include="NAME%" Version="VERSION" />\n',
    end: '</ItemGroup></Project>',
  },
  'x.sln': plain('Project("{9A19103F}") = "NAME%", "NAME%\\NAME.csproj", "{0}"\nEndProject'),
  'build.xml': plain(
    '<target name="NAME%"><javac release="VERSION"/></target>',
    '<project name="NAME">',
    '</project>',
  ),
  'build.gradle': plain(
    'implementation "NAME%:NAME:VERSION"',
    'plugins { id "NAME" version "VERSION" }\njava { toolchain { languageVersion = JavaLanguageVersion.of(VERSION) } }\n',
  ),
  'settings.gradle.kts': plain('include(":NAME%")', 'rootProject.name = "NAME"\n'),
  'gradle-wrapper.properties': plain(
    'NAME%=VERSION',
    'distributionUrl=https\\://services.gradle.org/distributions/gradle-VERSION-bin.zip\n',
  ),
  'build.sbt': plain(
    'libraryDependencies += "NAME%" %% "NAME" % "VERSION"',
    'name := "NAME"\nscalaVersion := "VERSION"\n',
  ),
  'project.clj': plain(
    '[NAME%/NAME "VERSION"]',
    '(defproject NAME "VERSION" :main NAME :dependencies [',
    '])',
  ),
  'deps.edn': plain('NAME%/NAME {:mvn/version "VERSION"}', '{:deps {', '} :aliases {:NAME {}}}'),
  'rebar.config': plain('{deps, [{NAME%, "VERSION"}]}.', '{minimum_otp_vsn, "VERSION"}.\n'),
  'mix.exs': plain(
    '{:NAME%, "VERSION"},',
    'defmodule A.MixProject do\n def project do\n [app: :NAME, elixir: "VERSION", deps: [',
    ']]\nend\nend',
  ),
  Gemfile: plain('gem "NAME%", "VERSION"', 'source "https://rubygems.org"\nruby "VERSION"\n'),
  'x.gemspec': plain(
    's.add_dependency "NAME%", "VERSION"',
    'Gem::Specification.new do |s|\ns.name = "NAME"\ns.required_ruby_version = "VERSION"\n',
    'end',
  ),
  'Package.swift': plain(
    '.package(url: "https://example.com/NAME%", from: "VERSION"),',
    '// swift-tools-version:VERSION\nlet package = Package(name: "NAME", dependencies: [',
    '], targets: [.executableTarget(name: "NAME")])',
  ),
  'pubspec.yaml': plain('  NAME%: VERSION', 'name: NAME\nenvironment:\n  sdk: VERSION\ndependencies:\n'),
  'environment.yml': plain('  - NAME%=VERSION', 'name: NAME\ndependencies:\n  - python=VERSION\n'),
  'mkdocs.yml': plain('  - NAME%', 'site_name: NAME\nplugins:\n'),
  'compose.yaml': plain(
    '  NAME%:\n    image: NAME:VERSION\n    ports: ["VERSION:5432"]',
    'services:\n  db:\n    image: postgres:VERSION\n    environment:\n      POSTGRES_USER: "NAME"\n      POSTGRES_DB: "NAME"\n',
  ),
  'Taskfile.yml': plain('  NAME%:\n    cmds: ["NAME"]', 'version: "3"\ntasks:\n'),
  'shard.yml': plain('  NAME%:\n    version: VERSION', 'name: NAME\ncrystal: VERSION\ndependencies:\n'),
  'stack.yaml': plain('- NAME%', 'resolver: lts-VERSION\npackages:\n'),
  'pnpm-workspace.yaml': plain('- NAME%', 'packages:\n'),
  'x.cabal': plain(
    '    NAME% >= VERSION,',
    'cabal-version: 2.4\nname: NAME\ntested-with: GHC == VERSION\nexecutable NAME\n  build-depends:\n',
  ),
  'x.nimble': plain('requires "NAME% >= VERSION"', 'requires "nim >= VERSION"\nbin = @["NAME"]\n'),
  'x.opam': plain(
    '  "NAME%" {>= "VERSION"}',
    'opam-version: "2.0"\ndepends: [\n  "ocaml" {>= "VERSION"}\n',
    ']',
  ),
  dune: plain('(executable (name NAME%) (libraries NAME))'),
  'requirements.txt': plain('NAME%==VERSION'),
  'setup.py': plain(
    '    "NAME%>=VERSION",',
    'from setuptools import setup\nsetup(name="NAME", python_requires="VERSION", install_requires=[\n',
    '])',
  ),
  'setup.cfg': plain(
    '    NAME%>=VERSION',
    '[metadata]\nname = NAME\n[options]\npython_requires = VERSION\ninstall_requires =\n',
  ),
  'runtime.txt': plain('python-VERSION'),
  DESCRIPTION: plain('  NAME%,', 'Package: NAME\nVersion: VERSION\nDepends: R (>= VERSION)\nImports:\n'),
  cpanfile: plain('requires "NAME%", "VERSION";', 'requires "perl", "VERSION";\n'),
  'x.rockspec': plain(
    '"NAME% >= VERSION",',
    'package = "NAME"\nversion = "VERSION"\ndependencies = { "lua >= VERSION",',
    '}',
  ),
  'main.tf': plain('module "NAME%" { source = "./NAME" }', 'terraform {\n required_version = "VERSION"\n}\n'),
  'CMakeLists.txt': plain(
    'find_package(NAME% VERSION REQUIRED)',
    'cmake_minimum_required(VERSION VERSION)\nproject(NAME)\nadd_executable(NAME main.c)\n',
  ),
  'meson.build': plain(
    "dependency('NAME%', version: '>=VERSION')",
    "project('NAME', 'c', version: 'VERSION')\nexecutable('NAME', 'main.c')\n",
  ),
  'configure.ac': plain('PKG_CHECK_MODULES([NAME%], [NAME >= VERSION])', 'AC_INIT([NAME], [VERSION])\n'),
  Makefile: plain('NAME%: NAME\n\tNAME -lNAME', 'NAME = VERSION\n'),
  justfile: plain('NAME%:\n  NAME VERSION'),
  Procfile: plain('NAME%: NAME'),
  Dockerfile: plain('RUN apt-get install -y NAME%=VERSION', 'FROM NAME:VERSION\n'),
  '.env.example': plain(
    'NAME%=VERSION',
    'DATABASE_URL=postgres://NAME:NAME@localhost:VERSION/NAME\nPORT=VERSION\n',
  ),
  '.tool-versions': plain('NAME% VERSION', 'nodejs VERSION\nruby VERSION\nerlang VERSION\n'),
  '.nvmrc': plain('VERSION'),
  '.python-version': plain('VERSION'),
  '.ruby-version': plain('VERSION'),
  '.java-version': plain('VERSION'),
  '.swift-version': plain('VERSION'),
  '.terraform-version': plain('VERSION'),
  Brewfile: plain('brew "NAME%"'),
  'flake.nix': plain('pkgs.NAME%', '{ description = "NAME"; outputs = { nixpkgs }: [', ']; }'),
  'x.sh': plain('NAME% VERSION', '#!/usr/bin/env NAME\n'),
  'x.proto': plain('import "NAME%";', 'syntax = "VERSION";\n'),
  'info.rkt': plain(
    '  ("NAME%" #:version "VERSION")',
    '#lang info\n(define collection "NAME")\n(define version "VERSION")\n(define deps \'(("base" #:version "VERSION")\n',
    '))',
  ),
  'main.rkt': plain('(require NAME%)', '#lang racket/base\n(module+ main (NAME))\n'),
  'x.rkt': plain('(require NAME%)', '#lang NAME\n'),
  'x.scm': plain('(import (NAME%))', '#!NAME\n'),
  'x.tex': plain('\\usepackage{NAME%}', '\\documentclass{NAME}\n'),
  'x.R': plain('library(NAME%)'),
  'x.pl': plain('use NAME% VERSION;', '#!/usr/bin/perl\nuse VERSION;\n'),
  'x.cbl': plain('       CALL "NAME%".', '       IDENTIFICATION DIVISION.\n       PROGRAM-ID. NAME.\n'),
  'build.zig.zon': plain(
    '.NAME% = .{ .url = "NAME" },',
    '.{ .name = .NAME, .minimum_zig_version = "VERSION", .dependencies = .{',
    '} }',
  ),
};

/** A file of its kind with this many lines; each line has a name of its own where the name takes a number. */
export function typicalText(kind: Typical, lines: number, name: string, version: string): string {
  const filled = (text: string, number: string) =>
    text
      .replaceAll('NAME%', () => `${name}${number}`)
      .replaceAll('NAME', () => name)
      .replaceAll('VERSION', () => version);
  const line = filled(kind.line, '\0');
  const body = Array.from({ length: lines }, (_, at) => line.replaceAll('\0', String(at)));
  return `${filled(kind.begin, '')}${body.join('')}${filled(kind.end, '')}`;
}
