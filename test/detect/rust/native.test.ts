import { describe, expect, it } from 'vitest';
import { detectRust } from '../../../src/detect/rust/detect.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf } from '../../support/needs.ts';

const known = [
  'openssl-sys',
  'libsqlite3-sys',
  'pq-sys',
  'bindgen',
  'winit',
  'ring',
  'alsa-sys',
  'reqwest',
  'prost-build',
];

const manifest = (...lines: string[]) => ['[package]', 'name = "app"', ...lines].join('\n');

/** A lock file in which every crate depends on the next names. */
function lock(crates: Record<string, string[]>): string {
  return Object.entries(crates)
    .map(([name, dependencies]) => {
      const source = name === 'app' ? '' : 'source = "registry+x"\n';
      const list = dependencies.map((each) => ` "${each}",\n`).join('');
      return `[[package]]\nname = "${name}"\nversion = "1.2.3"\n${source}dependencies = [\n${list}]\n`;
    })
    .join('\n');
}

async function needs(files: Record<string, string>) {
  return detectRust(contextOf(files, { crates: known }));
}

async function native(files: Record<string, string>) {
  return needsOf(await needs(files), 'dependency').map(({ name, version }) => `${name}@${version}`);
}

describe('native needs by the lock file', () => {
  it('are reached from the dependencies, with versions and both lines as evidence', async () => {
    const files = {
      'Cargo.toml': manifest('[dependencies]', 'reqwest = "0.12"'),
      'Cargo.lock': lock({
        app: ['reqwest'],
        reqwest: ['native-tls'],
        'native-tls': ['openssl-sys'],
        'openssl-sys': [],
      }),
    };
    const [need, ...others] = needsOf(await needs(files), 'dependency');
    expect(others).toEqual([]);
    expect(need).toMatchObject({ ecosystem: 'crates', name: 'openssl-sys', version: '1.2.3', project: '.' });
    expect(need?.because.map(({ file, text }) => [file, text])).toEqual([
      ['Cargo.lock', 'name = "openssl-sys"'],
      ['Cargo.toml', 'reqwest = "0.12"'],
    ]);
  });

  it('are not those of other platforms', async () => {
    const files = {
      'Cargo.toml': manifest(
        "[target.'cfg(windows)'.dependencies]",
        'only-windows = "1"',
        '[dependencies]',
        'cpal = "1"',
      ),
      'Cargo.lock': lock({
        app: ['cpal', 'only-windows'],
        cpal: ['alsa-sys', 'coreaudio-sys'],
        'coreaudio-sys': ['bindgen'],
        'only-windows': ['openssl-sys'],
        'alsa-sys': [],
        bindgen: [],
        'openssl-sys': [],
      }),
    };
    expect(await native(files)).toEqual(['alsa-sys@1.2.3']);
  });

  it('are not those of features that are off', async () => {
    const files = {
      'Cargo.toml': manifest(
        '[features]',
        'default = ["audio"]',
        'audio = ["dep:sound"]',
        'tls = ["dep:secure"]',
        '[dependencies]',
        'sound = { version = "1", optional = true }',
        'secure = { version = "1", optional = true }',
      ),
      'Cargo.lock': lock({
        app: ['sound', 'secure'],
        sound: ['alsa-sys'],
        secure: ['openssl-sys'],
        'alsa-sys': [],
        'openssl-sys': [],
      }),
    };
    expect(await native(files)).toEqual(['alsa-sys@1.2.3']);
  });

  it('are those of tests and build scripts too', async () => {
    const files = {
      'Cargo.toml': manifest('[dev-dependencies]', 'a = "1"', '[build-dependencies]', 'prost-build = "1"'),
      'Cargo.lock': lock({ app: ['a', 'prost-build'], a: ['ring'], ring: [], 'prost-build': [] }),
    };
    expect(await native(files)).toEqual(['prost-build@1.2.3', 'ring@1.2.3']);
  });

  it('are not those of databases that are locked, but not asked for', async () => {
    const files = (features: string) => ({
      'Cargo.toml': manifest('[dependencies]', `sqlx = { version = "0.8", features = [${features}] }`),
      'Cargo.lock': lock({
        app: ['sqlx'],
        sqlx: ['sqlx-sqlite'],
        'sqlx-sqlite': ['libsqlite3-sys'],
        'libsqlite3-sys': [],
      }),
    });
    expect(await native(files('"postgres"'))).toEqual([]);
    expect(await native(files('"sqlite"'))).toEqual(['libsqlite3-sys@1.2.3']);
  });

  it('are none for SQLite that is compiled along', async () => {
    const files = {
      'Cargo.toml': manifest('[dependencies]', 'rusqlite = "1"'),
      'Cargo.lock': lock({
        app: ['rusqlite'],
        rusqlite: ['libsqlite3-sys'],
        'libsqlite3-sys': ['cc', 'pkg-config'],
      }),
    };
    expect(await native(files)).toEqual([]);
  });

  it('are not those of generators that run on other platforms only', async () => {
    const files = {
      'Cargo.toml': manifest('[dependencies]', 'tls = "1"'),
      'Cargo.lock': lock({
        app: ['tls'],
        tls: ['aws-lc-sys'],
        'aws-lc-sys': ['bindgen', 'cc'],
        bindgen: [],
        cc: ['ring'],
        ring: [],
      }),
    };
    expect(await native(files)).toEqual(['ring@1.2.3']);
    const other = { ...files, 'Cargo.lock': lock({ app: ['tls'], tls: ['bindgen'], bindgen: [] }) };
    expect(await native(other)).toEqual(['bindgen@1.2.3']);
  });

  it('are those of the crate under its own name, where the manifest renames it', async () => {
    const files = {
      'Cargo.toml': manifest('[dependencies]', 'ssl = { package = "openssl-sys", version = "1" }'),
      'Cargo.lock': lock({ app: ['openssl-sys'], 'openssl-sys': [] }),
    };
    expect(await native(files)).toEqual(['openssl-sys@1.2.3']);
  });

  it('end where dependencies go in a circle', async () => {
    const files = {
      'Cargo.toml': manifest('[dependencies]', 'a = "1"'),
      'Cargo.lock': lock({ app: ['a'], a: ['b'], b: ['a', 'ring'], ring: [] }),
    };
    expect(await native(files)).toEqual(['ring@1.2.3']);
  });
});

