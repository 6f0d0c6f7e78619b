import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rustClaims } from '../../../src/detect/rust/claims.ts';
import { detectRust } from '../../../src/detect/rust/detect.ts';
import { fixtureContext } from '../../support/fixture.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf, onlyNeed } from '../../support/needs.ts';

const manifest = (...lines: string[]) => ['[package]', 'name = "app"', ...lines].join('\n');

async function project(files: Record<string, string | null>) {
  return onlyNeed(await detectRust(contextOf({ 'Cargo.toml': manifest(), ...files })), 'project');
}

describe('a Rust project', () => {
  it('needs a linker, and cargo', async () => {
    const needs = await detectRust(contextOf({ 'Cargo.toml': manifest(), 'Cargo.lock': '' }));
    expect(onlyNeed(needs, 'compiler').because[0]).toMatchObject({ file: 'Cargo.toml', line: 1 });
    expect(onlyNeed(needs, 'package-manager')).toMatchObject({ id: 'cargo', lockfile: 'Cargo.lock' });
  });

  it('with one program runs it', async () => {
    expect((await project({ 'src/main.rs': null, 'Cargo.lock': '' })).commands).toEqual({
      install: 'cargo fetch --locked',
      build: 'cargo build --release',
      test: 'cargo test',
      start: 'cargo run --release',
      dev: 'cargo run',
      lint: 'cargo clippy',
    });
  });

  it('with several programs runs the one that it names, else the one of its own name', async () => {
    const sources = { 'src/main.rs': null, 'src/bin/import.rs': null, 'src/bin/export/main.rs': null };
    expect((await project(sources)).commands.start).toBe('cargo run --release --bin app');
    const named = { ...sources, 'Cargo.toml': manifest('default-run = "import"') };
    expect((await project(named)).commands.start).toBe('cargo run --release');
  });

  it('whose programs have other names runs none of them blindly', async () => {
    const commands = async (text: string, sources: Record<string, null>) =>
      (await project({ 'Cargo.toml': text, ...sources })).commands;
    expect(await commands(manifest(), { 'src/bin/a.rs': null, 'src/bin/b.rs': null })).not.toHaveProperty(
      'start',
    );
    const bin = manifest('autobins = false', '[[bin]]', 'name = "tool"', 'path = "src/tool.rs"');
    expect((await commands(bin, { 'src/main.rs': null, 'src/tool.rs': null })).start).toBe(
      'cargo run --release',
    );
  });

  it('without a program starts nothing', async () => {
    expect((await project({ 'src/lib.rs': null })).commands).not.toHaveProperty('start');
  });

  it('puts no name into a command that a shell would read otherwise', async () => {
    const text = '[package]\nname = "a; rm -rf ~"\n[[bin]]\nname = "$(touch x)"\n';
    const { commands } = await project({ 'Cargo.toml': text, 'src/main.rs': null, 'src/bin/`id`.rs': null });
    expect(JSON.stringify(commands)).not.toMatch(/rm -rf|touch|`/);
  });

  it('has the ports of its frameworks', async () => {
    const rocket = { 'Cargo.toml': manifest('[dependencies]', 'rocket = "0.5"') };
    expect(await project(rocket)).toMatchObject({ frameworks: ['rocket'], ports: [8000] });
    const axum = { 'Cargo.toml': manifest('[dependencies]', 'axum = "0.8"') };
    expect(await project(axum)).toMatchObject({ frameworks: ['axum'], ports: [] });
  });

  it('that runs in a browser is served by Trunk', async () => {
    const files = { 'Cargo.toml': manifest('[dependencies]', 'yew = "0.21"'), 'src/main.rs': null };
    const needs = await detectRust(contextOf({ ...files, 'Trunk.toml': '[serve]\nport = 3001\n' }));
    expect(onlyNeed(needs, 'tool').id).toBe('trunk');
    expect(onlyNeed(needs, 'toolchain').components).toEqual(['wasm32-unknown-unknown']);
    expect(onlyNeed(needs, 'project')).toMatchObject({
      ports: [3001],
      commands: { build: 'trunk build --release', dev: 'trunk serve' },
    });
    expect(onlyNeed(needs, 'project').commands).not.toHaveProperty('start');
  });

  it('that is a library for JavaScript compiles for WebAssembly', async () => {
    const text = manifest(
      '[lib]',
      'crate-type = ["cdylib", "rlib"]',
      '[dependencies]',
      'wasm-bindgen = "0.2"',
      '[package.metadata.wasm-pack.profile.release]',
      'wasm-opt = false',
    );
    const needs = await detectRust(contextOf({ 'Cargo.toml': text, 'src/lib.rs': null }));
    expect(onlyNeed(needs, 'toolchain').components).toEqual(['wasm32-unknown-unknown']);
    expect(onlyNeed(needs, 'tool').id).toBe('wasm-pack');
  });

  it('that is a library for C, or uses the browser only, does not', async () => {
    const library = manifest('[lib]', 'crate-type = ["cdylib"]');
    const needs = await detectRust(contextOf({ 'Cargo.toml': library }));
    expect(onlyNeed(needs, 'toolchain').components).toBeUndefined();
    const program = manifest('[dependencies]', 'wasm-bindgen = "0.2"');
    expect(
      onlyNeed(await detectRust(contextOf({ 'Cargo.toml': program })), 'toolchain').components,
    ).toBeUndefined();
  });

  it('is tested by nextest where that is configured', async () => {
    const files = { 'Cargo.toml': manifest(), '.config/nextest.toml': '[profile.ci]\n' };
    const needs = await detectRust(contextOf(files));
    expect(onlyNeed(needs, 'tool').id).toBe('cargo-nextest');
    expect(onlyNeed(needs, 'project').commands.test).toBe('cargo nextest run');
  });
});

describe("Cargo's configuration", () => {
  const tools = async (text: string, name = '.cargo/config.toml') => {
    const needs = await detectRust(contextOf({ 'Cargo.toml': manifest(), [name]: text }));
    return {
      ids: needsOf(needs, 'tool').map(({ id }) => id),
      components: onlyNeed(needs, 'toolchain').components,
    };
  };

  it.each([
    [
      '[target.x86_64-unknown-linux-gnu]\nlinker = "clang"\nrustflags = ["-C", "link-arg=-fuse-ld=mold"]',
      ['clang', 'mold'],
    ],
    [
      '[target.x86_64-unknown-linux-gnu]\nlinker = "/usr/bin/clang-18"\nrustflags = "-Clink-arg=-fuse-ld=/usr/bin/mold"',
      ['clang', 'mold'],
    ],
    ["[target.'cfg(unix)']\nrustflags = ['-Clink-arg=-fuse-ld=lld']", ['lld']],
    ['[build]\nrustc-wrapper = "sccache"', ['sccache']],
    ['[target.x86_64-pc-windows-msvc]\nlinker = "clang"', []],
    ['[target.x86_64-unknown-linux-gnu]\nlinker = "gcc"', []],
  ])('%j asks for %j', async (text, ids) => {
    expect((await tools(text)).ids).toEqual(ids);
    expect((await tools(text, '.cargo/config')).ids).toEqual(ids);
  });

  it('names targets', async () => {
    expect((await tools('[build]\ntarget = "thumbv7em-none-eabihf"')).components).toEqual([
      'thumbv7em-none-eabihf',
    ]);
    expect(
      (await tools('[build]\ntarget = ["x86_64-unknown-linux-musl", "my-target.json"]')).components,
    ).toEqual(['x86_64-unknown-linux-musl']);
  });
});

describe('a workspace', () => {
  it('is a project with the needs of its packages, which are projects too', async () => {
    const native = { crates: ['openssl-sys', 'libsqlite3-sys', 'winres-sys'] };
    const needs = await detectRust(await fixtureContext('rust-workspace', [rustClaims], native));
    const [root, ...members] = needsOf(needs, 'project');
    expect(
      members.map(({ path, name, frameworks, commands }) => [path, name, frameworks, commands.start]),
    ).toEqual([
      ['crates/server', 'server', ['axum'], 'cargo run --release'],
      ['crates/store', 'store', [], undefined],
      ['crates/web', 'web', ['wasm-bindgen'], undefined],
      ['xtask', 'xtask', [], undefined],
    ]);
    expect(root).toMatchObject({
      path: '.',
      name: null,
      languages: ['rust'],
      frameworks: ['axum', 'wasm-bindgen'],
      packageManager: 'cargo',
      commands: {
        install: 'cargo fetch --locked',
        build: 'cargo build --release',
        test: 'cargo test --workspace',
        start: 'cargo run --release --bin server',
        dev: 'cargo run --bin server',
        lint: 'cargo clippy --workspace',
      },
    });
    const [toolchain, ...ofMembers] = needsOf(needs, 'toolchain');
    for (const each of ofMembers) expect(each.requests).toEqual(toolchain?.requests);
    expect(toolchain?.requests.map(({ raw, scheme }) => `${raw} ${scheme}`)).toEqual([
      '1.86.0 exact',
      '1.85 minimum',
      '1.78 minimum',
    ]);
    expect(toolchain?.components).toEqual(['rust-src', 'wasm32-unknown-unknown']);
    expect(needsOf(needs, 'dependency').map(({ name, version }) => [name, version])).toEqual([
      ['openssl-sys', '0.9.104'],
    ]);
    expect(needsOf(needs, 'tool').map(({ id }) => id)).toEqual(['clang', 'mold']);
  });
});

describe('packages that only illustrate, test or fuzz', () => {
  it('are optional where there is nothing else, and left out otherwise', async () => {
    const side = { 'examples/x/Cargo.toml': manifest('rust-version = "1.70"') };
    const alone = await detectRust(contextOf(side));
    expect(alone).toMatchObject([{ kind: 'toolchain', project: 'examples/x', optional: true }]);
    const both = await detectRust(contextOf({ ...side, 'Cargo.toml': manifest() }));
    expect(needsOf(both, 'toolchain').map(({ project: path }) => path)).toEqual(['.']);
  });
});

describe('hostile manifests', () => {
  it('of wrong types read as if the part were absent', async () => {
    const texts = [
      'package = 3\n',
      '[package]\nname = 3\nedition = []\nrust-version = { workspace = true }\n[[dependencies]]\n',
      '[package]\nname = "x"\n[dependencies]\na = 1\nb = []\nc = { features = "x", version = 2, path = 3 }\n[features]\ndefault = "x"\n',
      '[workspace]\nmembers = "x"\ndefault-members = [1]\n[package]\nname = "x"\nbin = 3\n[lib]\ncrate-type = 3\n',
      '[package]\nname = "x"\n[target]\nx = 1\n[target.y]\ndependencies = 3\n[features]\na = ["b"]\nb = ["a"]\ndefault = ["a"]\n',
      '[package]\nname = "__proto__"\n[dependencies.__proto__]\nversion = "1"\n',
    ];
    for (const text of texts) {
      await detectRust(
        contextOf({ 'Cargo.toml': text, 'rust-toolchain.toml': text, '.cargo/config.toml': text }),
      );
    }
  });

  it('never make it fail', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('[package]\nname = "a"\n', '[workspace]\n', '\0'),
    );
    await fc.assert(
      fc.asyncProperty(text, text, text, async (cargo, toolchain, lock) => {
        await detectRust(contextOf({ 'Cargo.toml': cargo, 'rust-toolchain': toolchain, 'Cargo.lock': lock }));
      }),
    );
  });
});
