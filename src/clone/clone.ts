import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { ExitCode, NidifyError } from '../errors.ts';
import { type ExecResult, exec, lastLines } from '../exec.ts';
import { temporaryFolder } from '../temporary.ts';
import { accessSettings, accessVariables, protection, settingsEnvironment } from './settings.ts';
import { type CloneUrl, parseCloneUrl } from './url.ts';

const mebibyte = 1024 * 1024;

export interface CloneOptions {
  signal?: AbortSignal | undefined;
  /** Of the whole clone; five minutes unless told. */
  timeoutMs?: number;
  /** Of the objects that come, and of the files that they make; 2 GiB unless told. */
  maxBytes?: number;
}

/** A clone in a private folder. */
export interface Clone {
  directory: string;
  /** Deletes it; at the latest the end of the process does. */
  remove(): void;
}

const defaultTimeoutMs = 300_000;
const defaultMaxBytes = 2048 * mebibyte;
const maxListing = 256 * mebibyte;
const sizeIntervalMs = 500;

/**
 * Clones the newest commit of a branch: no history, no tags, no submodules, no hooks, no filters, no
 * large-file downloads. Size is looked at before files are made.
 *
 * @param from an address as `parseCloneUrl` takes it, or what it gave
 * @throws NidifyError `url-refused` (exit 2), `tool-missing` (4), `clone-refused` (6: broken or far too large),
 *   `clone-not-found` (2), `clone-failed` and `tool-timed-out` (75)
 */
export async function clone(from: CloneUrl | string, options: CloneOptions = {}): Promise<Clone> {
  const url = typeof from === 'string' ? parseCloneUrl(from) : from;
  const folder = temporaryFolder('nidify-clone-');
  try {
    const directory = path.join(folder.directory, 'repository');
    const settings = await accessSettings(folder.directory, options.signal);
    const git = runner(folder.directory, url, settings, options);
    await fetchObjects(git, url, directory, options.maxBytes ?? defaultMaxBytes);
    await refuseBombs(git, url, directory, options.maxBytes ?? defaultMaxBytes);
    await git(['-C', directory, 'checkout', '--quiet', '--force', 'HEAD']).then(succeeded(url));
    return { directory, remove: folder.remove };
  } catch (error) {
    folder.remove();
    throw error;
  }
}

/** Runs something on a clone that is gone afterwards. */
export async function withClone<T>(
  url: CloneUrl | string,
  options: CloneOptions,
  use: (directory: string) => Promise<T>,
): Promise<T> {
  const made = await clone(url, options);
  try {
    return await use(made.directory);
  } finally {
    made.remove();
  }
}

type Git = (
  args: readonly string[],
  limits?: { signal?: AbortSignal; maxOutputBytes?: number },
) => Promise<ExecResult>;

function runner(
  cwd: string,
  url: CloneUrl,
  settings: Awaited<ReturnType<typeof accessSettings>>,
  { signal, timeoutMs = defaultTimeoutMs }: CloneOptions,
): Git {
  const ends = performance.now() + timeoutMs;
  const hasOwnSsh =
    process.env.GIT_SSH !== undefined ||
    process.env.GIT_SSH_COMMAND !== undefined ||
    settings.some(([key]) => key.toLowerCase() === 'core.sshcommand');
  return (args, limits = {}) =>
    exec({
      program: 'git',
      args: [...protection, ...args],
      cwd,
      timeoutMs: Math.max(1, ends - performance.now()),
      maxOutputBytes: limits.maxOutputBytes ?? mebibyte,
      signal: AbortSignal.any([signal, limits.signal].filter((each) => each !== undefined)),
      allow: accessVariables,
      env: {
        ...settingsEnvironment(settings),
        // A rewritten address (url.insteadOf) may turn https into ssh, never into anything else.
        GIT_ALLOW_PROTOCOL: url.protocol === 'file' ? 'file' : 'https:ssh',
        GIT_TERMINAL_PROMPT: '0',
        GIT_LFS_SKIP_SMUDGE: '1',
        GIT_OPTIONAL_LOCKS: '0',
        LC_ALL: 'C',
        ...(hasOwnSsh ? {} : { GIT_SSH_COMMAND: 'ssh -oBatchMode=yes' }),
      },
      whenMissing: 'Install Git, or clone by other means and name the directory.',
    });
}

async function fetchObjects(git: Git, url: CloneUrl, directory: string, maxBytes: number): Promise<void> {
  const stop = new AbortController();
  const timer = setInterval(() => {
    if (packBytes(directory) > maxBytes) stop.abort();
  }, sizeIntervalMs);
  const branch = url.ref === null ? [] : ['--branch', url.ref];
  try {
    await git(
      [
        'clone',
        ...['--quiet', '--depth', '1', '--no-tags', '--single-branch', '--no-recurse-submodules'],
        ...['--no-checkout', '--no-local', '--template=', ...branch],
        ...['--', url.url, directory],
      ],
      { signal: stop.signal },
    ).then(succeeded(url));
  } catch (error) {
    if (stop.signal.aborted) throw tooLarge(url, maxBytes);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

function packBytes(directory: string): number {
  const packs = path.join(directory, '.git', 'objects', 'pack');
  try {
    return readdirSync(packs).reduce((sum, name) => sum + statSync(path.join(packs, name)).size, 0);
  } catch {
    return 0;
  }
}

/** A small pack can hold terabytes of files, or a tree that names itself without end. */
async function refuseBombs(git: Git, url: CloneUrl, directory: string, maxBytes: number): Promise<void> {
  const head = await git(['-C', directory, 'rev-parse', '--verify', '--quiet', 'HEAD']);
  if (head.exitCode !== 0) {
    throw new NidifyError({
      code: 'clone-refused',
      message: `${url.shown} has no commit`,
      exitCode: ExitCode.unserved,
    });
  }
  const list = await git(['-C', directory, 'ls-tree', '-r', '-z', '--long', 'HEAD'], {
    maxOutputBytes: maxListing,
  })
    .then(succeeded(url))
    .catch((error: unknown) => {
      throw error instanceof NidifyError && error.code === 'tool-output-limit'
        ? tooLarge(url, maxBytes)
        : error;
    });
  let total = 0;
  for (const entry of list.stdout.toString('latin1').split('\0')) {
    const size = /^\d+ blob [0-9a-f]+ +(?<size>\d+)\t/.exec(entry)?.groups?.size;
    total += Number(size ?? 0);
    if (total > maxBytes) throw tooLarge(url, maxBytes);
  }
}

function tooLarge(url: CloneUrl, maxBytes: number): NidifyError {
  return new NidifyError({
    code: 'clone-refused',
    message: `${url.shown} is larger than ${Math.round(maxBytes / mebibyte)} MiB`,
    hint: 'Clone it yourself and name the directory.',
    exitCode: ExitCode.refused,
  });
}

/** What Git says, as one of ours. */
function succeeded(url: CloneUrl): (result: ExecResult) => ExecResult {
  return (result) => {
    if (result.exitCode === 0) return result;
    const said = withoutCredentials(reasonIn(result.stderrTail));
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
    pattern: /Remote branch .* not found/,
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

function withoutCredentials(text: string): string {
  return text.replace(/(\w+:\/\/)[^@\s/]+@/g, '$1');
}
