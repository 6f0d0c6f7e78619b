import { describe, expect, test } from 'vitest';
import type { Environment, Plan, Tool } from '../../src/plan/schema.ts';
import { render } from '../../src/render/render.ts';
import { planOf } from '../support/plan.ts';
import { describeWithNix, evaluate, fakeNixpkgs, folderOf } from './nix.ts';
import { environment, nothing, python, several } from './plans.ts';

const tool = (attribute: string, parts: Partial<Tool> = {}): Tool => ({
  key: attribute,
  attribute,
  input: 'nixpkgs',
  systems: null,
  grade: 'confirmed',
  because: [],
  ...parts,
});

const planWith = (parts: Partial<Environment>, plan: Partial<Plan> = {}): Plan =>
  planOf({ environments: [environment(parts)], ...plan });

async function shellNix(plan: Plan): Promise<string> {
  return (await render(plan)).find(({ path }) => path === 'shell.nix')?.text ?? '';
}

const failure = (code: string, text = '') =>
  expect.objectContaining({ code, exitCode: 3, message: expect.stringContaining(text) });

describe('an environment', () => {
  test('has programs on PATH and libraries where the compiler looks', async () => {
    const text = await shellNix(
      planWith(
        { packages: ['zlib', 'jq', 'openssl'] },
        {
          tools: [tool('jq')],
          libraries: [
            { ...tool('openssl'), use: 'link' },
            { ...tool('zlib'), use: 'link' },
          ],
        },
      ),
    );
    expect(text).toContain('packages = [ pkgs.jq ];');
    expect(text).toContain('buildInputs = [\n        pkgs.zlib\n        pkgs.openssl\n      ];');
  });

  test('names a package once, however often the plan does', async () => {
    const same = tool('nodejs_22', { key: 'npm' });
    const text = await shellNix(
      planWith({ packages: ['nodejs_22', 'npm', 'npm'] }, { tools: [tool('nodejs_22'), same] }),
    );
    expect(text).toContain('packages = [ pkgs.nodejs_22 ];');
  });

  test('has libraries that are loaded at run time on the library path only', async () => {
    const libraries = [{ ...tool('zlib'), use: 'dlopen' as const }];
    const loaded = await shellNix(planWith({ packages: ['zlib'], libraryPath: ['zlib'] }, { libraries }));
    expect(loaded).toContain('libraryPath = lib.makeLibraryPath [ pkgs.zlib ];');
    expect(loaded).not.toContain('buildInputs = ');
    // named, but not for the library path: it must not vanish
    expect(await shellNix(planWith({ packages: ['zlib'] }, { libraries }))).toContain(
      'buildInputs = [ pkgs.zlib ];',
    );
  });

  test.each([
    ['none', 'pkgs.mkShellNoCC {'],
    ['default', 'pkgs.mkShell {'],
    ['gcc14Stdenv', 'pkgs.mkShell.override { stdenv = pkgs.gcc14Stdenv; } {'],
    ['llvmPackages_20.stdenv', 'pkgs.mkShell.override { stdenv = pkgs.llvmPackages_20.stdenv; } {'],
  ])('with the compiler "%s" is %s', async (compiler, start) => {
    expect(await shellNix(planWith({ compiler, hardeningDisable: ['fortify'] }))).toContain(start);
  });

  test('has no trace of what no system of the plan has', async () => {
    const text = await shellNix(
      planWith(
        {
          packages: ['jq'],
          variables: [{ name: 'X', value: ['1'], systems: ['x86_64-darwin'], because: [] }],
        },
        { tools: [tool('jq', { systems: ['x86_64-darwin'] })] },
      ),
    );
    expect(text).not.toMatch(/pkgs\.jq|X = /);
  });

  test('is the default when it is the only one, whatever it is called', async () => {
    const text = await shellNix(planWith({ name: 'api' }));
    expect(text).toContain('default = shells.api;');
    expect(text).toMatch(/in\nshells\.api \/\/ \{ inherit shells packages; \}\n$/);
  });
});

