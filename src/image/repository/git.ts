/** Git as it works on objects: no configuration but ours, nothing fetched, nothing asked. */
import { protection, settingsEnvironment } from '../../clone/settings.ts';
import { diskFull, saysDiskFull } from '../../disk-full.ts';
import { ExitCode, NidifyError } from '../../errors.ts';
import { type ExecOptions, type ExecResult, exec, lastLines } from '../../exec.ts';

const timeoutMs = 600_000;

/** What Git writes depends on these, and on nothing that a machine configures. */
const settings = [
  ...['core.bigFileThreshold=16m', 'core.symlinks=true', 'core.fileMode=true', 'core.ignoreCase=false'],
  ...['index.threads=1', 'index.version=2', 'pack.writeReverseIndex=false', 'pack.indexVersion=2'],
  ...['core.sharedRepository=umask', 'core.eol=lf'],
].flatMap((setting) => ['-c', setting]);

const environment = {
  ...settingsEnvironment([]),
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

export type GitOptions = Pick<ExecOptions, 'cwd' | 'signal' | 'stdin' | 'maxOutputBytes'>;

export function git(args: readonly string[], options: GitOptions): Promise<ExecResult> {
  return exec({
    program: 'git',
    args: [...protection, ...settings, ...args],
    timeoutMs,
    env: environment,
    whenMissing: 'Install git.',
    ...options,
  });
}

/**
 * A command in a repository that nidify made.
 *
 * @throws NidifyError `repository-refused` (exit 6): Git does not take what the commit holds; `disk-full` (5)
 */
export async function run(
  gitDirectory: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { exitCode, stderrTail } = await git(['--git-dir', gitDirectory, ...args], {
    cwd: gitDirectory,
    signal,
  });
  if (exitCode === 0) return;
  if (saysDiskFull(stderrTail)) throw diskFull('the files of the commit');
  throw new NidifyError({
    code: 'repository-refused',
    message: `Git does not unpack the commit: ${lastLines(stderrTail, 2)}`,
    exitCode: ExitCode.refused,
  });
}
