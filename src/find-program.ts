import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { ExitCode, NidifyError } from './errors.ts';

/** Whether a program of that name is in an absolute folder of this search path. */
export function isOnPath(program: string, searchPath: string): boolean {
  return whereIs(program, searchPath) !== null;
}

/** An absolute path, or where the name is in the absolute folders of a search path; null where it is in none. */
export function whereIs(program: string, searchPath: string): string | null {
  return candidatesOf(program, searchPath).find(isExecutable) ?? null;
}

/**
 * As `whereIs`, for a program that is needed.
 *
 * @throws NidifyError `tool-missing` (exit 4)
 */
export function findProgram(program: string, searchPath: string, hint: string | undefined): string {
  const found = whereIs(program, searchPath);
  if (found !== null) return found;
  throw new NidifyError({
    code: 'tool-missing',
    message: `${program} is needed and was not found on PATH`,
    ...(hint === undefined ? {} : { hint }),
    exitCode: ExitCode.toolMissing,
  });
}

function candidatesOf(program: string, searchPath: string): string[] {
  if (path.isAbsolute(program)) return [program];
  const folders = searchPath.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, program));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
