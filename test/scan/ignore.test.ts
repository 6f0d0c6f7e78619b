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
  'classes, escapes and stars': {
    '.gitignore':
      '[a-c]x\n[!a-c]y\n[[:digit:]]z\n[]-]w\n\\!bang\n\\#hash\nlast\\ \n\\*star\n[open\na*b*c?\nUPPER\nq/**\n**/deep/x\nm/**/n\n',
    ...Object.fromEntries(
      [
        'ax',
        'dx',
        'by',
        'dy',
        '1z',
        'az',
        ']w',
        '-w',
        'aw',
        '!bang',
        '#hash',
        'last ',
        'last',
        '*star',
        'tar',
      ]
        .concat([
          '[open',
          'abc',
          'abcd',
          'a1b2c3',
          'upper',
          'q/1/2',
          'z/q/1',
          'deep/x',
          'a/deep/x',
          'deep/y/x',
        ])
        .concat(['m/n', 'm/1/n', 'm/1/2/n/3', 'm/1/nn', 'x/m/n'])
        .map((name) => [name, '']),
    ),
  },
  'rules that take back what a look-up and a wildcard say': {
    '.gitignore': '*.log\n!a?.log\nab.log\n!*.txt\n*.txt\n/x/*\n!/x/keep\nfolder\n!folder/\n',
    ...Object.fromEntries(
      ['a.log', 'ab.log', 'ac.log', 'b.txt', 'x/1', 'x/keep', 'folder/1', 'y/folder'].map((name) => [
        name,
        '',
      ]),
    ),
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

  it('may hold rules made to take long', async () => {
    const deep = `${'a/'.repeat(30)}a`;
    const rules = [
      ...['*a'.repeat(100), '**/a/'.repeat(100), 'a'.repeat(100_000), `${' '.repeat(100_000)}x`],
      ...['['.repeat(100_000), '(((', '[z-a]', '\\', '!', '/'],
    ];
    const folder = folderWith({ '.gitignore': rules.map((rule) => `${rule}b\n`).join(''), [deep]: '' });
    const start = performance.now();
    const { paths } = await scan(directorySource(folder), { claims: [] });
    expect(performance.now() - start).toBeLessThan(500);
    expect(paths).toEqual(['.gitignore', deep]);
  });

  it('may hold more rules than are followed, which is said', async () => {
    const folder = folderWith({ '.gitignore': 'x*\n'.repeat(600), 'x/.gitignore': '', y: '' });
    const { paths, findings } = await scan(directorySource(folder), { claims: [] });
    expect(paths).toEqual(['.gitignore', 'y']);
    expect(findings).toMatchObject([{ code: 'ignore-rules-cut', severity: 'warning' }]);
  });

  it('is joined by patterns of the configuration', async () => {
    const folder = folderWith({ 'examples/a/package.json': '', 'src/x': '' });
    const { paths } = await scan(directorySource(folder), { claims: [], ignore: ['examples/'] });
    expect(paths).toEqual(['src/x']);
  });
});
