/** What editors and caches have to know of the plan's tools: data. */

/** Folders of the worker's home that are worth keeping, by id of a package manager or toolchain. */
export const cacheFolders: Readonly<Record<string, readonly string[]>> = {
  npm: ['.npm'],
  pnpm: ['.local/share/pnpm', '.cache/pnpm'],
  yarn: ['.cache/yarn', '.yarn/berry'],
  bun: ['.bun/install/cache'],
  deno: ['.cache/deno'],
  pip: ['.cache/pip'],
  pipenv: ['.cache/pipenv'],
  poetry: ['.cache/pypoetry'],
  pdm: ['.cache/pdm'],
  uv: ['.cache/uv'],
  cargo: ['.cargo/registry', '.cargo/git'],
  go: ['go/pkg/mod', '.cache/go-build'],
  dart: ['.pub-cache'],
  flutter: ['.pub-cache'],
  swift: ['.cache/org.swift.swiftpm'],
  hugo: ['.cache/hugo_cache'],
};

/** Identifiers of VS Code's market place, by language. */
export const editorExtensions: Readonly<Record<string, readonly string[]>> = {
  node: [],
  bun: ['oven.bun-vscode'],
  deno: ['denoland.vscode-deno'],
  python: ['ms-python.python'],
  go: ['golang.go'],
  rust: ['rust-lang.rust-analyzer'],
  ruby: ['Shopify.ruby-lsp'],
  php: ['bmewburn.vscode-intelephense-client'],
  java: ['redhat.java'],
  kotlin: ['fwcd.kotlin'],
  scala: ['scalameta.metals'],
  dotnet: ['ms-dotnettools.csharp'],
  elixir: ['JakeBecker.elixir-ls'],
  terraform: ['hashicorp.terraform'],
  dart: ['Dart-Code.dart-code'],
  swift: ['swiftlang.swift-vscode'],
  shell: ['mads-hartmann.bash-ide-vscode', 'timonwong.shellcheck'],
  protobuf: ['bufbuild.vscode-buf'],
  fortran: ['fortran-lang.linter-gfortran'],
  ada: ['AdaCore.ada'],
};
