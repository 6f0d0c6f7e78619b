/** What all lock files say: which version of a package is installed, and where that stands. */

export interface Locked {
  name: string;
  version: string | null;
  /** From 1. */
  line: number;
}

/** Calls back for each line with its number (from 1) and its text without line end. */
export function eachLine(text: string, visit: (line: string, number: number) => void): void {
  let number = 1;
  for (let start = 0; start < text.length; number++) {
    const end = text.indexOf('\n', start);
    const stop = end === -1 ? text.length : end;
    visit(text.slice(start, text.charCodeAt(stop - 1) === 0x0d && stop > start ? stop - 1 : stop), number);
    start = stop + 1;
  }
}

/** Adds a package, once per version. */
export function collector(): { all: Locked[]; add(locked: Locked): void } {
  const seen = new Set<string>();
  const all: Locked[] = [];
  return {
    all,
    add(locked) {
      const key = `${locked.name}\0${locked.version}`;
      if (seen.has(key)) return;
      seen.add(key);
      all.push(locked);
    },
  };
}
