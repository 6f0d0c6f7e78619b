/** A clean copy of a repository: what a fresh clone has, so that nothing left over from earlier work helps. */
import { chmodSync, constants, copyFileSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { ExitCode, NidifyError } from '../errors.ts';
import { directorySource } from '../scan/directory.ts';
import { highestLimits } from '../scan/limits.ts';

/**
 * Copies files, folders and links as they are: no link is followed. What `.gitignore` names, installed packages
 * and the folders of version control are left out; so are sockets, pipes and devices.
 *
 * @throws NidifyError `repository-too-large` (exit 3)
 */
export async function copyRepository(from: string, to: string, signal?: AbortSignal): Promise<void> {
  const { entries, truncated } = await directorySource(from).list({ limits: highestLimits, signal });
  if (truncated !== null) {
    throw new NidifyError({
      code: 'repository-too-large',
      message: `${from} has more ${truncated === 'depth' ? 'nested folders' : 'files'} than nidify copies`,
      hint: 'Name what is no part of it in .gitignore.',
      exitCode: ExitCode.unserved,
    });
  }
  for (const { path: name, kind } of entries) {
    signal?.throwIfAborted();
    const source = path.join(from, name);
    const target = path.join(to, name);
    mkdirSync(path.dirname(target), { recursive: true });
    if (kind === 'directory') mkdirSync(target, { recursive: true });
    else if (kind === 'symlink') symlinkSync(readlinkSync(source), target);
    else if (kind === 'file') copyFile(source, target);
  }
}

function copyFile(source: string, target: string): void {
  const { mode } = lstatSync(source);
  copyFileSync(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  chmodSync(target, (mode & 0o777) | 0o600);
}
