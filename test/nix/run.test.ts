/** `nidify run` and `nidify shell` as a user has them: the built command, and an environment that Nix built. */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { lockOf } from '../../src/lock/make.ts';
import { render } from '../../src/render/render.ts';
import { write } from '../../src/write/write.ts';
import { hostileValues } from '../support/hostile-values.ts';
import { describeNix, type NixVersion, nixEnvironment } from './harness.ts';
import { standInCatalogue } from './stand-in-catalogue.ts';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const documentation = fileURLToPath(new URL('../../docs/running.md', import.meta.url));

interface Ran {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

describeNix('nidify run', (nixes) => {
  const storage = mkdtempSync(path.join(tmpdir(), 'nidify-run-'));
  const project = path.join(storage, 'shop');
  let env: Record<string, string>;
  let count = 0;

  beforeAll(async () => {
    chmodSync(storage, 0o755);
    mkdirSync(path.join(project, 'src'), { recursive: true });
    writeFileSync(path.join(project, 'package.json'), '{ "name": "shop", "engines": { "node": "22" } }\n');
    const plan = await analyze(project, { catalogue: await standInCatalogue() });
    const files = await render(plan);
    await write(files, { directory: project, lock: lockOf(plan, files) });
    env = await nixEnvironment(nixes.at(-1) as NixVersion);
    // What everything here waits for: built, and the build sandbox proved.
    expect(await nidify(['run', '--', 'true'])).toMatchObject({ exitCode: 0 });
  });
  afterAll(() => rmSync(storage, { recursive: true, force: true }));

  interface How {
    cwd?: string;
    more?: Record<string, string>;
    input?: string;
    wrapper?: string[];
  }

  async function nidify(args: readonly string[], { cwd = project, more, input, wrapper = [] }: How = {}) {
    const [program = '', ...words] = [...wrapper, process.execPath, cli, ...args];
    const { exitCode, stdout, stderr } = await execa(program, words, {
      cwd,
      env: { ...env, ...more },
      extendEnv: false,
      reject: false,
      timeout: 60_000,
      maxBuffer: 1 << 26,
      ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    });
    return { exitCode, stdout, stderr } satisfies Ran;
  }

  /** Runs JavaScript with the environment's node; what it gives to `tell` is the result. */
  async function told(script: string, options: readonly string[] = [], how: How = {}, args: string[] = []) {
    const program = `const tell = (x) => process.stdout.write(JSON.stringify(x)); ${script}`;
    const ran = await nidify(['run', ...options, '--', 'node', '-e', program, '--', ...args], how);
    if (ran.stdout === '') throw new Error(`nothing was told: ${ran.exitCode} ${ran.stderr}`);
    return JSON.parse(ran.stdout);
  }

  /** A number that no other process sleeps for. */
  const marker = () => String(80_000 + (process.pid % 5000) * 2 + count++);

  async function sleepers(mark: string): Promise<string> {
    const { stdout } = await execa('pgrep', ['-f', `^sleep ${mark}$`], { reject: false });
    return stdout;
  }

  /** The built command on a terminal of its own, and what is typed once it has said something. */
  async function onTerminal(args: string[], typed: [after: RegExp, text: string][]): Promise<string> {
    const quoted = [process.execPath, cli, ...args].map((each) => `'${each}'`).join(' ');
    const child = spawn('script', ['-qc', `${quoted}; echo ended $?.`, '/dev/null'], {
      cwd: project,
      env: { ...env, TERM: 'dumb', SHELL: '/bin/bash' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const timer = setTimeout(() => child.kill('SIGTERM'), 20_000);
    let shown = '';
    let next = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString('utf8');
      const [after, text] = typed[next] ?? [];
      if (after?.test(shown) && text !== undefined) {
        next += 1;
        // As a person does: what is typed while a shell hands the terminal over is lost.
        setTimeout(() => child.stdin.write(text), 200);
      }
      if (/ended \d+\./.test(shown)) child.stdin.end();
    });
    await new Promise((resolve) => child.once('close', resolve));
    clearTimeout(timer);
    return shown;
  }

  async function website(): Promise<number> {
    const server: Server = createServer((message, response) => response.end(`from outside: ${message.url}`));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return (server.address() as AddressInfo).port;
  }

  test('runs the programs of the environment, and its exit code is theirs', async () => {
    const { exitCode, stdout } = await nidify(['run', '--', 'node', '--version']);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^v22\.\d+\.\d+$/)]);
    expect((await nidify(['run', '--', 'bash', '-c', 'exit 42'])).exitCode).toBe(42);
    expect((await nidify(['run', '--', 'no-such-program'])).exitCode).toBe(127);
  });

