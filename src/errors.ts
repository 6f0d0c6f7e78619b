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
