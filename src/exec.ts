import { constants as constantsOfSystem } from 'node:os';
import { Readable } from 'node:stream';
import { isatty } from 'node:tty';
import { childEnvironment } from './child-environment.ts';
import { ExitCode, NidifyError } from './errors.ts';
import { findProgram, isOnPath } from './find-program.ts';
import { eachLine } from './lines.ts';
import { killAll, living, processGroup, signalGroup, signalOne } from './processes.ts';

export { childEnvironment } from './child-environment.ts';

/**
 * The only place that starts programs: argument arrays and never a shell, an environment made of an
 * allow-list, a bound for time and output, and a process group of its own that ends with the call.
 */

const mebibyte = 1024 * 1024;
const tailBytes = 16 * 1024;
/** Between SIGTERM and SIGKILL. */
const defaultGraceMs = 2000;
/** For pipes that a process which left the group keeps open. */
const pipeGraceMs = 500;

export interface ExecOptions {
  /** An absolute path or a name, which is looked for in the absolute folders of PATH only. */
  program: string;
  args: readonly string[];
  cwd: string;
  timeoutMs: number;
  /** Of standard output and standard error, each; 16 MiB unless told. */
  maxOutputBytes?: number;
  /** Of standard error alone, where it is read line by line and its end is all that is kept. */
  maxErrorBytes?: number;
  /** Told every line of standard error as it comes, at most 64 KiB of each. */
  onErrorLine?: (line: string) => void;
  /** Told every line of standard output likewise; then only its end is kept. */
  onOutputLine?: (line: string) => void;
  /** File descriptors that the program has from number 3 on. */
  extraFds?: readonly number[];
  around?: Around | undefined;
  /** Bounds of the program and, each for itself, of the processes that it starts (Linux, by prlimit). */
  limits?: ProcessLimits | undefined;
  /** The program gets SIGTERM when nidify is killed without a chance to end it (Linux, by setpriv). */
  diesWithParent?: boolean;
  /** How long a process may take to end after SIGTERM. */
  graceMs?: number;
  /** Bytes for standard input; without them it is empty. A stream is for what memory should not hold. */
  stdin?: string | Uint8Array | Readable;
  signal?: AbortSignal | undefined;
  /** Names of this process's environment that pass besides the allow-list. */
  allow?: readonly string[];
  /** Variables that are set for the program. */
  env?: Readonly<Record<string, string>>;
  /** `env` is all that it has: nothing of the allow-list passes, not even PATH. */
  isBare?: boolean;
  /** What to do when the program is missing: shown as the hint. */
  whenMissing?: string;
}

/** What is done just before and just after a program is started: what it inherits from this process. */
export interface Around {
  before(): void;
  after(): void;
}

export interface ProcessLimits {
  /** RLIMIT_DATA: private memory that a process may write to, in bytes. */
  memoryBytes?: number | undefined;
}

export interface ExecResult {
  exitCode: number;
  stdout: Buffer;
  /** The end of standard error, at most 16 KiB. */
  stderrTail: string;
}

type Stop = 'timed-out' | 'aborted' | 'too-much-output';

/**
 * Runs a program to its end.
 *
 * @returns whatever exit code it had: what a code means is the caller's to say
 * @throws NidifyError `tool-missing` (exit 4), `tool-timed-out` (75), `tool-output-limit` (5),
 *   `tool-killed` (5: a signal that nidify did not send), `aborted` (75)
 */
