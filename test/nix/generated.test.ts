import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import type { Catalogue } from '../../src/catalogue/types.ts';
import { lockOf } from '../../src/lock/make.ts';
import type { Plan } from '../../src/plan/schema.ts';
import { render } from '../../src/render/render.ts';
import { write } from '../../src/write/write.ts';
import type { Case } from './generated-case.ts';
import { languages } from './generated-languages.ts';
import { describeNix, type NixVersion, nix, prepareChannel } from './harness.ts';
import { standInCatalogue } from './stand-in-catalogue.ts';

const example = fileURLToPath(new URL('../channel/example/', import.meta.url));

type Files = Record<string, string>;

const manifest = (content: object) => JSON.stringify(content, null, 2);

function fixture(name: string): Files {
  const folder = path.join(import.meta.dirname, '../fixtures', name);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(folder, file), readFileSync(file, 'utf8')];
    }),
  );
}

const cases: Case[] = [
  {
    name: 'servers that a shell starts and stops',
    files: {
      'package.json': manifest({ name: 'shop', engines: { node: '22' } }),
      'compose.yml': [
        'services:',
        '  db:',
        '    image: postgres:17-alpine',
        '    environment: { POSTGRES_USER: shop, POSTGRES_DB: shop_dev, POSTGRES_PASSWORD: anything }',
        '    ports: ["15432:5432"]',
        '  cache: { image: "redis", ports: ["16379:6379"] }',
        '',
      ].join('\n'),
    },
    prints: {
      // As an application that has a password would: it is asked for none. Stopped whatever happens.
      [[
        'services status',
        'services up 2>&1 && eval "$(services env)"',
        'PGPASSWORD=x psql -Atc "select current_user, current_database()"',
        'redis-cli -p "${REDIS_URL##*:}" set a 1',
        'services up 2>&1; services status',
        'services down 2>&1; services status; echo "$?"',
      ].join('\n')]: new RegExp(
        [
          'postgresql +stopped\\nredis +stopped',
          // Another project's server may have the port.
          '(services: port \\d+ is taken.*\\n)?services: postgresql is ready on 127\\.0\\.0\\.1:\\d+',
          '(services: port \\d+ is taken.*\\n)?services: redis is ready on .*',
          'shop\\|shop_dev',
          'OK',
          'services: postgresql runs already.*\\nservices: redis runs already.*',
          'postgresql +running .*\\nredis +running .*',
          'services: postgresql is stopped\\nservices: redis is stopped',
          'postgresql +stopped\\nredis +stopped\\n3$',
        ].join('\\n'),
      ),
    },
  },
  {
    name: 'node with npm',
    files: {
      'package.json': manifest({ name: 'shop', engines: { node: '^22' }, scripts: { test: 'node --test' } }),
      'package-lock.json': manifest({ name: 'shop', lockfileVersion: 3, packages: {} }),
    },
    prints: { 'node --version': 'v{node}', 'npm --version': /^\d+\./ },
  },
  {
    name: 'node with pnpm, the older version that a lock file asks for',
    files: {
      'package.json': manifest({ name: 'web', packageManager: 'pnpm@10.1.0' }),
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
      '.nvmrc': '20\n',
    },
    prints: {
      'node --version': 'v{node}',
      'pnpm --version': '{pnpm}',
      'echo $npm_config_manage_package_manager_versions': 'false',
    },
  },
  {
    name: 'node with Yarn 1 and, beside it, Go',
    files: {
      'package.json': manifest({ name: 'web', engines: { node: '22' } }),
      'yarn.lock': '# yarn lockfile v1\n',
      'api/go.mod': 'module example.com/api\n\ngo 1.21\n',
      'api/main.go': 'package main\n\nfunc main() { println("hello") }\n',
    },
    prints: {
      'yarn --version': '{yarn}',
      // not the Node.js that Yarn was built with
      'yarn --silent node --version': 'v{node}',
      'go version': /^go version go{go} /,
      'echo $GOTOOLCHAIN': 'local',
    },
  },
  {
    name: 'node with Yarn 4',
    files: {
      'package.json': manifest({ name: 'web', packageManager: 'yarn@4.1.0' }),
      'yarn.lock': '__metadata:\n  version: 8\n',
    },
    prints: { 'yarn --version': '{yarn}' },
  },
  {
    name: 'bun',
    files: {
      'package.json': manifest({ name: 'b', scripts: { start: 'bun run index.ts' } }),
      'bun.lock': '{}\n',
    },
    prints: { 'bun --version': '{bun}' },
  },
  {
    name: 'deno',
    files: { 'deno.json': manifest({ tasks: { start: 'deno run main.ts' } }) },
    prints: { 'deno --version': /^deno {deno} / },
  },
  {
    name: 'perl, with the tests of a distribution',
    files: {
      'Makefile.PL':
        "use ExtUtils::MakeMaker;\nWriteMakefile(NAME => 'Hello', MIN_PERL_VERSION => '5.10.0');\n",
      'lib/Hello.pm': 'package Hello;\nuse strict;\nsub greet { "hello $_[0]" }\n1;\n',
      't/hello.t': "use Test::More tests => 2;\nuse_ok 'Hello';\nis Hello::greet('nix'), 'hello nix';\n",
      'local/lib/perl5/Own.pm': "package Own;\nsub name { 'own' }\n1;\n",
    },
    prints: {
      'perl -e "print substr sprintf(q(%vd), $^V), 0"': '{perl}',
      'prove -lr t 2>&1 | tail -1': 'Result: PASS',
      'perl -MOwn -e "print Own::name()"': 'own',
      'perl -e "print 1" 2>&1': '1',
    },
  },
  {
    name: 'python with pip and wheels',
    files: { 'requirements.txt': 'numpy==2.1.0\nflask\n', 'app.py': '', 'sub/x': '' },
    prints: {
      'python3 --version': 'Python {python}',
      'echo "${PYTHONPATH-none}"': 'none',
      'rm -rf .venv && python -m venv --without-pip .venv && python -c "import sys; print(sys.prefix)"':
        /\/\.venv$/,
      'cd sub && python3 -c "import sys; print(sys.prefix)"': /\/\.venv$/,
      'rm -rf .venv && python -c "import sys; print(sys.prefix)"': /^\/nix\/store\//,
      'test -e "${LD_LIBRARY_PATH%%:*}/libstdc++.so.6" && echo found': 'found',
    },
  },
  {
    name: 'python with Poetry',
    files: {
      'pyproject.toml':
        '[tool.poetry]\nname = "p"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.11"\n',
      'poetry.lock':
        '# This file is automatically @generated by Poetry 2.1.1 and should not be changed by hand.\n',
    },
    prints: { 'python3 --version': 'Python {python}', 'poetry --version': /Poetry.*{poetry}/ },
  },
  {
    name: 'rust with a library to link',
    files: {
      'Cargo.toml':
        '[package]\nname = "r"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nopenssl-sys = "0.9"\n',
      'src/main.rs': 'fn main() {}\n',
    },
    prints: {
      'rustc --version': /^rustc {rust} /,
      'cargo --version': /^cargo /,
      'pkg-config --exists openssl && echo found': 'found',
      'echo "fn main(){println!(\\"linked\\")}" > "$TMPDIR/a.rs" && rustc -o "$TMPDIR/a" "$TMPDIR/a.rs" && "$TMPDIR/a"':
        'linked',
    },
  },
  {
    name: 'an end-of-life node from an older channel, with its native modules',
    files: {
      'package.json': manifest({ name: 'old', engines: { node: '18' }, dependencies: { bcrypt: '^5.0.0' } }),
      'package-lock.json': manifest({
        name: 'old',
        lockfileVersion: 3,
        packages: { '': {}, 'node_modules/bcrypt': { version: '5.0.1', hasInstallScript: true } },
      }),
    },
    prints: {
      'node --version': 'v{node}',
      'gcc -dumpversion': /^12/,
      'test -e "$npm_config_nodedir/include/node/node.h" && echo headers': 'headers',
    },
  },
  {
    name: 'ruby with Bundler',
    files: {
      Gemfile: "source 'https://rubygems.org'\nruby '>= 3.1'\n",
      'lib/hello.rb': 'def hello = "hello, wörld"\n',
      'test.rb': 'require "./lib/hello"\nabort "wrong" unless hello == "hello, wörld"\nputs "tested"\n',
    },
    prints: {
      'ruby --version': /^ruby {ruby}/,
      'bundle install --local --quiet && bundle exec ruby test.rb': 'tested',
      'bundle config get path --parseable': /\.bundle/,
      'ruby -e "puts Encoding.default_external"': 'UTF-8',
    },
  },
  {
    name: 'pages of PHP',
    files: {
      'index.php': '<?php echo greeting("world");\nfunction greeting($name) { return "hello, $name"; }\n',
    },
    prints: { 'php --version': /^PHP {php}/, 'php index.php': 'hello, world' },
  },
  {
    // The stand-in has another Python than the page.
    name: 'the repository of docs/walkthrough.md',
    files: { ...fixture('walkthrough'), 'api/.python-version': '3.13\n' },
    prints: {
      'python --version': 'Python {python}',
      'cd api && rm -rf .venv && python -m venv .venv && python -c "import sys; print(sys.prefix)"':
        /\/api\/\.venv$/,
      'pg_config --version': /^PostgreSQL /,
      'printf "#include <libpq-fe.h>\\nint main(void) { return PQlibVersion() == 0; }" > a.c && cc -I"$(pg_config --includedir)" -o a a.c -lpq && ./a && echo linked':
        'linked',
      'node --version && pnpm --version && just --version': /^v{node}\n{pnpm}\njust /,
    },
  },
  {
    name: 'c++ with CMake, its libraries and its tests',
    files: {
      'CMakeLists.txt': `cmake_minimum_required(VERSION 3.1)
project(shop LANGUAGES CXX C)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_C_STANDARD 11)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
enable_testing()
add_executable(shop main.cpp sum.c)
target_link_libraries(shop PRIVATE ZLIB::ZLIB PkgConfig::SQLITE)
add_test(NAME runs COMMAND shop)
`,
      'main.cpp':
        '#include <iostream>\n#include <sqlite3.h>\n#include <zlib.h>\nextern "C" int sum(int, int);\nint main() { std::cout << "hello " << sum(1, 2) << (zlibVersion()[0] == 49) << (sqlite3_libversion_number() > 0) << std::endl; }\n',
      'sum.c': 'int sum(int a, int b) { return a + b; }\n',
    },
    prints: {
      'rm -rf build && cmake -S . -B build -DCMAKE_BUILD_TYPE=Debug >/dev/null && cmake --build build >/dev/null && ctest --test-dir build --output-on-failure >/dev/null && ./build/shop':
        'hello 311',
      'echo $CMAKE_POLICY_VERSION_MINIMUM': '3.5',
    },
  },
  {
    name: 'c with a Makefile and a library of pkg-config',
    files: {
      Makefile:
        'CC = gcc\nCFLAGS = -std=c11 -O0 $(shell pkg-config --cflags libcurl)\nLDLIBS = $(shell pkg-config --libs libcurl) -lz\nTARGET = get\nall: $(TARGET)\n$(TARGET): main.o\n\t$(CC) -o $@ $^ $(LDLIBS)\ntest: all\n\t./$(TARGET)\n.PHONY: all test\n',
      'main.c':
        '#include <curl/curl.h>\n#include <stdio.h>\n#include <zlib.h>\nint main(void) { puts(curl_version() && zlibVersion() ? "linked" : ""); return 0; }\n',
    },
    prints: { 'rm -f get main.o && make >/dev/null && make -s test': 'linked' },
  },
  {
    name: 'java, with what a build tool looks for',
    files: {
      '.java-version': '21\n',
      'Main.java': [
        'public class Main {',
        '    static int twice(int number) { return 2 * number; }',
        '    public static void main(String[] words) {',
        '        if (words.length > 0 && twice(21) != 42) throw new AssertionError();',
        '        System.out.println("hello from " + Runtime.version().feature());',
        '    }',
        '}',
        '',
      ].join('\n'),
    },
    prints: {
      'javac -d out Main.java && java -ea -cp out Main test': 'hello from 21',
      '"$JAVA_HOME/bin/java" -cp out Main': 'hello from 21',
    },
  },
  {
    name: 'values that a careless writer would let loose',
    files: {
      'package.json': manifest({
        name: '"; rm -rf / #${builtins.readFile /etc/passwd}',
        engines: { node: '22' },
      }),
      'nidify.jsonc': manifest({ env: { HOSTILE: "'\"$(touch /tmp/pwned) `id` ${HOME} \\n\n''${x}" } }),
    },
    prints: { 'printf %s "$HOSTILE"': "'\"$(touch /tmp/pwned) `id` ${HOME} \\n\n''${x}" },
  },
];

