/** Tools that are announced by a file of their own: ids of the catalogue. Tiny and static: part of the claims. */
export interface ToolFile {
  tool: string;
  names: readonly string[];
  /** npm package that brings the same program, so that the project has it already. */
  npm?: string;
  /** Where its documentation names these files. */
  source: string;
}

/** Data formats that a configuration may be written in. */
function inFormats(names: readonly string[], formats: readonly string[]): string[] {
  return names.flatMap((name) => formats.map((format) => `${name}.${format}`));
}

export const toolFiles: readonly ToolFile[] = [
  { tool: 'mage', names: ['magefile.go'], source: 'https://magefile.org/magefiles/' },
  {
    tool: 'buf',
    names: ['buf.yaml', 'buf.gen.yaml', 'buf.work.yaml', 'buf.yml', 'buf.gen.yml'],
    npm: '@bufbuild/buf',
    source: 'https://buf.build/docs/configuration/',
  },
  {
    tool: 'sqlc',
    names: inFormats(['sqlc'], ['yaml', 'yml', 'json']),
    source: 'https://docs.sqlc.dev/en/latest/reference/config.html',
  },
  {
    tool: 'pre-commit',
    names: ['.pre-commit-config.yaml', '.pre-commit-config.yml'],
    source: 'https://pre-commit.com/#plugins',
  },
  {
    tool: 'lefthook',
    names: inFormats(['lefthook', '.lefthook'], ['yml', 'yaml', 'toml', 'json', 'jsonc']),
    npm: 'lefthook',
    source: 'https://lefthook.dev/configuration',
  },
  {
    tool: 'golangci-lint',
    names: inFormats(['.golangci'], ['yml', 'yaml', 'toml', 'json']),
    source: 'https://golangci-lint.run/docs/configuration/file',
  },
  {
    tool: 'goreleaser',
    names: inFormats(['.goreleaser', 'goreleaser'], ['yml', 'yaml']),
    source: 'https://goreleaser.com/customization/',
  },
  {
    tool: 'process-compose',
    names: inFormats(['process-compose'], ['yml', 'yaml']),
    source: 'https://f1bonacc1.github.io/process-compose/configuration/',
  },
  { tool: 'tilt', names: ['Tiltfile'], source: 'https://docs.tilt.dev/api.html' },
  { tool: 'skaffold', names: ['skaffold.yaml'], source: 'https://skaffold.dev/docs/references/yaml/' },
  {
    tool: 'hadolint',
    names: inFormats(['.hadolint'], ['yaml', 'yml']),
    source: 'https://github.com/hadolint/hadolint#configure',
  },
  {
    tool: 'shellcheck',
    names: ['.shellcheckrc'],
    npm: 'shellcheck',
    source: 'https://www.shellcheck.net/wiki/Directive',
  },
  { tool: 'shellspec', names: ['.shellspec'], source: 'https://github.com/shellspec/shellspec#options-file' },
  { tool: 'vale', names: ['.vale.ini'], source: 'https://vale.sh/docs/vale-ini' },
  { tool: 'tflint', names: ['.tflint.hcl'], source: 'https://github.com/terraform-linters/tflint' },
];

/** Programs by the name that recipes call: ids of the catalogue. Those that deploy are left to the machine. */
export const commandTools: Readonly<Record<string, string>> = {
  protoc: 'protobuf',
  buf: 'buf',
  sqlc: 'sqlc',
  'golangci-lint': 'golangci-lint',
  goreleaser: 'goreleaser',
  templ: 'templ',
  goose: 'goose',
  mockgen: 'mockgen',
  mage: 'mage',
  just: 'just',
  task: 'task',
  'wasm-pack': 'wasm-pack',
  sqlx: 'sqlx-cli',
  diesel: 'diesel-cli',
  shellcheck: 'shellcheck',
  shfmt: 'shfmt',
  bats: 'bats',
  hadolint: 'hadolint',
  actionlint: 'actionlint',
  jq: 'jq',
  yq: 'yq',
  mdbook: 'mdbook',
  pandoc: 'pandoc',
  dot: 'graphviz',
  watchexec: 'watchexec',
  entr: 'entr',
  hyperfine: 'hyperfine',
  'pre-commit': 'pre-commit',
  lefthook: 'lefthook',
  tilt: 'tilt',
  skaffold: 'skaffold',
  grpcurl: 'grpcurl',
  unzip: 'unzip',
  zip: 'zip',
  rsync: 'rsync',
  curl: 'curl',
  wget: 'wget',
};

/** Plugins that protoc starts by itself: https://protobuf.dev/reference/go/go-generated/#invocation */
export const protocPlugins: readonly { tool: string; option: RegExp }[] = [
  { tool: 'protoc-gen-go', option: /\s--go_(out|opt)=/ },
  { tool: 'protoc-gen-go-grpc', option: /\s--go-grpc_(out|opt)=/ },
];
