import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NidifyError } from '../src/errors.ts';
import { childEnvironment, type ExecOptions, exec } from '../src/exec.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nidify-exec-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(code: string, options: Partial<ExecOptions> = {}) {
  return exec({
    program: process.execPath,
    args: ['-e', code],
    cwd: folder,
    timeoutMs: 10_000,
    graceMs: 200,
    ...options,
  });
}

function shell(script: string, options: Partial<ExecOptions> = {}) {
  return run('', { program: 'sh', args: ['-c', script], ...options });
}

async function failure(promise: Promise<unknown>): Promise<NidifyError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof NidifyError) return error;
  throw new Error(`expected a NidifyError, got ${String(error)}`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie that nobody has reaped yet is dead.
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function pidIn(file: string): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
    if (text !== '') return Number(text);
    await sleep(20);
  }
  throw new Error(`${file} was never written`);
}

describe('what comes back', () => {
  test('output as bytes, the end of standard error, and whatever exit code', async () => {
    const result = await run(
      'process.stdout.write("out\\n"); process.stderr.write("err\\n"); process.exitCode = 3',
    );
    expect(result.stdout.toString()).toBe('out\n');
    expect(result.stderrTail).toBe('err\n');
    expect(result.exitCode).toBe(3);
  });

  test('arguments arrive as they are: no shell reads them', async () => {
    const hostile = ['$(touch x)', '; rm -rf /', 'a b', '--flag', "'", '"', '\n'];
    const { stdout } = await run('process.stdout.write(JSON.stringify(process.argv.slice(1)))', {
      args: ['-e', 'process.stdout.write(JSON.stringify(process.argv.slice(1)))', '--', ...hostile],
    });
    expect(JSON.parse(stdout.toString())).toEqual(hostile);
  });

  test('standard input is what was given, and empty otherwise', async () => {
    const echo = 'process.stdin.pipe(process.stdout)';
    expect((await run(echo, { stdin: 'hello' })).stdout.toString()).toBe('hello');
    expect((await run(echo)).stdout.toString()).toBe('');
  });

  test('a program that never reads a large input is no error', async () => {
    const result = await run('process.exitCode = 0', { stdin: Buffer.alloc(4_000_000) });
    expect(result.exitCode).toBe(0);
  });
});

describe('what is missing', () => {
  test('a program that is not on PATH: exit code 4, with the hint of the caller', async () => {
    const error = await failure(run('', { program: 'no-such-program', whenMissing: 'Get it.' }));
    expect(error).toMatchObject({ code: 'tool-missing', exitCode: 4, hint: 'Get it.' });
    expect(error.message).toContain('no-such-program');
  });

  test('a folder to run in that is gone is not blamed on the program', async () => {
    const error = await failure(run('', { cwd: path.join(folder, 'gone') }));
    expect(error.exitCode).toBe(4);
    expect(error.message).toMatch(/could not be started/);
  });

  test('a program in the working directory is never found, whatever PATH says', async () => {
    const planted = path.join(folder, 'git');
    writeFileSync(planted, '#!/bin/sh\ntouch planted\n');
    chmodSync(planted, 0o755);
    const before = process.env.PATH;
    process.env.PATH = `.:${path.delimiter}:bin`;
    try {
      expect((await failure(run('', { program: 'git', args: [] }))).code).toBe('tool-missing');
    } finally {
      process.env.PATH = before;
    }
    expect(existsSync(path.join(folder, 'planted'))).toBe(false);
  });
});

