/** What a repository that means harm can bring about: an exit code, a finding with its place, nothing else. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { hashOf } from '../../src/lock/make.ts';
import { cli, folder, nidify, type Ran, run } from './nidify.ts';

const megabyte = 1024 * 1024;
/** Two seconds on an idle machine; this one may be busy. */
const patienceMs = 25_000;
const node22 = '{ "engines": { "node": "22" } }';
const outputs = ['.envrc', 'flake.lock', 'flake.nix', 'nidify.lock', 'shell.nix'];

type Files = Record<string, string | Uint8Array | ((file: string) => void)>;

const link = (to: string) => (file: string) => symlinkSync(to, file);
const fifo = (file: string) => execFileSync('mkfifo', [file]);
/** A file of this size that takes no room. */
const sparse = (bytes: number) => (file: string) => {
  writeFileSync(file, '');
  truncateSync(file, bytes);
};

function repository(files: Files): string {
  const root = folder();
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    if (typeof content === 'function') content(file);
    else writeFileSync(file, content);
  }
  return root;
}

/** Runs the command, with little memory, and says what holds of every run. */
async function survived(args: string[], cwd: string, env: Record<string, string> = {}): Promise<Ran> {
  const start = performance.now();
  const ran = await nidify(args, { cwd, env: { NODE_OPTIONS: '--max-old-space-size=512', ...env } });
  expect(performance.now() - start).toBeLessThan(patienceMs);
  const said = ran.stdout + ran.stderr;
  expect(said).not.toMatch(/bug in nidify|\n +at |node:internal|FATAL ERROR/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not come
  expect(said).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
  return ran;
}

/** Finding codes and places of a plan: `unreadable-file package.json:1`. */
async function findingsOf(cwd: string): Promise<string[]> {
  const { stdout } = await survived(['analyze', '--json'], cwd);
  const { findings } = JSON.parse(stdout) as {
    findings: { code: string; because: { file: string; line: number | null }[] }[];
  };
  return findings.map(({ code, because: [first] }) => {
    const place = first === undefined ? '' : ` ${first.file}${first.line === null ? '' : `:${first.line}`}`;
    return `${code}${place}`;
  });
}

describe('a manifest that cannot be read is a finding with its place, and exit code 3', () => {
  const deep = 100_000;
  const bomb = Array.from({ length: 12 }, (_, at) => {
    const items =
      at === 0
        ? '["x","x"]'
        : `[${Array(9)
            .fill(`*a${at - 1}`)
            .join(',')}]`;
    return `a${at}: &a${at} ${items}\n`;
  }).join('');
  const keys = Array.from({ length: 40_000 }, (_, at) => `  s${at}:\n    image: a\n`).join('');

  test.each<[string, Files, string]>([
    ['no file at all', {}, 'nothing-found'],
    ['no manifest', { 'README.md': 'hi' }, 'nothing-found'],
    ['broken JSON', { 'package.json': '{\n "a": 1,\n "b": {\n' }, 'unreadable-manifest package.json:4'],
    ['broken TOML', { 'pyproject.toml': '[project]\nname = \n' }, 'unreadable-manifest pyproject.toml:3'],
    ['broken YAML', { 'compose.yaml': 'a: 1\nb: [1\nc: }' }, 'unreadable-manifest compose.yaml:3'],
    ['a manifest of 200 MB', { 'package.json': sparse(200 * megabyte) }, 'unreadable-file package.json'],
    [
      'a lock file of 60 MB',
      { 'yarn.lock': sparse(60 * megabyte), 'package.json': node22 },
      'unreadable-file yarn.lock',
    ],
    [
      'a loop of links',
      { 'package.json': link('package.json'), a: link('.') },
      'unreadable-file package.json',
    ],
    ['a link to the system', { 'package.json': link('/etc/passwd') }, 'unreadable-file package.json'],
    ['NUL bytes', { 'package.json': '{"name":"a\0b"}' }, 'unreadable-file package.json'],
    [
      'half of UTF-16',
      { 'package.json': Buffer.from([0xff, 0xfe, 0x7b]) },
      'unreadable-manifest package.json:1',
    ],
    ['deep JSON', { 'package.json': '['.repeat(deep) }, 'unreadable-manifest package.json'],
    [
      'deep TOML',
      { 'pyproject.toml': `a=${'['.repeat(deep)}${']'.repeat(deep)}` },
      'unreadable-manifest pyproject.toml',
    ],
    [
      'deep YAML',
      { 'compose.yaml': `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}` },
      'unreadable-manifest compose.yaml',
    ],
    ['a bomb of aliases', { 'compose.yaml': `${bomb}services: *a11\n` }, 'unreadable-manifest compose.yaml'],
    [
      'a key twice, after 40,000',
      { 'compose.yaml': `services:\n${keys}  s7: {}\n` },
      'unreadable-manifest compose.yaml:80002',
    ],
    ['a folder', { 'package.json/x': '' }, 'not-a-file package.json'],
    ['a FIFO', { 'package.json': fifo }, 'not-a-file package.json'],
  ])('%s', async (_, files, finding) => {
    const cwd = repository(files);
    expect(await findingsOf(cwd)).toContain(finding);
    expect((await survived([], cwd)).exitCode).toBe(3);
  });

  test.skipIf(process.getuid?.() === 0)('a file and a folder without permission', async () => {
    const cwd = repository({ 'package.json': '{}', 'closed/x': '' });
    chmodSync(path.join(cwd, 'package.json'), 0);
    chmodSync(path.join(cwd, 'closed'), 0);
    const found = await findingsOf(cwd);
    chmodSync(path.join(cwd, 'closed'), 0o755);
    expect(found).toEqual(
      expect.arrayContaining(['unreadable-file package.json', 'unreadable-folder closed']),
    );
  });
});

describe('a configuration that cannot be read is not passed over', () => {
  test.each<[string, Files]>([
    ['a link', { 'nidify.jsonc': link('/etc/passwd') }],
    ['a folder', { 'nidify.jsonc/x': '' }],
    ['a FIFO', { 'nidify.jsonc': fifo }],
  ])('%s', async (_, files) => {
    const cwd = repository({ 'package.json': node22, ...files });
    const { exitCode, stderr } = await survived([], cwd);
    expect(stderr).toContain('nidify.jsonc cannot be read');
    expect(exitCode).toBe(2);
    expect(existsSync(path.join(cwd, 'flake.nix'))).toBe(false);
  });
});

describe('a manifest that is odd is read all the same', () => {
  test.each<[string, Files]>([
    ['a byte order mark', { 'package.json': `\ufeff${node22}` }],
    ['UTF-16', { 'package.json': Buffer.from(`\ufeff${node22}`, 'utf16le') }],
    ['Windows line ends', { 'package.json': node22.replaceAll(' ', '\r\n'), '.nvmrc': '22\r\n' }],
    ['a megabyte of scripts', { 'package.json': node22, Makefile: `a:\n${'\techo\n'.repeat(170_000)}` }],
    [
      '100 kB without a line end',
      {
        'package.json': node22,
        '.nvmrc': '22',
        '.npmrc': 'a='.repeat(50_000),
        '.env.example': `A=${'x'.repeat(100_000)}`,
      },
    ],
    ['a lock file nested too deeply', { 'package.json': node22, 'package-lock.json': '['.repeat(100_000) }],
    [
      'rules to ignore that take long',
      {
        'package.json': node22,
        '.gitignore': `${'**/a/'.repeat(15)}b\n${'x'.repeat(100_000)}*\n${' '.repeat(100_000)}x\n`,
        [`${'a/'.repeat(50)}a`]: '',
      },
    ],
    ['a FIFO to ignore by', { 'package.json': node22, '.gitignore': fifo }],
    ['links that go round', { 'package.json': node22, 'a/b': link('..'), c: link('/'), d: link('d') }],
  ])('%s', async (_, files) => {
    const cwd = repository(files);
    const { exitCode, stdout } = await survived(['analyze', '--json'], cwd);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).toolchains[0]).toMatchObject({
      id: 'node',
      version: expect.stringMatching(/^22/),
    });
  });

  const pollution = '"__proto__": "1", "constructor": "2", "toString": "3", "hasOwnProperty": "4"';
  test('names that every object has', async () => {
    const json = `{ ${pollution} }`;
    const toml = '__proto__ = "1"\nconstructor = "2"\ntoString = "3"\n';
    const yaml = '  __proto__: {image: a}\n  constructor: {image: b}\n';
    const cwd = repository({
      'package.json': `{ "engines": ${json}, "dependencies": ${json}, "scripts": ${json}, "volta": ${json} }`,
      'package-lock.json': `{ "lockfileVersion": 3, "packages": { "__proto__": {}, "constructor": { "version": "1" } } }`,
      'deno.json': `{ "tasks": ${json}, "imports": ${json} }`,
      'pyproject.toml': `[project]\nname = "__proto__"\n[tool.poetry.dependencies]\n${toml}[__proto__]\na = 1\n`,
      'Cargo.toml': `[package]\nname = "__proto__"\n[dependencies]\n${toml}[features]\n`,
      'mise.toml': `[tools]\n${toml}[env]\n${toml}`,
      'compose.yaml': `services:\n${yaml}`,
      'pnpm-workspace.yaml': 'packages: [__proto__]\ncatalog: {__proto__: 1}\n',
      '.tool-versions': '__proto__ 1\nconstructor 2\n',
      'go.mod': 'module __proto__\n\ngo 1.22\n\nrequire constructor v1.0.0\n',
      'requirements.txt': '__proto__\nconstructor\n',
      '.env.example': '__proto__=1\nconstructor=2\n',
    });
    expect((await survived(['analyze', '--json'], cwd)).exitCode).toBe(0);
    expect((await survived(['explain'], cwd)).exitCode).toBe(0);
  });
});

