/** Writing what a build leaves: whole or not at all, and with a reason where the disk does not take it. */
import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { ExitCode, NidifyError } from '../errors.ts';

/** Writes a file that is there as a whole or as it was before. */
export function writeWhole(file: string, text: string, mode = 0o666): void {
  const next = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(next, text, { mode, flag: 'wx' });
    renameSync(next, file);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
}

const full = new Set(['ENOSPC', 'EDQUOT']);
const refused = new Set(['EROFS', 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR', 'EISDIR']);

/**
 * An error of the file system as one of nidify's family; any other as it is.
 *
 * @returns `disk-full` (exit 75) or `not-accessible` (6)
 */
export function fileFailure(error: unknown): unknown {
  if (error instanceof NidifyError || !(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  const isFull = full.has(code);
  if (!isFull && !refused.has(code)) return error;
  return new NidifyError({
    code: isFull ? 'disk-full' : 'not-accessible',
    message: `${isFull ? 'the disk is full' : 'a file cannot be written'}: ${error.message}`,
    hint: isFull
      ? 'Make room, or name other places: TMPDIR for temporary files, XDG_STATE_HOME for what is remembered. Then run the command again.'
      : 'Name places that can be written: TMPDIR for temporary files, XDG_STATE_HOME for what is remembered.',
    exitCode: isFull ? ExitCode.temporary : ExitCode.refused,
    cause: error,
  });
}
