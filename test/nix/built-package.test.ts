/** What `--package` adds: the project itself and its tests, built for real in the sandbox, from the lock file alone. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import type { Catalogue } from '../../src/catalogue/types.ts';
import { lockOf } from '../../src/lock/make.ts';
import { render } from '../../src/render/render.ts';
import { write } from '../../src/write/write.ts';
import { folderWith } from '../support/folder.ts';
import { describeNix, type NixVersion, nix } from './harness.ts';
import { standInCatalogue } from './stand-in-catalogue.ts';

type Files = Record<string, string>;

const json = (content: object) => JSON.stringify(content, null, 2);

const locked = (name: string, version: string, hash: string, more: object = {}) => ({
  [`node_modules/${name}`]: {
    version,
    resolved: `https://registry.npmjs.org/${name}/-/${name}-${version}.tgz`,
    integrity: `sha512-${hash}`,
    ...more,
  },
});

/** A program with a build, a dependency that has one of its own, and one for development only. */
function npmProject(): Files {
  const manifest = {
    name: '@acme/odds',
    version: '1.2.0',
    bin: { odds: 'dist/index.js' },
    files: ['dist'],
    engines: { node: '^22' },
    dependencies: { 'is-odd': '^3.0.1' },
    devDependencies: { picocolors: '^1.1.1' },
  };
  const scripts = { build: 'mkdir -p dist && cp src/index.js dist/', test: 'node --test' };
  const packages = {
    '': manifest,
    ...locked(
      'is-odd',
      '3.0.1',
      'CQpnWPrDwmP1+SMHXZhtLtJv90yiyVfluGsX5iNCVkrhQtU3TQHsUWPG9wkdk9Lgd5yNpAg9jQEo90CBaXgWMA==',
      { dependencies: { 'is-number': '^6.0.0' } },
    ),
    ...locked(
      'is-number',
      '6.0.0',
      'Wu1VHeILBK8KAWJUAiSZQX94GmOE45Rg6/538fKwiloUu21KncEkYGPqob2oSZ5mUT73vLGrHQjKw3KMPwfDzg==',
    ),
    ...locked(
      'picocolors',
      '1.1.1',
      'xceH2snhtb5M9liqDsmEw56le376mTZkEX/jEb/RxNFyegNul7eNslCXP9FDj/Lcu0X8KEyMceP2ntpaHrDEVA==',
      { dev: true },
    ),
  };
  return {
    'package.json': json({ ...manifest, scripts }),
    'package-lock.json': json({ name: manifest.name, lockfileVersion: 3, requires: true, packages }),
    'src/index.js': "#!/usr/bin/env node\nconsole.log(require('is-odd')(Number(process.argv[2])));\n",
    'odd.test.js':
      "const test = require('node:test');\nrequire('picocolors');\ntest('odd', () => require('node:assert')(require('is-odd')(3)));\n",
    '.env': 'TOKEN=secret\n',
    'node_modules/left/over.js': 'throw new Error();\n',
  };
}

function cargoProject(): Files {
  return {
    'Cargo.toml': '[package]\nname = "greet"\nversion = "0.3.0"\nedition = "2021"\n',
    'Cargo.lock': 'version = 3\n\n[[package]]\nname = "greet"\nversion = "0.3.0"\n',
    'src/main.rs':
      'fn greeting() -> &\'static str { "hello" }\nfn main() { println!("{}", greeting()); }\n#[test]\nfn greets() { assert_eq!(greeting(), "hello"); }\n',
    'target/release/old': 'left over\n',
  };
}

/** A crate whose build asks the compiler of protocol buffers for its version, where PROTOC says that it is. */
function protobufProject(): Files {
  const build = [
    'fn main() {',
    '    let protoc = std::env::var("PROTOC").expect("PROTOC");',
    '    assert!(protoc.starts_with("/nix/store/"));',
    '    let out = std::process::Command::new(protoc).arg("--version").output().unwrap();',
    '    println!("cargo:rustc-env=SAID={}", String::from_utf8(out.stdout).unwrap().trim());',
    '}\n',
  ].join('\n');
  return {
    'Cargo.toml':
      '[package]\nname = "greet"\nversion = "0.3.0"\nedition = "2021"\n\n[build-dependencies]\nprost-build = { path = "prost-build" }\n',
    'Cargo.lock':
      'version = 3\n\n[[package]]\nname = "greet"\nversion = "0.3.0"\ndependencies = [\n "prost-build",\n]\n\n[[package]]\nname = "prost-build"\nversion = "0.13.0"\n',
    'build.rs': build,
    'src/main.rs': 'fn main() { println!("{}", env!("SAID")); }\n',
    'prost-build/Cargo.toml': '[package]\nname = "prost-build"\nversion = "0.13.0"\nedition = "2021"\n',
    'prost-build/src/lib.rs': '',
  };
}

function goProject(): Files {
  return {
    'go.mod': 'module example.com/greet\n\ngo 1.21\n\nrequire example.com/words v1.0.0\n',
    'go.sum': '',
    'main.go': 'package main\n\nimport "example.com/words"\n\nfunc main() { println(words.Hello()) }\n',
    'main_test.go':
      'package main\n\nimport (\n\t"testing"\n\n\t"example.com/words"\n)\n\nfunc TestHello(t *testing.T) {\n\tif words.Hello() != "hello" {\n\t\tt.Fatal("not polite")\n\t}\n}\n',
    'vendor/modules.txt': '# example.com/words v1.0.0\n## explicit; go 1.21\nexample.com/words\n',
    'vendor/example.com/words/words.go': 'package words\n\nfunc Hello() string { return "hello" }\n',
  };
}

