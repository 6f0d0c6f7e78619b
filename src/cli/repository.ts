import { existsSync } from 'node:fs';
import path from 'node:path';
import { ExitCode, NidifyError, usage } from '../errors.ts';
import type { Lock } from '../lock/types.ts';
import { inRepository, type Placing } from '../render/types.ts';
import { nearest } from '../text/nearest.ts';
import { lockedIn } from '../write/locked.ts';
import { existingOutput } from '../write/output.ts';
import { commandNames } from './command-names.ts';
import type { Context } from './context.ts';
import { isDirectory } from './directory.ts';
import { withProgress } from './progress.ts';
import { timeoutOf } from './timeout.ts';

/** The repository that a command is about. */
export interface Repository {
  /** Absolute. */
  directory: string;
  isClone: boolean;
}

/** What a person may give: a directory, or the address of a Git repository. */
export interface Subject {
  directory?: string | undefined;
  /** Branch or tag of a Git URL. */
  ref?: string | undefined;
  /** Seconds that cloning may take. */
  timeout?: string | undefined;
}

/**
 * Runs something on a directory, or on a clone that is gone afterwards.
 *
 * @throws NidifyError `usage`, `url-refused` (exit 2), and what cloning throws
 */
export async function withRepository<T>(
  subject: Subject,
  context: Context,
  use: (repository: Repository) => Promise<T>,
): Promise<T> {
  const given = subject.directory ?? '.';
  const timeoutMs = timeoutOf(subject.timeout);
  const { looksLikeUrl, parseCloneUrl } = await import('../clone/url.ts');
  if (looksLikeUrl(given)) {
    const url = parseCloneUrl(given, subject.ref);
    const { clone } = await import('../clone/clone.ts');
    const made = await withProgress(context, 'clone', `cloning ${url.shown}`, () =>
      clone(url, { signal: context.io.signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) }),
    );
    try {
      return await use({ directory: made.directory, isClone: true });
    } finally {
      made.remove();
    }
  }
  if (subject.ref !== undefined) throw usage('`--ref` goes with a Git URL', 'Check the branch out instead.');
  return use({ directory: directoryOf(given, context), isClone: false });
}

/** As `withRepository`, for commands that change the repository: a clone would be gone at once. */
export function ownRepository(given: string | undefined, context: Context): Repository {
  return { directory: directoryOf(given ?? '.', context), isClone: false };
}

const nameOne =
  'Name a directory that holds a repository, or a Git URL (https://, ssh://, git@host:path, file://).';

function directoryOf(given: string, { base }: Context): string {
  const directory = path.resolve(base, given);
  if (isDirectory(directory)) return directory;
  if (existsSync(directory)) throw usage(`${given} is not a directory`, nameOne);
  const near = /^[\w-]+$/.test(given) ? nearest(given, commandNames) : [];
  throw usage(
    `there is no directory ${given}`,
    near.length > 0
      ? `Did you mean the command ${near.map((name) => `\`nidify ${name}\``).join(' or ')}?`
      : nameOne,
  );
}

/** Where generated files go: `--output`, else where an earlier run put them, else the repository's top. */
export function outputOf(repository: Repository, output: string | undefined, { base }: Context): string {
  return output === undefined ? existingOutput(repository.directory) : path.resolve(base, output);
}

/** Where the output folder is to the repository. A clone is gone afterwards: the project is then where its files are. */
export function placingOf({ directory, isClone }: Repository, output: string): Placing {
  const way = (from: string, to: string) => path.relative(from, to).split(path.sep).join('/');
  return isClone ? inRepository : { output: way(directory, output), repository: way(output, directory) };
}

/**
 * The lock to analyse with: that of an earlier run, wherever it wrote. A lock that is a link is none: reading
 * a repository is no reason to refuse it.
 *
 * @throws NidifyError `lock-invalid` (exit 3), `lock-too-new` (4)
 */
export function lockOfRepository({ directory }: Repository): Lock | null {
  try {
    return lockedIn(existingOutput(directory), directory);
  } catch (error) {
    if (error instanceof NidifyError && error.exitCode === ExitCode.refused) return null;
    throw error;
  }
}

/** @throws NidifyError (usage) before anything is cloned, when it is not said where the files go */
export async function requireOutput(subject: Subject, output: string | undefined): Promise<void> {
  const given = subject.directory ?? '.';
  const { looksLikeUrl, parseCloneUrl } = await import('../clone/url.ts');
  if (output === undefined && looksLikeUrl(given)) {
    parseCloneUrl(given, subject.ref);
    throw usage('`--output DIR` is needed with a Git URL', 'Name the folder that the files go to.');
  }
}
