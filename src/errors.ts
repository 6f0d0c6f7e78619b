/** Exit codes of every command; `run` and `shell` pass their command's own code through instead. */
export const ExitCode = {
  done: 0,
  /** The answer is no: stale, differs. */
  no: 1,
  usage: 2,
  /** The repository cannot be served as it is. */
  unserved: 3,
  /** A tool that is needed is missing or too old. */
  toolMissing: 4,
  buildFailed: 5,
  /** Refused for safety. */
  refused: 6,
  /** Temporary: try again. */
  temporary: 75,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** An error of the system: it has a `code` such as ENOENT. */
export function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}

export interface NidifyErrorOptions {
  /** Stable, machine-readable, kebab-case. */
  code: string;
  /** What happened and where. */
  message: string;
  /** What to do next. */
  hint?: string;
  exitCode: ExitCode;
  cause?: unknown;
}

/** The one family of errors that leaves this library: shown as message and hint, never as a stack trace. */
export class NidifyError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor({ code, message, hint, exitCode, cause }: NidifyErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'NidifyError';
    this.code = code;
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/** A command line that cannot be meant as it is (exit 2). */
export function usage(message: string, hint: string): NidifyError {
  return new NidifyError({ code: 'usage', message, hint, exitCode: ExitCode.usage });
}