describe('OpenSSL that is compiled along', () => {
  it('needs perl and make instead of the library', async () => {
    const files = {
      'Cargo.toml': manifest('[dependencies]', 'openssl = { version = "0.10", features = ["vendored"] }'),
      'Cargo.lock': lock({
        app: ['openssl'],
        openssl: ['openssl-sys'],
        'openssl-sys': ['openssl-src'],
        'openssl-src': [],
      }),
    };
    const found = await needs(files);
    expect(needsOf(found, 'dependency')).toEqual([]);
    expect(needsOf(found, 'tool').map(({ id }) => id)).toEqual(['perl', 'make']);
    const { 'Cargo.lock': _lock, ...withoutLock } = files;
    expect(needsOf(await needs(withoutLock), 'tool').map(({ id }) => id)).toEqual(['perl', 'make']);
  });

  it('needs both where only some feature of the project asks for it', async () => {
    const files = {
      'Cargo.toml': manifest(
        '[features]',
        'vendored = ["openssl/vendored"]',
        '[dependencies]',
        'openssl = "0.10"',
      ),
      'Cargo.lock': lock({
        app: ['openssl'],
        openssl: ['openssl-sys'],
        'openssl-sys': ['openssl-src'],
        'openssl-src': [],
      }),
    };
    const found = await needs(files);
    expect(needsOf(found, 'dependency').map(({ name }) => name)).toEqual(['openssl-sys']);
    expect(needsOf(found, 'tool').map(({ id }) => id)).toEqual(['perl', 'make']);
  });
});

describe('native needs without a lock file', () => {
  it.each([
    ['openssl = "0.10"', ['openssl-sys']],
    ['reqwest = "0.12"', ['openssl-sys']],
    ['reqwest = { version = "0.12", default-features = false, features = ["rustls-tls"] }', []],
    ['reqwest = "0.13"', []],
    ['reqwest = { version = "0.13", features = ["native-tls"] }', ['openssl-sys']],
    ['native-tls = { version = "0.2", features = ["vendored"] }', []],
    ['rusqlite = "0.32"', ['libsqlite3-sys']],
    ['rusqlite = { version = "0.32", features = ["bundled"] }', []],
    ['rusqlite = { version = "0.32", features = ["bundled-windows"] }', ['libsqlite3-sys']],
    ['diesel = { version = "2", features = ["postgres"] }', ['pq-sys']],
    ['diesel = { version = "2", features = ["sqlite"] }', ['libsqlite3-sys']],
    ['tonic-build = "0.12"', ['prost-build']],
    ['ring = "0.17"', ['ring']],
    ['serde = "1"', []],
  ])('%s needs %j', async (line, names) => {
    const found = needsOf(await needs({ 'Cargo.toml': manifest('[dependencies]', line) }), 'dependency');
    expect(found.map(({ name }) => name)).toEqual(names);
  });

  it('follow what the workspace says of a dependency', async () => {
    const files = {
      'Cargo.toml':
        '[workspace]\nmembers = ["a"]\n[workspace.dependencies]\ndb = { package = "diesel", version = "2" }\n',
      'a/Cargo.toml': manifest('[dependencies]', 'db = { workspace = true, features = ["postgres"] }'),
    };
    const [need] = needsOf(await needs(files), 'dependency');
    expect(need).toMatchObject({ name: 'pq-sys', project: '.' });
    expect(need?.because[0]).toMatchObject({ file: 'a/Cargo.toml', line: 4 });
  });
});
