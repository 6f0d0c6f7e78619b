/** Every ecosystem. To add one: a folder beside these, and a row here. */

import { adaClaims } from './ada/claims.ts';
import { bazelClaims } from './bazel/claims.ts';
import { binderClaims } from './binder/claims.ts';
import { bunClaims } from './bun/claims.ts';
import { cClaims } from './c/claims.ts';
import { clojureClaims } from './clojure/claims.ts';
import { cobolLast } from './cobol/claims.ts';
import { condaClaims } from './conda/claims.ts';
import { containerClaims } from './containers/claims.ts';
import { crystalClaims } from './crystal/claims.ts';
import { dartClaims } from './dart/claims.ts';
import { denoClaims } from './deno/claims.ts';
import { dotnetClaims } from './dotnet/claims.ts';
import { elixirClaims } from './elixir/claims.ts';
import { environmentClaims } from './environments/claims.ts';
import { erlangClaims } from './erlang/claims.ts';
import { fortranClaims } from './fortran/claims.ts';
import { gleamClaims } from './gleam/claims.ts';
import { goClaims } from './go/claims.ts';
import { haskellClaims } from './haskell/claims.ts';
import { javaClaims } from './java/claims.ts';
import { juliaClaims } from './julia/claims.ts';
import { latexClaims } from './latex/claims.ts';
import { luaClaims } from './lua/claims.ts';
import { nimClaims } from './nim/claims.ts';
import { nodeClaims } from './node/claims.ts';
import { notebookClaims } from './notebooks/claims.ts';
import { ocamlClaims } from './ocaml/claims.ts';
import { pantsClaims } from './pants/claims.ts';
import { pearClaims } from './pear/claims.ts';
import { perlClaims } from './perl/claims.ts';
import { phpClaims } from './php/claims.ts';
import { protobufClaims, protobufLast } from './protobuf/claims.ts';
import { pythonClaims } from './python/claims.ts';
import { rClaims } from './r/claims.ts';
import { racketClaims, racketLast } from './racket/claims.ts';
import { rubyClaims } from './ruby/claims.ts';
import { rustClaims } from './rust/claims.ts';
import { scalaClaims } from './scala/claims.ts';
import { schemeClaims, schemeLast } from './scheme/claims.ts';
import { shellLast } from './shell/claims.ts';
import { siteClaims } from './sites/claims.ts';
import { staticLast } from './static/claims.ts';
import { swiftClaims } from './swift/claims.ts';
import { systemClaims } from './system/claims.ts';
import { taskClaims } from './tasks/claims.ts';
import { terraformClaims } from './terraform/claims.ts';
import type { Detector } from './types.ts';
import { unservedClaims } from './unserved/claims.ts';
import { variableClaims } from './variables/claims.ts';
import { zigClaims } from './zig/claims.ts';

