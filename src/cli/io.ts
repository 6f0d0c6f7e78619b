import { type Line, print } from './terminal/text.ts';

/** How results leave the command: all that a command may know of the process around it. */
export interface Io {
  /** Results, for people. */
  out(lines: readonly Line[]): void;
  /** Results, for machines: printed as they are. */
  raw(text: string): void;
  /** Everything that is no result: progress, warnings, errors. */
  err(lines: readonly Line[]): void;
  /** Transient text on the terminal's last line; null removes it. Nothing where standard error is no terminal. */
  status(text: string | null): void;
  /** Columns of standard output. */
  columns: number;
  cwd: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

export type ColorMode = 'auto' | 'always' | 'never';

const defaultColumns = 80;

/** @param signal aborted when the user interrupts */
export function processIo(signal: AbortSignal, mode: () => ColorMode): Io {
  const { stdout, stderr, env } = process;
  return {
    out: (lines) => void stdout.write(print(lines, isColored(mode(), env, stdout.isTTY === true))),
    raw: (text) => void stdout.write(text),
    err: (lines) => void stderr.write(print(lines, isColored(mode(), env, stderr.isTTY === true))),
    status(text) {
      if (stderr.isTTY !== true || env.TERM === 'dumb') return;
      const room = (stderr.columns ?? defaultColumns) - 1;
      stderr.write(`\r\u001b[K${text === null ? '' : print([[text.slice(0, room)]], false).trimEnd()}`);
    },
    columns: columnsOf(stdout.isTTY === true ? stdout.columns : undefined, env),
    cwd: process.cwd(),
    env,
    signal,
  };
}

/** The option decides, then NO_COLOR (https://no-color.org) and FORCE_COLOR, then whether a terminal reads. */
export function isColored(mode: ColorMode, env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (mode !== 'auto') return mode === 'always';
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') {
    return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  }
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return isTerminal && env.TERM !== 'dumb';
}

function columnsOf(columns: number | undefined, env: NodeJS.ProcessEnv): number {
  const told = columns ?? Number(env.COLUMNS);
  return Number.isInteger(told) && told >= 40 ? told : defaultColumns;
}
