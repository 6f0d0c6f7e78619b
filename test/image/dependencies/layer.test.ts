import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { dependencyEntries, stateOf } from '../../../src/image/dependencies/layer.ts';
import { folderWith } from '../../support/folder.ts';

async function listed(home: string, project: string, before: Awaited<ReturnType<typeof stateOf>>) {
  const entries: [string, string, number][] = [];
  const texts: Record<string, string> = {};
  const places = [
    { kind: 'home', directory: home, before: new Map() },
    { kind: 'project', directory: project, before },
  ] as const;
  for await (const entry of dependencyEntries(places)) {
    const name = entry.path.toString();
    entries.push([name, entry.type, entry.mode]);
    expect(entry.owner).toBe(1000);
    const chunks = [];
    for await (const chunk of entry.content?.() ?? []) chunks.push(chunk);
    texts[name] = entry.target?.toString() ?? Buffer.concat(chunks).toString();
    if (entry.type === 'file') expect(Buffer.concat(chunks)).toHaveLength(entry.size);
  }
  return { entries, names: entries.map(([name]) => name), texts };
}

it('has what was added or changed, with the folders around it, and nothing that was there', async () => {
  const project = folderWith({ 'package.json': '{}', 'kept/file': 'a', 'changed/file': 'a', 'same.sh': '' });
  symlinkSync('kept', path.join(project, 'link'));
  const before = await stateOf(project);
  writeFileSync(path.join(project, 'changed/file'), 'b');
  mkdirSync(path.join(project, 'empty'));
  mkdirSync(path.join(project, 'node_modules/a'), { recursive: true });
  writeFileSync(path.join(project, 'node_modules/a/program'), '#!/bin/sh\n', { mode: 0o700 });
  writeFileSync(path.join(project, 'node_modules/a/text'), 'text', { mode: 0o400 });
  symlinkSync('/etc/passwd', path.join(project, 'node_modules/outside'));
  chmodSync(path.join(project, 'node_modules/a'), 0o555);
  chmodSync(path.join(project, 'same.sh'), 0o755);
  await execa('mkfifo', [path.join(project, 'node_modules/pipe')]);
  const { entries, texts } = await listed(folderWith(), project, before);
  expect(entries).toEqual([
    ['work', 'directory', 0o755],
    ['work/changed', 'directory', 0o755],
    ['work/changed/file', 'file', 0o644],
    ['work/empty', 'directory', 0o755],
    ['work/node_modules', 'directory', 0o755],
    ['work/node_modules/a', 'directory', 0o755],
    ['work/node_modules/a/program', 'file', 0o755],
    ['work/node_modules/a/text', 'file', 0o644],
    ['work/node_modules/outside', 'symlink', 0o777],
    ['work/same.sh', 'file', 0o755],
  ]);
  expect(texts['work/changed/file']).toBe('b');
  expect(texts['work/node_modules/outside']).toBe('/etc/passwd');
});

it('has nothing of the home that no package manager needs', async () => {
  const home = folderWith({
    ...{ '.bashrc': 'x', '.profile': 'x', '.gitconfig': 'x', '.config/git/config': 'x', '.ssh/config': 'x' },
    ...{
      '.npmrc': 'x',
      '.cargo/config.toml': 'x',
      '.cargo/bin/cargo': 'x',
      'go/bin/go': 'x',
      '.local/bin/sh': 'x',
    },
    ...{ '.cache/ms-playwright/chromium': 'x', '.yarn/berry/cache/a.zip': 'x', 'go/pkg/mod/a/go.mod': 'x' },
    ...{ '.cached': 'x', '.yarnrc.yml': 'x' },
  });
  const { entries } = await listed(home, folderWith(), new Map());
  expect(entries.flatMap(([name, type]) => (type === 'directory' ? [] : [name]))).toEqual([
    'home/nidify/.cache/ms-playwright/chromium',
    'home/nidify/.yarn/berry/cache/a.zip',
    'home/nidify/go/pkg/mod/a/go.mod',
  ]);
  // A link where a folder was would lead elsewhere.
  const other = folderWith({ 'x/pkg/mod/a': 'x' });
  symlinkSync('x', path.join(other, 'go'));
  symlinkSync('/etc', path.join(other, '.cache'));
  expect((await listed(other, folderWith(), new Map())).names).toEqual([]);
});

