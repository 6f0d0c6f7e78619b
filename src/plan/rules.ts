/**
 * What tools need to be told inside a Nix environment: data, one row per tool. Native needs of
 * dependencies are the catalogue's.
 */

/** `{ toolchain, path }` stands for a path inside the package that answers this id. */
export type RulePart = string | { toolchain: string; path: string };

export interface ToolRule {
  /** Id of a toolchain or package manager. */
  tool: string;
  /** Stable id, shown by `explain`. */
  rule: string;
  /** Only where the answer is known to satisfy all that is asked for, or only where it is not. */
  onlyWhen?: 'satisfied' | 'unsure';
  variables: readonly { name: string; value: readonly RulePart[]; linux?: true }[];
  hooks: readonly string[];
  /** What the user should know of it. */
  finding?: { code: string; message: string; hint: string };
}

export const toolRules: readonly ToolRule[] = [
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
 * PATH for scripts (https://github.com/NixOS/nixpkgs/issues/145634): they are run by the environment's.
 */
export const runsOn: Readonly<Record<string, string>> = { pnpm: 'node', yarn: 'node' };

/** Tools whose output is linked with that of the compiler: they come from the compiler's channel. */
export const compilerTools: ReadonlySet<string> = new Set(['clang', 'gcc', 'lld', 'llvm', 'mold']);
