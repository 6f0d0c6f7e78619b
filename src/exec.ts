import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { ExitCode, NidifyError } from './errors.ts';

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
  /** How long a process may take to end after SIGTERM. */
  graceMs?: number;
  /** Bytes for standard input; without them it is empty. A stream is for what memory should not hold. */
  stdin?: string | Uint8Array | Readable;
  signal?: AbortSignal | undefined;
  /** Names of this process's environment that pass besides the allow-list. */
  allow?: readonly string[];
  /** Variables that are set for the program. */
  env?: Readonly<Record<string, string>>;
  /** What to do when the program is missing: shown as the hint. */
  whenMissing?: string;
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
  const environment = childEnvironment(process.env, options);
  const file = findProgram(options.program, environment.PATH ?? '', options.whenMissing);
  if (options.signal?.aborted) throw aborted(options.program);
  const { execa } = await import('execa');
  const child = execa(file, [...options.args], {
    cwd: options.cwd,
    env: environment,
    extendEnv: false,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stdin: options.stdin === undefined ? 'ignore' : 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const { pid } = child;
  if (pid === undefined) {
    const { originalMessage, cause } = await child;
    throw new NidifyError({
      code: 'tool-missing',
      message: `${options.program} could not be started: ${originalMessage ?? 'unknown reason'}`,
      exitCode: ExitCode.toolMissing,
      cause,
    });
  }
  const group = processGroup(pid, options.graceMs ?? defaultGraceMs);
  let stop: Stop | null = null;
  const end = (reason: Stop) => {
    stop ??= reason;
    group.terminate();
  };
  const limit = options.maxOutputBytes ?? 16 * mebibyte;
  const stdout = collect(child.stdout, limit, limit, () => end('too-much-output'));
  const stderr = collect(child.stderr, limit, tailBytes, () => end('too-much-output'));
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

/** Names that pass from this process's environment to every program. */
const allowedNames = new Set([
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'TERM'],
  ...['NIX_PATH', 'NIX_REMOTE', 'NIX_CONF_DIR', 'NIX_USER_CONF_FILES', 'NIX_STORE_DIR', 'NIX_STATE_DIR'],
  ...['NIX_LOG_DIR', 'NIX_DATA_DIR', 'NIX_PROFILES', 'NIX_SSHOPTS', 'NIX_SSL_CERT_FILE'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO', 'GIT_SSL_CAPATH'],
  ...['http_proxy', 'https_proxy', 'ftp_proxy', 'all_proxy', 'no_proxy'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'ALL_PROXY', 'NO_PROXY'],
]);
const allowedPrefix = /^(LC_|XDG_)/;
const secretName = /secret|token|passw|credential|api_?key|private_?key|access_?key|auth/i;

/**
 * The environment of a program: allowed names, never one that looks like a secret unless the caller names
 * it, and a PATH without relative folders, which would let a repository stand in for a program.
 */
export function childEnvironment(
  from: NodeJS.ProcessEnv,
  { allow = [], env = {} }: Pick<ExecOptions, 'allow' | 'env'> = {},
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    if (value === undefined) continue;
    const isAllowed = (allowedNames.has(name) || allowedPrefix.test(name)) && !secretName.test(name);
    if (isAllowed || allow.includes(name)) environment[name] = value;
  }
  const folders = (environment.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return { ...environment, PATH: folders.join(path.delimiter), ...env };
}

function findProgram(program: string, searchPath: string, hint: string | undefined): string {
  const candidates = path.isAbsolute(program)
    ? [program]
    : searchPath.split(path.delimiter).map((folder) => path.join(folder, program));
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  throw new NidifyError({
    code: 'tool-missing',
    message: `${program} is needed and was not found on PATH`,
    ...(hint === undefined ? {} : { hint }),
    exitCode: ExitCode.toolMissing,
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
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

/** Every group that still lives, so that none outlives nidify. */
const living = new Set<number>();

process.on('exit', () => {
  for (const pid of living) signalGroup(pid, 'SIGKILL');
});

/** `detached` makes the child the leader of a group (and session) of its own: its children are in it too. */
function processGroup(pid: number, graceMs: number) {
  let timer: NodeJS.Timeout | undefined;
  living.add(pid);
  return {
    terminate() {
      if (timer !== undefined) return;
      signalGroup(pid, 'SIGTERM');
      timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
    },
    kill() {
      signalGroup(pid, 'SIGKILL');
    },
    forget() {
      clearTimeout(timer);
      living.delete(pid);
    },
  };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
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