it('keeps the packages of the home, and leaves caches, logs and locks out', async () => {
  const kept = [
    '.cargo/registry/cache/index/a.crate',
    '.cargo/registry/index/index/.cache/a',
    '.cache/deno/npm/registry.npmjs.org/a/1.0.0/index.js',
    'go/pkg/mod/example.org/a@v1.0.0/a.go',
    'go/pkg/mod/cache/download/example.org/a/@v/v1.0.0.zip',
  ];
  const leftOut = [
    '.cache/go-build/00/a',
    '.cache/deno/dep_analysis_cache_v2-wal',
    '.cache/deno/gen/a.js',
    '.cache/deno/npm/registry.npmjs.org/a/registry.json',
    '.cache/pip/http/a',
    '.cache/uv/a',
    '.cargo/.global-cache',
    '.cargo/.package-cache',
    '.npm/_cacache/index',
    '.npm/_logs/a.log',
    'go/pkg/mod/cache/download/example.org/a/@v/v1.0.0.lock',
    'go/pkg/mod/cache/download/sumdb/sum.golang.org/latest',
    'go/pkg/mod/cache/lock',
  ];
  const home = folderWith(Object.fromEntries([...kept, ...leftOut].map((name) => [name, name])));
  const { entries } = await listed(home, folderWith(), new Map());
  const files = entries.flatMap(([name, type]) =>
    type === 'file' ? [name.slice('home/nidify/'.length)] : [],
  );
  expect(files).toEqual([...kept].sort());
});

it('leaves out what differs from one time to the next, and makes a time of pnpm’s the same', async () => {
  const made = (time: string) =>
    folderWith({
      'node_modules/.modules.yaml': `{\n  "prunedAt": "${time}",\n  "storeDir": "/home/nidify/x"\n}\n`,
      'node_modules/.pnpm-workspace-state-v1.json': time,
      'node_modules/a/index.js': '',
      '.venv/lib/__pycache__/a.pyc': time,
      '.venv/lib/a.py': '',
    });
  const [first, second] = [
    await listed(folderWith(), made('Mon, 01 Jan 2024 00:00:00 GMT'), new Map()),
    await listed(folderWith(), made('Tue, 02 Jan 2024 00:00:00 GMT'), new Map()),
  ];
  expect(first).toEqual(second);
  expect(first.texts['work/node_modules/.modules.yaml']).toBe(
    '{\n  "prunedAt": "Thu, 01 Jan 1970 00:00:01 GMT",\n  "storeDir": "/home/nidify/x"\n}\n',
  );
  expect(first.names).not.toContain('work/.venv/lib/__pycache__');
});

it('has of what Deno fetched the module, not when and by whom it was answered', async () => {
  const name = `.cache/deno/remote/https/jsr.io/${'0'.repeat(64)}`;
  const fetched = async (headers: object, time: number) => {
    const metadata = JSON.stringify({ headers, url: 'https://jsr.io/a', time });
    const module = Buffer.from(`\0\xff\n// denoCacheMetadata=${metadata}`, 'latin1');
    const { texts } = await listed(folderWith({ [name]: module }), folderWith(), new Map());
    return texts[`home/nidify/${name}`];
  };
  const type = { 'content-type': 'application/wasm' };
  const text = await fetched({ date: 'today', ...type, age: '1' }, 1_700_000_000);
  expect(text).toContain('{"headers":{"content-type":"application/wasm"},"url":"https://jsr.io/a","time":1}');
  expect(text).toBe(await fetched({ ...type, date: 'tomorrow' }, 1_800_000_000));
});

it('has nothing that Git would start on the next pull', async () => {
  const project = folderWith({
    '.git/hooks/post-merge': '#!/bin/sh',
    '.git/config': '[core]',
    'node_modules/a/.gitignore': 'kept',
  });
  const { names } = await listed(folderWith(), project, new Map());
  expect(names.filter((name) => name.includes('.git'))).toEqual(['work/node_modules/a/.gitignore']);
  const linked = folderWith();
  symlinkSync('/tmp', path.join(linked, '.git'));
  expect((await listed(folderWith(), linked, new Map())).names).toEqual([]);
});

it('refuses names that remove files of an image', async () => {
  const project = folderWith({ 'node_modules/.wh.a': '' });
  await expect(listed(folderWith(), project, new Map())).rejects.toMatchObject({ exitCode: 6 });
});
