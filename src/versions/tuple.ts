/** Numeric versions: `3.11.4` is `[3, 11, 4]`; missing components count as zero. */

export type Tuple = readonly number[];

/** Components that are compared. A fifth (`1.2.3.4.5`) is ignored. */
const width = 4;

/** Negative, zero or positive, as `a` comes before, with or after `b`. */
export function compare(a: Tuple, b: Tuple): number {
  for (let at = 0; at < width; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The very next version: nothing lies between `3.9` (which is `3.9.0.0`) and `3.9.0.1`. */
export function after(version: Tuple): Tuple {
  return Array.from({ length: width }, (_, at) => (version[at] ?? 0) + (at === width - 1 ? 1 : 0));
}

/** The first version that no longer begins so: `3.12` after `3.11`. Of nothing, there is none. */
export function nextPrefix(version: Tuple): Tuple {
  return version.map((part, at) => (at === version.length - 1 ? part + 1 : part));
}

/** Where what may change the last number only ends: 3.3 after `3.2.1`, 4 after `3.2` and after `3`. */
export function pessimisticEnd(version: Tuple): Tuple {
  return nextPrefix(version.slice(0, Math.max(1, version.length - 1)));
}

/** Where what keeps the first number that is not zero ends: 2 after `1.2.3`, 0.3 after `0.2.3`, 0.1 after `0.0`. */
export function caretEnd(version: Tuple): Tuple {
  const leading = version.findIndex((part) => part !== 0);
  return nextPrefix(version.slice(0, (leading === -1 ? version.length - 1 : leading) + 1));
}

const dotted = /^\d{1,9}(?:\.\d{1,9}){0,7}$/;

/** @returns null for anything but at most eight numbers of at most nine digits, joined by dots */
export function parseTuple(text: string): Tuple | null {
  return text.length <= 80 && dotted.test(text) ? text.split('.').slice(0, width).map(Number) : null;
}