describe('nothing of the repository becomes code', () => {
  const injection = "\"; rm -rf / #${builtins.readFile /etc/passwd}''${x}$(id)`id`\n\u001b[2J\u202e\u2028\\";

  test('names, versions and values are text', async () => {
    const cwd = repository({
      'package.json': JSON.stringify({
        name: injection,
        engines: { node: '22', npm: injection },
        packageManager: injection,
        scripts: { [injection]: injection, start: injection },
        dependencies: { [injection]: injection },
      }),
      '.nvmrc': injection,
      [`${injection.replaceAll('/', ':')}/package.json`]: '{ "engines": { "node": "24" }, "name": "x" }',
      'nidify.jsonc': JSON.stringify({ env: { A: injection.replaceAll('\u001b', '') } }),
    });
    expect((await survived(['analyze'], cwd)).exitCode).toBe(0);
    const { exitCode } = await survived([], cwd);
    expect([0, 3]).toContain(exitCode);
    for (const name of ['flake.nix', 'shell.nix', '.envrc']) {
      const text = readFileSync(path.join(cwd, name), 'utf8');
      const code = text.replace(/(^|\s)#.*$/gm, '').replace(/"(\\.|[^"\\])*"/gs, '""');
      expect(code).not.toMatch(/rm -rf|readFile \/etc|\$\(id\)|`id`/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not come
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e]/);
    }
    expect(await run('sh', ['-n', '.envrc'], { cwd })).toMatchObject({ exitCode: 0 });
  });

  test('secrets reach neither plan, nor files, nor messages', async () => {
    const secret = 'hunter2Zq81';
    const cwd = repository({
      'package.json': JSON.stringify(
        {
          engines: { node: '22' },
          dependencies: { a: `git+https://u:${secret}@example.com/a.git` },
          scripts: {
            deploy: `API_KEY=${secret} npx wrangler deploy`,
            up: `curl -H "Authorization: Bearer ${secret}" x && docker compose up`,
            login: `docker login -u a -p ${secret}`,
          },
        },
        null,
        2,
      ),
      '.npmrc': `//registry.example.com/:_authToken=${secret}\n`,
      '.env.example': `DATABASE_URL=postgres://u:${secret}@h/db\nAPI_KEY=${secret}\n`,
      'requirements.txt': `--index-url https://u:${secret}@example.com/simple\npsycopg2 @ https://u:${secret}@h/x.whl\n`,
      'compose.yaml': `services:\n  r: {image: "redis:7", command: "redis-server --requirepass ${secret}"}\n`,
      Makefile: `a:\n\tTOKEN=${secret} kubectl apply\n`,
      '.git/HEAD': 'ref: refs/heads/main\n',
      '.git/config': `[remote "origin"]\n\turl = https://u:${secret}@example.com/x?token=${secret}\n`,
    });
    for (const args of [['analyze', '--json'], ['explain'], [], ['check', '--json'], ['--diff', '--force']]) {
      const { stdout, stderr } = await survived(args, cwd);
      expect(stdout + stderr).not.toContain(secret);
    }
    for (const name of outputs) expect(readFileSync(path.join(cwd, name), 'utf8')).not.toContain(secret);
  });
});

