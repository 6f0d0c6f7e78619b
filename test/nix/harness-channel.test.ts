import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeNix, flakeLock, lockedAs, nix, prepareChannel } from './harness.ts';

const example = fileURLToPath(new URL('../channel/example/', import.meta.url));

// Values that a careless shell script would change, run or split.
const hostile = [
  "it's",
  '"quoted" \'twice\'',
  '$(touch /tmp/pwned) `id` \u0024{HOME} $HOME',
  'two\nlines, and one at the end\n',
  '\n\n',
  "back\\slash \\n \\\\ \\'",
  '*?[a-z]{x,y} ~ !! #',
  '-n -e %s %d %%',
  ' spaces  around ',
  'tab\tand CRLF\r\n',
  'ünï©ødé ✓ 🐦',
  '& && | || ; < > ( )',
  'a=b=c',
];

describeNix('the environment of a shell', (nixes) => {
  const version = nixes[0];
  if (version === undefined) return;
  let work: string;

  beforeAll(async () => {
    work = mkdtempSync(path.join(tmpdir(), 'nidify-channel-'));
    cpSync(example, work, { recursive: true });
    writeFileSync(
      path.join(work, 'flake.lock'),
      flakeLock({ nixpkgs: await lockedAs() }, { nixpkgs: 'nixos-26.05' }),
    );
  });
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  /** Builds an expression; `channel` and `old` are the two channels, `example` is the example's shell.nix. */
  async function build(expression: string): Promise<string> {
    const [current, old] = await Promise.all([prepareChannel('current'), prepareChannel('old')]);
    const source = `
      let
        channel = import ${current.storePath} { };
        old = import ${old.storePath} { };
        example = import ${work}/shell.nix { };
      in
      ${expression}`;
    const { stdout, stderr } = await nix(
      version as NonNullable<typeof version>,
      ['--no-out-link', '-E', source],
      {
        program: 'nix-build',
      },
    );
    expect(stdout, stderr).toMatch(/^\/nix\/store\//);
    return stdout.trim();
  }

  // What a set-up hook, a compiler and a shell leave is printed by a build with them.
  const inShell = (shell: string, script: string) =>
    build(
      `(${shell}).overrideAttrs (old: { buildPhase = ${JSON.stringify(`{ ${script}; } > $out 2>&1`)}; })`,
    );
  const printed = async (output: Promise<string>) => (await execa('cat', [await output])).stdout;

  test('keeps every value as it is, in every POSIX shell', async () => {
    const values = Object.fromEntries(hostile.map((value, index) => [`VALUE_${index}`, value]));
    writeFileSync(path.join(work, 'values.json'), JSON.stringify(values));
    const environment = await build(
      `example.packages.environment.overrideAttrs (old: builtins.fromJSON (builtins.readFile ${work}/values.json))`,
    );
    const { seedPath } = await prepareChannel();
    for (const shell of [['sh'], ['bash', '--posix'], [`${seedPath}/bin/busybox`, 'sh']]) {
      const [command = 'sh', ...args] = shell;
      const { stdout, stderr } = await execa(
        command,
        [...args, '-c', `set -eu; . ${environment}/activate; env -0`],
        {
          // bash takes a socket for a remote shell's, and reads its start-up file
          stdin: 'ignore',
          env: { PATH: '/usr/bin:/bin' },
          extendEnv: false,
        },
      );
      const variables = new Map(
        stdout
          .split('\0')
          .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
      );
      for (const [name, value] of Object.entries(values))
        expect(variables.get(name), `${shell} ${name}`).toBe(value);
      expect(stderr).toBe('');
    }
  });

  test('keeps what the caller has in PATH, behind its own', async () => {
    const environment = await build('example.packages.environment');
    const { stdout } = await execa('sh', ['-c', `. ${environment}/activate; echo "$PATH"; command -v node`], {
      env: { PATH: '/caller/bin:/usr/bin:/bin' },
      extendEnv: false,
    });
    expect(stdout).toMatch(
      /^\/nix\/store\/\S+:\/caller\/bin:\/usr\/bin:\/bin\n\/nix\/store\/\S+\/bin\/node$/,
    );
    const { stdout: entered } = await execa(`${environment}/bin/enter`, ['node', '-p', '1 + 1'], {
      env: {},
      extendEnv: false,
    });
    expect(entered).toBe('2');
  });

  test('has another compiler when the shell says so, or none', async () => {
    const major = (shell: string) => printed(inShell(shell, 'gcc -dumpversion || echo none'));
    expect(await major('channel.mkShell { }')).toMatch(/^14/);
    expect(await major('channel.mkShell.override { stdenv = channel.gcc13Stdenv; } { }')).toMatch(/^13/);
    expect(await major('old.mkShell { }')).toMatch(/^12/);
    expect(await major('channel.mkShellNoCC { }')).toContain('none');
  });

  test('finds libraries by their -dev output, and links with a run-time path', async () => {
    const program =
      '#include <stdio.h>\\n#include <zlib.h>\\nint main(void) { puts(zlibVersion()); return 0; }\\n';
    const script = `cd $TMPDIR; printf '${program}' > a.c; $CC -O2 a.c -o a -lz; ./a; pkg-config --modversion zlib libpq; pg_config --libdir`;
    const output = await printed(
      inShell(
        'channel.mkShell { packages = [ channel.pkg-config channel.libpq.pg_config ]; buildInputs = [ channel.zlib channel.libpq ]; }',
        script,
      ),
    );
    expect(output).toMatch(/^1\.3\.1\n1\.3\.1\n17\.\d+\n\/nix\/store\/\S+\/lib$/);
  });

  test('takes hardening flags away', async () => {
    const flags = (disabled: string) =>
      printed(
        inShell(`channel.mkShell { hardeningDisable = [ ${disabled} ]; }`, 'echo "$NIX_HARDENING_ENABLE"'),
      );
    expect(await flags('')).toContain('fortify');
    expect(await flags('"fortify"')).toBe('bindnow format pic relro stackprotector strictoverflow');
    expect(await flags('"all"')).toBe('');
  });

  test('mixes programs of two channels', async () => {
    const output = await printed(
      inShell(
        'channel.mkShell { packages = [ old.nodejs_18 channel.go old.python311 channel.cacert ]; }',
        'node --version; go version; python3 --version; ls "$SSL_CERT_FILE"',
      ),
    );
    expect(output).toMatch(
      /^v18\.\S+\ngo version go1\.24\S* linux\/amd64\nPython 3\.11\.\d+\n\/nix\/store\/\S+\/etc\/ssl\/certs\/ca-bundle\.crt$/,
    );
  });

  test('runs what comes from npm, and modules beside Python', async () => {
    const shell = `channel.mkShell {
      packages = [ channel.bun channel.deno channel.pnpm_10 channel.yarn-berry (channel.python3.withPackages (modules: [ modules.pyyaml ])) ];
    }`;
    const script =
      'export HOME=$TMPDIR; bun -e "console.log(1)"; deno eval "console.log(2)"; pnpm --version; yarn --version; python3 -c "import yaml; print(yaml.__name__)"';
    expect(await printed(inShell(shell, script))).toMatch(/^1\n2\n10\.\S+\n4\.\S+\nyaml$/);
  });

  // https://nixos.org/manual/nixpkgs/stable/#ssec-php-user-guide-installing-with-extensions
  test('composes PHP with extensions, each behind those that it needs', async () => {
    const modules = async (php: string) =>
      new Set((await printed(inShell(`channel.mkShell { packages = [ ${php} ]; }`, 'php -m'))).split('\n'));
    const usual = await modules('channel.php84');
    expect([...usual]).toEqual(expect.arrayContaining(['mbstring', 'intl', 'xmlreader', 'Zend OPcache']));
    expect([...usual]).not.toEqual(expect.arrayContaining(['bz2']));
    const few = '(channel.php84.withExtensions ({ all, ... }: [ all.xsl all.redis ]))';
    const chosen = await modules(few);
    for (const name of ['xsl', 'dom', 'redis', 'igbinary']) expect(chosen).toContain(name);
    expect(chosen).not.toContain('mbstring');
    const more = await modules(`(${few}.withExtensions ({ enabled, all }: enabled ++ [ all.bz2 ]))`);
    expect(more).toEqual(new Set([...chosen, 'bz2']));
    const settings = await printed(
      inShell(
        'channel.mkShell { packages = [ (channel.php84.buildEnv { extraConfig = "memory_limit = 77M"; }) ]; }',
        'php -r \'echo ini_get("memory_limit");\'',
      ),
    );
    expect(settings).toMatch(/77M$/);
  });
});