describeNix('the package of a project', (nixes) => {
  const newest = nixes.at(-1) as NixVersion;
  let catalogue: Catalogue;
  beforeAll(async () => {
    catalogue = await standInCatalogue();
  });

  async function generated(files: Files, findings: readonly string[] = []): Promise<string> {
    const folder = folderWith(files);
    const plan = await analyze(folder, { catalogue, package: true });
    const codes = plan.findings.map(({ code }) => code).filter((code) => code.startsWith('package-'));
    expect(codes).toEqual(findings);
    const rendered = await render(plan);
    await write(rendered, { directory: folder, lock: lockOf(plan, rendered) });
    return folder;
  }

  async function build(version: NixVersion, folder: string, output: string) {
    const installable = `path:${folder}#${output}`;
    return nix(version, ['build', '-L', '--no-link', '--json', installable]);
  }

  async function built(version: NixVersion, folder: string, output = 'default'): Promise<string> {
    const { exitCode, stdout, stderr } = await build(version, folder, output);
    expect(exitCode, stderr.slice(-4000)).toBe(0);
    return JSON.parse(stdout)[0].outputs.out;
  }

  test('has the variables that its dependencies want', async () => {
    const files = protobufProject();
    const crate = `source = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "${'b'.repeat(64)}"\n`;
    const folder = await generated({
      ...files,
      'Cargo.toml': files['Cargo.toml']?.replace(/\{ path.*\}/, '"0.13"') ?? '',
      'Cargo.lock': `${files['Cargo.lock']}${crate}`,
      'prost-build/Cargo.toml': '',
    });
    // The stand-in for nixpkgs fetches no crates: what is built has it in a folder.
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    const out = await built(newest, folder);
    const { stdout } = await execa(path.join(out, 'bin/greet'), [], { env: {}, extendEnv: false });
    expect(stdout).toMatch(/^libprotoc \d/);
  });

  const cases: [string, () => Files, string[], string][] = [
    ['npm', npmProject, ['odds', '3'], 'true'],
    ['Cargo', cargoProject, ['greet'], 'hello'],
    ['Go, vendored', goProject, ['greet'], 'hello'],
  ];

  describe.each(cases)('with %s', (_kind, files, [program = '', ...args], printed) => {
    for (const version of nixes) {
      test(`is built, runs, and passes its tests (Nix ${version.version})`, async () => {
        const folder = await generated(files());
        const out = await built(version, folder);
        const { all } = await execa(path.join(out, 'bin', program), args, {
          env: {},
          extendEnv: false,
          all: true,
        });
        expect(all).toBe(printed);
        const checked = await nix(version, ['flake', 'check', '-L', `path:${folder}`]);
        expect(checked.exitCode, checked.stderr.slice(-4000)).toBe(0);
      });
    }

    test('is described for every system', async () => {
      const folder = await generated(files());
      const args = ['flake', 'check', '--no-build', '--all-systems', `path:${folder}`];
      const { exitCode, stderr } = await nix(newest, args);
      expect(exitCode, stderr.slice(-4000)).toBe(0);
    });
  });

  test.each<[string, Files, RegExp]>([
    ['npm', { ...npmProject(), 'odd.test.js': "throw new Error('this test fails');\n" }, /this test fails/],
    [
      'Cargo',
      {
        ...cargoProject(),
        'src/main.rs': 'fn main() {}\n#[test]\nfn fails() { panic!("this test fails"); }\n',
      },
      /this test fails/,
    ],
    [
      'Go',
      {
        ...goProject(),
        'vendor/example.com/words/words.go': 'package words\n\nfunc Hello() string { return "" }\n',
      },
      /not polite/,
    ],
  ])('with %s is built though its test fails; the check fails', async (_kind, files, message) => {
    const folder = await generated(files);
    await built(newest, folder);
    const { exitCode, stderr } = await build(newest, folder, 'checks.x86_64-linux.test');
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(message);
  });

  test('is refused when the lock file has another hash than the package', async () => {
    const files = npmProject();
    const lock = files['package-lock.json']?.replace('sha512-CQpn', 'sha512-CQpm') ?? '';
    const folder = await generated({ ...files, 'package-lock.json': lock });
    const { exitCode, stderr } = await build(newest, folder, 'default');
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('hash mismatch');
  });

  test('does not depend on what is no part of it, nor have it in its source', async () => {
    const [plain, changed] = await Promise.all([
      generated(npmProject()),
      generated({
        ...npmProject(),
        '.env': 'TOKEN=another\n',
        'nidify.jsonc': '{ "packages": { "add": ["jq"] } }',
      }),
    ]);
    expect(await built(newest, changed)).toBe(await built(newest, plain));
    const { stdout } = await nix(newest, [
      'eval',
      '--raw',
      `path:${plain}#packages.x86_64-linux.default.src`,
    ]);
    const { stdout: names } = await execa('find', [stdout, '-mindepth', '1', '-printf', '%P\n']);
    expect(names.split('\n').sort()).toEqual([
      'odd.test.js',
      'package-lock.json',
      'package.json',
      'src',
      'src/index.js',
    ]);
  });
});
