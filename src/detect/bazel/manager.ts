/** Bazel itself, for a workspace. */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { fileIn, join } from '../shared/tree.ts';
import type { PackageManagerNeed } from '../types.ts';

/** Bazelisk's file, the first line of which is a version: https://github.com/bazelbuild/bazelisk#how-does-bazelisk-know-which-bazel-version-to-run */
export function managerNeed(inventory: Inventory, folder: string, file: ClaimedFile): PackageManagerNeed {
  const pinned = fileIn(inventory, folder, '.bazelversion') ?? fileIn(inventory, '.', '.bazelversion');
  const version = /^\s*(?<version>[\w.*-]+)/.exec(pinned?.text ?? '')?.groups?.version;
  const lock = join(folder, 'MODULE.bazel.lock');
  const scheme = /^\d/.test(version ?? '') ? ('prefix' as const) : ('alias' as const);
  return {
    kind: 'package-manager',
    id: 'bazel',
    project: folder,
    requests:
      pinned === null || version === undefined
        ? []
        : [{ raw: version, scheme, because: evidence(pinned, 1, 'bazel/version') }],
    lockfile: inventory.files.has(lock) ? lock : null,
    because: [evidence(file, 1, 'bazel/workspace')],
  };
}
