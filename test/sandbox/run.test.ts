import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type RunArguments, run } from '../../src/cli/commands/run.ts';
import { runCommand } from '../../src/cli/run.ts';
import { stages } from '../../src/cli/stages.ts';
import { folderWith } from '../support/folder.ts';
import { hostileValues } from '../support/hostile-values.ts';
import { capturedIo } from '../support/io.ts';
import { describeSandbox, environmentWithoutNix } from '../support/sandbox.ts';

const secrets = {
  AWS_SECRET_ACCESS_KEY: 'secret-1',
  NPM_TOKEN: 'secret-2',
  GITHUB_TOKEN: 'secret-3',
  SSH_AUTH_SOCK: '/secret-4',
};

/** Runs a command in the environment without Nix; what it wrote to `out` is its output. */
async function ran(command: readonly string[], args: RunArguments = {}, files: Record<string, string> = {}) {
  const project = folderWith(files);
  const io = capturedIo({ cwd: project, env: { ...process.env, ...secrets } });
  const environment = environmentWithoutNix();
  const context = { io, stages, base: project, quiet: false };
  const exitCode = await run({ ...args, command }, context, async () => environment);
  const out = path.join(project, 'out');
  return { exitCode, project, out: existsSync(out) ? readFileSync(out) : Buffer.alloc(0), io };
}

const shell = (script: string, args: RunArguments = {}, files: Record<string, string> = {}) =>
  ran(['sh', '-c', script], args, files);

for (const isSandboxed of [false, true]) {
  const describeIt = isSandboxed ? describeSandbox : describe;
  const sandbox = isSandboxed ? { sandbox: true } : {};
  describeIt(`run${isSandboxed ? ' --sandbox' : ''}`, () => {
    test.each([
      ['its exit code', 'exit 42', 42],
      ['128 and the number of its signal', 'kill -KILL $$', 137],
      ['127 for a program that is not there', 'exec /none', 127],
      ['126 for one that cannot be executed', 'exec /etc/passwd', 126],
    ])('passes on %s', async (_what, script, expected) => {
      expect((await shell(script, sandbox)).exitCode).toBe(expected);
    });

    test('enters the environment, where the caller is', async () => {
      const { out, project } = await shell('echo "$ENTERED $PWD" > out', sandbox);
      expect(out.toString()).toBe(`yes ${project}\n`);
    });

    test('passes no secret on, and what --keep and --env name', async () => {
      const args = { ...sandbox, keep: ['GITHUB_TOKEN'], env: ['A=b=c'] };
      const listed = (await shell('env > out', args)).out.toString();
      expect(listed).toContain('GITHUB_TOKEN=secret-3\n');
      expect(listed).toContain('A=b=c\n');
      expect(listed).not.toMatch(/secret-[124]/);
    });

    test('passes every byte of arguments and variables, and executes none', async () => {
      const values = hostileValues();
      const args = { ...sandbox, env: values.map((value, at) => `V${at}=${value}`) };
      const script = [
        'printf "%s\\0" "$@" > out',
        'i=0; while [ $i -lt 200 ]; do eval "printf \'%s\\0\' \\"\\$V$i\\"" >> out; i=$((i+1)); done',
      ].join('\n');
      const { out, project } = await ran(['sh', '-c', script, 'sh', ...values], args);
      expect(out.toString().split('\0').slice(0, -1)).toEqual([...values, ...values]);
      expect(existsSync(path.join(project, 'pwned'))).toBe(false);
    });

    test('ends what takes too long with 124, also what ignores SIGTERM', async () => {
      const { exitCode, out } = await shell('trap "echo asked > out; exit 3" TERM; sleep 30 & wait', {
        ...sandbox,
        timeout: '1',
      });
      expect([exitCode, out.toString()]).toEqual([124, 'asked\n']);
    }, 15_000);
  });
}

describe('the command line of run', () => {
  test.each([
    [['run'], 'there is no command'],
    [['run', '--network', '--', 'true'], 'does nothing without --sandbox'],
    [['run', '--env', '1=2', '--', 'true'], 'is not the name of a variable'],
    [['run', '--sandbox', '--network', 'nmp', '--', 'check', '--json'], 'does not know "nmp"'],
  ])('%j is a failure of nidify: 125', async (argv, message) => {
    const io = capturedIo({ cwd: folderWith() });
    expect(await runCommand(argv, io)).toBe(125);
    expect(io.stderr()).toContain(message);
    expect(io.stdout()).toBe('');
  });
});