export async function exec(options: ExecOptions): Promise<ExecResult> {
  const environment = childEnvironment(options.isBare === true ? {} : process.env, options);
  if (options.isBare === true) environment.PATH = options.env?.PATH ?? '';
  const [file, ...args] = commandLine(options, environment.PATH ?? '');
  if (options.signal?.aborted) throw aborted(options.program);
  const { execa } = await import('execa');
  // Numbers pass through to Node; execa's types know them for the first three only.
  const extraFds = (options.extraFds ?? []) as readonly unknown[] as 'ignore'[];
  options.around?.before();
  const child = execa(file, args, {
    cwd: options.cwd,
    env: environment,
    extendEnv: false,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', ...extraFds],
  });
  options.around?.after();
  const { pid } = child;
  if (pid === undefined) {
    const { originalMessage, cause } = await child;
    throw notStarted(options.program, originalMessage, cause);
  }
  const group = processGroup(pid, options.graceMs ?? defaultGraceMs);
  let stop: Stop | null = null;
  const end = (reason: Stop) => {
    stop ??= reason;
    group.terminate();
  };
  const limit = options.maxOutputBytes ?? 16 * mebibyte;
  const stdout = collect(child.stdout, limit, options.onOutputLine === undefined ? limit : tailBytes, () =>
    end('too-much-output'),
  );
  const stderr = collect(child.stderr, options.maxErrorBytes ?? limit, tailBytes, () =>
    end('too-much-output'),
  );
  if (options.onErrorLine !== undefined) eachLine(child.stderr, options.onErrorLine);
  if (options.onOutputLine !== undefined) eachLine(child.stdout, options.onOutputLine);
  const timer = setTimeout(() => end('timed-out'), options.timeoutMs);
  const onAbort = () => end('aborted');
  options.signal?.addEventListener('abort', onAbort, { once: true });
  // A program that does not read its input closes the pipe: that is its right.
  child.stdin?.on('error', () => {});
  let inputError: unknown;
  if (options.stdin instanceof Readable) {
    const { stdin } = options;
    stdin.on('error', (error) => {
      inputError = error;
      end('aborted');
    });
    if (child.stdin !== null) stdin.pipe(child.stdin);
    // Else the stream, and what it reads from, would stay open.
    child.once('exit', () => stdin.destroy());
  } else {
    child.stdin?.end(options.stdin);
  }
  try {
    await exited(child);
    group.kill();
    const { exitCode, signal } = await finished(child, [child.stdout, child.stderr]);
    if (inputError !== undefined) throw inputError;
    if (stop !== null) throw stopped(stop, options, stderr.text());
    if (exitCode === undefined) throw killed(options.program, signal, stderr.text());
    return { exitCode, stdout: stdout.bytes(), stderrTail: stderr.text() };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
    group.forget();
  }
}

export interface ForegroundOptions {
  program: string;
  args: readonly string[];
  cwd: string;
  /** All of its environment: see `childEnvironment`. */
  env: Readonly<Record<string, string>>;
  /** After this long it is asked to end. */
  timeoutMs?: number | undefined;
  graceMs?: number;
  /** File descriptors that the program has from number 3 on. */
  extraFds?: readonly number[];
  /** As in `ExecOptions`. */
  diesWithParent?: boolean;
  /** Which processes get a signal that is for the command, given the one that was started. */
  receivers?: (pid: number) => readonly number[];
  around?: Around | undefined;
  whenMissing?: string;
}

/** As `timeout` of coreutils says it. */
export const timedOutCode = 124;

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Runs a program with this process's own standard input, output and error, to its end.
 *
 * On a terminal it shares the terminal's process group, so that job control and reading work, and Ctrl-C
 * comes to it from the terminal, once. Elsewhere it leads a group of its own, which signals are passed to and
 * which can be ended as a whole.
 *
 * @returns its exit code; 128 and the signal's number where a signal ended it; 124 after the timeout
 * @throws NidifyError `tool-missing` (exit 4)
 */
export async function execForeground(options: ForegroundOptions): Promise<number> {
  const { cwd, env, receivers, around, extraFds = [], timeoutMs, graceMs = 5000 } = options;
  const [file, ...args] = commandLine(options, env.PATH ?? '');
  const { spawn } = await import('node:child_process');
  const isOnTerminal = [0, 1, 2].some((fd) => isatty(fd));
  // What listens already would end this process, and with it the one that answers for the command's exit code.
  const before = forwarded.map((signal) => [signal, process.rawListeners(signal)] as const);
  let childPid: number | undefined;
  const send = (signal: NodeJS.Signals) => {
    if (childPid === undefined) return;
    const chosen = receivers?.(childPid) ?? [];
    if (chosen.length > 0) for (const pid of chosen) signalOne(pid, signal);
    else if (isOnTerminal) signalOne(childPid, signal);
    else signalGroup(childPid, signal);
  };
  const listeners = forwarded.map((signal) => {
    const isFromTerminal = isOnTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT');
    return [signal, () => (isFromTerminal ? undefined : send(signal))] as const;
  });
  for (const [signal, listener] of listeners) {
    process.removeAllListeners(signal);
    process.on(signal, listener);
  }
  const timers: NodeJS.Timeout[] = [];
  let isTimedOut = false;
  try {
    around?.before();
    const child = spawn(file, args, {
      cwd,
      env: { ...env },
      detached: !isOnTerminal,
      stdio: ['inherit', 'inherit', 'inherit', ...extraFds],
    });
    around?.after();
    const ending = new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve([code, signal]));
    });
    childPid = child.pid;
    if (childPid !== undefined && !isOnTerminal) living.add(childPid);
    if (timeoutMs !== undefined) {
      const end = () => {
        isTimedOut = true;
        send('SIGTERM');
        timers.push(setTimeout(() => killAll(childPid, isOnTerminal), graceMs));
      };
      timers.push(setTimeout(end, timeoutMs));
    }
    const [code, signal] = await ending;
    if (isTimedOut) {
      killAll(childPid, isOnTerminal);
      return timedOutCode;
    }
    return code ?? 128 + (signal === null ? 0 : constantsOfSystem.signals[signal]);
  } catch (cause) {
    throw notStarted(options.program, cause instanceof Error ? cause.message : undefined, cause);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    if (childPid !== undefined) living.delete(childPid);
    for (const [signal, listener] of listeners) process.off(signal, listener);
    for (const [signal, listeners] of before) {
      for (const listener of listeners) process.on(signal, listener as NodeJS.SignalsListener);
    }
  }
}