describe('nothing is written but what nidify writes, and only where it may', () => {
  test.each([
    ['flake.nix', link('/etc/passwd')],
    ['flake.lock', link('/etc/passwd')],
    ['nidify.lock', link('/etc/passwd')],
    ['.envrc', link('/nonexistent/x')],
    ['flake.nix', fifo],
    ['nidify.lock', fifo],
    ['shell.nix/x', ''],
  ])('%s in the way: exit code 6, and nothing is written', async (name, content) => {
    const cwd = repository({ 'package.json': node22, [name]: content });
    const before = readdirSync(cwd, { recursive: true });
    for (const args of [[], ['--force']]) {
      const { exitCode, stderr } = await survived(args, cwd);
      expect(exitCode).toBe(6);
      expect(stderr).toContain(path.dirname(name) === '.' ? name : path.dirname(name));
    }
    expect(readdirSync(cwd, { recursive: true })).toEqual(before);
  });

  test('a folder above that is a link', async () => {
    const victim = folder({ keep: '' });
    const cwd = repository({ 'package.json': node22, '.nidify': link(victim), out: link(victim) });
    for (const output of ['.nidify', 'out/deeper']) {
      expect((await survived(['--output', output], cwd)).exitCode).toBe(6);
    }
    expect(readdirSync(victim)).toEqual(['keep']);
  });

  test('a lock that claims files: they stay, and stay evidence', async () => {
    const victims = ['package.json', '../victim', '.git/config', '/etc/passwd', 'src/x', '__proto__'];
    const lock = {
      ...{ schemaVersion: 1, generator: { name: 'nidify', version: '0.1.0' } },
      ...{ pins: [], lines: [], inputs: {} },
      outputs: Object.fromEntries(victims.map((name) => [name, hashOf(node22)])),
    };
    const parent = repository({ victim: node22 });
    for (const [args, exitCode] of [
      [['clean'], 0],
      [[], 0],
      [['--force'], 0],
      [['check'], 1],
    ] as const) {
      const cwd = path.join(parent, `repository-${args.join()}`);
      for (const name of ['package.json', '.git/config', 'src/x']) {
        mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
        writeFileSync(path.join(cwd, name), node22);
      }
      writeFileSync(path.join(cwd, 'nidify.lock'), JSON.stringify(lock));
      expect((await survived([...args], cwd)).exitCode).toBe(exitCode);
      for (const name of ['package.json', '../victim', '.git/config', 'src/x']) {
        expect(readFileSync(path.join(cwd, name), 'utf8')).toBe(node22);
      }
      const { stdout } = await survived(['analyze', '--json'], cwd);
      expect(JSON.parse(stdout).toolchains).toHaveLength(1);
    }
  });

  test.each([
    ['{', 3, 'nidify.lock:1'],
    ['['.repeat(100_000), 3, 'nidify.lock'],
    ['null', 3, 'not an object'],
    ['{ "schemaVersion": 1e9 }', 4, 'later nidify'],
    ['{ "schemaVersion": 1, "pins": "x" }', 3, 'generator'],
  ])('a lock that says %.40s: exit code %i', async (text, exitCode, message) => {
    const cwd = repository({ 'package.json': node22, 'nidify.lock': text });
    for (const args of [[], ['check'], ['clean']]) {
      const ran = await survived(args, cwd);
      expect(ran.exitCode).toBe(exitCode);
      expect(ran.stderr).toContain(message);
    }
    expect(readdirSync(cwd).sort()).toEqual(['nidify.lock', 'package.json']);
  });

  test.each([
    ['{ "env": { "A": 1 } }', 'nidify.jsonc:1: "env.A"'],
    ['{\n "env": { "A;id": "x" } }', 'nidify.jsonc:2'],
    ['{\n\n "packages": { "add": ["x; rm"] } }', 'nidify.jsonc:3'],
    ['{ "__proto__": 1 }', '"__proto__" is no setting'],
    ['{ "limits": { "totalBytes": 9007199254740991 } }', 'must be at most'],
    ['{ "channel": "nixos-26.05\\"; x" }', 'nidify.jsonc'],
    ['['.repeat(100_000), 'nidify.jsonc'],
    ['{', 'nidify.jsonc:1'],
  ])('a configuration that says %.50s: exit code 2', async (text, message) => {
    const cwd = repository({ 'package.json': node22, 'nidify.jsonc': text });
    const { exitCode, stderr } = await survived([], cwd);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(readdirSync(cwd).sort()).toEqual(['nidify.jsonc', 'package.json']);
  });
});

