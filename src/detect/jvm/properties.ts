/** Java's property files: https://docs.oracle.com/javase/8/docs/api/java/util/Properties.html#load-java.io.Reader- */
import type { ClaimedFile } from '../../scan/types.ts';

export interface Property {
  key: string;
  value: string;
  /** From 1. */
  line: number;
}

/** Entries of a property file, each on a line of its own; escapes before punctuation are undone. */
export function propertiesOf({ text }: Pick<ClaimedFile, 'text'>): Property[] {
  return (text ?? '').split(/\r?\n/).flatMap((whole, at) => {
    const line = whole.slice(0, 2000).trim();
    if (line === '' || line.startsWith('#') || line.startsWith('!')) return [];
    const end = line.search(/[=:\s]/);
    const key = end === -1 ? line : line.slice(0, end);
    const value = end === -1 ? '' : line.slice(end).replace(/^\s*[=:]?\s*/, '');
    return [{ key, value: value.replace(/\\([:=#! \\])/g, '$1'), line: at + 1 }];
  });
}

/** The entry of a key; where there are several, the last counts. */
export function property(file: Pick<ClaimedFile, 'text'>, key: string): Property | null {
  return propertiesOf(file).findLast((each) => each.key === key) ?? null;
}
