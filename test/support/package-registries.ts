/**
 * The public registries of packages under their own names, with one package: `lucky` 1.0.0, whose value is 7. They are
 * on loopback: behind a proxy that takes every name to one server, with certificates of an authority of its own.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from '../../src/temporary.ts';
import { certificates } from './certificates.ts';
import { zip } from './zip.ts';

type Files = Record<string, string>;

/** A registry of npm's that somebody configured. */
export const configuredRegistry = 'npm.example.com';

const hosts = [
  ...['registry.npmjs.org', 'registry.yarnpkg.com', 'pypi.org', 'files.pythonhosted.org'],
  ...['index.crates.io', 'static.crates.io', 'proxy.golang.org', 'jsr.io', configuredRegistry],
];

const hash = (algorithm: string, content: Buffer | string, encoding: 'hex' | 'base64' = 'hex') =>
  createHash(algorithm).update(content).digest(encoding);

/** Its files in one folder, the same bytes each time. */
function tarball(folder: string, files: Files): Buffer {
  const { directory, remove } = temporaryFolder('nidify-test-');
  try {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(directory, folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text, { mode: 0o644 });
    }
    const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
    return gzipSync(execFileSync('tar', [...same, '-cf', '-', folder], { cwd: directory }));
  } finally {
    remove();
  }
}

/** Writes a file where it is run. */
export const scriptThatTells = `node -e 'require("fs").writeFileSync("ran", "")'`;

/** A package of npm that says so when its script was run. */
function npmPackage() {
  const manifest = {
    name: 'lucky',
    version: '1.0.0',
    scripts: { postinstall: scriptThatTells },
  };
  const content = tarball('package', {
    'package.json': JSON.stringify(manifest),
    'index.js': 'module.exports = 7;\n',
  });
  const integrity = `sha512-${hash('sha512', content, 'base64')}`;
  const shasum = hash('sha1', content);
  const document = (host: string) => {
    const dist = { tarball: `https://${host}/lucky/-/lucky-1.0.0.tgz`, integrity, shasum };
    const versions = { '1.0.0': { ...manifest, hasInstallScript: true, dist } };
    return JSON.stringify({ name: 'lucky', 'dist-tags': { latest: '1.0.0' }, versions });
  };
  const served = Object.fromEntries(
    ['registry.npmjs.org', 'registry.yarnpkg.com', configuredRegistry].flatMap((host) => [
      [`${host}/lucky`, document(host)],
      [`${host}/lucky/-/lucky-1.0.0.tgz`, content],
    ]),
  );
  return { integrity, served };
}

/** What the code of a source distribution says. */
export const toldByBuild = 'code of a package was run';

/** A wheel with a program, and a source distribution of another version, which says so when it is built. */
function pythonPackage() {
  const wheel = 'lucky-1.0.0-py3-none-any.whl';
  const metadata = 'Metadata-Version: 2.1\nName: lucky\nVersion: 1.0.0\n';
  const names = ['entry_points.txt', 'METADATA', 'WHEEL', 'RECORD'];
  const content = zip({
    'lucky/__init__.py': 'value = 7\n\n\ndef main():\n    print("lucky", value)\n',
    'lucky-1.0.0.dist-info/entry_points.txt': '[console_scripts]\nlucky = lucky:main\n',
    'lucky-1.0.0.dist-info/METADATA': metadata,
    'lucky-1.0.0.dist-info/WHEEL': 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    'lucky-1.0.0.dist-info/RECORD': [
      'lucky/__init__.py',
      ...names.map((name) => `lucky-1.0.0.dist-info/${name}`),
    ]
      .map((name) => `${name},,\n`)
      .join(''),
  });
  const sdist = 'lucky-2.0.0.tar.gz';
  const source = tarball('lucky-2.0.0', {
    'pyproject.toml': '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
    'backend.py': `raise SystemExit("${toldByBuild}")\n`,
    'PKG-INFO': metadata.replace('1.0.0', '2.0.0'),
  });
  const files: Record<string, Buffer> = { [wheel]: content, [sdist]: source };
  const address = (name: string) => `https://files.pythonhosted.org/packages/${name}`;
  const sha256 = (name: string) => hash('sha256', files[name] ?? '');
  const page = Object.keys(files)
    .map((name) => `<a href="${address(name)}#sha256=${sha256(name)}">${name}</a>`)
    .join('\n');
  const release = (name: string, packagetype: string) => ({
    ...{ filename: name, packagetype, url: address(name), yanked: false, requires_python: null },
    digests: { sha256: sha256(name) },
  });
  const project = (version: string, name: string, kind: string) =>
    JSON.stringify({
      info: { name: 'lucky', version, summary: '', requires_dist: [], requires_python: '', yanked: false },
      urls: [release(name, kind)],
    });
  return {
    wheel: { version: '1.0.0', file: wheel, sha256: sha256(wheel) },
    sdist: { version: '2.0.0', file: sdist, sha256: sha256(sdist) },
    served: {
      'pypi.org/simple/lucky/': `<!DOCTYPE html><html><body>${page}</body></html>`,
      'pypi.org/pypi/lucky/1.0.0/json': project('1.0.0', wheel, 'bdist_wheel'),
      'pypi.org/pypi/lucky/2.0.0/json': project('2.0.0', sdist, 'sdist'),
      ...Object.fromEntries(
        Object.entries(files).map(([name, content]) => [`files.pythonhosted.org/packages/${name}`, content]),
      ),
    },
  };
}