  test('passes the documented variables on and no others, and starts where the caller is', async () => {
    const text = readFileSync(documentation, 'utf8');
    const [, list = ''] = /\nThese pass:(.*?)\n\n/s.exec(text) ?? [];
    const documented = [...list.matchAll(/`([A-Za-z_]+)`/g)].map(([, name = '']) => name);
    expect(documented.length).toBeGreaterThan(10);
    const given = {
      ...Object.fromEntries(
        documented.filter((name) => !(name in env) && !/^NIX_/.test(name)).map((name) => [name, '/tmp']),
      ),
      ...Object.fromEntries(strange.map((name) => [name, 'strange'])),
      SECRET_TOKEN: 'hush',
      KEPT: 'kept',
    };
    const cwd = path.join(project, 'src');
    const show = 'tell({ env: process.env, cwd: process.cwd() })';
    const alone = await told(show, [], { more: Object.fromEntries([...strange].map((name) => [name, 'x'])) });
    const seen = await told(show, ['-C', project, '--keep', 'KEPT'], { cwd, more: given });
    expect(seen.cwd).toBe(cwd);
    expect(seen.env.KEPT).toBe('kept');
    const passed = Object.keys(seen.env).filter((name) => !(name in alone.env));
    expect(passed.filter((name) => !documented.includes(name))).toEqual(['KEPT']);
    expect(JSON.stringify(seen.env)).not.toMatch(/strange|hush/);
  });

  describe.each([
    ['', []],
    [' --sandbox', ['--sandbox']],
  ])('run%s', (_name, sandbox) => {
    test('passes SIGTERM on to the command, and leaves no orphan', async () => {
      const mark = marker();
      const script = `trap 'echo tidied; exit 7' TERM; sleep ${mark} & sleep ${mark} & echo ready; wait`;
      const child = execa(process.execPath, [cli, 'run', ...sandbox, '--', 'bash', '-c', script], {
        cwd: project,
        env,
        extendEnv: false,
        reject: false,
      });
      await new Promise<void>((resolve) =>
        child.stdout.on('data', (text) => /ready/.test(text) && resolve()),
      );
      expect(await sleepers(mark)).toMatch(/^\d+\n\d+$/);
      child.kill('SIGTERM');
      expect(await child).toMatchObject({ exitCode: 7, stdout: 'ready\ntidied' });
      await expect.poll(() => sleepers(mark)).toBe('');
    });

    test('gives the command every byte of hostile values, and runs none of them', async () => {
      const values = hostileValues();
      expect(new Set(values).size).toBeGreaterThan(190);
      const half = values.map((_, at) => at).filter((at) => at % 2 === 0);
      const kept = half.flatMap((at) => ['--keep', `V${at}`]);
      const set = values.flatMap((value, at) => (at % 2 === 0 ? [] : ['--env', `V${at}=${value}`]));
      const more = Object.fromEntries(half.map((at) => [`V${at}`, values[at] ?? '']));
      const trace = path.join(storage, `trace-${count++}`);
      const wrapper = ['strace', '-f', '-qq', '-s', '0', '-e', 'trace=execve,execveat', '-o', trace, '--'];
      const show =
        'const { env, argv } = process; tell({ argv: argv.slice(1), env: Object.fromEntries(Object.entries(env).filter(([n]) => /^V\\d/.test(n))) })';
      const seen = await told(show, [...sandbox, ...kept, ...set], { more, wrapper }, values);
      expect(seen.argv).toEqual(values);
      expect(seen.env).toEqual(Object.fromEntries(values.map((value, at) => [`V${at}`, value])));
      expect(existsSync(path.join(project, 'pwned'))).toBe(false);
      const programs = executed(readFileSync(trace, 'utf8'));
      expect(programs).toEqual(expect.arrayContaining(['enter', 'node']));
      expect(programs.filter((name) => !expectedPrograms.includes(name))).toEqual([]);
    });

    test('works in folders of any name', async () => {
      const names = hostileValues()
        .filter((value) => value.length < 200)
        .map((value) => value.replaceAll('/', '_'))
        .filter((value) => !['', '.', '..'].includes(value));
      const folders = [0, 1, 2].map((each) => names.filter((_, at) => at % 3 === each));
      expect(folders.flat().length).toBeGreaterThan(190);
      for (const components of folders) {
        const root = mkdtempSync(path.join(storage, 'names-'));
        const cwd = path.join(root, ...components);
        mkdirSync(cwd, { recursive: true });
        cpSync(project, cwd, { recursive: true });
        const script = 'require("fs").writeFileSync("written", ""); tell(process.cwd())';
        expect(await told(script, sandbox, { cwd })).toBe(cwd);
        expect(existsSync(path.join(cwd, 'written'))).toBe(true);
        expect(
          readdirSync(root, { recursive: true }).filter((name) => /\/pwned$/.test(String(name))),
        ).toEqual([]);
      }
    });
  });

