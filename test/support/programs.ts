import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe } from 'vitest';

/** `describe` for tests with these programs: skipped with the reason where one is not, failed when CI is set. */
export function describeWith(title: string, programs: readonly string[], define: () => void): void {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const missing = programs.filter((name) => !folders.some((folder) => existsSync(path.join(folder, name))));
  if (missing.length === 0) describe(title, define);
  else if (process.env.CI) throw new Error(`${title}: ${missing.join(', ')} not installed`);
  else describe.skip(`${title} (skipped: ${missing.join(', ')} not installed)`, define);
}
