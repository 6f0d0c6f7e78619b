import { describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../src/catalogue/load.ts';
import type { NativeEcosystem, NativeRow } from '../../src/catalogue/types.ts';

const catalogue = await loadCatalogue(['node', 'python', 'go', 'rust']);

function row(ecosystem: NativeEcosystem, name: string, version: string | null = null): NativeRow {
  const found = catalogue.native(ecosystem, name, version);
  if (found === null) throw new Error(`no row for ${name}`);
  return found;
}

function variable(found: NativeRow, name: string): string | undefined {
  const value = found.variables.find((each) => each.name === name)?.value;
  return value?.map((part) => (typeof part === 'string' ? part : `\${${part.package}}${part.path}`)).join('');
}

describe('npm packages', () => {
  test('that node-gyp compiles need python, make, a compiler and the headers of the chosen Node.js', () => {
    const found = row('npm', 'sqlite3');
    expect(found).toMatchObject({ tools: ['python3', 'gnumake'], compiler: true, link: [], dlopen: [] });
    expect(variable(found, 'npm_config_nodedir')).toBe('${@node}');
  });

  test('that have come to bring their binaries need nothing since', () => {
    expect(row('npm', 'bcrypt', '5.1.1').compiler).toBe(true);
    expect(row('npm', 'bcrypt', '6.0.0')).toMatchObject({ compiler: false, tools: [], variables: [] });
    expect(row('npm', 'argon2', '0.31.2').compiler).toBe(true);
    expect(row('npm', 'argon2', '0.41.0').compiler).toBe(false);
  });

  test.each(['iconv', 'node-expat', 'deasync', '@discordjs/opus'])(
    '%s is compiled where nothing prebuilt fits',
    (name) => expect(row('npm', name)).toEqual(row('npm', 'sqlite3')),
  );

  test('snappy has brought its binary since 7', () => {
    expect(row('npm', 'snappy', '6.3.5').compiler).toBe(true);
    expect(row('npm', 'snappy', '7.2.2').compiler).toBe(false);
  });

  test.each(['@biomejs/biome', 'mongodb-memory-server', 'turbo', 'workerd'])(
    '%s starts a program that NixOS cannot, and says so',
    (name) =>
      expect(row('npm', name).finding).toMatchObject({ code: 'downloaded-program', severity: 'info' }),
  );

  test.each(['sharp', 'esbuild', '@swc/core', 'lightningcss', 'mysql2', '@grpc/grpc-js'])(
    '%s works as it comes',
    (name) => expect(catalogue.native('npm', name, null)).toBeNull(),
  );

  test('node-sass needs a Python that its node-gyp understands', () => {
    expect(row('npm', 'node-sass', '9.0.0').tools).toContain('python311');
    expect(row('npm', 'node-sass', '6.0.1').tools).toContain('python310');
    for (const channel of ['nixos-22.11', 'nixos-23.05']) {
      expect(catalogue.attribute('python310', channel)?.attribute).toBe('python310');
    }
    expect(row('npm', 'node-sass', '4.14.1').tools).toContain('python27');
    expect(catalogue.attribute('python27', 'nixos-22.11')?.insecure).toEqual([]);
  });

  test('node-gyp before 10 needs a Python with distutils', () => {
    expect(row('npm', 'node-gyp', '10.0.1').tools).toContain('python3');
    const old = row('npm', 'node-gyp', '8.4.1');
    expect(old.tools).not.toContain('python3');
    expect(variable(old, 'npm_config_python')).toBe('${python311}/bin/python3');
  });

  test('canvas has what its prebuilt binary leaves out, and what a build needs', () => {
    const found = row('npm', 'canvas', '2.11.2');
    expect(found.link).toEqual(expect.arrayContaining(['cairo', 'pango', 'libjpeg', 'librsvg']));
    expect(found.tools).toContain('pkg-config');
    expect(found.dlopen).toContain('libuuid');
  });

  test.each([
    ['7.3.0', 'prisma-engines_7'],
    ['6.19.1', 'prisma-engines_6'],
    [null, 'prisma-engines_7'],
  ])('prisma %s has the engines of its major', (version, engines) => {
    const found = row('npm', 'prisma', version);
    expect(variable(found, 'PRISMA_SCHEMA_ENGINE_BINARY')).toBe(`\${${engines}}/bin/schema-engine`);
    expect(found.tools).toContain('openssl');
  });

  test('only Prisma before 7 has a query engine', () => {
    expect(variable(row('npm', '@prisma/client', '6.1.0'), 'PRISMA_QUERY_ENGINE_LIBRARY')).toBeDefined();
    expect(variable(row('npm', '@prisma/client', '7.0.0'), 'PRISMA_QUERY_ENGINE_LIBRARY')).toBeUndefined();
  });

  test('Prisma 2 and 3 need the OpenSSL that they were built for, which must be permitted', () => {
    expect(row('npm', 'prisma', '2.23.0').dlopen).toEqual(['openssl_1_1']);
    expect(catalogue.attribute('openssl_1_1', 'nixos-26.05')?.insecure).toEqual(['openssl']);
  });

  test('Playwright finds the browsers of nixpkgs, on Linux', () => {
    const found = row('npm', '@playwright/test', '1.50.0');
    expect(variable(found, 'PLAYWRIGHT_BROWSERS_PATH')).toBe('${playwright-driver.browsers}');
    expect(
      found.variables.every(({ systems }) => systems?.every((system) => system.endsWith('-linux'))),
    ).toBe(true);
    expect(found.finding?.code).toBe('browser-version');
  });
});

describe('PyPI packages', () => {
  test.each(['numpy', 'pandas', 'torch', 'tensorflow', 'grpcio', 'greenlet'])(
    '%s: what its wheel leaves to the system',
    (name) => {
      expect(row('pypi', name)).toMatchObject({
        dlopen: ['stdenv.cc.cc.lib', 'zlib'],
        link: [],
        tools: [],
        compiler: false,
      });
    },
  );

  test.each(['psycopg2-binary', 'cryptography', 'pydantic-core', 'lxml', 'pillow', 'asyncpg', 'pyyaml'])(
    '%s works as it comes',
    (name) => expect(catalogue.native('pypi', name, null)).toBeNull(),
  );

  test.each(['jupyterlab', 'gevent', 'statsmodels', 'transformers', 'streamlit'])(
    '%s stands for what it requires, where no lock file names that',
    (name) => expect(row('pypi', name).dlopen).toEqual(row('pypi', 'numpy').dlopen),
  );

  test.each(['tensorflow-cpu', 'tensorflow-gpu', 'tf-nightly', 'tf-nightly-cpu'])(
    '%s is TensorFlow under another name',
    (name) => expect(row('pypi', name)).toEqual(row('pypi', 'tensorflow')),
  );

  test('psycopg2 is compiled against libpq, which postgresql was before 25.05', () => {
    expect(row('pypi', 'psycopg2')).toMatchObject({
      link: ['libpq'],
      tools: ['libpq.pg_config'],
      compiler: true,
    });
    const named = (canonical: string, channel: string) => catalogue.attribute(canonical, channel)?.attribute;
    expect(named('libpq.pg_config', 'nixos-26.05')).toBe('libpq.pg_config');
    expect(named('libpq.pg_config', 'nixos-24.11')).toBe('postgresql');
    expect(named('libpq', 'nixos-24.11')).toBe('postgresql');
  });

  test('only the build with windows of OpenCV needs them', () => {
    expect(row('pypi', 'opencv-python').dlopen).toContain('libGL');
    expect(row('pypi', 'opencv-python-headless').dlopen).toEqual(['stdenv.cc.cc.lib', 'zlib']);
  });

  test.each(['psycopg', 'pyzbar', 'pyusb', 'sounddevice'])(
    '%s asks ctypes for its library, which asks the linker',
    (name) => {
      const found = row('pypi', name);
      expect(found.dlopen).toHaveLength(1);
      expect(found).toMatchObject({ tools: ['binutils'], linuxOnly: ['binutils'] });
    },
  );

  test('python-magic and pyvips know the file name of theirs', () => {
    expect(row('pypi', 'python-magic').tools).toEqual([]);
    expect(row('pypi', 'pyvips').tools).toEqual([]);
  });

  test('programs that are called are on PATH', () => {
    expect(row('pypi', 'pydub').tools).toEqual(['ffmpeg']);
    expect(row('pypi', 'pdf2image').tools).toEqual(['poppler-utils']);
    expect(catalogue.attribute('poppler-utils', 'nixos-24.05')?.attribute).toBe('poppler_utils');
  });
});

describe('crates', () => {
  test('openssl-sys links the OpenSSL of the environment, even with the vendored feature', () => {
    const found = row('crates', 'openssl-sys', '0.9.109');
    expect(found).toMatchObject({ link: ['openssl'], tools: ['pkg-config'] });
    expect(variable(found, 'OPENSSL_NO_VENDOR')).toBe('1');
  });

  test('bindgen finds libclang, prost finds protoc', () => {
    expect(variable(row('crates', 'clang-sys'), 'LIBCLANG_PATH')).toBe('${llvmPackages.libclang.lib}/lib');
    expect(variable(row('crates', 'prost-build'), 'PROTOC')).toBe('${protobuf}/bin/protoc');
  });

  test.each<[NativeEcosystem, string]>([
    ['crates', 'tauri'],
    ['crates', 'webkit2gtk-sys'],
    ['go', 'github.com/wailsapp/wails/v2'],
  ])('%s: %s shows pages from the network, for which GIO needs TLS', (ecosystem, name) => {
    const found = row(ecosystem, name);
    expect(variable(found, 'GIO_EXTRA_MODULES')).toBe('${glib-networking}/lib/gio/modules');
    expect(found.linuxOnly).toContain('glib-networking');
  });

  test('that compile their own source need a compiler and their build system, not the library', () => {
    expect(row('crates', 'ring')).toMatchObject({ compiler: true, link: [] });
    expect(row('crates', 'aws-lc-sys')).toMatchObject({ tools: ['cmake'], link: [] });
    expect(row('crates', 'rav1e')).toMatchObject({ tools: ['nasm'], link: [] });
    expect(row('crates', 'whisper-rs-sys').tools).toEqual(['cmake', 'rustPlatform.bindgenHook']);
    expect(row('crates', 'shaderc-sys').tools).toEqual(['cmake', 'python3']);
  });
});

describe('Go modules', () => {
  test('with cgo need a compiler, and the library that they bind', () => {
    expect(row('go', 'github.com/mattn/go-sqlite3')).toMatchObject({ compiler: true, link: [] });
    expect(row('go', 'github.com/h2non/bimg')).toMatchObject({ link: ['vips', 'glib'], compiler: true });
  });

  test('have a row for each major version that has its own path', () => {
    expect(row('go', 'github.com/davidbyttow/govips/v2')).toEqual(row('go', 'github.com/davidbyttow/govips'));
  });
});

describe('what is loaded', () => {
  test('are the rows of the ecosystems that are asked for, and of those that they use', async () => {
    const python = await loadCatalogue(['python']);
    expect(python.nativeNames.npm.size).toBe(0);
    expect(python.tool('node')).toBeNull();
    expect(python.tool('rust')).not.toBeNull();
    const bun = await loadCatalogue(['bun']);
    expect(bun.nativeNames.npm.has('canvas')).toBe(true);
  });

  test('channels, libraries and tools are always there; what no ecosystem is called is no error', async () => {
    const none = await loadCatalogue(['tasks', 'containers', 'constructor']);
    expect(none.tool('just')).not.toBeNull();
    expect(none.attribute('openssl', none.defaultChannel)?.attribute).toBe('openssl');
    expect(none.attribute('constructor', none.defaultChannel)).toBeNull();
    expect(none.native('npm', 'constructor', null)).toBeNull();
    expect(none.version).toBe(catalogue.version);
  });
});