export const detectors: readonly Detector[] = [
  // Before Node.js: what these frameworks start is the project, and npm builds their assets.
  { id: 'ruby', claims: rubyClaims, load: async () => (await import('./ruby/detect.ts')).detectRuby },
  // Before PHP: Composer of an extension is for its tests.
  { id: 'pear', claims: pearClaims, load: async () => (await import('./pear/detect.ts')).detectPear },
  { id: 'php', claims: phpClaims, load: async () => (await import('./php/detect.ts')).detectPhp },
  { id: 'node', claims: nodeClaims, load: async () => (await import('./node/detect.ts')).detectNode },
  { id: 'bun', claims: bunClaims, load: async () => (await import('./bun/detect.ts')).detectBun },
  { id: 'deno', claims: denoClaims, load: async () => (await import('./deno/detect.ts')).detectDeno },
  // Before Python and Go: MkDocs is a package of one, and Hugo keeps its own modules in the module file of the other.
  { id: 'sites', claims: siteClaims, load: async () => (await import('./sites/detect.ts')).detectSites },
  // Before Python: where an environment decides, its commands do.
  { id: 'conda', claims: condaClaims, load: async () => (await import('./conda/detect.ts')).detectConda },
  { id: 'python', claims: pythonClaims, load: async () => (await import('./python/detect.ts')).detectPython },
  { id: 'go', claims: goClaims, load: async () => (await import('./go/detect.ts')).detectGo },
  { id: 'rust', claims: rustClaims, load: async () => (await import('./rust/detect.ts')).detectRust },
  {
    id: 'c',
    claims: cClaims,
    // Make compiles any language.
    namesTools: true,
    load: async () => (await import('./c/detect.ts')).detectC,
  },
  { id: 'zig', claims: zigClaims, load: async () => (await import('./zig/detect.ts')).detectZig },
  {
    id: 'crystal',
    claims: crystalClaims,
    load: async () => (await import('./crystal/detect.ts')).detectCrystal,
  },
  {
    id: 'haskell',
    claims: haskellClaims,
    load: async () => (await import('./haskell/detect.ts')).detectHaskell,
  },
  { id: 'nim', claims: nimClaims, load: async () => (await import('./nim/detect.ts')).detectNim },
  { id: 'ocaml', claims: ocamlClaims, load: async () => (await import('./ocaml/detect.ts')).detectOcaml },
  { id: 'java', claims: javaClaims, load: async () => (await import('./java/detect.ts')).detectJava },
  { id: 'scala', claims: scalaClaims, load: async () => (await import('./scala/detect.ts')).detectScala },
  {
    id: 'clojure',
    claims: clojureClaims,
    load: async () => (await import('./clojure/detect.ts')).detectClojure,
  },
  // Before Elixir: what both can build is written in Erlang.
  { id: 'erlang', claims: erlangClaims, load: async () => (await import('./erlang/detect.ts')).detectErlang },
  { id: 'elixir', claims: elixirClaims, load: async () => (await import('./elixir/detect.ts')).detectElixir },
  { id: 'gleam', claims: gleamClaims, load: async () => (await import('./gleam/detect.ts')).detectGleam },
  { id: 'dotnet', claims: dotnetClaims, load: async () => (await import('./dotnet/detect.ts')).detectDotnet },
  { id: 'r', claims: rClaims, load: async () => (await import('./r/detect.ts')).detectR },
  {
    id: 'racket',
    claims: racketClaims,
    last: racketLast,
    load: async () => (await import('./racket/detect.ts')).detectRacket,
  },
  { id: 'julia', claims: juliaClaims, load: async () => (await import('./julia/detect.ts')).detectJulia },
  { id: 'perl', claims: perlClaims, load: async () => (await import('./perl/detect.ts')).detectPerl },
  { id: 'lua', claims: luaClaims, load: async () => (await import('./lua/detect.ts')).detectLua },
  { id: 'latex', claims: latexClaims, load: async () => (await import('./latex/detect.ts')).detectLatex },
  { id: 'binder', claims: binderClaims, load: async () => (await import('./binder/detect.ts')).detectBinder },
  {
    id: 'notebooks',
    claims: notebookClaims,
    load: async () => (await import('./notebooks/detect.ts')).detectNotebooks,
  },
  {
    id: 'terraform',
    claims: terraformClaims,
    load: async () => (await import('./terraform/detect.ts')).detectTerraform,
  },
  { id: 'dart', claims: dartClaims, load: async () => (await import('./dart/detect.ts')).detectDart },
  { id: 'swift', claims: swiftClaims, load: async () => (await import('./swift/detect.ts')).detectSwift },
  // After the languages: where one has a manifest of its own, its tools build it.
  { id: 'bazel', claims: bazelClaims, load: async () => (await import('./bazel/detect.ts')).detectBazel },
  { id: 'pants', claims: pantsClaims, load: async () => (await import('./pants/detect.ts')).detectPants },
  {
    id: 'fortran',
    claims: fortranClaims,
    load: async () => (await import('./fortran/detect.ts')).detectFortran,
  },
  { id: 'ada', claims: adaClaims, load: async () => (await import('./ada/detect.ts')).detectAda },
  {
    id: 'protobuf',
    claims: protobufClaims,
    last: protobufLast,
    load: async () => (await import('./protobuf/detect.ts')).detectProtobuf,
  },
  {
    id: 'scheme',
    claims: schemeClaims,
    last: schemeLast,
    load: async () => (await import('./scheme/detect.ts')).detectScheme,
  },
  {
    id: 'cobol',
    claims: {},
    last: cobolLast,
    load: async () => (await import('./cobol/detect.ts')).detectCobol,
  },
  {
    id: 'static',
    claims: {},
    last: staticLast,
    load: async () => (await import('./static/detect.ts')).detectStatic,
  },
  {
    id: 'shell',
    claims: {},
    last: shellLast,
    load: async () => (await import('./shell/detect.ts')).detectShell,
  },
  {
    id: 'environments',
    claims: environmentClaims,
    namesTools: true,
    load: async () => (await import('./environments/detect.ts')).detectEnvironments,
  },
  { id: 'system', claims: systemClaims, load: async () => (await import('./system/detect.ts')).detectSystem },
  { id: 'tasks', claims: taskClaims, load: async () => (await import('./tasks/detect.ts')).detectTasks },
  {
    id: 'variables',
    claims: variableClaims,
    load: async () => (await import('./variables/detect.ts')).detectVariables,
  },
  {
    id: 'containers',
    claims: containerClaims,
    load: async () => (await import('./containers/detect.ts')).detectContainers,
  },
  // What nidify does not serve.
  {
    id: 'unserved',
    claims: unservedClaims,
    load: async () => (await import('./unserved/detect.ts')).detectUnserved,
  },
];
