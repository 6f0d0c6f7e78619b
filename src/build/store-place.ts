import path from 'node:path';

/** Where a store path is on this machine, given where the store is when that is not /nix/store. */
export function placeOf(storePath: string, storeDirectory: string | null): string {
  return storeDirectory === null ? storePath : path.join(storeDirectory, path.basename(storePath));
}

/** The folder that stands for / in a store of one's own (`DIR`, `local?root=DIR`); null for any other store. */
export function localRootOf(store: string): string | null {
  const root = /^local\?(?:.*&)?root=([^&]+)/.exec(store)?.[1];
  const folder = root === undefined ? store : decodeURIComponent(root);
  return path.isAbsolute(folder) ? folder : null;
}