  test('--sandbox shows the project and the environment, and nothing else of this machine', async () => {
    const port = await website();
    const other = path.join(storage, 'other');
    mkdirSync(other, { recursive: true });
    writeFileSync(path.join(other, 'secret'), 'x');
    const script = `
      const fs = require('node:fs');
      const tried = (work) => { try { return work() ?? 'done'; } catch (error) { return error.code; } };
      const see = (file) => tried(() => { fs.lstatSync(file); return 'seen'; });
      const put = (file) => tried(() => fs.writeFileSync(file, 'x'));
      (async () => tell({
        hidden: ['/etc/shadow', '/root', '/usr/bin/ls', ${JSON.stringify(other)}, ${JSON.stringify(env.HOME)}, '/sys', '/run', '/nix/var'].map(see),
        home: [process.env.HOME, fs.readdirSync(process.env.HOME), put(process.env.HOME + '/x')],
        tmp: [fs.readdirSync('/tmp').length, put('/tmp/x')],
        project: [put('made'), put('${path.join(project, 'src/made')}')],
        others: ['/x', '/etc/x', '/nix/store/x', '/usr/x', '/home/x'].map(put),
        processes: fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length,
        net: await fetch('http://127.0.0.1:${port}/').then((r) => r.text(), (error) => error.cause.code),
        env: process.env,
      }))();`;
    const more = {
      SECRET_TOKEN: 'hush',
      KEPT: 'kept',
      HTTPS_PROXY: 'http://127.0.0.1:9',
      XDG_RUNTIME_DIR: '/r',
    };
    const seen = await told(script, ['--sandbox', '--keep', 'KEPT'], { more });
    expect(new Set(seen.hidden)).toEqual(new Set(['ENOENT']));
    expect(seen.home).toEqual(['/home/nidify', [], 'done']);
    expect(seen.tmp).toEqual([1, 'done']);
    expect(seen.project).toEqual(['done', 'done']);
    for (const code of seen.others) expect(code).toMatch(/^E(ROFS|ACCES)$/);
    expect(seen.processes).toBeLessThan(5);
    expect(seen.net).toBe('ECONNREFUSED');
    expect(seen.env).toMatchObject({ KEPT: 'kept' });
    for (const name of ['SECRET_TOKEN', 'HTTPS_PROXY', 'XDG_RUNTIME_DIR', 'NIX_CONF_DIR']) {
      expect(seen.env).not.toHaveProperty([name]);
    }
    expect(existsSync(path.join(project, 'made'))).toBe(true);
    expect(existsSync('/tmp/x')).toBe(false);
  });

  test('--sandbox --read-only keeps the project as it is', async () => {
    const script =
      'try { require("fs").writeFileSync("not-made", ""); tell("made") } catch (e) { tell(e.code) }';
    expect(await told(script, ['--sandbox', '--read-only'])).toBe('EROFS');
    expect(existsSync(path.join(project, 'not-made'))).toBe(false);
  });

