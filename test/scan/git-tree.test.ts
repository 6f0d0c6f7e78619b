import { execFileSync } from 'node:child_process';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { directorySource } from '../../src/scan/directory.ts';
import { gitTreeSource } from '../../src/scan/git-tree.ts';
import { scan } from '../../src/scan/scan.ts';
import { folderWith } from '../support/folder.ts';

const claims = [{ names: ['package.json', '.nvmrc'], presence: ['main.py'] }];

function git(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim();
}

function repository(files: Record<string, string>): string {
  const folder = folderWith(files);
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '-A', '-f');
  git(folder, 'commit', '-qm', 'x');
  return folder;
}

describe('a Git tree without a checkout', () => {
  it('is seen as its checkout is', async () => {
    const folder = repository({
      'package.json': '{"name":"root"}',
      'apps/web/package.json': '{"name":"web"}',
      '.gitignore': 'dist\n*.log\n!keep.log\n',
      'dist/package.json': 'committed although ignored',
      'keep.log': '',
      'a.log': '',
      'node_modules/x/package.json': '{}',
      'käse/.nvmrc': '20\n',
      'main.py': '',
    });
    symlinkSync('../package.json', path.join(folder, 'apps/package.json'));
    symlinkSync('/etc/passwd', path.join(folder, 'apps/.nvmrc'));
    git(folder, 'add', '-A', '-f');
    git(folder, 'commit', '-qm', 'links');
    const bare = path.join(folder, '.git');
    const [fromTree, fromFolder] = await Promise.all([
      scan(gitTreeSource(bare), { claims }),
      scan(directorySource(folder), { claims }),
    ]);
    expect(fromTree.paths).toEqual(fromFolder.paths);
    expect([...fromTree.files]).toEqual([...fromFolder.files]);
    expect(fromTree.findings).toEqual(fromFolder.findings);
    expect(fromTree.files.get('apps/package.json')?.text).toBe('{"name":"root"}');
  });

  it('is bounded as a directory is', async () => {
    const folder = repository({ 'a/b/c/package.json': '{}', 'package.json': 'x'.repeat(100) });
    const shallow = await scan(gitTreeSource(folder), { claims, limits: { depth: 2 } });
    expect(shallow.findings.map(({ code }) => code)).toEqual(['tree-too-large']);
    const small = await scan(gitTreeSource(folder), { claims, limits: { fileBytes: 50 } });
    expect(small.findings.map(({ because }) => because[0]?.file)).toEqual(['package.json']);
  });

  it('knows its commit and its remote without credentials', async () => {
    const folder = repository({ a: '' });
    git(folder, 'remote', 'add', 'origin', 'https://user:token@example.com/shop.git?x=1');
    const { source } = await scan(gitTreeSource(folder), { claims });
    expect(source).toEqual({
      url: 'https://example.com/shop.git',
      branch: 'main',
      commit: git(folder, 'rev-parse', 'HEAD'),
      committed: new Date(Number(git(folder, 'log', '-1', '--format=%ct')) * 1000).toISOString(),
    });
    git(folder, 'checkout', '-q', '--detach');
    expect((await gitTreeSource(folder).facts())?.branch).toBe(null);
    expect((await gitTreeSource(folder, 'main').facts())?.branch).toBe(null);
  });

  it('refuses a commit that is not there, and an option in its place', async () => {
    const folder = repository({ a: '' });
    await expect(scan(gitTreeSource(folder, 'missing'), { claims })).rejects.toThrow(/has no tree missing/);
    await expect(scan(gitTreeSource(folder, '--output=x'), { claims })).rejects.toThrow(/has no tree/);
  });

  it('runs nothing that the repository configures', async () => {
    const folder = repository({ 'package.json': '{}', '.gitattributes': '* filter=evil' });
    const mark = path.join(folder, 'ran');
    const script = path.join(folder, '.git', 'evil.sh');
    writeFileSync(script, `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    for (const [key, value] of Object.entries({
      'core.fsmonitor': script,
      'core.sshCommand': script,
      'core.pager': script,
      'filter.evil.smudge': script,
      'filter.evil.clean': script,
      'diff.external': script,
    })) {
      git(folder, 'config', key, value);
    }
    await scan(gitTreeSource(folder), { claims });
    await scan(directorySource(folder), { claims });
    expect(existsSync(mark)).toBe(false);
  });
});