describe('Git', () => {
  test.each([
    ['ext::sh -c id'],
    ['ext::sh%20-c%20id'],
    ['fd::17'],
    ['ssh://-oProxyCommand=id/x'],
    ['git@-oProxyCommand=id:x'],
    ['git@host:--upload-pack=id'],
    ['ssh://host/--upload-pack=id'],
    ['https://host/x#--upload-pack=id'],
    ['--upload-pack=id'],
    ['http://host/x'],
    ['file://host/x'],
  ])('the address %s is refused', async (address) => {
    expect((await survived(['analyze', '--', address], folder())).exitCode).toBe(2);
  });

  test('a .git of another repository tells nothing of it', async () => {
    const other = repository({
      '.git/HEAD': 'ref: refs/heads/private\n',
      '.git/config': '[remote "origin"]\n\turl = https://example.com/private.git\n',
      '.git/refs/heads/private': `${'a'.repeat(40)}\n`,
    });
    const git = path.join(other, '.git');
    const head = 'ref: refs/heads/private\n';
    for (const files of [
      { '.git': link(git) },
      { '.git': `gitdir: ${git}\n` },
      { '.git/HEAD': head, '.git/config': link(`${git}/config`), '.git/refs': link(`${git}/refs`) },
      { '.git/HEAD': head, '.git/commondir': git },
      { '.git': 'gitdir: own\n', 'own/HEAD': head, 'own/gitdir': '../.git', 'own/commondir': git },
      { '.git/HEAD': fifo, '.git/config': fifo },
      { '.git/HEAD': head, '.git/packed-refs': sparse(500 * megabyte), '.git/index': sparse(500 * megabyte) },
    ]) {
      const { stdout } = await survived(
        ['analyze', '--json'],
        repository({ 'package.json': node22, ...files }),
      );
      const { source } = JSON.parse(stdout).repository;
      expect([source?.url ?? null, source?.commit ?? null]).toEqual([null, null]);
    }
  });
});