  test('--network lets out to a registry of the user’s own, and nowhere else', async () => {
    const [port, other] = [await website(), await website()];
    const script = `
      const get = (url) => fetch(url).then(async (r) => [r.status, await r.text()], (error) => error.cause?.code ?? 'failed');
      (async () => console.log(JSON.stringify([await get('http://localhost:${port}/own'), await get('http://localhost:${other}/'), await get('http://evil.example/')])))();`;
    const options = ['--sandbox', '--network', `localhost:${port}`];
    const { stdout, stderr } = await nidify(['run', ...options, '--', 'node', '-e', script]);
    const [own, another] = JSON.parse(stdout);
    expect(own).toEqual([200, 'from outside: /own']);
    expect(another).toBe('ECONNREFUSED');
    expect(stderr).toContain('evil.example is not among the allowed hosts');
  });

  describe.each([
    ['shell', []],
    ['shell --sandbox', ['--sandbox']],
  ])('%s', (_name, sandbox) => {
    test('reads a script from a pipe', async () => {
      const input = 'node --version\nshopt -q login_shell || echo plain\nexit 3\n';
      const { exitCode, stdout, stderr } = await nidify(['shell', ...sandbox], { input });
      expect([exitCode, stdout]).toEqual([3, expect.stringMatching(/^v22\.\d+\.\d+\nplain$/)]);
      expect(stderr).not.toMatch(/job control|ioctl/);
    });

    test('is interactive on a terminal: a prompt, Ctrl-C for the command, and its exit code', async () => {
      const mark = marker();
      const shown = await onTerminal(
        ['shell', ...sandbox],
        [
          [/\(nidify\) \S*shop[#$] $/, `echo a$((20 + 1)); sleep ${mark}\r`],
          [/a21\r\n/, '\u0003'],
          [/\^C[\s\S]*[#$] $/, 'echo "b$?"; exit 4\r'],
        ],
      );
      expect(shown).toMatch(/b130\r\n/);
      expect(shown).toMatch(/ended 4\./);
      expect(await sleepers(mark)).toBe('');
    });
  });

  test('Ctrl-C on a terminal reaches the command of run once, and ends one in the sandbox', async () => {
    const mark = marker();
    const script = `trap "echo tidied; exit 9" INT; echo ready; sleep ${mark}`;
    const plain = await onTerminal(['run', '--', 'bash', '-c', script], [[/ready\r\n/, '\u0003']]);
    expect(plain).toMatch(/tidied\r\nended 9\./);
    expect(plain.match(/tidied/g)).toHaveLength(1);
    const inside = ['run', '--sandbox', '--', 'bash', '-c', `echo ready; sleep ${mark}`];
    expect(await onTerminal(inside, [[/ready\r\n/, '\u0003']])).toMatch(/ended 130\./);
    await expect.poll(() => sleepers(mark)).toBe('');
  });
});

/** Variables that change what programs do, and one of nobody's. */
const strange = [
  ...['LD_PRELOAD_', 'NODE_OPTIONS_', 'BASH_ENV', 'ENV', 'PYTHONPATH', 'PERL5LIB', 'GIT_DIR', 'EDITOR'],
  ...['AWS_SECRET_ACCESS_KEY', 'npm_config_registry', 'CDPATH', 'IFS_', 'XDG_AUTH_TOKEN', 'nobodys'],
];

/** All that `run` may start: Nix and its helpers, what makes the sandbox, and the environment's way in. */
const expectedPrograms = [
  ...['node', 'nix', 'nix-store', 'nix-build', 'nix-instantiate', 'git', 'setpriv', 'prlimit', 'bwrap'],
  ...['exe', 'enter', 'bash', 'strace'],
];

/** The names of the programs that were executed, in a log of strace. */
function executed(log: string): string[] {
  const calls = log.split('\n').filter((line) => line.includes('execve') && !line.includes(' = -1 '));
  return [...new Set(calls.flatMap((line) => /execve(?:at)?\("([^"]*)"/.exec(line)?.[1] ?? []))].map((file) =>
    path.basename(file),
  );
}
