/** Where dependencies with native needs come from: data, one row each. */
import type { VersionScheme } from '../detect/types.ts';

interface NativeEcosystemRow {
  /** How it writes the ranges of versions in its rows. */
  ranges: VersionScheme;
  /** Ids of the languages whose projects have such dependencies. */
  tools: readonly string[];
  /** Ids of the toolchains whose interpreters load their native code, where those are others; `any`: whichever there is. */
  loadedBy?: readonly string[];
}

const rows = {
  npm: { ranges: 'semver', tools: ['node', 'bun', 'deno'], loadedBy: ['node', 'bun'] },
  pypi: { ranges: 'pep440', tools: ['python'] },
  crates: { ranges: 'semver', tools: ['rust'] },
  go: { ranges: 'semver', tools: ['go'] },
  // Names that builds of C and C++ look for libraries by: `cmake:ZLIB`, `pkg-config:zlib`, `library:z`. They make
  // programs of their own, which no interpreter loads.
  c: { ranges: 'semver', tools: ['c', 'cpp'], loadedBy: ['any'] },
  hackage: { ranges: 'cabal', tools: ['haskell'] },
  opam: { ranges: 'opam', tools: ['ocaml'] },
  shards: { ranges: 'shards', tools: ['crystal'] },
  gems: { ranges: 'gem', tools: ['ruby'] },
  maven: { ranges: 'semver', tools: ['java'] },
  hex: { ranges: 'hex', tools: ['elixir', 'erlang', 'gleam'], loadedBy: ['erlang'] },
  nuget: { ranges: 'semver', tools: ['dotnet'] },
  cran: { ranges: 'semver', tools: ['r'] },
  cpan: { ranges: 'semver', tools: ['perl'] },
  luarocks: { ranges: 'semver', tools: ['lua'] },
  conda: { ranges: 'semver', tools: ['python', 'r'] },
  // Packages of Debian and Alpine by their names there: whatever the project runs may load them.
  apt: { ranges: 'semver', tools: [], loadedBy: ['any'] },
  swiftpm: { ranges: 'semver', tools: ['swift'] },
} as const satisfies Readonly<Record<string, NativeEcosystemRow>>;

export type NativeEcosystem = keyof typeof rows;

export const nativeEcosystems: Readonly<Record<NativeEcosystem, NativeEcosystemRow>> = rows;

/** A value for each of them. */
export function byNativeEcosystem<T>(
  valueFor: (ecosystem: NativeEcosystem) => T,
): Record<NativeEcosystem, T> {
  const ids = Object.keys(nativeEcosystems) as NativeEcosystem[];
  return Object.fromEntries(ids.map((id) => [id, valueFor(id)])) as Record<NativeEcosystem, T>;
}