test('5,000 broken manifests and 20,000 files', async () => {
  const files: Files = {};
  for (let at = 0; at < 5000; at++) {
    files[`p${at}/package.json`] = '{';
    for (const name of ['a', 'b', 'c', 'd']) files[`p${at}/${name}`] = '';
  }
  expect((await survived(['analyze'], repository(files))).exitCode).toBe(0);
});

describe('the same bytes', () => {
  test('whatever the folder, time zone, language, mask and colours', async () => {
    const files = { 'b/package.json': node22, 'a/requirements.txt': 'numpy\n', Makefile: 'a:\n\tjq .\n' };
    const environments = [
      {},
      { TZ: 'Asia/Tokyo', LC_ALL: 'tr_TR.UTF-8', HOME: '/nonexistent', FORCE_COLOR: '1', COLUMNS: '40' },
    ];
    const made = [];
    for (const env of environments) {
      const cwd = path.join(repository({ [`a b ${made.length}/.keep`]: '' }), `a b ${made.length}`);
      const names = Object.entries(files);
      for (const [name, text] of made.length === 0 ? names : names.reverse()) {
        mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
        writeFileSync(path.join(cwd, name), text);
      }
      const plan = await nidify(['analyze', '--json'], { cwd, env });
      const command = `umask ${made.length === 0 ? '022' : '077'}; exec "$0" "$1" --quiet`;
      await run('sh', ['-c', command, process.execPath, cli], { cwd, env });
      made.push([plan.stdout, ...outputs.map((name) => readFileSync(path.join(cwd, name), 'utf8'))]);
    }
    expect(made[1]).toEqual(made[0]);
  });
});

