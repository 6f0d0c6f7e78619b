/** A disk that has no room for what nidify itself writes: said alike, whoever noticed it. */
import { tmpdir } from 'node:os';
import { ExitCode, isErrno, NidifyError } from './errors.ts';

const full = new Set(['ENOSPC', 'EDQUOT']);
/** As the C library, package managers and Git say it; of a file of a checkout Git says no reason, and has no other. */
const words =
  /no space left on device|disk quota exceeded|\b(?:ENOSPC|EDQUOT)\b|write error\. Out of diskspace|^error: unable to write file [^:]+$/im;

/** Whether an error of the system says that a disk, or what a user may have of it, is full. */
export function isDiskFull(error: unknown): boolean {
  return isErrno(error) && error.code !== undefined && full.has(error.code);
}

/** Whether what a program printed says so. */
export function saysDiskFull(text: string): boolean {
  return words.test(text);
}

/**
 * @param what was being written
 * @param place the folder whose disk is full; that of temporary files unless told
 * @returns `disk-full` (exit 5)
 */
export function diskFull(what: string, place: string | null = null, cause?: unknown): NidifyError {
  return new NidifyError({
    code: 'disk-full',
    message: `${what} could not be written: the disk of ${place ?? tmpdir()} is full`,
    hint:
      place === null
        ? 'Nothing was left behind. Make room, or name a folder of a larger disk in TMPDIR, and run it again.'
        : 'Nothing was left behind. Make room, or name a place on a larger disk, and run it again.',
    exitCode: ExitCode.buildFailed,
    cause,
  });
}
