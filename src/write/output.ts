import { existsSync } from 'node:fs';
import path from 'node:path';
import { lockFileName } from '../lock/types.ts';

/** Folder beside the repository's own files, for those that have a `flake.nix` of their own. */
export const folderBeside = '.nidify';

/** The folder in which an earlier run left its lock; the repository's top when there is none. */
export function existingOutput(directory: string): string {
  const beside = path.join(directory, folderBeside);
  const isBeside =
    !existsSync(path.join(directory, lockFileName)) && existsSync(path.join(beside, lockFileName));
  return isBeside ? beside : directory;
}
