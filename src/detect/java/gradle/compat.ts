/** On which JDKs a version of Gradle runs: https://docs.gradle.org/current/userguide/compatibility.html */

/** First version of Gradle that runs on a JDK, newest first. */
const firstFor: readonly (readonly [java: number, gradle: readonly [number, number]])[] = [
  [26, [9, 4]],
  [25, [9, 1]],
  [24, [8, 14]],
  [23, [8, 10]],
  [22, [8, 8]],
  [21, [8, 5]],
  [20, [8, 3]],
  [19, [7, 6]],
  [18, [7, 5]],
  [17, [7, 3]],
  [16, [7, 0]],
  [15, [6, 7]],
  [14, [6, 3]],
  [13, [6, 0]],
  [12, [5, 4]],
  [11, [5, 0]],
  [10, [4, 7]],
  [9, [4, 3]],
  [8, [2, 0]],
];

/**
 * From the lowest feature release of Java on which it runs up to, but not including, the first that is too new; null
 * where nothing is known of the version, or of what is too new for it.
 */
export function javaForGradle(version: string): { from: number; to: number | null } | null {
  const { major, minor } = /^(?<major>\d{1,3})(?:\.(?<minor>\d{1,3}))?/.exec(version)?.groups ?? {};
  if (major === undefined) return null;
  const gradle: readonly [number, number] = [Number(major), Number(minor ?? 0)];
  const newest = firstFor.find(([, first]) => isAtLeast(gradle, first));
  if (newest === undefined) return null;
  // Newer than the newest that the table speaks of: how far it goes is not known.
  const isKnown = newest !== firstFor[0];
  return { from: gradle[0] >= 9 ? 17 : gradle[0] >= 5 ? 8 : 7, to: isKnown ? newest[0] + 1 : null };
}

function isAtLeast(version: readonly [number, number], first: readonly [number, number]): boolean {
  return version[0] > first[0] || (version[0] === first[0] && version[1] >= first[1]);
}
