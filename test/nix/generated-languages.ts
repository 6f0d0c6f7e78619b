/** Hello-world projects of languages beyond those of generated.test.ts, each built and tested by its own tools. */
import type { Case } from './generated-case.ts';

/**
 * What Debian has of Maven's central repository stands beside its Maven: a folder of links to it is where a build
 * without network finds plug-ins and libraries.
 */
const debianRepository =
  'rm -rf .m2 && cp -Rs "$(mvn --version | sed -n "s/^Maven home: //p")/../maven-repo/." .m2';

export const languages: Case[] = [
  {
    name: 'php with Composer, a package beside it, and extensions',
    files: {
      'composer.json': `{
  "name": "acme/shop",
  "version": "1.0.0",
  "repositories": [{ "type": "path", "url": "packages/greeting" }, { "packagist.org": false }],
  "require": { "php": "^8.2", "ext-intl": "*", "ext-redis": "*", "acme/greeting": "1.0.0" },
  "require-dev": { "ext-xsl": "*" },
  "scripts": { "test": "php tests/run.php" }
}
`,
      'packages/greeting/composer.json':
        '{ "name": "acme/greeting", "version": "1.0.0", "require": { "ext-bz2": "*" }, "autoload": { "files": ["greet.php"] } }\n',
      'packages/greeting/greet.php':
        '<?php function greet($name) { return "hello, " . mb_strtoupper(bzdecompress(bzcompress($name))); }\n',
      'tests/run.php': `<?php
require __DIR__ . '/../vendor/autoload.php';
if (greet('wörld') !== 'hello, WÖRLD') exit(1);
if (!class_exists('Redis') || !class_exists('XSLTProcessor') || !class_exists('Collator')) exit(1);
echo "tested\\n";
`,
    },
    prints: {
      'php --version': /^PHP {php}/,
      // What nixpkgs' PHP does not load unasked is not there unasked.
      'php -m | grep -Eix "bz2|redis|xsl|mbstring|ffi|sysvshm" | sort': 'bz2\nmbstring\nredis\nxsl',
    },
    builds: {
      'rm -rf vendor && composer install --no-interaction --quiet && composer run-script test 2>/dev/null':
        'tested',
      'composer check-platform-reqs | grep -c success': '5',
    },
  },
  {
    name: 'java with Maven and JUnit',
    files: {
      'pom.xml': `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId>
  <artifactId>hello</artifactId>
  <version>1.0</version>
  <properties>
    <maven.compiler.release>21</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
    <!-- another Java for the tests takes this version of Surefire half a minute to stop -->
    <forkCount>0</forkCount>
  </properties>
  <dependencies>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4.x</version><scope>test</scope></dependency>
  </dependencies>
</project>
`,
      'src/main/java/Hello.java':
        'public class Hello { static String world() { return "hello"; } public static void main(String[] words) { System.out.println(world()); } }\n',
      'src/test/java/HelloTest.java':
        'public class HelloTest { @org.junit.Test public void world() { org.junit.Assert.assertEquals("hello", Hello.world()); } }\n',
    },
    prints: {
      'mvn --version | grep -o "Apache Maven [0-9]\\|runtime: $JAVA_HOME$"':
        /^Apache Maven 3\nruntime: \/nix\/store\//,
    },
    builds: {
      [`${debianRepository} && mvn -B -o -Dmaven.repo.local="$PWD/.m2" package | grep -a "Tests run" | tail -1 && java -cp target/hello-1.0.jar Hello`]:
        /Tests run: 1, Failures: 0, Errors: 0, Skipped: 0\nhello$/,
    },
  },
  {
    name: 'clojure with Leiningen',
    files: {
      'project.clj': `(defproject hello "0.1.0"
  :dependencies [[org.clojure/clojure "1.x"]]
  :local-repo ".m2"
  :main hello.core)
`,
      'src/hello/core.clj':
        '(ns hello.core)\n(defn world [] "hello")\n(defn -main [& _] (println (world)))\n',
      'test/hello/core_test.clj':
        '(ns hello.core-test (:require [clojure.test :refer [deftest is]] [hello.core :as core]))\n(deftest world (is (= "hello" (core/world))))\n',
      // For its repository alone.
      'nidify.jsonc': '{ "packages": { "add": ["maven"] } }\n',
    },
    prints: {
      'test "$LEIN_JAVA_CMD" -ef "$JAVA_HOME/bin/java" && command -v lein': /\/bin\/lein$/,
    },
    builds: {
      [`${debianRepository} && lein -o do version, run, test | grep -v "^$"`]:
        /^Leiningen 2\S+ on Java 21.*\nhello\n(.*\n)+0 failures, 0 errors\.$/,
    },
  },
  {
    name: 'elixir with Mix',
    files: {
      'mix.exs': `defmodule Hello.MixProject do
  use Mix.Project
  def project, do: [app: :hello, version: "0.1.0", elixir: "~> 1.14", deps: []]
  def application, do: [extra_applications: [:logger, :crypto]]
end
`,
      'lib/hello.ex': 'defmodule Hello do\n  def world, do: "wörld"\nend\n',
      'test/test_helper.exs': 'ExUnit.start()\n',
      'test/hello_test.exs':
        'defmodule HelloTest do\n  use ExUnit.Case\n  test "greets", do: assert Hello.world() == "wörld"\nend\n',
    },
    prints: {
      // of one OTP
      'elixir --version && erl -noshell -eval "io:put_chars(erlang:system_info(otp_release)), halt()."':
        /Elixir {elixir} \(compiled with Erlang\/OTP (\d+)\)\n\1$/,
    },
    builds: {
      'rm -rf _build && mix compile --warnings-as-errors && mix test 2>&1': /1 test, 0 failures$/,
      'mix run -e "IO.puts(Hello.world())"': 'wörld',
    },
  },
  {
    name: 'erlang with rebar3',
    files: {
      'rebar.config': '{erl_opts, [debug_info]}.\n{deps, []}.\n{escript_main_app, hello}.\n',
      'src/hello.app.src':
        '{application, hello, [{description, "hello"}, {vsn, "0.1.0"}, {applications, [kernel, stdlib]}]}.\n',
      'src/hello.erl':
        '-module(hello).\n-export([world/0, main/1]).\nworld() -> "hello".\nmain(_) -> io:format("~s~n", [world()]).\n',
      'test/hello_tests.erl':
        '-module(hello_tests).\n-include_lib("eunit/include/eunit.hrl").\nworld_test() -> ?assertEqual("hello", hello:world()).\n',
    },
    prints: { 'rebar3 version': /^rebar 3\.\S+ on Erlang\/OTP 2\d / },
    builds: {
      'rm -rf _build && rebar3 compile && rebar3 eunit': /1 tests, 0 failures/,
      'rebar3 escriptize >/dev/null && _build/default/bin/hello': 'hello',
    },
  },
  {
    name: 'haskell with Cabal, of what comes with GHC',
    files: {
      'hello.cabal': `cabal-version: 2.4
name: hello
version: 0.1.0.0
common all
  build-depends: base, containers
  default-language: Haskell2010
executable hello
  import: all
  main-is: Main.hs
  other-modules: Greet
test-suite spec
  import: all
  type: exitcode-stdio-1.0
  main-is: Spec.hs
  other-modules: Greet
`,
      // Without a repository of packages Cabal asks none.
      offline: 'http-transport: plain-http\n',
      'Greet.hs':
        'module Greet (world) where\nimport qualified Data.Map as Map\nworld :: Integer -> String\nworld number = "wörld " ++ show (Map.fromList [(number, number ^ number)])\n',
      'Main.hs': 'import Greet\nmain :: IO ()\nmain = putStrLn (world 3)\n',
      'Spec.hs':
        'import Greet\nimport Control.Monad (when)\nimport System.Exit\nmain :: IO ()\nmain = when (world 2 /= "wörld fromList [(2,4)]") exitFailure\n',
    },
    prints: {
      'ghc --numeric-version': '{haskell}',
      'cabal --numeric-version': /^3\./,
    },
    builds: {
      'export CABAL_CONFIG=$PWD/offline CABAL_DIR=$PWD/.cabal && rm -rf dist-newstyle && {build} -v0 && {test} -v1 2>&1 | grep -o "1 of 1 test suites .* passed" && {start} -v0':
        '1 of 1 test suites (1 of 1 test cases) passed\nwörld fromList [(3,27)]',
    },
  },
  {
    name: 'ocaml with Dune',
    files: {
      'dune-project': '(lang dune 3.0)\n(package (name hello))\n',
      'src/dune': '(library (name greet))\n',
      'src/greet.ml': 'let world () = "hello"\n',
      'bin/dune': '(executable (name main) (public_name hello) (libraries greet))\n',
      'bin/main.ml': 'let () = print_endline (Greet.world ())\n',
      'test/dune': '(test (name world) (libraries greet unix))\n',
      'test/world.ml':
        'let () = assert (Greet.world () = "hello" && Unix.getpid () > 0); print_endline "tested"\n',
    },
    prints: { 'ocamlc -version': /^{ocaml}/, 'dune --version': /^3\./ },
    builds: {
      'rm -rf _build && dune build 2>&1 && dune exec hello && dune runtest --force 2>&1': 'hello\ntested',
    },
  },
  {
    name: 'nim with Nimble',
    files: {
      'hello.nimble':
        'version = "0.1.0"\nauthor = "a"\ndescription = "hello"\nlicense = "MIT"\nsrcDir = "src"\nbin = @["hello"]\nrequires "nim >= 1.6.0"\n',
      'src/greet.nim': 'proc world*(): string = "hello"\n',
      'src/hello.nim': 'import greet\nwhen isMainModule: echo world()\n',
      'tests/tgreet.nim': 'import greet\ndoAssert world() == "hello"\n',
      'tests/config.nims': 'switch("path", "$projectDir/../src")\n',
    },
    prints: { 'nim --version': /Nim Compiler Version {nim}/ },
    builds: { '{build} >&2 && {test} >&2 && {start}': 'hello' },
  },
  {
    name: 'lua with LuaRocks and a module in C',
    files: {
      'hello-1.0-1.rockspec': `package = "hello"
version = "1.0-1"
source = { url = "git://example.com/hello.git" }
dependencies = { "lua >= 5.1" }
build = { type = "builtin", modules = { hello = "src/hello.lua", ["hello.sum"] = { sources = { "src/sum.c" } } } }
`,
      'test.lua': 'print(require("hello").world(), require("hello.sum")(1, 2))\n',
      'src/hello.lua': 'return { world = function() return "hello" end }\n',
      'src/sum.c':
        '#include <lua.h>\n#include <lauxlib.h>\nstatic int sum(lua_State *L) { lua_pushinteger(L, luaL_checkinteger(L, 1) + luaL_checkinteger(L, 2)); return 1; }\nint luaopen_hello_sum(lua_State *L) { lua_pushcfunction(L, sum); return 1; }\n',
    },
    prints: { 'lua -v': /^Lua {lua}/, 'luarocks --version': /luarocks 3/ },
    builds: {
      'rm -rf lua_modules && luarocks make --tree lua_modules hello-1.0-1.rockspec >&2 && lua test.lua':
        'hello\t3',
    },
  },
  {
    name: 'r with a package and its tests',
    files: {
      DESCRIPTION:
        'Package: hello\nTitle: Says Hello\nVersion: 0.1.0\nAuthor: A\nMaintainer: A <a@example.com>\nDescription: Says hello.\nLicense: MIT\nDepends: R (>= 4.1)\n',
      NAMESPACE: 'useDynLib(hello)\nexport(hello)\n',
      'R/hello.R': 'hello <- function() paste("hello", .Call("twice", 21L))\n',
      'src/twice.c':
        '#include <Rinternals.h>\nSEXP twice(SEXP number) { return Rf_ScalarInteger(2 * Rf_asInteger(number)); }\n',
      'tests/hello.R': 'stopifnot(hello::hello() == "hello 42")\ncat("tested\\n")\n',
    },
    prints: { 'Rscript --version': /version {r} / },
    builds: {
      'rm -f *.tar.gz && R CMD build . >&2 && R CMD INSTALL --no-docs hello_0.1.0.tar.gz >&2 && Rscript tests/hello.R && Rscript -e "cat(find.package(\\"hello\\"))"':
        /^tested\n\/.*\/\.R\/library\/hello$/,
    },
  },
  {
    name: 'cobol with a subprogram',
    files: {
      'main.cob': `       IDENTIFICATION DIVISION.
       PROGRAM-ID. MAIN.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01 ANSWER PIC 99 VALUE 0.
       PROCEDURE DIVISION.
           CALL "TWICE" USING ANSWER.
           DISPLAY "hello " ANSWER.
           STOP RUN.
`,
      'TWICE.cob': `       IDENTIFICATION DIVISION.
       PROGRAM-ID. TWICE.
       DATA DIVISION.
       LINKAGE SECTION.
       01 ANSWER PIC 99.
       PROCEDURE DIVISION USING ANSWER.
           COMPUTE ANSWER = 2 * 21.
           GOBACK.
`,
    },
    prints: { 'cobc --version': /^cobc \(GnuCOBOL\) 3/ },
    builds: { '{build} && {start}': 'hello 42' },
  },
  {
    name: 'scheme with Guile',
    files: {
      'main.scm':
        '(use-modules (srfi srfi-1) (ice-9 format))\n(format #t "hello ~a~%" (fold + 0 (iota 4)))\n',
    },
    prints: { 'guile --version': /^guile \(GNU Guile\) 3\.0/ },
    builds: { '{start}': 'hello 6' },
  },
  {
    name: 'fortran with a Makefile',
    files: {
      Makefile:
        'FC = gfortran\nFFLAGS = -O2 -Wall\nhello: sums.f90 hello.f90\n\t$(FC) $(FFLAGS) -o $@ $^\ntest: hello\n\t@test "$$(./hello)" = "hello 42" && echo tested\nclean:\n\trm -f hello *.mod\n.PHONY: test clean\n',
      'sums.f90':
        'module sums\ncontains\n  integer function twice(number)\n    integer, intent(in) :: number\n    twice = 2 * number\n  end function\nend module\n',
      'hello.f90': 'program hello\n  use sums\n  print "(a,i0)", "hello ", twice(21)\nend program\n',
    },
    prints: { 'gfortran -dumpversion': /^\d+/ },
    builds: { 'make -s clean && {build} >/dev/null && {test}': 'tested' },
  },
  {
    name: 'ada with a project file of GNAT',
    files: {
      'hello.gpr':
        'project Hello is\n   for Source_Dirs use ("src");\n   for Object_Dir use "obj";\n   for Exec_Dir use "bin";\n   for Main use ("hello.adb");\nend Hello;\n',
      'src/sums.ads':
        'package Sums is\n   function Twice (Number : Integer) return Integer is (2 * Number);\nend Sums;\n',
      'src/hello.adb':
        'with Ada.Text_IO;\nwith Sums;\nprocedure Hello is\nbegin\n   Ada.Text_IO.Put_Line ("hello" & Integer\'Image (Sums.Twice (21)));\nend Hello;\n',
    },
    prints: { 'gnatls --version': /^GNATLS \d/, 'gprbuild --version': /^GPRBUILD / },
    builds: { '{build} >&2 && {start}': 'hello 42' },
  },
  {
    name: 'shell with Bats',
    files: {
      'run.sh': '#!/usr/bin/env bash\nset -euo pipefail\necho hello | jq -R .\n',
      'test/run.bats':
        '@test "says hello" {\n  run bash run.sh\n  [ "$status" -eq 0 ]\n  [ "$output" = \'"hello"\' ]\n}\n',
    },
    prints: { 'bats --version': /^Bats 1/ },
    builds: { '{test}': /^1\.\.1\nok 1 says hello$/, '{start}': '"hello"' },
  },
  {
    name: "protocol buffers that protoc compiles for a program's language",
    files: {
      'hello.proto': 'syntax = "proto3";\nmessage Hello { string name = 1; }\n',
    },
    prints: {
      'protoc --version': /^libprotoc /,
      'rm -rf out && mkdir out && protoc --python_out=out --descriptor_set_out=out/set hello.proto && ls out':
        'hello_pb2.py\nset',
    },
  },
  {
    name: 'a document in LaTeX',
    files: {
      'main.tex': `\\documentclass{article}
\\usepackage{amsmath}
\\usepackage[margin=2cm]{geometry}
\\usepackage{hyperref}
\\begin{document}
\\tableofcontents
\\section{Hello}\\label{hello}
Wörld, as in section \\ref{hello} and \\cite{knuth}: $\\int_0^1 x \\, dx = \\tfrac12$.
\\bibliographystyle{plain}
\\bibliography{books}
\\end{document}
`,
      'books.bib': '@book{knuth, author = "D. Knuth", title = "The TeXbook", year = 1984, publisher = "A"}\n',
    },
    prints: { 'latexmk --version': /Latexmk.* Version 4/ },
    builds: {
      'rm -f main.a* main.b* main.f* main.pdf && {build} >out 2>&1 || cat out; head -c 5 main.pdf && ! grep undefined main.log':
        '%PDF-',
    },
  },
  {
    name: 'a site of Hugo',
    files: {
      'hugo.toml': 'baseURL = "https://example.com/"\ntitle = "hello"\n',
      'content/_index.md': '# wörld\n',
      'layouts/index.html': '<h1>{{ .Site.Title }}</h1>{{ .Content }}\n',
      'assets/a.scss': '$color: red;\na { color: $color; }\n',
    },
    prints: { 'hugo version': /^hugo v.*extended/ },
    builds: {
      'rm -rf public && {build} --quiet && cat public/index.html': '<h1>hello</h1><h1 id="wörld">wörld</h1>',
    },
  },
];
