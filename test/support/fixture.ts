import { fileURLToPath } from 'node:url';
import type { DetectContext, NativeNames } from '../../src/detect/types.ts';
import { directorySource } from '../../src/scan/directory.ts';
import { scan } from '../../src/scan/scan.ts';
import type { Claims } from '../../src/scan/types.ts';

/** Path of a repository in test/fixtures. */
export function fixturePath(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

/** A repository in test/fixtures as a detector with these claims sees it. */
export async function fixtureContext(
  name: string,
  claims: readonly Claims[],
  native: Partial<Record<keyof NativeNames, string[]>> = {},
): Promise<DetectContext> {
  return {
    inventory: await scan(directorySource(fixturePath(name)), { claims }),
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
