import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { directorySource } from '../../src/scan/directory.ts';
import { scan } from '../../src/scan/scan.ts';
import { folderWith } from '../support/folder.ts';

/** What Git itself would add: the reference for every case. */
function gitFiles(folder: string): string[] {
  execFileSync('git', ['init', '-q'], { cwd: folder });
  const args = ['-c', 'core.excludesFile=/dev/null', 'ls-files', '-z', '--others', '--exclude-standard'];
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).split('\0').filter(Boolean).sort();
}

const trees: Record<string, Record<string, string>> = {
  'plain names and endings': {
    '.gitignore': 'dist\n*.log\nbuild/\n# comment\n\nspace \n',
    'dist/a': '',
    'x/dist/a': '',
    'x/dist.ts': '',
    'a.log': '',
    'b/c.log': '',
    log: '',
    'build/x': '',
    'y/build': 'a file, no folder',
    space: '',
  },
  'anchored rules and wildcards': {
    '.gitignore': '/out\ntmp/*\nfoo/**/bar\n*.py[co]\n/*.txt\ndocs/build/\n/one/two\n',
    'docs/build/x': '',
    'x/docs/build/x': '',
    'one/two': '',
    'x/one/two': '',
    'y/docs/build': 'a file',
    'out/a': '',
    'x/out/a': '',
    'tmp/a': '',
    'y/tmp/a': '',
    'foo/1/2/bar/a': '',
    'foo/1/a': '',
    'a.pyc': '',
    'top.txt': '',
    'x/top.txt': '',
  },
  'rules that take back': {
    '.gitignore': '*.env\n!keep.env\n/data/*\n!/data/keep\n',
    'a.env': '',
    'keep.env': '',
    'data/a': '',
    'data/keep': '',
  },
  'nested files, the inner one decides': {
    '.gitignore': '*.tmp\nlocal\n',
    'a/.gitignore': '!x.tmp\ny\n/z/\n',
    'a/x.tmp': '',
    'a/b/x.tmp': '',
    'x.tmp': '',
    'a/y': '',
    y: '',
    'a/z/1': '',
    'a/b/z/1': '',
    'local/a': '',
  },
  'Windows line ends and odd names': {
    '.gitignore': 'dist\r\n*.log\r\n',
    'dist/x': '',
    'a.log': '',
    'käse/ü': '',
  },
};

describe('.gitignore', () => {
  for (const [name, files] of Object.entries(trees)) {
    it(`is read as Git reads it: ${name}`, async () => {
      const folder = folderWith(files);
      const { paths } = await scan(directorySource(folder), { claims: [] });
      expect(paths).toEqual(gitFiles(folder));
    });
  }

  it('is joined by patterns of the configuration', async () => {
    const folder = folderWith({ 'examples/a/package.json': '', 'src/x': '' });
    const { paths } = await scan(directorySource(folder), { claims: [], ignore: ['examples/'] });
    expect(paths).toEqual(['src/x']);
  });
});
