/** Which GHC a snapshot, or a version of `base`, is of. */

/**
 * First numbers of the GHC of each LTS of Stackage: whole where all of its snapshots have one release.
 * https://github.com/commercialhaskell/stackage-snapshots
 */
const longTerm: Readonly<Record<string, string>> = {
  24: '9.10',
  23: '9.8.4',
  22: '9.6',
  21: '9.4',
  20: '9.2',
  19: '9.0.2',
  18: '8.10',
  17: '8.10',
  16: '8.8',
  15: '8.8',
  14: '8.6.5',
  13: '8.6',
  12: '8.4',
  11: '8.2.2',
  10: '8.2.2',
  9: '8.0.2',
  8: '8.0.2',
  7: '8.0.1',
  6: '7.10.3',
  5: '7.10.3',
  4: '7.10.3',
  3: '7.10.2',
};

/**
 * Of an LTS whose series the current channels have no more: the first snapshot of each release, newest first. Of other
 * series, the newest release does.
 */
const releases: Readonly<Record<string, readonly [number, string][]>> = {
  20: [
    [25, '9.2.8'],
    [13, '9.2.7'],
    [12, '9.2.6'],
    [0, '9.2.5'],
  ],
};

/** `lts-19.6`, `ghc-9.6.3`, `https://…/lts/19/6.yaml` → the beginning of a version of GHC; null where unknown. */
export function compilerOfSnapshot(snapshot: string): string | null {
  const direct = /^ghc-(?<version>\d+(\.\d+)+)$/.exec(snapshot.trim())?.groups?.version;
  if (direct !== undefined) return direct;
  const { lts, minor } =
    /(?:^|\/)lts[-/](?<lts>\d{1,3})(?:[./](?<minor>\d{1,4}))?(?:\.yaml)?$/.exec(snapshot.trim())?.groups ??
    {};
  if (lts === undefined) return null;
  const release = minor === undefined ? undefined : releases[lts]?.find(([first]) => first <= Number(minor));
  return release?.[1] ?? longTerm[lts] ?? null;
}

/** GHC by the second number of its `base`: https://gitlab.haskell.org/ghc/ghc/-/wikis/commentary/libraries/version-history */
const bases: Readonly<Record<string, string>> = {
  7: '7.8',
  8: '7.10',
  9: '8.0',
  10: '8.2',
  11: '8.4',
  12: '8.6',
  13: '8.8',
  14: '8.10',
  15: '9.0',
  16: '9.2',
  17: '9.4',
  18: '9.6',
  19: '9.8',
  20: '9.10',
  21: '9.12',
  22: '9.14',
};

/**
 * Bounds of `base` as bounds of GHC: `>=4.16 && <4.20` → `>=9.2 && <9.10`. Patch levels of base are not those
 * of GHC: a line is meant as a whole.
 *
 * @returns null for bounds that say nothing of GHC
 */
export function compilerOfBase(bounds: string): string | null {
  let saysAny = false;
  const translated = bounds.replace(
    /(?<operator>\^>=|[<>]=?|==)?\s*(?<major>\d{1,3})(?:\.(?<minor>\d{1,3}))?(?:\.[\d*]+)*/g,
    (_, operator = '==', major: string, minor: string | undefined) => {
      if (major !== '4' || minor === undefined) return Number(major) > 4 ? `${operator}99` : `${operator}0`;
      saysAny = true;
      const at = operator === '<=' || operator === '>' ? String(Number(minor) + 1) : minor;
      const release = bases[at] ?? (Number(at) < 7 ? '7' : '98');
      if (operator === '==') return `==${release}.*`;
      return `${operator === '<=' ? '<' : operator === '>' ? '>=' : operator}${release}`;
    },
  );
  return saysAny ? translated.trim() : null;
}

/**
 * Lines that a package is tested with, and the newest of them: `GHC ==9.4.7 || ==9.2.8` →
 * `==9.2.* || ==9.4.*`, `9.4`; of a range, the range as it is.
 */
export function compilerOfTests(text: string): { lines: string; newest: string | null } | null {
  const plain = text.replace(/\bGHC(JS)?\b/gi, ' ');
  const lines = [...plain.matchAll(/==\s*(?<major>\d{1,3})\.(?<minor>\d{1,3})/g)]
    .map(({ groups }) => [Number(groups?.major), Number(groups?.minor)] as const)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .map(([major, minor]) => `${major}.${minor}`);
  const newest = lines.at(-1);
  if (newest !== undefined)
    return {
      lines: [...new Set(lines)]
        .slice(-12)
        .map((line) => `==${line}.*`)
        .join(' || '),
      newest,
    };
  const range = plain.replace(/\s+/g, ' ').replace(/,\s*$/, '').trim();
  if (!/^[\d.\s<>=&|^*()]+$/.test(range) || !/\d/.test(range)) return null;
  return { lines: range, newest: null };
}
