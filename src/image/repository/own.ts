/** A repository of nidify's own, which borrows the objects of another one and nothing else of it. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ExitCode, NidifyError } from '../../errors.ts';
import { temporaryFolder } from '../../temporary.ts';
import { git, run } from './git.ts';
import { listTree } from './tree.ts';

export interface Located {
  id: string;
  /** The folder of its objects. */
  objects: string;
  format: string;
  hasParents: boolean;
}

export async function located(
  repository: string,
  commit: string,
  signal: AbortSignal | undefined,
): Promise<Located> {
  const ask = async (args: readonly string[]) => {
    const { exitCode, stdout } = await git(['-C', repository, ...args], { cwd: repository, signal });
    return exitCode === 0 ? stdout.toString('utf8').replace(/\n$/, '') : null;
  };
  const id = await ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`]);
  const objects = await ask(['rev-parse', '--git-path', 'objects']);
  const format = await ask(['rev-parse', '--show-object-format']);
  if (id === null || objects === null || format === null) {
    throw new NidifyError({
      code: 'no-commit',
      message: `the repository has no commit ${commit}`,
      hint: 'A branch may have been rewritten: fetch it, and name a commit that it has.',
      exitCode: ExitCode.usage,
    });
  }
  // As the commit itself says it: in a shallow clone Git pretends that there is none.
  const text = await ask(['cat-file', 'commit', id]);
  const hasParents = /^parent /m.test(text?.split('\n\n')[0] ?? '');
  return { id, objects: path.resolve(repository, objects), format, hasParents };
}

interface OwnRepository extends Located {
  branch: string | null;
  url: string | null;
}

/** Written file by file: `git init` would copy the templates of this machine. */
export async function makeRepository(own: string, repository: OwnRepository): Promise<void> {
  const { id, objects, format, hasParents, branch, url } = repository;
  await mkdir(path.join(own, 'objects/info'), { recursive: true });
  await mkdir(path.join(own, 'objects/pack'));
  await mkdir(path.join(own, 'refs/heads'), { recursive: true });
  await writeFile(path.join(own, 'objects/info/alternates'), `${objects}\n`);
  await writeFile(path.join(own, 'HEAD'), branch === null ? `${id}\n` : `ref: refs/heads/${branch}\n`);
  const refs = branch === null ? [] : [`refs/heads/${branch}`];
  if (branch !== null && url !== null) refs.push(`refs/remotes/origin/${branch}`);
  if (refs.length > 0) {
    const lines = refs.map((each) => `${id} ${each}\n`);
    await writeFile(
      path.join(own, 'packed-refs'),
      `# pack-refs with: peeled fully-peeled sorted \n${lines.join('')}`,
    );
  }
  await writeFile(path.join(own, 'config'), configuration(format, branch, url));
  // Its parents are elsewhere: https://git-scm.com/docs/shallow
  if (hasParents) await writeFile(path.join(own, 'shallow'), `${id}\n`);
}

/** https://git-scm.com/docs/git-config#_syntax */
function configuration(format: string, branch: string | null, url: string | null): string {
  const isOther = format !== 'sha1';
  const refs =
    branch === null
      ? 'refs/heads/*:refs/remotes/origin/*'
      : `refs/heads/${branch}:refs/remotes/origin/${branch}`;
  return [
    '[core]',
    `\trepositoryformatversion = ${isOther ? 1 : 0}`,
    '\tfilemode = true',
    '\tbare = false',
    '\tlogallrefupdates = true',
    ...(isOther ? ['[extensions]', `\tobjectformat = ${format}`] : []),
    ...(url === null
      ? []
      : ['[remote "origin"]', `\turl = ${quoted(url)}`, `\tfetch = ${quoted(`+${refs}`)}`]),
    ...(url === null || branch === null
      ? []
      : [`[branch ${quoted(branch)}]`, '\tremote = origin', `\tmerge = ${quoted(`refs/heads/${branch}`)}`]),
    '',
  ].join('\n');
}

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/**
 * Writes the files of a commit into an empty folder: as `git checkout` does where nothing is configured.
 *
 * @throws NidifyError `no-commit` (exit 2), `repository-refused` (6) for a tree that must not be unpacked
 */
export async function checkOut(
  repository: string,
  commit: string,
  into: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const found = await located(repository, commit, signal);
  const temporary = temporaryFolder('nidify-checkout-');
  try {
    const own = path.join(temporary.directory, 'git');
    await makeRepository(own, { ...found, branch: null, url: null });
    // Refuses what must not be unpacked.
    await listTree(own, found.id, signal);
    await run(own, ['read-tree', found.id], signal);
    await run(own, ['--work-tree', into, 'checkout-index', '--all', '--quiet'], signal);
  } finally {
    temporary.remove();
  }
}
