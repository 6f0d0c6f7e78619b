/** Versions of Go: https://go.dev/doc/toolchain#version */

/** What a `go` line may hold: a language version (`1.21`), a release (`1.21.0`) or a pre-release (`1.21rc2`). */
const goVersion = /^(?<major>[1-9]\d{0,5})\.(?<minor>\d{1,6})(\.(?<patch>\d{1,6}))?(?<pre>[a-z]+\d{1,6})?$/;

/** Whether a text is a version as `go` lines have it. */
export function isGoVersion(text: string): boolean {
  return goVersion.test(text);
}

/**
 * The version in a toolchain's name, without the vendor's suffix: `go1.22.3-custom` → `1.22.3`. Null for
 * `default`, which names none, and for what is no toolchain.
 */
export function versionOfToolchain(name: string): string | null {
  const version = /^go(?<version>[^-\s]+)/.exec(name)?.groups?.version;
  return version !== undefined && isGoVersion(version) ? version : null;
}

/** Order of versions: `1.21` < `1.21rc1` < `1.21.0`. Negative when a is older; 0 where one is no version. */
export function compareGoVersions(a: string, b: string): number {
  const [left, right] = [rank(a), rank(b)];
  if (left === null || right === null) return 0;
  for (const [at, part] of left.entries()) {
    const difference = part - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Major, minor, patch, and how far a pre-release has come. */
function rank(text: string): number[] | null {
  const { major, minor, patch, pre } = goVersion.exec(text)?.groups ?? {};
  if (major === undefined || minor === undefined) return null;
  const stage = pre === undefined ? 0 : pre.startsWith('beta') ? 1 : 2;
  const number = Number(/\d+$/.exec(pre ?? '')?.[0] ?? 0);
  return [Number(major), Number(minor), patch === undefined ? -1 : Number(patch), stage, number];
}
