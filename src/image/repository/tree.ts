/** What a commit's tree holds, and that all of it may be unpacked. */
import { ExitCode, NidifyError } from '../../errors.ts';
import { plain } from '../../text/plain.ts';
import { git } from './git.ts';

export interface TreeFile {
  /** From the root: bytes, since names of files are not always text. */
  path: Buffer;
  kind: 'file' | 'executable' | 'symlink' | 'directory';
}

/** A tree of 300,000 entries prints about 40 MB. */
const listingBytes = 256 * 1024 * 1024;

/**
 * The entries of a tree, folders before what they hold. A submodule is an empty folder.
 *
 * @throws NidifyError `repository-refused` (exit 6), `objects-missing` (3)
 */
export async function listTree(
  gitDirectory: string,
  commit: string,
  signal: AbortSignal | undefined,
): Promise<TreeFile[]> {
  const { exitCode, stdout, stderrTail } = await git(
    ['--git-dir', gitDirectory, 'ls-tree', '-r', '-t', '-z', '--full-tree', '--end-of-options', commit],
    { cwd: gitDirectory, signal, maxOutputBytes: listingBytes },
  );
  if (exitCode !== 0) {
    throw new NidifyError({
      code: 'objects-missing',
      message: `the repository does not have all of the commit's folders: ${stderrTail.trim().split('\n').at(-1) ?? ''}`,
      hint: 'A partial clone lacks some: fetch the commit completely.',
      exitCode: ExitCode.unserved,
    });
  }
  const files: TreeFile[] = [];
  for (let at = 0; at < stdout.length; ) {
    const end = stdout.indexOf(0, at);
    const tab = stdout.indexOf(0x09, at);
    if (end === -1 || tab === -1) break;
    files.push({
      path: stdout.subarray(tab + 1, end),
      kind: kindOf(stdout.toString('latin1', at, at + 6), stdout.subarray(tab + 1, end)),
    });
    at = end + 1;
  }
  checkNames(files);
  return files;
}

/** Group bits of the owner's file are what old versions of Git wrote. */
const kinds: Readonly<Record<string, TreeFile['kind']>> = {
  '100644': 'file',
  '100664': 'file',
  '100755': 'executable',
  '120000': 'symlink',
  '040000': 'directory',
  '160000': 'directory',
};

function kindOf(mode: string, name: Buffer): TreeFile['kind'] {
  const kind = Object.hasOwn(kinds, mode) ? kinds[mode] : undefined;
  if (kind === undefined) throw refused(name, `has the mode ${mode}, which no file has`);
  return kind;
}

/**
 * Names that lead out of the work folder, that are Git's own folder on some file system, or that mean something else in
 * a layer; and a name that is there twice, or below what is no folder, so that one file would be written through
 * another.
 */
function checkNames(files: readonly TreeFile[]): void {
  const seen = new Map<string, TreeFile['kind']>();
  for (const { path: name, kind } of files) {
    // One character a byte: a key, not a text.
    const key = name.toString('latin1');
    const parts = key.split('/');
    for (const part of parts) {
      if (part === '' || part === '.' || part === '..') throw refused(name, 'leads elsewhere');
      if (part.startsWith('.wh.')) throw refused(name, 'is a name that removes files of an image');
      if (isGitFolder(Buffer.from(part, 'latin1').toString('utf8'))) {
        throw refused(name, "is Git's own folder, on some machine");
      }
    }
    const above = parts.slice(0, -1).join('/');
    if (above !== '' && seen.get(above) !== 'directory') throw refused(name, 'is below what is no folder');
    if (seen.has(key)) throw refused(name, 'is there twice');
    seen.set(key, kind);
  }
}

/** Characters that HFS+ passes over: git's own list, of utf8.c. */
const passedOver = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** `.git` as HFS+ and NTFS take it: in any case, `GIT~1`, with dots and spaces or a stream (`:`) behind it. */
function isGitFolder(name: string): boolean {
  const text = name.replace(passedOver, '').toLowerCase();
  return text.split('\\').some((part) => /^(\.git|git~1)[. ]*(:.*)?$/s.test(part));
}

function refused(name: Buffer, what: string): NidifyError {
  return new NidifyError({
    code: 'repository-refused',
    message: `${JSON.stringify(plain(name.toString('utf8')))} in the repository ${what}`,
    exitCode: ExitCode.refused,
  });
}
