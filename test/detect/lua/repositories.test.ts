/** Repositories in Lua and the plans that they must have. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRockspec } from '../../../src/detect/lua/rockspec.ts';
import { analysed } from '../../support/analysed.ts';

const rockspec = (lua: string, more = '') => `package = "shelf"
version = "1.0-1"
source = { url = "git+https://example.com/shelf" }
--[[ dependencies = { "lua == 5.2" } ]]
dependencies = {
  "${lua}",
  "luasocket ~> 3.0", -- "lsqlite3"
  'luasec',
}
build = {
  type = "builtin",
  modules = { shelf = "src/shelf.lua" },
}
${more}`;

test('a rock with tests of busted', async () => {
  const found = await analysed({
    'shelf-1.0-1.rockspec': rockspec(
      'lua >= 5.1, < 5.4',
      'test_dependencies = { "busted" }\ntest = { type = "busted" }\n',
    ),
    'src/shelf.lua': '',
    'spec/shelf_spec.lua': '',
  });
  expect(found).toMatchObject({
    languages: ['lua'],
    toolchains: ['lua 5.3 compatible'],
    packageManagers: ['luarocks'],
    compiler: 'default',
    commands: {
      install:
        'luarocks install --tree lua_modules --only-deps shelf-1.0-1.rockspec && luarocks test --tree lua_modules --prepare shelf-1.0-1.rockspec',
      build: 'luarocks make --tree lua_modules shelf-1.0-1.rockspec',
      test: 'busted',
    },
    findings: [],
  });
  expect(found.libraries).toEqual(['openssl']);
  // It installs for the Lua that it runs on.
  expect(found.plan.packageManagers[0]?.attribute).toBe('lua53Packages.luarocks');
  expect(found.plan.environments[0]?.hooks.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['lua-library', 'lua-bin']),
  );
});

test('LuaJIT, of several rockspecs the one that is developed, with C', async () => {
  const found = await analysed({
    'rockspecs/fast-1.0-1.rockspec': rockspec('lua == 5.1'),
    'rockspecs/fast-scm-1.rockspec': rockspec('luajit >= 2.0').replace(
      '"src/shelf.lua"',
      '{ sources = { "src/fast.c" } }',
    ),
    'luarocks.lock': 'return {}\n',
  });
  expect(found.toolchains).toEqual(['lua luajit compatible']);
  expect(found.plan.packageManagers[0]).toMatchObject({
    attribute: 'luajitPackages.luarocks',
    lockfile: 'luarocks.lock',
  });
  expect(found.commands.build).toBe('luarocks make --tree lua_modules rockspecs/fast-scm-1.rockspec');
});

test('a web application of lapis', async () => {
  const found = await analysed({
    'app-dev-1.rockspec': rockspec('lua ~> 5.1').replace("'luasec'", '"lapis"'),
    'app.lua': '',
  });
  expect(found).toMatchObject({ toolchains: ['lua 5.1 compatible'], frameworks: ['lapis'], ports: [8080] });
  expect(found.commands.start).toBe('lapis server');
});

describe('version files', () => {
  test.each([
    [{ '.lua-version': '5.3.6\n' }, 'lua 5.3 assumed'],
    [{ '.lua-version': 'luajit-2.1.0-beta3\n' }, 'lua luajit compatible'],
    [{ '.tool-versions': 'lua 5.2.4\n' }, 'lua 5.2 assumed'],
    [{ 'mise.toml': '[tools]\nlua = "5.1"\n' }, 'lua 5.1 compatible'],
    [{ '.luacheckrc': 'std = "lua53"\n' }, 'lua 5.3 compatible'],
    [{}, 'lua 5.4 default'],
  ])('%j', async (files, expected) => {
    const found = await analysed({ 'main.lua': 'print(1)\n', ...files });
    expect(found.toolchains).toEqual([expected]);
    expect(found.commands.start).toBe('lua main.lua');
  });
});

test('a game of LÖVE', async () => {
  const found = await analysed({ 'main.lua': '', 'conf.lua': 'function love.conf(t) end\n' });
  expect(found).toMatchObject({ frameworks: ['love'], tools: ['love'], commands: { start: 'love .' } });
});

test('rocks of a monorepo', async () => {
  const found = await analysed(
    {
      'core/core-1-1.rockspec': rockspec('lua >= 5.1'),
      'cli/cli-1-1.rockspec': rockspec('lua >= 5.3'),
      'test/x-1-1.rockspec': rockspec('lua == 5.1'),
    },
    'cli',
  );
  expect(found.plan.projects.map(({ path }) => path)).toEqual(['cli', 'core']);
  expect(found.toolchains).toEqual(['lua 5.4 compatible']);
});

describe('odd ones', () => {
  test('scripts beside another language add nothing', async () => {
    const found = await analysed({ 'package.json': '{}', 'main.lua': '', '.luacheckrc': 'std = "luajit"' });
    expect(found.languages).toEqual(['node']);
  });

  test('a constraint that cannot be read asks for nothing', async () => {
    const found = await analysed({ 'a-1-1.rockspec': rockspec('lua >= five') });
    expect(found.toolchains).toEqual(['lua 5.4 default']);
  });

  test('hostile text neither fails nor takes long', () => {
    const read = (text: string) => void readRockspec({ path: 'a.rockspec', blob: null, text });
    fc.assert(fc.property(fc.string(), read));
    const start = performance.now();
    for (const part of ['[[', '{', '"', '--[==[', 'a = {', '[=', '\\', "'\n"]) read(part.repeat(50_000));
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

test('libraries that its modules in C link with', async () => {
  const found = await analysed({
    'login-1.0-1.rockspec': `package = "login"
version = "1.0-1"
dependencies = { "lua >= 5.1" }
external_dependencies = { LIBSASL = { header = "sasl/sasl.h" } }
build = {
  type = "builtin",
  modules = {
    login = { sources = { "login.c" }, libraries = { "sasl2" } },
    ["login.store"] = { sources = "store.c", libraries = "sqlite3" },
  },
  platforms = { windows = { modules = { login = { libraries = { "z" } } } } },
}
`,
  });
  expect(found.libraries).toEqual(expect.arrayContaining(['cyrus_sasl', 'sqlite']));
  expect(found.libraries).not.toContain('zlib');
  expect(found.findings).toEqual(['rock-external']);
});
