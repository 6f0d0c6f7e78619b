import { existsSync, statSync } from 'node:fs';

/** Of the start, unlike what `repository.ts` needs: that is loaded with the command. */
export function isDirectory(file: string): boolean {
  return existsSync(file) && statSync(file).isDirectory();
}