describe('bounds', () => {
  test('a child that ignores SIGTERM is killed after the time-out: exit code 75', async () => {
    const started = performance.now();
    const error = await failure(
      run('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)', { timeoutMs: 400 }),
    );
    expect(error).toMatchObject({ code: 'tool-timed-out', exitCode: 75 });
    expect(performance.now() - started).toBeLessThan(4000);
  });

  test('grandchildren die with a child that ran out of time', async () => {
    const promise = failure(
      shell('(trap "" TERM; while :; do sleep 0.1; done) & echo $! > pid; wait', { timeoutMs: 600 }),
    );
    const pid = await pidIn(path.join(folder, 'pid'));
    expect(isAlive(pid)).toBe(true);
    expect((await promise).code).toBe('tool-timed-out');
    await sleep(50);
    expect(isAlive(pid)).toBe(false);
  });

  test('a child that forks without end leaves nothing', async () => {
    const script =
      'trap "" TERM; i=0; while [ $i -lt 150 ]; do sleep 61 & echo $! >> pids; i=$((i+1)); done; wait';
    expect((await failure(shell(script, { timeoutMs: 1000 }))).code).toBe('tool-timed-out');
    await sleep(100);
    const pids = readFileSync(path.join(folder, 'pids'), 'utf8').trim().split('\n').map(Number);
    expect(pids.length).toBeGreaterThan(20);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test('a grandchild that outlives its parent and holds the pipe open neither hangs the call nor lives on', async () => {
    const started = performance.now();
    const result = await shell('sleep 60 & echo $! > pid; echo done');
    expect(result.stdout.toString()).toBe('done\n');
    expect(performance.now() - started).toBeLessThan(5000);
    await sleep(50);
    expect(isAlive(await pidIn(path.join(folder, 'pid')))).toBe(false);
  });

  test('a grandchild in a session of its own does not hang the call', async () => {
    const started = performance.now();
    const result = await shell('setsid sh -c "echo \\$\\$ > pid; exec sleep 20" & sleep 0.3; echo done');
    expect(result.exitCode).toBe(0);
    expect(performance.now() - started).toBeLessThan(5000);
    process.kill(await pidIn(path.join(folder, 'pid')), 'SIGKILL');
  });

  test('a flood is ended at the limit', async () => {
    const error = await failure(
      run(
        'const b = Buffer.alloc(65536, 120); (function w() { while (process.stdout.write(b)); process.stdout.once("drain", w) })()',
        {
          maxOutputBytes: 1_000_000,
        },
      ),
    );
    expect(error).toMatchObject({ code: 'tool-output-limit', exitCode: 5 });
  });

  test('of a long standard error the end is kept', async () => {
    const { stderrTail } = await run('process.stderr.write("x".repeat(100000) + "the reason")');
    expect(stderrTail.endsWith('the reason')).toBe(true);
    expect(stderrTail.length).toBeLessThanOrEqual(16 * 1024);
  });

  test('an abort ends the child', async () => {
    const controller = new AbortController();
    const promise = failure(shell('echo $$ > pid; exec sleep 60', { signal: controller.signal }));
    const pid = await pidIn(path.join(folder, 'pid'));
    controller.abort();
    expect((await promise).code).toBe('aborted');
    expect(isAlive(pid)).toBe(false);
  });

  test('nothing is started when the signal has been aborted already', async () => {
    const error = await failure(shell('touch started', { signal: AbortSignal.abort() }));
    expect(error.code).toBe('aborted');
    expect(existsSync(path.join(folder, 'started'))).toBe(false);
  });

  test('a signal from outside is not a success', async () => {
    expect((await failure(shell('kill -9 $$'))).code).toBe('tool-killed');
  });
});

describe('the environment of a program', () => {
  test('is an allow-list', async () => {
    process.env.NIDIFY_TEST_LEAK = 'leaked';
    try {
      const { stdout } = await run('process.stdout.write(JSON.stringify(process.env))', {
        env: { EXTRA: '1' },
      });
      const seen: Record<string, string> = JSON.parse(stdout.toString());
      expect(seen.EXTRA).toBe('1');
      expect(seen.NIDIFY_TEST_LEAK).toBeUndefined();
    } finally {
      delete process.env.NIDIFY_TEST_LEAK;
    }
  });

  test('passes what programs need, and no name that looks like a secret', () => {
    const environment = childEnvironment({
      PATH: '/usr/bin',
      HOME: '/home/me',
      LC_ALL: 'C.UTF-8',
      XDG_CONFIG_HOME: '/home/me/.config',
      XDG_AUTH_TOKEN: 's',
      LC_PASSWORD: 's',
      https_proxy: 'http://proxy:3128',
      NIX_SSL_CERT_FILE: '/ca.pem',
      NIX_ACCESS_TOKENS: 's',
      GITHUB_TOKEN: 's',
      NODE_OPTIONS: '--require=/evil.js',
      LD_PRELOAD: '/evil.so',
    });
    expect(Object.keys(environment).sort()).toEqual(
      ['HOME', 'LC_ALL', 'NIX_SSL_CERT_FILE', 'PATH', 'XDG_CONFIG_HOME', 'https_proxy'].sort(),
    );
  });

  test('passes a further name only when the caller asks for it', () => {
    const from = { PATH: '/usr/bin', SSH_AUTH_SOCK: '/run/agent' };
    expect(childEnvironment(from).SSH_AUTH_SOCK).toBeUndefined();
    expect(childEnvironment(from, { allow: ['SSH_AUTH_SOCK'] }).SSH_AUTH_SOCK).toBe('/run/agent');
  });

  test('has no relative folder on PATH', () => {
    expect(childEnvironment({ PATH: '.:/usr/bin::bin:/bin' }).PATH).toBe('/usr/bin:/bin');
  });
});

test('a folder named like a program is not run', async () => {
  mkdirSync(path.join(folder, 'git'));
  const before = process.env.PATH;
  process.env.PATH = folder;
  try {
    expect((await failure(run('', { program: 'git' }))).code).toBe('tool-missing');
  } finally {
    process.env.PATH = before;
  }
});

describe('what holds from the first instruction', () => {
  test.skipIf(process.platform !== 'linux')(
    'a bound for memory, for the program and what it starts',
    async () => {
      const limits = { memoryBytes: 64 * 1024 ** 2 };
      const { stdout } = await shell('ulimit -d; sh -c "ulimit -d"', { limits });
      expect(stdout.toString()).toBe('65536\n65536\n');
    },
  );
});

describe('standard error, line by line', () => {
  test('is told as it comes, and bounded', async () => {
    const lines: string[] = [];
    const code = `process.stderr.write('one\\ntwo\\n' + 'x'.repeat(200000) + '\\nlast')`;
    const { stderrTail } = await run(code, { onErrorLine: (line) => lines.push(line), maxErrorBytes: 1e9 });
    expect(lines.map((line) => line.length)).toEqual([3, 3, 65536, 4]);
    expect(lines[0]).toBe('one');
    expect(stderrTail.length).toBe(16 * 1024);
  });
});
