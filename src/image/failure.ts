import { diskFull, isDiskFull } from '../disk-full.ts';
import { ExitCode, NidifyError } from '../errors.ts';

const refusals = new Set(['EACCES', 'EPERM', 'EROFS']);

/**
 * What went wrong with files, as an error of nidify's own.
 *
 * @param what the thing that was being written
 * @param place the folder that it was written to; that of temporary files unless told
 */
export function failureOf(error: unknown, what: string, place: string | null = null): unknown {
  if (error instanceof NidifyError || !(error instanceof Error) || !('code' in error)) return error;
  // The reason of a signal has a number as its code.
  if (error.code === 'ABORT_ERR' || error.name === 'AbortError' || error.name === 'TimeoutError') {
    return new NidifyError({
      code: 'aborted',
      message: `stopped while ${what} was written`,
      exitCode: ExitCode.temporary,
    });
  }
  if (isDiskFull(error)) return diskFull(what, place, error);
  const isRefusal = typeof error.code === 'string' && refusals.has(error.code);
  return new NidifyError({
    code: isRefusal ? 'not-accessible' : 'image-not-written',
    message: `${what} could not be written: ${error.message}`,
    hint: 'Nothing was left behind. Name a place that can be written to.',
    exitCode: isRefusal ? ExitCode.refused : ExitCode.buildFailed,
    cause: error,
  });
}
