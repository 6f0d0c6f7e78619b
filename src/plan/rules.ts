/**
 * What tools need to be told inside a Nix environment: data, one row per tool. Native needs of
 * dependencies are the catalogue's.
 */

import { gradleOptions } from '../detect/jvm/jdks.ts';
import type { ValuePart } from '../detect/types.ts';
import type { Finding } from './schema.ts';

export interface ToolRule {
  /** Id of a toolchain or package manager. */
  tool: string;
  /** Stable id, shown by `explain`. */
  rule: string;
  /** Only where the answer is known to satisfy all that is asked for, or only where it is not. */
  onlyWhen?: 'satisfied' | 'unsure';
  /** Only where the answer comes from such a channel: from this release on, or one before that. */
  channels?: { from: string } | { before: string };
  variables: readonly { name: string; value: readonly ValuePart[]; linux?: true }[];
  hooks: readonly string[];
  /** Only where a request of this rule is not certainly satisfied. */
  unsureOf?: string;
  /** What the user should know of it. */
  finding?: { code: string; severity?: Finding['severity']; message: string; hint: string };
}

/** What the JDK's folder is called differs by system and vendor: nixpkgs tells. */
const jdkHome: ValuePart = { toolchain: 'java', path: '', attribute: 'home' };

export const toolRules: readonly ToolRule[] = [
  {
    // Build tools take the JDK from there; another one of the machine would come first.
    tool: 'java',
    rule: 'java/home',
    variables: [{ name: 'JAVA_HOME', value: [jdkHome] }],
    hooks: [],
  },
  {
    // The gradle of nixpkgs starts its daemon on the JDK that it was packaged with:
    // https://github.com/NixOS/nixpkgs/issues/453296, https://docs.gradle.org/current/userguide/build_environment.html
    tool: 'gradle',
    rule: 'gradle/own-jdk',
    variables: [{ name: 'GRADLE_OPTS', value: ['-Dorg.gradle.java.home=', jdkHome, ` ${gradleOptions}`] }],
    hooks: [],
  },
  {
    // The lein of nixpkgs runs projects on the JDK that it was packaged with, unless it is told:
    // https://codeberg.org/leiningen/leiningen/src/branch/main/bin/lein
    tool: 'leiningen',
    rule: 'leiningen/own-jdk',
    variables: [{ name: 'LEIN_JAVA_CMD', value: [{ toolchain: 'java', path: '/bin/java' }] }],
    hooks: [],
  },
  {
    // Downloaded interpreters expect a dynamic loader that NixOS does not have:
    // https://nixos.org/manual/nixpkgs/stable/#python
    tool: 'uv',
    rule: 'uv/interpreter',
    variables: [
      { name: 'UV_PYTHON', value: [{ toolchain: 'python', path: '/bin/python3' }] },
      { name: 'UV_PYTHON_DOWNLOADS', value: ['never'] },
    ],
    hooks: [],
  },
  {
    // Poetry runs on its own interpreter; the project's is the one on PATH:
    // https://python-poetry.org/docs/1.8/configuration/#virtualenvsprefer-active-python
    tool: 'poetry',
    rule: 'poetry/interpreter',
    variables: [{ name: 'POETRY_VIRTUALENVS_PREFER_ACTIVE_PYTHON', value: ['true'] }],
    hooks: [],
  },
  {
    // https://pipenv.pypa.io/en/latest/configuration.html
    tool: 'pipenv',
    rule: 'pipenv/interpreter',
    variables: [{ name: 'PIPENV_PYTHON', value: [{ toolchain: 'python', path: '/bin/python3' }] }],
    hooks: [],
  },
  {
    // https://hatch.pypa.io/latest/plugins/environment/virtual/#python-resolution
    tool: 'hatch',
    rule: 'hatch/interpreter',
    variables: [{ name: 'HATCH_PYTHON', value: [{ toolchain: 'python', path: '/bin/python3' }] }],
    hooks: [],
  },
  {
    // What pip installs goes into .venv; its python is the one that finds it: https://docs.python.org/3/library/venv.html
    tool: 'pip',
    rule: 'pip/virtual-environment',
    variables: [],
    hooks: ['python-venv-path'],
  },
  {
    // Set-up hooks of Python packages would leak into virtual environments.
    tool: 'python',
    rule: 'python/virtual-environment',
    variables: [],
    hooks: ['unset-pythonpath'],
  },
  {
    // pnpm would replace itself by the exact version of `packageManager`, from the network:
    // https://pnpm.io/settings#managepackagemanagerversions
    tool: 'pnpm',
    rule: 'pnpm/own-version',
    variables: [{ name: 'npm_config_manage_package_manager_versions', value: ['false'] }],
    hooks: [],
  },
  {
    // GHC reads sources and writes output in the encoding of the locale:
    // https://downloads.haskell.org/ghc/latest/docs/users_guide/using.html#source-file-encoding
    tool: 'haskell',
    rule: 'haskell/locale',
    variables: [{ name: 'LANG', value: ['C.UTF-8'] }],
    hooks: [],
  },
  {
    // Ruby takes files for ASCII where there is no locale; this one every C library has built in:
    // https://docs.ruby-lang.org/en/master/Encoding.html#class-Encoding-label-Default+Encodings
    tool: 'ruby',
    rule: 'ruby/locale',
    variables: [{ name: 'LANG', value: ['C.UTF-8'] }],
    hooks: [],
  },
  {
    // What it builds with comes from the environment: https://learn.microsoft.com/vcpkg/users/config-environment
    tool: 'vcpkg',
    rule: 'vcpkg/root',
    variables: [
      { name: 'VCPKG_ROOT', value: [{ toolchain: 'vcpkg', path: '/share/vcpkg' }] },
      { name: 'VCPKG_FORCE_SYSTEM_BINARIES', value: ['1'] },
    ],
    hooks: [],
  },
  {
    // Gems go beside the Gemfile, not into the store: https://bundler.io/man/bundle-config.1.html
    tool: 'bundler',
    rule: 'bundler/path',
    variables: [{ name: 'BUNDLE_PATH', value: ['.bundle'] }],
    hooks: [],
  },
  {
    // https://bundler.io/guides/gemfile_ruby.html
    tool: 'bundler',
    rule: 'bundler/ruby-version',
    unsureOf: 'ruby/gemfile',
    variables: [],
    hooks: [],
    finding: {
      code: 'bundler-ruby-version',
      severity: 'warning',
      message:
        'the Gemfile asks for a release of ruby that this environment may not have: Bundler then refuses to run',
      hint: 'Ask for the whole line in the Gemfile: for Ruby 3.4, say, ruby "~> 3.4.0" instead of ruby "3.4.2".',
    },
  },
  {
    // Go would fetch the toolchain that go.mod names: https://go.dev/doc/toolchain
    tool: 'go',
    rule: 'go/own-toolchain',
    onlyWhen: 'satisfied',
    variables: [{ name: 'GOTOOLCHAIN', value: ['local'] }],
    hooks: [],
  },
  {
    // Where the channel's patch level may be older than go.mod asks for, Go may fetch a newer one: its own
    // toolchains are static and run everywhere. nixpkgs' default would fail.
    tool: 'go',
    rule: 'go/newer-toolchain',
    onlyWhen: 'unsure',
    variables: [{ name: 'GOTOOLCHAIN', value: ['auto'] }],
    hooks: [],
    finding: {
      code: 'go-toolchain',
      message: 'go may be older than go.mod asks for: then it fetches the newer toolchain when it first runs',
      hint: 'Lower the "go" line, or set GOTOOLCHAIN to "local" in "env" of nidify.jsonc, so that it fails instead.',
    },
  },
  {
    // Compiled programs look there for their runtime: https://learn.microsoft.com/dotnet/core/tools/dotnet-environment-variables
    // Where it is in the package: https://github.com/NixOS/nixpkgs/pull/355753
    tool: 'dotnet',
    rule: 'dotnet/root',
    channels: { from: 'nixos-25.05' },
    variables: [{ name: 'DOTNET_ROOT', value: [{ toolchain: 'dotnet', path: '/share/dotnet' }] }],
    hooks: [],
  },
  {
    tool: 'dotnet',
    rule: 'dotnet/root-before',
    channels: { before: 'nixos-24.11' },
    variables: [{ name: 'DOTNET_ROOT', value: [{ toolchain: 'dotnet', path: '' }] }],
    hooks: [],
  },
  {
    tool: 'dotnet',
    rule: 'dotnet/quiet',
    variables: [
      { name: 'DOTNET_CLI_TELEMETRY_OPTOUT', value: ['1'] },
      { name: 'DOTNET_NOLOGO', value: ['1'] },
    ],
    hooks: [],
  },
  {
    // https://hexdocs.pm/mix/Mix.html#module-environment-variables
    tool: 'elixir',
    rule: 'elixir/home',
    variables: [],
    hooks: ['mix-home', 'utf8-locale'],
  },
  {
    // R installs into the store's folder otherwise, which nobody can write to; and without a locale it warns at
    // every start: https://stat.ethz.ch/R-manual/R-devel/library/base/html/libPaths.html
    tool: 'r',
    rule: 'r/library',
    variables: [{ name: 'LANG', value: ['C.UTF-8'], linux: true }],
    hooks: ['r-library'],
  },
  {
    // `julia` alone would take the packages of the home: the nearest project above is the repository's.
    // https://docs.julialang.org/en/v1/manual/environment-variables/#JULIA_PROJECT
    tool: 'julia',
    rule: 'julia/project',
    variables: [{ name: 'JULIA_PROJECT', value: ['@.'] }],
    hooks: [],
  },
  {
    // Without a locale that there is, perl warns at every start: https://perldoc.perl.org/perllocale#LOCALE-PROBLEMS
    tool: 'perl',
    rule: 'perl/locale',
    variables: [{ name: 'LANG', value: ['C.UTF-8'], linux: true }],
    hooks: ['perl-library', 'perl-bin'],
  },
  {
    // https://github.com/luarocks/luarocks/wiki/Using-LuaRocks#rocks-trees-and-the-lua-libraries-path
    tool: 'luarocks',
    rule: 'luarocks/tree',
    variables: [],
    hooks: ['lua-library', 'lua-bin'],
  },
];

/** Hooks of every environment: see docs/generated-files.md for what each prevents. */
export const commonHooks: readonly string[] = ['unset-tmpdir', 'ca-bundle'];

/** gcc 15, whose C is C23 unless told otherwise: https://gcc.gnu.org/gcc-15/porting_to.html */
export const firstChannelWithC23 = 'nixos-26.05';

/**
 * Package managers that nixpkgs ties to the Node.js that it built them with, and which put that one first on
 * PATH for scripts (https://github.com/NixOS/nixpkgs/issues/145634): they are run by the environment's. So is sbt, whose
 * configuration in nixpkgs names a JDK.
 */
export const runsOn: Readonly<Record<string, string>> = { pnpm: 'node', yarn: 'node', sbt: 'java' };

/** Tools whose output is linked with that of the compiler: they come from the compiler's channel. */
export const compilerTools: ReadonlySet<string> = new Set(['clang', 'gcc', 'lld', 'llvm', 'mold']);
