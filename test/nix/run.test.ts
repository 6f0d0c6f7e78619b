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
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { lockOf } from '../../src/lock/make.ts';
import { render } from '../../src/render/render.ts';
import { runInSandbox } from '../../src/sandbox/run.ts';
import { write } from '../../src/write/write.ts';
import { folderWith } from '../support/folder.ts';
import { hostileValues } from '../support/hostile-values.ts';
import { environmentWithoutNix } from '../support/sandbox.ts';
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

  test('passes on no file that nidify was started with: a folder among them would be a way out', async () => {
    const wrapper = ['bash', '-c', 'exec 9</dev/null 20</root 40</ 41</etc/passwd; exec "$@"', 'bash'];
    const script =
      "tell(require('fs').readdirSync('/proc/self/fd').map((fd) => { try { return require('fs').readlinkSync('/proc/self/fd/' + fd) } catch { return '' } }))";
    const open = (await told(script, ['--sandbox'], { wrapper })) as string[];
    expect(
      open.filter((file) => file.startsWith('/') && !file.startsWith('/dev/') && !file.startsWith('/proc/')),
    ).toEqual([]);
  });

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

  describe('the limits of --sandbox', () => {
    const shellIn = (script: string, ...options: string[]) =>
      nidify(['run', '--sandbox', ...options, '--', 'bash', '-c', script]);

    test('--max-processes ends a fork bomb’s growth, and the time limit all of it', async () => {
      const many = 'for i in $(seq 60); do sleep 5 & done 2>/dev/null; jobs | wc -l';
      const { exitCode, stderr } = await shellIn('exit 0', '--max-processes', '100');
      if (exitCode === 125) {
        // Never without the bound that was asked for.
        expect(stderr).toContain('--max-processes cannot be enforced');
        expect(existsSync('/sys/fs/cgroup/pids/cgroup.procs')).toBe(false);
        return;
      }
      const mark = marker();
      const bomb = `f() { sleep ${mark} & f | f & }; f; wait; sleep ${mark}`;
      const started = Date.now();
      const bombed = await shellIn(bomb, '--max-processes', '40', '--timeout', '1');
      expect(bombed.exitCode).toBe(124);
      expect(bombed.stderr).toContain('Resource temporarily unavailable');
      expect(Date.now() - started).toBeLessThan(12_000);
      expect(await sleepers(mark)).toBe('');
      const counted = await shellIn(`${many}; ls -d /proc/[0-9]* | wc -l`, '--max-processes', '100');
      expect(counted.stdout.split('\n')[0]).toBe('60');
    });

    test('all that a command left behind ends with it, also what ignores signals', async () => {
      const mark = marker();
      const script = `for i in 1 2 3 4 5 6 7 8 9; do (trap '' TERM HUP; exec sleep ${mark}) & done; sleep 0.3; exit 3`;
      const ended = await shellIn(script);
      expect(ended.exitCode).toBe(3);
      await expect.poll(() => sleepers(mark)).toBe('');
      const late = await shellIn(`(trap '' TERM; exec sleep ${mark}) & sleep ${mark}`, '--timeout', '1');
      expect(late.exitCode).toBe(124);
      await expect.poll(() => sleepers(mark)).toBe('');
    });

    test('--max-memory bounds what a process allocates', async () => {
      const script = 'try { tell(Buffer.alloc(1e8, 1).length) } catch (error) { tell(error.code) }';
      expect(await told(script, ['--sandbox', '--max-memory', '4G'])).toBe(1e8);
      const { exitCode, stdout } = await nidify([
        ...[
          'run',
          '--sandbox',
          '--max-memory',
          '400M',
          '--',
          'node',
          '-e',
          'Buffer.alloc(6e8, 1); console.log(1)',
        ],
      ]);
      expect([exitCode === 0, stdout]).toEqual([false, '']);
    });

    test('--max-file-size bounds what a process writes', async () => {
      const script = `trap '' XFSZ; node -e 'fs.writeFileSync("big", Buffer.alloc(1e5))' 2>&1 | grep -o EFBIG | head -n 1`;
      const { stdout } = await shellIn(script, '--max-file-size', '4K');
      expect(stdout).toBe('EFBIG');
      expect(statSync(path.join(project, 'big')).size).toBe(4096);
    });
  });

  test('a closure of more paths than bwrap takes at once is there all the same', async () => {
    const environment = environmentWithoutNix();
    const { storeDirectory } = environment;
    const names = Array.from({ length: 400 }, (_, at) => `${String(at).padStart(32, '0')}-made`);
    for (const name of names) mkdirSync(path.join(storeDirectory ?? '', name));
    const folder = folderWith({});
    const exitCode = await runInSandbox({
      environment: {
        ...environment,
        closure: [...environment.closure, ...names.map((name) => `/nix/store/${name}`)],
      },
      command: [
        `${environment.storePath}/bin/enter`,
        'sh',
        '-c',
        'ls /nix/store | wc -l > out; for each in /nix/store/*-made; do touch $each/x 2>> out; done; exit 5',
      ],
      project: folder,
      isReadOnly: false,
      cwd: folder,
      network: { kind: 'none' },
      env: {},
      hostEnv: { PATH: process.env.PATH ?? '' },
      limits: {},
      // For 100 paths each.
      mostWords: 500,
    });
    expect(exitCode).toBe(5);
    const [count, ...refused] = readFileSync(path.join(folder, 'out'), 'utf8').trim().split('\n');
    expect(count).toBe('402');
    expect(refused).toHaveLength(400);
    expect(refused.filter((line) => !line.includes('Read-only'))).toEqual([]);
  });

  test('works for a user without rights, through a daemon', async () => {
    const stranger = 4242;
    const version = nixes.at(-1) as NixVersion;
    const at = path.join(storage, 'stranger');
    for (const name of ['home', 'shop', 'nidify', 'socket'])
      mkdirSync(path.join(at, name), { recursive: true });
    cpSync(path.dirname(cli), path.join(at, 'nidify/dist'), { recursive: true });
    cpSync(path.join(path.dirname(cli), '../node_modules/zod'), path.join(at, 'nidify/node_modules/zod'), {
      recursive: true,
    });
    writeFileSync(path.join(at, 'nidify/package.json'), '{"type":"module"}');
    cpSync(project, path.join(at, 'shop'), { recursive: true });
    await execa('chown', ['-R', `${stranger}:${stranger}`, path.join(at, 'home'), path.join(at, 'shop')]);
    const socket = path.join(at, 'socket/socket');
    const daemonEnv = await nixEnvironment(version, { 'trusted-users': 'root' });
    const daemon = execa(path.join(version.bin, 'nix-daemon'), [], {
      env: { ...daemonEnv, NIX_DAEMON_SOCKET_PATH: socket },
      extendEnv: false,
      reject: false,
      stdio: 'ignore',
    });
    onTestFinished(() => void daemon.kill('SIGTERM'));
    await expect.poll(() => existsSync(socket)).toBe(true);
    // The newest Nix is in a home that is closed to others: here it is open, with that alone in it.
    const tools = path.dirname(version.bin);
    const open = tools.startsWith(`${homedir()}/`)
      ? 'mount --bind "$1" /mnt && mount -t tmpfs -o mode=755 none "$0" && mkdir -p "$1" && mount --bind /mnt "$1" && shift && exec "$@"'
      : 'shift && exec "$@"';
    const opened = ['--mount', 'sh', '-c', open, homedir(), tools, 'setpriv'];
    const run = async (...args: string[]) => {
      const words = [
        ...opened,
        `--reuid=${stranger}`,
        `--regid=${stranger}`,
        '--clear-groups',
        process.execPath,
      ];
      const { exitCode, stdout, stderr } = await execa(
        'unshare',
        [...words, path.join(at, 'nidify/dist/cli.js'), 'run', ...args],
        {
          cwd: path.join(at, 'shop'),
          env: {
            ...env,
            HOME: path.join(at, 'home'),
            ...xdgIn(path.join(at, 'home')),
            ...daemonSettings(socket),
          },
          extendEnv: false,
          reject: false,
          stdin: 'ignore',
          timeout: 60_000,
        },
      );
      return { exitCode, stdout, stderr };
    };
    // Within the bound there is room for Node.js and its threads; then the kernel holds what wants more.
    const script =
      'id -u; node --version; touch made && echo made; ls /root /etc/shadow 2>/dev/null; for i in $(seq 60); do sleep 9 & done; echo all';
    const options = ['--sandbox', '--max-processes', '40', '--timeout', '3'];
    const { exitCode, stdout, stderr } = await run(...options, '--', 'bash', '-c', script);
    expect(stdout).toMatch(/^4242\nv22\.[\d.]+\nmade$/);
    expect(stderr).toContain('Resource temporarily unavailable');
    expect(exitCode).toBe(124);
  });
});

const xdgIn = (home: string) => ({
  XDG_CACHE_HOME: path.join(home, 'cache'),
  XDG_STATE_HOME: path.join(home, 'state'),
  XDG_CONFIG_HOME: path.join(home, 'config'),
  XDG_DATA_HOME: path.join(home, 'data'),
});
const daemonSettings = (socket: string) => ({
  NIX_REMOTE: 'daemon',
  NIX_DAEMON_SOCKET_PATH: socket,
  NIX_CONFIG: '',
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
