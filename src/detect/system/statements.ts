import { addTo } from '../../grouped.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { VersionScheme } from '../types.ts';

/** What one file says, before it is known which projects it speaks of. */
export interface Statements {
  versions: StatedVersion[];
  packages: StatedPackage[];
  extensions: StatedExtension[];
}

export interface StatedVersion {
  id: string;
  raw: string;
  scheme: VersionScheme;
  because: Evidence;
  /** One of several that are in use: of a matrix. */
  isOneOfSeveral?: boolean;
  /** A name for whatever is newest: no version to ask for. */
  isMoving?: boolean;
}

export interface StatedPackage {
  name: string;
  /** Of the image that it is installed in; none where that is a plain system. */
  languages: readonly string[];
  because: Evidence;
}

/** What a toolchain is composed with. */
export interface StatedExtension {
  id: string;
  name: string;
  because: Evidence;
}

export function emptyStatements(): Statements {
  return { versions: [], packages: [], extensions: [] };
}

/** All that several files say. */
export function together(all: readonly Statements[]): Statements {
  return {
    versions: all.flatMap(({ versions }) => versions),
    packages: all.flatMap(({ packages }) => packages),
    extensions: all.flatMap(({ extensions }) => extensions),
  };
}

const numbers = (raw: string) =>
  raw
    .split(/[^\d]+/)
    .filter((part) => part !== '')
    .map(Number);

/** Newest first, numerically; of equal ones the first stays first. */
export function byVersion(a: StatedVersion, b: StatedVersion): number {
  const [one, other] = [numbers(a.raw), numbers(b.raw)];
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    const difference = (other[at] ?? 0) - (one[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * One version for each toolchain: the newest; where there are others, it is one of several. None where whatever is
 * newest is in use as well.
 */
export function newest(versions: readonly StatedVersion[]): StatedVersion[] {
  const byId = new Map<string, StatedVersion[]>();
  for (const each of versions) addTo(byId, each.id, each);
  return [...byId.values()].flatMap((each) => {
    const first = [...each].sort(byVersion)[0];
    if (first === undefined || each.some(({ isMoving }) => isMoving === true)) return [];
    const isSame = ({ raw, isOneOfSeveral }: StatedVersion) =>
      isOneOfSeveral !== true &&
      (`${first.raw}.`.startsWith(`${raw}.`) || `${raw}.`.startsWith(`${first.raw}.`));
    return [{ ...first, ...(each.every(isSame) ? {} : { isOneOfSeveral: true }) }];
  });
}
