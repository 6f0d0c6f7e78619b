/** Languages by the endings of their sources, for repositories that no manifest describes. */

export interface SourceLanguage {
  /** Id of the language in the plan; null where nidify does not serve it. */
  id: string | null;
  /** Endings in lower case, with the dot. */
  endings: readonly string[];
  /** The manifest that would say more; null where the language has none. */
  manifest: string | null;
  /** The program that runs a source; absent where sources are compiled first. */
  run?: string;
  /** A Makefile beside such sources compiles them, scripts it only calls. */
  isCompiled: boolean;
  /** Its compiler calls that of C, or is it: then there is no other toolchain. */
  needsC?: true | 'alone';
}

const compiled = { isCompiled: true } as const;
const script = { isCompiled: false } as const;

/** In the order that decides between two of which there are as many sources. */
export const sourceLanguages: readonly SourceLanguage[] = [
  { id: 'python', endings: ['.py'], manifest: 'pyproject.toml', run: 'python', ...script },
  { id: 'c', endings: ['.c'], manifest: 'CMakeLists.txt', ...compiled, needsC: 'alone' },
  {
    id: 'cpp',
    endings: ['.cc', '.cpp', '.cxx', '.c++'],
    manifest: 'CMakeLists.txt',
    ...compiled,
    needsC: 'alone',
  },
  { id: 'go', endings: ['.go'], manifest: 'go.mod', ...compiled },
  { id: 'java', endings: ['.java'], manifest: 'pom.xml', ...compiled },
  { id: 'rust', endings: ['.rs'], manifest: 'Cargo.toml', ...compiled, needsC: true },
  { id: 'ruby', endings: ['.rb'], manifest: 'Gemfile', run: 'ruby', ...script },
  { id: 'php', endings: ['.php'], manifest: 'composer.json', run: 'php', ...script },
  { id: 'kotlin', endings: ['.kt'], manifest: 'build.gradle.kts', ...compiled },
  { id: 'scala', endings: ['.scala'], manifest: 'build.sbt', ...compiled },
  { id: 'clojure', endings: ['.clj'], manifest: 'deps.edn', ...script },
  { id: 'dotnet', endings: ['.cs', '.fs', '.vb'], manifest: '.csproj', ...compiled },
  {
    id: 'ocaml',
    endings: ['.ml', '.mli', '.mll', '.mly'],
    manifest: 'dune-project',
    ...compiled,
    needsC: true,
  },
  { id: 'haskell', endings: ['.hs', '.lhs'], manifest: 'package.yaml', ...compiled, needsC: true },
  {
    id: 'fortran',
    endings: ['.f', '.for', '.f77', '.f90', '.f95', '.f03', '.f08'],
    manifest: 'fpm.toml',
    ...compiled,
    needsC: true,
  },
  { id: 'ada', endings: ['.adb', '.ads'], manifest: 'alire.toml', ...compiled, needsC: true },
  { id: 'erlang', endings: ['.erl'], manifest: 'rebar.config', ...compiled },
  { id: 'elixir', endings: ['.ex', '.exs'], manifest: 'mix.exs', ...compiled },
  // `.pl` is Prolog's too: scripts of Perl are known by their text.
  { id: 'perl', endings: ['.pm'], manifest: 'cpanfile', ...script },
  { id: 'lua', endings: ['.lua'], manifest: '.rockspec', run: 'lua', ...script },
  { id: 'r', endings: ['.r'], manifest: 'DESCRIPTION', run: 'Rscript', ...script },
  { id: 'julia', endings: ['.jl'], manifest: 'Project.toml', run: 'julia', ...script },
  { id: 'nim', endings: ['.nim'], manifest: '.nimble', ...compiled, needsC: true },
  { id: 'zig', endings: ['.zig'], manifest: 'build.zig', ...compiled },
  { id: 'crystal', endings: ['.cr'], manifest: 'shard.yml', ...compiled, needsC: true },
  { id: 'swift', endings: ['.swift'], manifest: 'Package.swift', ...compiled },
  { id: 'dart', endings: ['.dart'], manifest: 'pubspec.yaml', ...compiled },
  // What there is more of is what the repository is in, served or not.
  ...[
    ['.js', '.mjs', '.cjs', '.ts', '.tsx', '.jsx'],
    ['.html', '.htm'],
    ['.sh', '.bash', '.zsh', '.fish'],
    ['.tex', '.sty', '.cls'],
    ['.el', '.lisp', '.cl'],
    ['.scm', '.ss', '.sld', '.rkt'],
    ['.cbl', '.cob'],
    ['.d', '.di'],
    ['.vala'],
    ['.m', '.mm'],
    ['.pas', '.pp', '.dpr'],
    ['.sml', '.sig'],
    ['.v', '.sv', '.vhd', '.vhdl'],
    ['.asm', '.s'],
    ['.tcl'],
    ['.hx'],
    ['.elm', '.purs'],
    ['.tf', '.proto', '.sql'],
  ].map((endings): SourceLanguage => ({ id: null, endings, manifest: null, ...compiled })),
];
