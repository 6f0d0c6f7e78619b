/**
 * Where dependencies with native needs come from, and how each writes the ranges of versions in its rows.
 * `apt`: packages of Debian and Alpine by their names there.
 * `c`: names that builds of C and C++ look for libraries by: `cmake:ZLIB`, `pkg-config:zlib`, `library:z`.
 */
export const nativeEcosystems = {
  npm: 'semver',
  pypi: 'pep440',
  crates: 'semver',
  go: 'semver',
  c: 'semver',
  hackage: 'cabal',
  opam: 'opam',
  shards: 'shards',
  gems: 'gem',
  maven: 'semver',
  hex: 'hex',
  nuget: 'semver',
  cran: 'semver',
  cpan: 'semver',
  luarocks: 'semver',
  conda: 'semver',
  apt: 'semver',
  swiftpm: 'semver',
} as const;

export type NativeEcosystem = keyof typeof nativeEcosystems;

/** A value for each of them. */
export function byNativeEcosystem<T>(
  valueFor: (ecosystem: NativeEcosystem) => T,
): Record<NativeEcosystem, T> {
  const ids = Object.keys(nativeEcosystems) as NativeEcosystem[];
  return Object.fromEntries(ids.map((id) => [id, valueFor(id)])) as Record<NativeEcosystem, T>;
}
