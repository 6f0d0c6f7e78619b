/**
 * Which JDKs Scala and its build tools work with: https://docs.scala-lang.org/overviews/jdk-compatibility/overview.html
 */
import { compare, parseTuple, type Tuple } from '../../versions/tuple.ts';

export interface JavaRange {
  from: number;
  /** The first release that is too new; null where none is known to be. */
  to: number | null;
}

/** First version that works on each long-term release, newest first. */
type Table = readonly (readonly [java: number, first: Tuple])[];

const sbt: Table = [
  [21, [1, 9, 0]],
  [17, [1, 6, 0]],
  [11, [1, 1, 0]],
];
const mill: Table = [
  [25, [1, 0, 0]],
  [21, [0, 11, 5]],
  [17, [0, 7, 0]],
  [11, [0, 1, 5]],
];
const scala: Readonly<Record<string, Table>> = {
  '2.11': [[11, [2, 11, 12]]],
  '2.12': [
    [25, [2, 12, 21]],
    [21, [2, 12, 18]],
    [17, [2, 12, 15]],
    [11, [2, 12, 4]],
  ],
  '2.13': [
    [25, [2, 13, 17]],
    [21, [2, 13, 11]],
    [17, [2, 13, 6]],
    [11, [2, 13, 0]],
  ],
  '3.3': [
    [25, [3, 3, 6]],
    [21, [3, 3, 1]],
    [17, [3, 3, 0]],
  ],
  '3': [
    [25, [3, 7, 1]],
    [21, [3, 4, 0]],
    [17, [3, 0, 0]],
  ],
};
/** Long-term releases of Java: the table of a version speaks of these only. */
const releases = [8, 11, 17, 21, 25];

function rangeIn(table: Table, version: string, lowest: number): JavaRange | null {
  const tuple = parseTuple(/^\d+(?:\.\d+){0,3}/.exec(version)?.[0] ?? '');
  if (tuple === null) return null;
  const newest = table.find(([, first]) => compare(tuple, first) >= 0)?.[0] ?? 8;
  const next = releases[releases.indexOf(newest) + 1];
  return { from: lowest, to: newest === table[0]?.[0] || next === undefined ? null : next };
}

/** sbt 2 runs on JDK 17 and later: https://www.scala-sbt.org/2.x/docs/en/changes/sbt-2.0-change-summary.html */
export function javaForSbt(version: string): JavaRange | null {
  return rangeIn(sbt, version, /^[2-9]\./.test(version) ? 17 : 8);
}

export function javaForMill(version: string): JavaRange | null {
  return rangeIn(mill, version, 8);
}

/** Scala 3.8 and later need JDK 17: https://www.scala-lang.org/news/next-scala-lts-jdk.html */
export function javaForScala(version: string): JavaRange | null {
  const { major, minor } = /^(?<major>\d)\.(?<minor>\d{1,3})/.exec(version)?.groups ?? {};
  if (major === undefined || minor === undefined) return null;
  const table = scala[`${major}.${minor}`] ?? (major === '3' ? scala['3'] : undefined);
  return table === undefined ? null : rangeIn(table, version, major === '3' && Number(minor) >= 8 ? 17 : 8);
}
