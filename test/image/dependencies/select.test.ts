import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../../src/analyze.ts';
import { dependenciesDigest, selectDependencies } from '../../../src/image/dependencies/select.ts';
import { fileTree } from '../../../src/image/dependencies/tree.ts';
import { gitTreeSource } from '../../../src/scan/git-tree.ts';
import { treeOfDirectory } from '../../support/file-tree.ts';
import { folderWith } from '../../support/folder.ts';

type Files = Record<string, string>;

async function selected(files: Files, options: { allowScripts?: boolean } = {}) {
  const directory = folderWith(files);
  const plan = await analyze(directory);
  const selection = await selectDependencies(plan, await treeOfDirectory(directory), options);
  const only = selection.installations[0];
  return {
    selection,
    only,
    digest: dependenciesDigest(selection, 'e'),
    codes: selection.notices.map(({ code }) => code),
  };
}

const npm: Files = {
  'package.json': '{ "name": "shop", "dependencies": { "lucky": "1.0.0" } }',
  'package-lock.json': '{ "name": "shop", "lockfileVersion": 3, "packages": {} }',
  '.npmrc': 'legacy-peer-deps=true\n',
  'src/index.js': 'one',
};

const uv: Files = {
  'pyproject.toml':
    '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["six"]\n',
  'uv.lock': 'version = 1\nrequires-python = ">=3.11"\n\n[[package]]\nname = "six"\nversion = "1.16.0"\n',
  'shop.py': '',
};