/**
 * The program with what must hold for it from its first instruction: util-linux sets it and becomes the
 * program, so that no process stands between.
 */
function commandLine(
  options: Pick<ExecOptions, 'program' | 'args' | 'limits' | 'diesWithParent' | 'whenMissing'>,
  searchPath: string,
): [string, ...string[]] {
  const { program, args, limits, diesWithParent, whenMissing } = options;
  const line: string[] = [findProgram(program, searchPath, whenMissing), ...args];
  if (process.platform === 'linux') {
    const memory = limits?.memoryBytes;
    if (diesWithParent === true && isOnPath('setpriv', searchPath)) {
      line.unshift(findProgram('setpriv', searchPath, undefined), '--pdeathsig', 'TERM', '--');
    }
    if (memory !== undefined) {
      const hint = 'It is part of util-linux; or leave the limit out.';
      line.unshift(findProgram('prlimit', searchPath, hint), `--data=${Math.floor(memory)}`, '--');
    }
  }
  return line as [string, ...string[]];
}

/** Keeps the last `keep` bytes and tells once more than `limit` have come. */
function collect(
  stream: NodeJS.ReadableStream,
  limit: number,
  keep: number,
  onLimit: () => void,
): { bytes(): Buffer; text(): string } {
  let chunks: Buffer[] = [];
  let kept = 0;
  let total = 0;
  stream.on('data', (chunk: Buffer) => {
    total += chunk.length;
    kept += chunk.length;
    chunks.push(chunk);
    if (kept > 2 * keep) {
      chunks = [Buffer.concat(chunks).subarray(-keep)];
      kept = keep;
    }
    if (total > limit) onLimit();
  });
  stream.on('error', () => {});
  const bytes = () => Buffer.concat(chunks).subarray(-keep);
  return { bytes, text: () => bytes().toString('utf8') };
}

interface Ending {
  exitCode?: number | undefined;
  signal?: NodeJS.Signals | undefined;
}

function exited(child: NodeJS.EventEmitter): Promise<void> {
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

/** Waits for the pipes too, though not for ever: a process that left the group may hold them. */
async function finished(child: Promise<Ending>, streams: { destroy(): void }[]): Promise<Ending> {
  const timer = setTimeout(() => {
    for (const stream of streams) stream.destroy();
  }, pipeGraceMs);
  try {
    return await child;
  } finally {
    clearTimeout(timer);
  }
}

function stopped(reason: Stop, options: ExecOptions, tail: string): NidifyError {
  const { program, timeoutMs } = options;
  if (reason === 'aborted') return aborted(program);
  if (reason === 'timed-out') {
    return new NidifyError({
      code: 'tool-timed-out',
      message: withTail(`${program} took longer than ${timeoutMs / 1000} s and was ended`, tail),
      exitCode: ExitCode.temporary,
    });
  }
  return new NidifyError({
    code: 'tool-output-limit',
    message: withTail(`${program} printed more than nidify takes and was ended`, tail),
    exitCode: ExitCode.buildFailed,
  });
}

function notStarted(program: string, reason: string | undefined, cause: unknown): NidifyError {
  return new NidifyError({
    code: 'tool-missing',
    message: `${program} could not be started: ${reason ?? 'unknown reason'}`,
    exitCode: ExitCode.toolMissing,
    cause,
  });
}

function aborted(program: string): NidifyError {
  return new NidifyError({
    code: 'aborted',
    message: `stopped while ${program} ran`,
    exitCode: ExitCode.temporary,
  });
}

function killed(program: string, signal: string | undefined, tail: string): NidifyError {
  return new NidifyError({
    code: 'tool-killed',
    message: withTail(`${program} was ended by ${signal ?? 'a signal'} from outside`, tail),
    exitCode: ExitCode.buildFailed,
  });
}

function withTail(message: string, tail: string): string {
  const last = lastLines(tail, 3);
  return last === '' ? message : `${message}; it last said: ${last}`;
}

/** The last lines of what a program said, for messages. */
export function lastLines(text: string, count: number): string {
  return text.trim().split(/\r?\n/).slice(-count).join('\n');
}
