/** Actions that set a language up, and the input that says its version: data, by each action's own documentation. */
import type { VersionScheme } from '../types.ts';

export interface Setup {
  /** Of the action's path, without its version. */
  action: RegExp;
  id: string;
  input: string;
  scheme?: VersionScheme;
}

export const setups: readonly Setup[] = [
  { action: /^(?:actions|useblacksmith)\/setup-node$/, id: 'node', input: 'node-version' },
  { action: /^(?:actions|useblacksmith)\/setup-python$/, id: 'python', input: 'python-version' },
  { action: /^astral-sh\/setup-uv$/, id: 'python', input: 'python-version' },
  { action: /^(?:actions|useblacksmith)\/setup-go$/, id: 'go', input: 'go-version' },
  { action: /^actions\/setup-java$/, id: 'java', input: 'java-version', scheme: 'java' },
  { action: /^graalvm\/setup-graalvm$/, id: 'java', input: 'java-version', scheme: 'java' },
  { action: /^actions\/setup-dotnet$/, id: 'dotnet', input: 'dotnet-version' },
  { action: /^(?:ruby|actions)\/setup-ruby$/, id: 'ruby', input: 'ruby-version' },
  { action: /^shivammathur\/setup-php$/, id: 'php', input: 'php-version' },
  { action: /^(?:erlef|erlang|actions)\/setup-(?:beam|elixir)$/, id: 'elixir', input: 'elixir-version' },
  { action: /^(?:erlef|erlang|actions)\/setup-(?:beam|elixir)$/, id: 'erlang', input: 'otp-version' },
  { action: /^erlef\/setup-beam$/, id: 'gleam', input: 'gleam-version' },
  { action: /^oven-sh\/setup-bun$/, id: 'bun', input: 'bun-version' },
  { action: /^denoland\/setup-deno$/, id: 'deno', input: 'deno-version' },
  { action: /^dtolnay\/rust-toolchain$/, id: 'rust', input: 'toolchain' },
  { action: /^actions-rs\/toolchain$/, id: 'rust', input: 'toolchain' },
  { action: /^actions-rust-lang\/setup-rust-toolchain$/, id: 'rust', input: 'toolchain' },
  { action: /^r-lib\/actions\/setup-r$/, id: 'r', input: 'r-version' },
  { action: /^julia-actions\/setup-julia$/, id: 'julia', input: 'version' },
  { action: /^(?:swift-actions|SwiftyLab)\/setup-swift$/, id: 'swift', input: 'swift-version' },
  { action: /^dart-lang\/setup-dart$/, id: 'dart', input: 'sdk' },
  { action: /^subosito\/flutter-action$/, id: 'flutter', input: 'flutter-version' },
  {
    action: /^(?:haskell-actions|haskell|actions)\/setup(?:-haskell)?$/,
    id: 'haskell',
    input: 'ghc-version',
  },
  { action: /^hashicorp\/setup-terraform$/, id: 'terraform', input: 'terraform_version' },
  { action: /^opentofu\/setup-opentofu$/, id: 'opentofu', input: 'tofu_version' },
  { action: /^(?:goto-bus-stop|mlugg)\/setup-zig$/, id: 'zig', input: 'version' },
  { action: /^shogo82148\/actions-setup-perl$/, id: 'perl', input: 'perl-version' },
  { action: /^crystal-lang\/install-crystal$/, id: 'crystal', input: 'crystal' },
  { action: /^jiro4989\/setup-nim-action$/, id: 'nim', input: 'nim-version' },
  { action: /^Bogdanp\/setup-racket$/, id: 'racket', input: 'version' },
  { action: /^peaceiris\/actions-hugo$/, id: 'hugo', input: 'hugo-version' },
];

/** Features of dev containers, without registry and version: https://containers.dev/features; their option is `version`. */
export const features: Readonly<Record<string, { id: string; scheme?: VersionScheme }>> = {
  node: { id: 'node' },
  python: { id: 'python' },
  go: { id: 'go' },
  java: { id: 'java', scheme: 'java' },
  ruby: { id: 'ruby' },
  rust: { id: 'rust' },
  php: { id: 'php' },
  dotnet: { id: 'dotnet' },
  terraform: { id: 'terraform' },
};

/** Names for whatever is newest: beside them, a number is that of an older one. */
const moving = /^(stable|latest|current|release|beta|nightly.*|head|edge|canary|[\d.]*-?(dev|nightly|rc))$/i;

export function isMoving(text: string): boolean {
  return moving.test(text.slice(0, 100).trim());
}

/**
 * A version as people give it to actions and features: `22`, `1.22.x`, `v20.1`, `lts/*`.
 *
 * @returns null for what names no release: `latest`, `stable`, a range, an expression
 */
export function versionGiven(
  id: string,
  text: string,
  scheme: VersionScheme = 'prefix',
): { raw: string; scheme: VersionScheme } | null {
  const raw = text.slice(0, 100).trim();
  if (id === 'node' && /^lts(\/(\*|[a-z]+))?$/.test(raw)) {
    return { raw: raw === 'lts' ? 'lts/*' : raw, scheme: 'alias' };
  }
  const version = /^(?:v|ruby-|temurin-|temurin:|python)?(?<version>\d+(?:\.\d+){0,2})(?:\.[x*])*$/i.exec(
    raw,
  );
  const number = version?.groups?.version;
  return number === undefined ? null : { raw: number, scheme };
}
