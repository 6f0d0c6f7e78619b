/** Names under which environments ask for languages: https://search.nixos.org/packages, https://formulae.brew.sh */

export interface LanguageName {
  id: string;
  /** As far as the name itself says it: `nodejs_20` → `20`. */
  version: string | null;
}

/** Attributes of nixpkgs: a name, and perhaps the digits of its version. */
const attributes: readonly { id: string; pattern: RegExp; dotted?: true }[] = [
  { id: 'node', pattern: /^nodejs(?:[-_](?<version>\d+)(?:_x)?)?$/ },
  // 3.11 is written 311, 2.7 is 27.
  { id: 'python', pattern: /^python(?:(?<version>[23]\d{0,2})(?:Full)?)?$/, dotted: true },
  { id: 'go', pattern: /^go(?:_(?<version>\d+_\d+))?$/ },
  { id: 'rust', pattern: /^(?:rustc|rustup|cargo)$/ },
  { id: 'ruby', pattern: /^ruby(?:_(?<version>\d+_\d+))?$/ },
  { id: 'php', pattern: /^php(?<version>\d{2})?$/, dotted: true },
  { id: 'java', pattern: /^(?:jdk|openjdk|temurin-bin)(?:-?(?<version>\d+))?(?:_headless)?$/ },
  { id: 'deno', pattern: /^deno$/ },
  { id: 'bun', pattern: /^bun$/ },
  { id: 'terraform', pattern: /^terraform$/ },
  { id: 'opentofu', pattern: /^opentofu$/ },
  { id: 'hugo', pattern: /^hugo$/ },
  { id: 'swift', pattern: /^swift$/ },
  { id: 'dart', pattern: /^dart$/ },
  { id: 'flutter', pattern: /^flutter$/ },
  { id: 'elixir', pattern: /^elixir(?:_(?<version>\d+_\d+))?$/ },
  { id: 'erlang', pattern: /^erlang(?:_(?<version>\d+))?$/ },
  { id: 'zig', pattern: /^zig(?:_(?<version>\d+_\d+))?$/ },
];

export function languageOf(attribute: string): LanguageName | null {
  for (const { id, pattern, dotted } of attributes) {
    const found = pattern.exec(attribute);
    if (found === null) continue;
    const digits = found.groups?.version?.replace('_', '.') ?? null;
    if (digits === null) return { id, version: null };
    return { id, version: dotted && digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits };
  }
  return null;
}

/** Languages of devenv (https://devenv.sh/reference/options/#languages) that have another name here. */
export const devenvLanguages: Readonly<Record<string, string>> = {
  javascript: 'node',
  python: 'python',
  go: 'go',
  rust: 'rust',
  ruby: 'ruby',
  php: 'php',
  java: 'java',
  deno: 'deno',
  terraform: 'terraform',
  opentofu: 'opentofu',
  swift: 'swift',
  dart: 'dart',
  elixir: 'elixir',
  erlang: 'erlang',
  zig: 'zig',
};

/** Formulae that are languages, without their version (`node@20`). */
export const brewLanguages: Readonly<Record<string, string>> = {
  node: 'node',
  python: 'python',
  python3: 'python',
  go: 'go',
  rust: 'rust',
  rustup: 'rust',
  ruby: 'ruby',
  php: 'php',
  openjdk: 'java',
  deno: 'deno',
  terraform: 'terraform',
  opentofu: 'opentofu',
  hugo: 'hugo',
  swift: 'swift',
  dart: 'dart',
  elixir: 'elixir',
  erlang: 'erlang',
  zig: 'zig',
};

const same = [
  ...[
    'actionlint',
    'autoconf',
    'automake',
    'bats',
    'buf',
    'cmake',
    'curl',
    'direnv',
    'dive',
    'ffmpeg',
    'gcc',
    'gh',
    'git',
  ],
  ...[
    'git-lfs',
    'gnupg',
    'golangci-lint',
    'goreleaser',
    'graphviz',
    'hadolint',
    'helmfile',
    'hyperfine',
    'imagemagick',
    'jq',
    'just',
  ],
  ...[
    'k9s',
    'kind',
    'kustomize',
    'lefthook',
    'libtool',
    'mdbook',
    'meson',
    'minikube',
    'ninja',
    'pandoc',
    'pre-commit',
    'protobuf',
  ],
  ...[
    'ripgrep',
    'rsync',
    'shellcheck',
    'shfmt',
    'skaffold',
    'sqlc',
    'sqlite',
    'stern',
    'syft',
    'terragrunt',
    'tflint',
    'tilt',
    'trivy',
  ],
  ...['vips', 'watchexec', 'watchman', 'wget', 'zola'],
];

/** Formulae that are programs: ids of the catalogue. */
export const brewTools: Readonly<Record<string, string>> = {
  ...Object.fromEntries(same.map((name) => [name, name])),
  awscli: 'awscli2',
  azure: 'azure-cli',
  'go-task': 'task',
  helm: 'helm',
  'kubernetes-cli': 'kubectl',
  make: 'make',
  mysql: 'mysql',
  openssl: 'openssl',
  'pkg-config': 'pkg-config',
  pkgconf: 'pkg-config',
  postgresql: 'postgresql',
  redis: 'redis',
  yq: 'yq',
};