describe('a plan that no planner makes', () => {
  test.each<[string, Plan, ReturnType<typeof failure>]>([
    ['an unknown package', planWith({ packages: ['x'] }), failure('plan-inconsistent', '"x"')],
    ['an unknown library', planWith({ libraryPath: ['x'] }), failure('plan-inconsistent', '"x"')],
    ['an unknown hook', planWith({ hooks: [{ id: 'x', because: [] }] }), failure('plan-inconsistent', '"x"')],
    ['no environment', planOf({ environments: [] }), failure('plan-inconsistent', 'environment')],
    ['no input', planOf({ nixpkgs: [] }), failure('plan-inconsistent', 'input')],
    ['a base that is no name', planWith({ base: 'x; y' }), failure('plan-inconsistent', '"x; y"')],
    ['a compiler that is no attribute', planWith({ compiler: 'a"; b' }), failure('attribute-invalid')],
    [
      'an attribute that is none',
      planWith({ packages: ['x'] }, { tools: [tool('(abort "x")', { key: 'x' })] }),
      failure('attribute-invalid'),
    ],
    [
      'a variable that would break the shell',
      planWith({ variables: [{ name: 'PATH', value: ['/x'], systems: null, because: [] }] }),
      failure('plan-inconsistent', 'PATH'),
    ],
    [
      'a variable that is set twice',
      planWith({
        variables: [
          { name: 'X', value: ['1'], systems: null, because: [] },
          { name: 'X', value: ['2'], systems: null, because: [] },
        ],
      }),
      failure('plan-inconsistent', 'X'),
    ],
    [
      'a value that cannot be written',
      planWith({ variables: [{ name: 'X', value: ['a\u001b[31m'], systems: null, because: [] }] }),
      failure('unprintable-value'),
    ],
    [
      'two environments of one name',
      planOf({ environments: [environment({}), environment({})] }),
      failure('plan-inconsistent', 'default'),
    ],
  ])('with %s is refused', async (_what, plan, error) => {
    await expect(render(plan)).rejects.toThrow(error);
  });
});

describeWithNix('read by Nix', () => {
  const shells = (folder: string, system: string, what: string, more = '') =>
    evaluate(
      folder,
      `let shell = import ./shell.nix { system = "${system}"; nixpkgs = ${fakeNixpkgs}; ${more} }; in ${what}`,
    );

  test('what only Linux has is on Linux only', async () => {
    const folder = folderOf(await render(python));
    const what = `with shell.shells.default; {
      inherit packages maker UV_PYTHON;
      hook = builtins.match ".*LD_LIBRARY_PATH=\\"([^$]*)[$].*" (builtins.replaceStrings [ "\\n" ] [ " " ] shellHook);
      browser = shell.shells.default.PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH or null;
      outputs = builtins.attrNames shell.packages;
      formatter = "\${shell.formatter}";
    }`;
    expect(shells(folder, 'aarch64-linux', what)).toEqual({
      packages: [
        'bashInteractive',
        'python312',
        'uv',
        'pkg-config',
        'libpq.pg_config',
        'terraform',
        'chromium',
      ].map((path) => `/packages/${path}`),
      maker: 'mkShell /packages/gcc14Stdenv',
      UV_PYTHON: '/packages/python312/bin/python3',
      hook: ['/packages/stdenv.cc.cc.lib/lib:/packages/zlib/lib'],
      browser: '/packages/chromium/bin/chromium',
      outputs: ['environment', 'image'],
      formatter: '/packages/nixfmt-tree',
    });
    expect(shells(folder, 'aarch64-darwin', what)).toMatchObject({
      hook: null,
      browser: null,
      outputs: ['environment'],
    });
  });

  test('each environment comes from its own input', async () => {
    const folder = folderOf(await render(several));
    const what = `{
      names = builtins.attrNames shell.shells;
      legacy = map toString shell.shells.legacy.packages;
      node = shell.shells.legacy.npm_config_nodedir;
      outputs = builtins.attrNames shell.packages;
      default = shell.GOTOOLCHAIN;
      permitted = map (name: shell.shells.legacy.config.allowInsecurePredicate { inherit name; }) [ "nodejs" "bash" ];
      main = shell.shells.default.config;
    }`;
    expect(shells(folder, 'x86_64-linux', what, `nixpkgs-23_05 = ${fakeNixpkgs};`)).toEqual({
      names: ['default', 'legacy'],
      legacy: ['/packages/bashInteractive', '/packages/nodejs_16', '/packages/python3'],
      node: '/packages/nodejs_16',
      outputs: ['environment', 'environment-legacy', 'image', 'image-legacy'],
      default: 'local',
      permitted: [true, false],
      main: {},
    });
  });

  test('a plan in which nothing was found is a shell all the same', async () => {
    const folder = folderOf(await render(nothing));
    expect(shells(folder, 'x86_64-linux', 'shell.maker')).toBe('mkShellNoCC');
  });
});