describeSandbox('the sandbox', () => {
  test('shows nothing of the host but the project and the environment', async () => {
    const secret = path.join(folderWith({ secret: 'x' }), 'secret');
    const { out } = await shell(
      `{ cat ${secret}; ls /root; ls ~/.ssh; ls /usr/bin; ls /etc/shadow; ls /nix/store; ls -a ~; } > out 2>/dev/null`,
      { sandbox: true },
    );
    expect(out.toString().split('\n').filter(Boolean)).toEqual([
      'env',
      `${'a'.repeat(32)}-environment`,
      `${'b'.repeat(32)}-busybox`,
      '.',
      '..',
    ]);
  });

  test('lets nothing be written but the project, and of that not its .git', async () => {
    const script =
      'for f in /x /etc/x /nix/store/x /usr/x .git/x sub; do touch $f 2>/dev/null && echo $f; done > out';
    const { out } = await shell(script, { sandbox: true }, { '.git/HEAD': '' });
    expect(out.toString()).toBe('sub\n');
    const { exitCode, project } = await shell('touch x', { sandbox: true, readOnly: true });
    expect(exitCode).not.toBe(0);
    expect(existsSync(path.join(project, 'x'))).toBe(false);
  });

  test('lets no hook be left in a submodule, or in a folder of hooks', async () => {
    const script = `for each in sub/.git/config .husky/pre-commit; do (echo evil > $each) 2>> out || true; done
      (mv sub/.git sub/old) 2>> out || echo kept >> out; echo fine > other/.git/config && echo fine >> out`;
    const { out, project } = await shell(
      script,
      { sandbox: true },
      {
        '.git/config': '[core]\n\thooksPath = .husky\n',
        '.gitmodules': '[submodule "sub"]\n\tpath = sub\n[submodule "x"]\n\tpath = ../x\n',
        'sub/.git/config': 'mine\n',
        '.husky/pre-commit': 'mine\n',
        'other/.git/config': 'not named\n',
      },
    );
    expect(readFileSync(path.join(project, 'sub/.git/config'), 'utf8')).toBe('mine\n');
    expect(readFileSync(path.join(project, '.husky/pre-commit'), 'utf8')).toBe('mine\n');
    expect(out.toString()).toMatch(/kept\nfine\n$/);
  });

  test('has nothing of the caller in the environment of its first process', async () => {
    const { out } = await shell("tr '\\0' '\\n' < /proc/1/environ > out; echo end >> out", { sandbox: true });
    expect(out.toString()).toBe('end\n');
  });

  test('has no other processes, no capabilities, no new privileges and no network', async () => {
    const { out } = await shell(
      '{ ls -d /proc/[0-9]* | wc -l; grep -E "CapEff|CapBnd|NoNewPrivs" /proc/self/status | tr -d "\\t"; grep -c : /proc/net/dev; id -u; wget -T 2 -q -O- http://1.1.1.1 || echo refused; } > out 2>/dev/null',
      { sandbox: true },
    );
    const [processes, ...rest] = out.toString().trim().split('\n');
    expect(Number(processes)).toBeLessThanOrEqual(5);
    const none = '0'.repeat(16);
    expect(rest).toEqual(
      [`CapEff:${none}`, `CapBnd:${none}`, 'NoNewPrivs:1', '1', String(process.getuid?.()), 'refused'].map(
        String,
      ),
    );
  });

  test('lets out through the proxy only, to what is allowed', async () => {
    const { createServer } = await import('node:http');
    const server = createServer((_message, response) => response.end('from outside'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    try {
      const { out, exitCode, io } = await shell(
        `{ wget -q -O- http://localhost:${port}/ || echo none; http_proxy= wget -T 2 -q -O- http://127.0.0.1:${port}/ || echo not around; echo; wget -q -O- http://evil.example/ || echo refused; } > out 2>/dev/null; exit 7`.replace(
          'localhost.',
          'localhost',
        ),
        { sandbox: true, network: `localhost:${port}`, env: ['no_proxy=', 'NO_PROXY='] },
      );
      expect(out.toString()).toBe('from outsidenot around\n\nrefused\n');
      expect(exitCode).toBe(7);
      expect(io.stderr()).toContain('evil.example is not among the allowed hosts');
    } finally {
      server.close();
    }
  });

  test('holds the size of files', async () => {
    const { project } = await shell('head -c 100000 /dev/zero > big', { sandbox: true, maxFileSize: '4K' });
    expect(readFileSync(path.join(project, 'big')).length).toBe(4096);
  });

  test('refuses a folder that is no project', async () => {
    const io = capturedIo({ cwd: '/', env: process.env });
    const environment = environmentWithoutNix();
    const context = { io, stages, base: '/', quiet: false };
    const started = run({ sandbox: true, command: ['true'] }, context, async () => environment);
    await expect(started).rejects.toMatchObject({ code: 'refused' });
  });
});
