/** The one way in which Git talks to a server: which settings it sees, what it may do, and what its failures mean. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { diskFull, saysDiskFull } from '../disk-full.ts';
import { ExitCode, NidifyError } from '../errors.ts';
import { type ExecResult, exec, lastLines } from '../exec.ts';
import {
  accessSettings,
  accessVariables,
  loginSettings,
  protection,
  type Setting,
  settingsEnvironment,
} from './settings.ts';
import type { CloneUrl } from './url.ts';

const mebibyte = 1024 * 1024;
const sizeIntervalMs = 500;
const defaultTimeoutMs = 300_000;

export const defaultMaxBytes = 2048 * mebibyte;

export interface CloneOptions {
  signal?: AbortSignal | undefined;
  /** Of the whole clone; five minutes unless told. */
  timeoutMs?: number;
  /** Of the objects that come, and of the files that they make; 2 GiB unless told. */
  maxBytes?: number;
}

export type Git = (
  args: readonly string[],
  limits?: {
    signal?: AbortSignal;
    maxOutputBytes?: number;
    stdin?: string;
    settings?: readonly Setting[];
  },
) => Promise<ExecResult>;

/**
 * Git with what reaches this server, all of whose calls together have so much time.
 *
 * @param cwd a private folder outside any repository
 */
export async function gitFor(
  cwd: string,
  url: CloneUrl,
  { signal, timeoutMs = defaultTimeoutMs }: CloneOptions,
): Promise<Git> {
  const ends = performance.now() + timeoutMs;
  const login = loginSettings(url);
  const access = [...(await accessSettings(cwd, signal)), ...login.settings];
  const hasOwnSsh =
    process.env.GIT_SSH !== undefined ||
    process.env.GIT_SSH_COMMAND !== undefined ||
    access.some(([key]) => key.toLowerCase() === 'core.sshcommand');
  return (args, { settings = [], ...limits } = {}) =>
    exec({
      program: 'git',
      args: [...protection, ...args],
      cwd,
      timeoutMs: Math.max(1, ends - performance.now()),
      maxOutputBytes: limits.maxOutputBytes ?? mebibyte,
      ...(limits.stdin === undefined ? {} : { stdin: limits.stdin }),
      signal: AbortSignal.any([signal, limits.signal].filter((each) => each !== undefined)),
      allow: accessVariables,
      env: {
        ...settingsEnvironment([...access, ...settings]),
        ...login.variables,
        // A rewritten address (url.insteadOf) may turn https into ssh, never into anything else.
        GIT_ALLOW_PROTOCOL: url.protocol === 'file' ? 'file' : 'https:ssh',
        GIT_TERMINAL_PROMPT: '0',
        GIT_LFS_SKIP_SMUDGE: '1',
        GIT_OPTIONAL_LOCKS: '0',
        // Of a partial clone: what is missing is asked for by us, all at once, or not at all.
        GIT_NO_LAZY_FETCH: '1',
        LC_ALL: 'C',
        ...(hasOwnSsh ? {} : { GIT_SSH_COMMAND: 'ssh -oBatchMode=yes' }),
      },
      whenMissing: 'Install Git, or clone by other means and name the directory.',
    });
}

/**
 * Runs what receives objects, and ends it once more of them have come than are allowed.
 *
 * @param gitFolder where the objects come: `.git`, or a bare repository
 * @param receive must pass the signal on to Git
 */
export async function bounded<T>(
  url: CloneUrl,
  gitFolder: string,
  maxBytes: number,
  receive: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const timer = setInterval(() => {
    if (packBytes(gitFolder) > maxBytes) stop.abort();
  }, sizeIntervalMs);
  try {
    const result = await receive(stop.signal);
    // What came faster than it was looked at.
    if (packBytes(gitFolder) > maxBytes) throw tooLarge(url, maxBytes);
    return result;
  } catch (error) {
    if (stop.signal.aborted) throw tooLarge(url, maxBytes);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** Bytes of the packs of a repository, those that are still coming included. */
export function packBytes(gitFolder: string): number {
  const packs = path.join(gitFolder, 'objects', 'pack');
  try {
    return readdirSync(packs)
      .filter((name) => /^tmp_pack_|\.pack$/.test(name))
      .reduce((sum, name) => sum + statSync(path.join(packs, name)).size, 0);
  } catch {
    return 0;
  }
}

export function tooLarge(url: CloneUrl, maxBytes: number): NidifyError {
  return new NidifyError({
    code: 'clone-refused',
    message: `${url.shown} is larger than ${Math.round(maxBytes / mebibyte)} MiB`,
    hint: 'Clone it yourself and name the directory.',
    exitCode: ExitCode.refused,
  });
}

/** What Git says, as one of ours. */
export function succeeded(url: CloneUrl): (result: ExecResult) => ExecResult {
  return (result) => {
    if (result.exitCode === 0) return result;
    // Before all else: Git says of what it could not write that it is broken.
    if (saysDiskFull(result.stderrTail)) throw diskFull(`what ${url.shown} sent`);
    const said = withoutSecrets(reasonIn(result.stderrTail), url);
    const known = failures.find(({ pattern }) => pattern.test(result.stderrTail));
    throw new NidifyError({
      code: known?.code ?? 'clone-failed',
      message: `${url.shown} could not be cloned: ${said}`,
      hint: known?.hint ?? 'Try `git clone` by hand: nidify uses the same login, and asks no questions.',
      exitCode: known?.exitCode ?? ExitCode.temporary,
    });
  };
}

const failures: { pattern: RegExp; code: string; hint: string; exitCode: ExitCode }[] = [
  {
    pattern: /Remote branch .* not found|couldn't find remote ref/i,
    code: 'clone-not-found',
    hint: 'Name a branch or a tag of that repository.',
    exitCode: ExitCode.usage,
  },
  {
    pattern:
      /does not appear to be a git repository|does not exist|repository .* not found|invalid gitfile format/i,
    code: 'clone-not-found',
    hint: 'Look at the address; a private repository may say this when the login is missing.',
    exitCode: ExitCode.usage,
  },
  {
    pattern: /fsck error|error in (tree|commit|tag|blob)|index-pack failed|malicious|unable to checkout/i,
    code: 'clone-refused',
    hint: 'The repository is broken or made to harm: Git refuses it.',
    exitCode: ExitCode.refused,
  },
  {
    pattern: /transport '.*' not allowed/,
    code: 'clone-refused',
    hint: 'A setting of Git (url.*.insteadOf) leads to a protocol that nidify does not clone from.',
    exitCode: ExitCode.refused,
  },
  {
    pattern:
      /Authentication failed|could not read (Username|Password)|Permission denied|terminal prompts disabled/i,
    code: 'clone-denied',
    hint: 'Log in first: nidify uses Git’s credential helpers and the ssh agent, and asks no questions.',
    exitCode: ExitCode.usage,
  },
];

/** Git says the reason first, and then what follows from it. */
function reasonIn(stderr: string): string {
  const line = stderr.split('\n').find((each) => /^(fatal|error): /.test(each));
  return line?.replace(/^(fatal|error): /, '') ?? lastLines(stderr, 1);
}

/** Git repeats the address: with a user and a password, and with a token in what follows the path. */
function withoutSecrets(text: string, url: CloneUrl): string {
  const query = /\?.+$/s.exec(url.url)?.[0];
  const shown = query === undefined ? text : text.replaceAll(query, '');
  return shown.replace(/(\w+:\/\/)[^@\s/]+@/g, '$1');
}
