import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitFacts, withoutCredentials } from '../../src/scan/facts.ts';
import { folderWith } from '../support/folder.ts';

function git(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim();
}

function repository(): string {
  const folder = folderWith({ a: '' });
  git(folder, 'init', '-q', '-b', 'feature/x');
  git(folder, 'add', '.');
  git(folder, 'commit', '-qm', 'x');
  return folder;
}

describe('facts of Git', () => {
  it('are read from .git itself, loose or packed', () => {
    const folder = repository();
    git(folder, 'remote', 'add', 'upstream', 'https://example.com/other.git');
    git(folder, 'remote', 'add', 'origin', 'git@example.com:team/shop.git');
    const facts = {
      url: 'git@example.com:team/shop.git',
      branch: 'feature/x',
      commit: git(folder, 'rev-parse', 'HEAD'),
    };
    expect(gitFacts(folder)).toEqual(facts);
    git(folder, 'pack-refs', '--all');
    expect(gitFacts(folder)).toEqual(facts);
  });

  it('hold for a detached head and for a linked work tree', () => {
    const folder = repository();
    const commit = git(folder, 'rev-parse', 'HEAD');
    const linked = path.join(folderWith(), 'linked');
    git(folder, 'worktree', 'add', '-q', linked, '-b', 'other');
    expect(gitFacts(linked)).toEqual({ url: null, branch: 'other', commit });
    git(folder, 'checkout', '-q', '--detach');
    expect(gitFacts(folder)).toEqual({ url: null, branch: null, commit });
  });

  it('are null outside Git, and without a first commit there is no commit', () => {
    expect(gitFacts(folderWith())).toBeNull();
    const folder = folderWith();
    git(folder, 'init', '-q', '-b', 'main');
    expect(gitFacts(folder)).toEqual({ url: null, branch: 'main', commit: null });
  });

  it('do not follow a .git file to a place that does not know it', () => {
    const folder = folderWith();
    const elsewhere = folderWith({ HEAD: '0123456789012345678901234567890123456789\n' });
    writeFileSync(path.join(folder, '.git'), `gitdir: ${elsewhere}\n`);
    expect(gitFacts(folder)).toBeNull();
  });

  it.each<[string, (folder: string, other: string) => void]>([
    ['.git is a link', (folder, other) => symlinkSync(path.join(other, '.git'), path.join(folder, '.git'))],
    [
      'files of .git are links',
      (folder, other) => {
        mkdirSync(path.join(folder, '.git'));
        for (const name of ['HEAD', 'config', 'refs']) {
          symlinkSync(path.join(other, '.git', name), path.join(folder, '.git', name));
        }
      },
    ],
    [
      'commondir names another repository',
      (folder, other) => {
        mkdirSync(path.join(folder, '.git'));
        writeFileSync(path.join(folder, '.git/HEAD'), 'ref: refs/heads/feature/x\n');
        writeFileSync(path.join(folder, '.git/commondir'), path.join(other, '.git'));
      },
    ],
    [
      'a work tree of its own making names another repository',
      (folder, other) => {
        mkdirSync(path.join(folder, 'own'));
        writeFileSync(path.join(folder, '.git'), 'gitdir: own\n');
        writeFileSync(path.join(folder, 'own/HEAD'), 'ref: refs/heads/feature/x\n');
        writeFileSync(path.join(folder, 'own/gitdir'), '../.git');
        writeFileSync(path.join(folder, 'own/commondir'), path.join(other, '.git'));
      },
    ],
  ])('are never those of another repository: %s', (_, lead) => {
    const other = repository();
    git(other, 'remote', 'add', 'origin', 'https://example.com/private.git');
    const folder = folderWith();
    lead(folder, other);
    const facts = gitFacts(folder);
    expect(facts?.url ?? null).toBeNull();
    expect(facts?.commit ?? null).toBeNull();
  });

  it.each(['refs/heads/.invalid', 'refs/heads/\u001b[2J', 'refs/heads/\u202ea', 'refs/heads/a b'])(
    'name no branch that Git would not: %j',
    (ref) => {
      const folder = folderWith({ '.git/HEAD': `ref: ${ref}\n` });
      expect(gitFacts(folder)).toEqual({ url: null, branch: null, commit: null });
    },
  );

  it('do not leave the refs', () => {
    const folder = folderWith({ secret: '0123456789012345678901234567890123456789' });
    mkdirSync(path.join(folder, '.git'));
    writeFileSync(path.join(folder, '.git/HEAD'), 'ref: refs/../../secret\n');
    expect(gitFacts(folder)?.commit).toBeNull();
  });

  it.each([
    ['https://user:pass@example.com/a.git', 'https://example.com/a.git'],
    ['https://token@example.com/a.git?x=1#y', 'https://example.com/a.git'],
    ['ssh://git@example.com/a.git', 'ssh://git@example.com/a.git'],
    ['git@example.com:a/b.git', 'git@example.com:a/b.git'],
    ['../somewhere', null],
    ['ext::sh%20-c%20touch%20x', null],
    ['--upload-pack=x', null],
  ])('leave credentials out: %s', (url, shown) => {
    expect(withoutCredentials(url)).toBe(shown);
  });
});
