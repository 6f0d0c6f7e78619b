import { lstatSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { ExitCode, NidifyError } from '../../errors.ts';

/**
 * A folder of the project, made where it is missing. Code of packages may have been run in it before and may have put
 * links there: none is followed, since here, outside the sandbox, it leads anywhere on this machine.
 *
 * @param name from the project, with slashes
 * @throws NidifyError `dependencies-failed` (exit 5) where something else is in its place
 */
export function folderInside(project: string, name: string): string {
  let folder = project;
  for (const part of path.posix.normalize(name).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') throw replaced(name);
    folder = path.join(folder, part);
    const there = lstatSync(folder, { throwIfNoEntry: false });
    if (there === undefined) mkdirSync(folder, { mode: 0o755 });
    else if (!there.isDirectory()) throw replaced(name);
  }
  return folder;
}

function replaced(name: string): NidifyError {
  return new NidifyError({
    code: 'dependencies-failed',
    message: `the folder ${JSON.stringify(name)} is none any more: what was installed before has replaced it`,
    exitCode: ExitCode.buildFailed,
  });
}
