/** The commit that a worker image is made from, read from Git's objects: nothing that the repository configures runs. */
import { ExitCode, NidifyError } from '../errors.ts';
import { exec } from '../exec.ts';
import { gitFacts, withoutCredentials } from '../scan/facts.ts';
import type { Commit } from './marks.ts';

/** The line of a commit that says who made it, and when: https://git-scm.com/docs/git-commit-tree */
const committerLine = /^committer .* (?<seconds>\d{1,12}) [+-]\d{4}$/m;
const commitPattern = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/**
 * @param repository the top of a work tree, or a bare repository
 * @param revision anything that names a commit; `HEAD` unless told
 * @throws NidifyError `no-commit` (exit 2), `tool-missing` (4)
 */
export async function commitOf(repository: string, revision = 'HEAD', signal?: AbortSignal): Promise<Commit> {
  const git = async (...args: string[]) => {
    const { exitCode, stdout } = await exec({
      program: 'git',
      args: ['-C', repository, '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', ...args],
      cwd: repository,
      timeoutMs: 60_000,
      signal,
      env: { GIT_NO_LAZY_FETCH: '1', GIT_NO_REPLACE_OBJECTS: '1', GIT_TERMINAL_PROMPT: '0' },
      whenMissing: 'Install Git: a worker image is made from a commit.',
    });
    return exitCode === 0 ? stdout.toString('utf8') : null;
  };
  const id = (await git('rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`))?.trim();
  if (id === undefined || !commitPattern.test(id)) {
    throw new NidifyError({
      code: 'no-commit',
      message: `${repository} has no commit ${revision}`,
      hint: 'A worker image is named by the commit that it is made from: name the top of a Git repository that has one.',
      exitCode: ExitCode.usage,
    });
  }
  const [text, remote] = await Promise.all([
    git('cat-file', 'commit', id),
    git('config', '--local', '--get', 'remote.origin.url'),
  ]);
  const seconds = committerLine.exec(text ?? '')?.groups?.seconds;
  const facts = gitFacts(repository);
  return {
    id,
    url: remote === null ? (facts?.url ?? null) : withoutCredentials(remote.trim()),
    // Another commit than the checked-out one may be on any branch.
    branch: facts?.commit === id ? facts.branch : null,
    time: seconds === undefined ? null : new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z'),
  };
}