/** `@lucky/word`, of Deno's registry: https://jsr.io/docs/api#jsr-registry-api */
function jsrPackage() {
  const module = "export const word = 'lucky';\n";
  const place = 'jsr.io/@lucky/word';
  const release = JSON.stringify({
    manifest: { '/mod.ts': { size: module.length, checksum: `sha256-${hash('sha256', module)}` } },
    exports: { '.': './mod.ts' },
  });
  return {
    integrity: hash('sha256', release),
    served: {
      [`${place}/meta.json`]: JSON.stringify({
        ...{ scope: 'lucky', name: 'word', latest: '1.0.0', versions: { '1.0.0': {} } },
      }),
      [`${place}/1.0.0_meta.json`]: release,
      [`${place}/1.0.0/mod.ts`]: module,
    },
  };
}

/** https://doc.rust-lang.org/cargo/reference/registry-index.html */
function crate() {
  const content = tarball('lucky-1.0.0', {
    'Cargo.toml': '[package]\nname = "lucky"\nversion = "1.0.0"\nedition = "2021"\n',
    'src/lib.rs': 'pub const VALUE: u8 = 7;\n',
  });
  const checksum = hash('sha256', content);
  const row = { name: 'lucky', vers: '1.0.0', deps: [], cksum: checksum, features: {}, yanked: false };
  return {
    checksum,
    served: {
      'index.crates.io/config.json': JSON.stringify({
        ...{ dl: 'https://static.crates.io/crates', api: 'https://crates.io' },
      }),
      'index.crates.io/lu/ck/lucky': `${JSON.stringify(row)}\n`,
      'static.crates.io/crates/lucky/1.0.0/download': content,
    },
  };
}

/** https://go.dev/ref/mod#goproxy-protocol; sums as in golang.org/x/mod/sumdb/dirhash, Hash1. */
function goModule() {
  const mod = 'module example.org/lucky\n\ngo 1.21\n';
  const files: Files = {
    'example.org/lucky@v1.0.0/go.mod': mod,
    'example.org/lucky@v1.0.0/lucky.go': 'package lucky\n\nconst Value = 7\n',
  };
  const sum = (all: Files) =>
    `h1:${hash(
      'sha256',
      Object.entries(all)
        .map(([name, text]) => `${hash('sha256', text)}  ${name}\n`)
        .join(''),
      'base64',
    )}`;
  const place = 'proxy.golang.org/example.org/lucky/@v';
  return {
    sums: `example.org/lucky v1.0.0 ${sum(files)}\nexample.org/lucky v1.0.0/go.mod ${sum({ 'go.mod': mod })}\n`,
    served: {
      [`${place}/list`]: 'v1.0.0\n',
      [`${place}/v1.0.0.info`]: '{"Version":"v1.0.0","Time":"2024-01-01T00:00:00Z"}',
      [`${place}/v1.0.0.mod`]: mod,
      [`${place}/v1.0.0.zip`]: zip(files),
    },
  };
}

export interface PackageRegistries {
  npm: ReturnType<typeof npmPackage>;
  jsr: ReturnType<typeof jsrPackage>;
  python: ReturnType<typeof pythonPackage>;
  crate: ReturnType<typeof crate>;
  go: ReturnType<typeof goModule>;
  /** Variables of whoever reaches the registries. */
  env: { https_proxy: string; SSL_CERT_FILE: string };
  close(): void;
}

export async function startPackageRegistries(): Promise<PackageRegistries> {
  const [npm, jsr, python] = [npmPackage(), jsrPackage(), pythonPackage()];
  const [rust, go] = [crate(), goModule()];
  const served = new Map<string, string | Buffer>(
    [npm, jsr, python, rust, go].flatMap((each) => Object.entries<string | Buffer>(each.served)),
  );
  const { directory, remove } = temporaryFolder('nidify-test-');
  const { authority, certificate, key } = certificates(
    hosts.map((name) => `DNS:${name}`).join(','),
    directory,
  );
  const server = createSecureServer(
    { cert: readFileSync(certificate), key: readFileSync(key) },
    ({ headers, url }, response) => {
      const name = `${headers.host}${url}`;
      const found = served.get(name);
      response.setHeader('content-type', typeOf(name));
      if (found === undefined) response.writeHead(404).end('{}');
      else response.end(found);
    },
  );
  const port = await listening(server);
  const proxy = createServer();
  proxy.on('connect', (_, client, head) => {
    const target = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.write(head);
      client.pipe(target).pipe(client);
    });
    for (const each of [client, target]) each.on('error', () => [client, target].map((one) => one.destroy()));
  });
  return {
    ...{ npm, jsr, python, crate: rust, go },
    env: { https_proxy: `http://127.0.0.1:${await listening(proxy)}`, SSL_CERT_FILE: authority },
    close() {
      remove();
      for (const each of [server, proxy]) {
        each.close();
        each.closeAllConnections();
      }
    },
  };
}

function typeOf(name: string): string {
  if (name.startsWith('pypi.org/simple/')) return 'text/html';
  return name.endsWith('.ts') ? 'application/typescript' : 'application/json';
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