async function writeFiles(directory: string, plan: Plan): Promise<void> {
  const files = await render(plan);
  await write(files, { directory, lock: lockOf(plan, files) });
}

/** `{node}` in an expectation is the version that the plan gives for node. */
function expected(plan: Plan, text: string | RegExp): string | RegExp {
  const versions = new Map(
    [...plan.packageManagers, ...plan.toolchains].map(({ id, version }) => [id, version]),
  );
  const filled = (source: string, quote: (version: string) => string) =>
    source.replace(/\{(\w+)\}/g, (whole, id) => (versions.get(id) ? quote(versions.get(id) ?? '') : whole));
  if (typeof text === 'string') return filled(text, (version) => version);
  return new RegExp(
    filled(text.source, (version) => version.replaceAll('.', '\\.')),
    'm',
  );
}

/** `{build}` in a command is that of the plan's project. */
function command(plan: Plan, text: string): string {
  const commands: Readonly<Record<string, string | null>> = { ...plan.projects[0]?.commands };
  return text.replace(/\{(\w+)\}/g, (whole, name) => commands[name] ?? whole);
}

describeNix('generated environments', (nixes) => {
  let catalogue: Catalogue;
  const folders: string[] = [];

  beforeAll(async () => {
    catalogue = await standInCatalogue();
  });
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  async function generated(files: Files): Promise<{ folder: string; plan: Plan }> {
    const folder = mkdtempSync(path.join(tmpdir(), 'nidify-generated-'));
    folders.push(folder);
    // Servers that root must not run are run by nobody.
    chmodSync(folder, 0o755);
    for (const [name, text] of Object.entries(files)) {
      await execa('mkdir', ['-p', path.dirname(path.join(folder, name))]);
      writeFileSync(path.join(folder, name), text);
    }
    const plan = await analyze(folder, { catalogue });
    await writeFiles(folder, plan);
    return { folder, plan };
  }

  async function run(
    version: NixVersion,
    folder: string,
    args: string[],
    program?: 'nix-shell' | 'nix-build',
  ) {
    const options = program === undefined ? { cwd: folder } : { cwd: folder, program };
    const { exitCode, stdout, stderr } = await nix(version, args, options);
    expect(exitCode, `${args.join(' ')}: ${stderr}${stdout}`).toBe(0);
    return stdout.trimEnd();
  }

  for (const { name, files, prints, builds } of [...cases, ...languages]) {
    describe(name, () => {
      let made: { folder: string; plan: Plan };
      beforeAll(async () => {
        made = await generated(files);
      });

      for (const version of nixes) {
        test(`holds the programs that the plan names (Nix ${version.version})`, async () => {
          const { folder, plan } = made;
          const lock = readFileSync(path.join(folder, 'flake.lock'), 'utf8');
          for (const [command, text] of Object.entries(prints)) {
            const shell = await run(version, folder, [
              'develop',
              `path:${folder}`,
              '-c',
              'sh',
              '-c',
              command,
            ]);
            expect(shell, `nix develop: ${command}`).toMatch(expected(plan, text));
            const old = await run(version, folder, ['--run', command], 'nix-shell');
            expect(old, `nix-shell: ${command}`).toMatch(expected(plan, text));
          }
          expect(readFileSync(path.join(folder, 'flake.lock'), 'utf8')).toBe(lock);
        });
      }

      if (builds !== undefined) {
        test('builds the project and passes its tests', async () => {
          const { folder, plan } = made;
          const version = nixes.at(-1) as NixVersion;
          for (const [line, text] of Object.entries(builds)) {
            // Compilers and the like of this machine are not the environment's.
            const closed = ['-i', '--keep', 'HOME', '--keep', 'TMPDIR'];
            const args = ['develop', ...closed, `path:${folder}`, '-c', 'sh', '-ec', command(plan, line)];
            expect(await run(version, folder, args), line).toMatch(expected(plan, text));
          }
        });
      }

      test('evaluates on every system', async () => {
        const version = nixes.at(-1) as NixVersion;
        await run(version, made.folder, [
          'flake',
          'check',
          '--no-build',
          '--all-systems',
          `path:${made.folder}`,
        ]);
      });

      test('is the same as a folder that anything can enter', async () => {
        const version = nixes.at(-1) as NixVersion;
        const built = await run(version, made.folder, [
          'build',
          '--no-link',
          '--print-out-paths',
          `path:${made.folder}#environment`,
        ]);
        for (const [line, text] of Object.entries({ ...prints, ...builds })) {
          const isBuild = !(line in prints);
          const shell = ['sh', isBuild ? '-ec' : '-c', command(made.plan, line)];
          const { stdout } = await execa(`${built}/bin/enter`, shell, {
            cwd: made.folder,
            env: { HOME: made.folder, TMPDIR: tmpdir(), PATH: isBuild ? '/nowhere' : '/usr/bin:/bin' },
            extendEnv: false,
          });
          expect(stdout, line).toMatch(expected(made.plan, text));
        }
      });
    });
  }

  test('are several where projects need two versions, each with its own name', async () => {
    const { folder, plan } = await generated({
      'package.json': manifest({ name: 'shop', engines: { node: '22' } }),
      'legacy/package.json': manifest({ name: 'legacy', engines: { node: '20' } }),
    });
    expect(plan.environments.map(({ name }) => name)).toEqual(['default', 'legacy']);
    for (const version of nixes) {
      const major = async (shell: string, old: string[]) => [
        await run(version, folder, ['develop', `path:${folder}${shell}`, '-c', 'node', '--version']),
        await run(version, folder, [...old, '--run', 'node --version'], 'nix-shell'),
      ];
      expect((await major('', [])).every((text) => text.startsWith('v22.'))).toBe(true);
      expect((await major('#legacy', ['-A', 'shells.legacy'])).every((text) => text.startsWith('v20.'))).toBe(
        true,
      );
    }
  });

  test('are a container image too, which starts its command in the environment', async () => {
    const { folder } = await generated({
      'package.json': manifest({ name: 'shop', engines: { node: '22' } }),
    });
    const version = nixes.at(-1) as NixVersion;
    const image = await run(version, folder, [
      'build',
      '--no-link',
      '--print-out-paths',
      `path:${folder}#image`,
    ]);
    const listing = await execa('tar', ['-xzOf', image, 'manifest.json']);
    const [{ Config: config, RepoTags: tags, Layers: layers }] = JSON.parse(listing.stdout);
    expect(tags[0]).toMatch(/^shop:/);
    expect(layers.length).toBeGreaterThan(5);
    const settings = JSON.parse((await execa('tar', ['-xzOf', image, config])).stdout);
    expect(settings.config.Entrypoint[0]).toMatch(/^\/nix\/store\/.*\/bin\/enter$/);
  });

  test('are a flake of their own in a Git repository, once Git knows the files', async () => {
    const { folder } = await generated({ 'package.json': manifest({ name: 'shop' }) });
    const version = nixes.at(-1) as NixVersion;
    await execa('git', ['init', '-q'], { cwd: folder });
    await execa('git', ['add', '-N', 'flake.nix', 'flake.lock', 'shell.nix'], { cwd: folder });
    expect(await run(version, folder, ['develop', '-c', 'node', '-p', '1 + 1'])).toBe('2');
  });

  test('compile a module of Node.js and one of Python alike in nix develop, after activate, and in a build', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'nidify-native-'));
    folders.push(folder);
    cpSync(example, folder, { recursive: true });
    rmSync(path.join(folder, 'flake.nix'));
    rmSync(path.join(folder, 'shell.nix'));
    writeFileSync(
      path.join(folder, 'nidify.jsonc'),
      manifest({
        // What the example's sources link against stands in no manifest.
        libraries: { add: ['openssl'] },
        packages: { add: ['pkg-config'] },
        env: { GREETING: "it's here", HOOKED: 'yes' },
      }),
    );
    const plan = await analyze(folder, { catalogue });
    await writeFiles(folder, plan);
    const [environment] = plan.environments;
    expect(environment?.compiler).toBe('default');
    const version = nixes.at(-1) as NixVersion;
    // pip and setuptools are what PyPI gives to others.
    const [python] = plan.toolchains.filter(({ id }) => id === 'python');
    const modules = `(import ${(await prepareChannel()).storePath} { }).${python?.attribute}.withPackages (m: [ m.pip m.setuptools m.wheel ])`;
    const interpreter = await run(version, folder, ['--no-out-link', '-E', modules], 'nix-build');
    const { stdout: packages } = await execa(`${interpreter}/bin/python3`, [
      '-c',
      'import pip, os; print(os.path.dirname(os.path.dirname(pip.__file__)))',
    ]);
    const compile = (work: string) => [
      'env',
      `PYTHONPATH=${packages}`,
      'sh',
      path.join(folder, 'compile.sh'),
      folder,
      path.join(folder, work),
    ];
    const inShell = await run(version, folder, ['develop', `path:${folder}`, '-c', ...compile('in-shell')]);
    const built = await run(version, folder, [
      'build',
      '--no-link',
      '--print-out-paths',
      `path:${folder}#environment`,
    ]);
    const entered = await execa(`${built}/bin/enter`, compile('entered'), {
      env: { HOME: folder, TMPDIR: tmpdir() },
      extendEnv: false,
    });
    const source = `
      let example = ${path.resolve(example)}; in
      (import ${folder}/shell.nix { }).overrideAttrs (old: {
        MODULES = builtins.storePath "${packages.split('/').slice(0, 4).join('/')}";
        buildPhase = "PYTHONPATH=${packages} sh \${example}/compile.sh \${example} $TMPDIR/work > $out";
      })`;
    const inBuild = await run(version, folder, ['--no-out-link', '-E', source], 'nix-build');
    expect(inShell).toContain("it's here|yes");
    expect(entered.stdout).toBe(inShell);
    expect(readFileSync(inBuild, 'utf8').trimEnd()).toBe(inShell);
  });
});