describe('selectDependencies', () => {
  it('installs from manifests and lock files alone, without code of packages', async () => {
    const { only, codes } = await selected(npm);
    expect(codes).toEqual([]);
    expect(only).toMatchObject({
      path: '.',
      manager: 'npm',
      command: 'npm ci --ignore-scripts',
      registries: ['npm'],
      files: ['.npmrc', 'package-lock.json', 'package.json'],
      why: null,
    });
    expect(only?.variables).toMatchObject({ npm_config_ignore_scripts: 'true', CI: 'true' });
    const { only: allowed } = await selected(npm, { allowScripts: true });
    expect(allowed).toMatchObject({
      command: 'npm ci',
      files: ['.npmrc', 'package-lock.json', 'package.json'],
    });
    expect(allowed?.variables).not.toHaveProperty('npm_config_ignore_scripts');
  });

  it('has a digest that the lock file, the settings and the environment change, and nothing else', async () => {
    const { digest, selection } = await selected(npm);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    const changed = async (files: Files) => (await selected({ ...npm, ...files })).digest;
    expect(await changed({})).toBe(digest);
    expect(await changed({ 'src/index.js': 'two', 'README.md': 'new', 'test/a.test.js': '' })).toBe(digest);
    // Another project's, which is no member of a workspace.
    expect(await changed({ 'docs/examples/other/package.json': '{ "name": "other" }' })).toBe(digest);
    expect(await changed({ 'package-lock.json': `${npm['package-lock.json']} ` })).not.toBe(digest);
    expect(await changed({ '.npmrc': '' })).not.toBe(digest);
    expect(await changed({ 'package.json': '{ "name": "shop" }' })).not.toBe(digest);
    expect(dependenciesDigest(selection, 'f')).not.toBe(digest);
    expect((await selected(npm, { allowScripts: true })).digest).not.toBe(digest);
  });

  it('takes the manifests of a workspace’s members', async () => {
    const { selection } = await selected({
      ...npm,
      'package.json': '{ "name": "shop", "workspaces": ["packages/*"] }',
      'packages/a/package.json': '{ "name": "a" }',
      'packages/a/index.js': '',
    });
    expect(selection.installations.map((each) => each.path)).toEqual(['.']);
    expect(selection.installations[0]?.files).toContain('packages/a/package.json');
    expect(selection.installations[0]?.files).not.toContain('packages/a/index.js');
  });

  it.each([
    [
      'pnpm',
      { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" },
      'pnpm install --frozen-lockfile --ignore-scripts --ignore-pnpmfile',
    ],
    ['yarn', { 'yarn.lock': '# yarn lockfile v1\n' }, 'yarn install --frozen-lockfile --ignore-scripts'],
    ['yarn', { 'yarn.lock': '__metadata:\n  version: 8\n' }, 'yarn install --immutable --mode=skip-build'],
    ['bun', { 'bun.lock': '{ "lockfileVersion": 1 }' }, 'bun install --frozen-lockfile --ignore-scripts'],
  ])('keeps %s from running scripts: %j', async (manager, lock, command) => {
    const { only } = await selected({ 'package.json': npm['package.json'] ?? '', ...lock });
    expect(only).toMatchObject({ manager, command, why: null });
  });

  it('installs wheels only, and not the project, with uv; all of it where code may be run', async () => {
    const { only } = await selected(uv);
    expect(only).toMatchObject({
      manager: 'uv',
      command: 'uv sync --frozen --no-install-workspace',
      files: ['pyproject.toml', 'uv.lock'],
    });
    expect(only?.variables).toMatchObject({ UV_NO_BUILD: '1', UV_LINK_MODE: 'copy' });
    const allowed = await selected(uv, { allowScripts: true });
    expect(allowed.only).toMatchObject({ command: 'uv sync --frozen', files: Object.keys(uv).sort() });
    expect(allowed.codes).toEqual(['whole-tree']);
  });

  it('starts no program that the repository names instead of Git or of Yarn, and loads no plugin of it', async () => {
    expect((await selected(npm)).only?.variables).toMatchObject({ npm_config_git: 'git' });
    const yarn = { 'package.json': '{ "name": "shop" }', 'yarn.lock': '__metadata:\n  version: 8\n' };
    const release = await selected({ ...yarn, '.yarnrc.yml': 'yarnPath: .yarn/releases/yarn-4.5.0.cjs\n' });
    expect(release.only?.variables).toMatchObject({ YARN_IGNORE_PATH: '1' });
    const plugin = { ...yarn, '.yarnrc.yml': 'plugins:\n  - ./plugin.cjs\n' };
    expect((await selected(plugin)).codes).toEqual(['needs-scripts']);
    expect((await selected(plugin, { allowScripts: true })).codes).not.toContain('needs-scripts');
  });

  it('takes requirements for a lock file where each names one version', async () => {
    const pinned =
      'six==1.16.0 \\\n  --hash=sha256:aa # why\n\n# all\nidna[x]==3.6 ; python_version > "3.8"\n';
    const { only } = await selected({ 'requirements.txt': pinned, 'main.py': '' });
    expect(only).toMatchObject({ manager: 'pip', files: ['requirements.txt'], why: null });
    expect(only?.variables).toMatchObject({ PIP_ONLY_BINARY: ':all:' });
    for (const text of [
      'six\n',
      'six>=1\n',
      'six==1.*\n',
      'six==1.16.0\n-e .\n',
      '-r other.txt\n',
      './six\n',
    ]) {
      const { codes, digest } = await selected({ 'requirements.txt': text, 'main.py': '' });
      expect([text, ...codes]).toEqual([text, 'no-lock-file']);
      expect(digest).toBeNull();
    }
  });

  it('has the names of Rust’s sources, which a manifest needs, but none of their text', async () => {
    const rust = {
      'Cargo.toml': '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n',
      'Cargo.lock': 'version = 3\n\n[[package]]\nname = "shop"\nversion = "0.1.0"\n',
      'src/main.rs': 'fn main() {}\n',
    };
    const { only, digest } = await selected(rust);
    expect(only).toMatchObject({
      manager: 'cargo',
      command: 'cargo fetch --locked',
      files: ['Cargo.lock', 'Cargo.toml'],
      stubs: ['src/main.rs'],
    });
    expect((await selected({ ...rust, 'src/lib.rs': '' })).digest).toBe(digest);
  });

  it('reads go.mod and go.sum of a module, and those of a workspace above it', async () => {
    const go = {
      'go.mod': 'module a.example/shop\n\ngo 1.22\n',
      'go.sum': 'x v1.0.0 h1:a=\n',
      'main.go': 'package main\n',
    };
    expect((await selected(go)).only).toMatchObject({
      manager: 'go',
      command: 'go mod download',
      files: ['go.mod', 'go.sum'],
    });
    const below = Object.fromEntries(Object.entries(go).map(([name, text]) => [`a/${name}`, text]));
    const { selection } = await selected({
      ...below,
      'go.work': 'go 1.22\n\nuse (\n\t./a\n\t./b\n)\n',
      'b/go.mod': 'module b.example\n',
    });
    const a = selection.installations.find((each) => each.path === 'a');
    expect(a?.files).toEqual(['a/go.mod', 'a/go.sum', 'b/go.mod', 'go.work']);
  });

  it('takes all files where what is installed depends on them, and says why', async () => {
    const local = { ...npm, 'package.json': '{ "name": "shop", "dependencies": { "own": "file:lib/own" } }' };
    const { only, digest, selection } = await selected(local);
    expect(only?.files).toContain('src/index.js');
    expect(selection.notices[0]?.message).toContain('package.json names a dependency by its place');
    expect((await selected({ ...local, 'src/index.js': 'two' })).digest).not.toBe(digest);

    const scripted = {
      ...npm,
      'package.json': '{ "name": "shop", "scripts": { "postinstall": "node src/index.js" } }',
    };
    expect((await selected(scripted)).only?.why).toBeNull();
    expect((await selected(scripted, { allowScripts: true })).only?.why).toContain(
      'scripts that installing runs',
    );
  });

  it('installs nothing that is not locked, and nothing that cannot be without running code, and says so', async () => {
    const { digest, selection } = await selected({ 'package.json': npm['package.json'] ?? '' });
    expect(digest).toBeNull();
    expect(selection.notices).toEqual([
      { code: 'no-lock-file', project: '.', message: expect.stringContaining('package-lock.json') },
    ]);
    const plan = await analyze(folderWith(npm));
    const project = plan.projects[0];
    if (project === undefined) throw new Error('no project');
    project.commands.install = 'npm ci && node build.js';
    const tree = await treeOfDirectory(folderWith(npm));
    const refused = await selectDependencies(plan, tree);
    expect(refused.notices.map(({ code }) => code)).toEqual(['needs-scripts']);
    expect((await selectDependencies(plan, tree, { allowScripts: true })).installations).toHaveLength(1);
    project.packageManager = 'unheard-of';
    expect((await selectDependencies(plan, tree)).notices.map(({ code }) => code)).toEqual([
      'manager-unknown',
    ]);
  });
});

describe('the tree', () => {
  it('is the same from a commit and from a folder', async () => {
    const directory = folderWith({ 'a.txt': 'a\n', 'b/ü.json': '{}', 'b/empty': '' });
    mkdirSync(path.join(directory, 'folder'));
    symlinkSync('a.txt', path.join(directory, 'link'));
    const git = (...args: string[]) =>
      execa('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], { cwd: directory });
    await git('init', '--quiet');
    await git('add', '.');
    await git('commit', '--quiet', '-m', 'all');
    const commit = await fileTree(gitTreeSource(directory));
    const folder = await treeOfDirectory(directory);
    expect(Object.fromEntries([...commit.blobs].sort())).toEqual(
      Object.fromEntries([...folder.blobs].sort()),
    );
    expect(commit.blobs.size).toBe(4);
    for (const tree of [commit, folder]) {
      expect(await tree.read('a.txt')).toBe('a\n');
      expect(await tree.read('none')).toBe('');
    }
    writeFileSync(path.join(directory, 'a.txt'), 'uncommitted');
    expect(await commit.read('a.txt')).toBe('a\n');
    await expect(fileTree(gitTreeSource(directory, 'nothing'))).rejects.toMatchObject({ exitCode: 2 });
  });
});
