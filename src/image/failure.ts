import { ExitCode, NidifyError } from '../errors.ts';

const refusals = new Set(['EACCES', 'EPERM', 'EROFS']);

/**
 * What went wrong with files, as an error of nidify's own.
 *
 * @param what the thing that was being written
 */
export function failureOf(error: unknown, what: string): unknown {
  if (error instanceof NidifyError || !(error instanceof Error) || !('code' in error)) return error;
  // The reason of a signal has a number as its code.
  if (error.code === 'ABORT_ERR' || error.name === 'AbortError' || error.name === 'TimeoutError') {
    return new NidifyError({
      code: 'aborted',
      message: `stopped while ${what} was written`,
      exitCode: ExitCode.temporary,
    });
  }
  const isRefusal = typeof error.code === 'string' && refusals.has(error.code);
  return new NidifyError({
    code: isRefusal ? 'not-accessible' : 'image-not-written',
    message: `${what} could not be written: ${error.message}`,
    hint:
      error.code === 'ENOSPC'
        ? 'Give it a disk with more room: TMPDIR names the one for temporary files.'
        : 'Nothing was left behind. Name a place that can be written to.',
    exitCode: isRefusal ? ExitCode.refused : ExitCode.buildFailed,
    cause: error,
  });
}
