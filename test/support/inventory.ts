import { createHash } from 'node:crypto';
import type { DetectContext, NativeNames } from '../../src/detect/types.ts';
import type { ClaimedFile, Inventory } from '../../src/scan/types.ts';

/** An inventory as a scan would make it, from texts by path; null is a file whose presence alone counts. */
export function inventoryOf(files: Record<string, string | null>): Inventory {
  const paths = Object.keys(files).sort();
  const claimed = new Map<string, ClaimedFile>();
  for (const path of paths) {
    const text = files[path] ?? null;
    const blob =
      text === null
        ? null
        : createHash('sha1')
            .update(`blob ${Buffer.byteLength(text)}\0`)
            .update(text)
            .digest('hex');
    claimed.set(path, { path, blob, text });
  }
  return { paths, files: claimed, source: null, findings: [] };
}

/** A context for one detector; `native` lists the dependency names that the catalogue would know. */
export function contextOf(
  files: Record<string, string | null>,
  native: Partial<Record<keyof NativeNames, string[]>> = {},
): DetectContext {
  return {
    inventory: inventoryOf(files),
    native: {
      npm: new Set(native.npm),
      pypi: new Set(native.pypi),
      crates: new Set(native.crates),
      go: new Set(native.go),
      cran: new Set(native.cran),
      cpan: new Set(native.cpan),
      luarocks: new Set(native.luarocks),
      conda: new Set(native.conda),
    },
  };
}