const strace = '/usr/bin/strace';
if (!existsSync(strace) && process.env.CI)
  throw new Error('strace is not there: run scripts/test-tools/install.mjs');
describe.skipIf(!existsSync(strace))('by the record of the system', () => {
  test('analysing starts no program, opens no socket, writes nothing', async () => {
    const cwd = repository({
      'package.json': node22,
      'requirements.txt': link('/etc/passwd'),
      'compose.yaml': 'services:\n  db: {image: "postgres:16"}\n',
      'Cargo.toml': '[package]\nname = "x"\n',
      'nidify.jsonc': '{}',
      '.git/HEAD': 'ref: refs/heads/main\n',
      '.git/config': '[core]\n\tfsmonitor = touch pwned\n[include]\n\tpath = /etc/hostname\n',
    });
    const log = path.join(folder(), 'log');
    const calls = 'trace=process,network,file';
    const args = ['-f', '-qq', '-e', calls, '-o', log, process.execPath, cli, 'analyze', '--json'];
    expect((await run(strace, args, { cwd })).exitCode).toBe(0);
    const lines = readFileSync(log, 'utf8').split('\n');
    const mentioning = (pattern: RegExp) => lines.filter((line) => pattern.test(line));
    // The first is node itself.
    expect(mentioning(/\b(execve|execveat|fork|vfork)\(/).slice(1)).toEqual([]);
    expect(mentioning(/\bclone3?\(/).filter((line) => !line.includes('CLONE_THREAD'))).toEqual([]);
    expect(mentioning(/\b(socket|connect|bind|sendto)\(/)).toEqual([]);
    expect(mentioning(/\bO_(WRONLY|RDWR|CREAT|TRUNC|APPEND)\b/)).toEqual([]);
    expect(mentioning(/\b(unlink|rename|mkdir|rmdir|chmod|link|symlink|truncate|mknod)(at2?)?\(/)).toEqual(
      [],
    );
    const opened = lines.flatMap(
      (line) => /\bopen(?:at)?\(.*?"(?<file>[^"]*)".* = \d+$/.exec(line)?.groups?.file ?? [],
    );
    const house = path.resolve(path.dirname(cli), '..');
    const own = [
      cwd,
      house,
      realpathSync(path.join(house, 'node_modules')),
      path.dirname(process.execPath),
      '/lib',
      '/usr',
      '/proc',
      '/sys',
      '/dev',
    ];
    const system = /^\/etc\/(ld\.so|ssl\/|nsswitch|localtime)|^\/nix\/store\//;
    const elsewhere = opened.filter(
      (file) => !own.some((known) => file.startsWith(known)) && !system.test(file),
    );
    expect(elsewhere).toEqual([]);
  });
});
