import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BuiltPackage, Plan, Tool } from '../../src/plan/schema.ts';
import { render } from '../../src/render/render.ts';
import { toolchainOf } from '../support/plan.ts';
import { hostile, sampled, seed } from './hostile.ts';
import { describeWithNix, evaluate, folderOf } from './nix.ts';
import * as plans from './plans.ts';

const golden = join(import.meta.dirname, 'golden', 'package');

const npm: BuiltPackage = {
  project: '.',
  kind: 'npm',
  name: 'shop',
  version: '1.2.0',
  toolchain: 'node-22',
  lockfile: 'package-lock.json',
  build: 'npm run build',
  test: 'npm test',
  nativeBuildInputs: [],
  buildInputs: [],
  because: [],
};

function planWith(changes: Partial<BuiltPackage>, parts: Partial<Plan> = {}): Plan {
  return { ...plans.node, ...parts, packages: [{ ...npm, ...changes }] };
}

const library: Omit<Tool, 'key' | 'attribute'> = {
  systems: null,
  grade: 'confirmed',
  input: 'nixpkgs',
  because: [],
};
const compiled: Partial<Plan> = {
  toolchains: [
    ...plans.node.toolchains,
    toolchainOf({ key: 'rust-1.90', id: 'rust', version: '1.90', attribute: 'rustc' }),
    toolchainOf({ key: 'go-1.25', id: 'go', version: '1.25', attribute: 'go_1_25' }),
  ],
  tools: [...plans.node.tools, { ...library, key: 'pkg-config', attribute: 'pkg-config' }],
  libraries: [
    { ...library, key: 'openssl', attribute: 'openssl', use: 'link' },
    { ...library, key: 'libpq.pg_config', attribute: 'libpq.pg_config', use: 'link' },
  ],
};

const cases: Record<string, Plan> = {
  npm: planWith({}),
  'npm-untested': planWith({ build: null, test: null }),
  cargo: planWith(
    {
      kind: 'cargo',
      toolchain: 'rust-1.90',
      lockfile: 'Cargo.lock',
      nativeBuildInputs: ['pkg-config'],
      buildInputs: ['openssl', 'libpq.pg_config'],
    },
    compiled,
  ),
  'cargo-variables': planWith(
    {
      kind: 'cargo',
      toolchain: 'rust-1.90',
      lockfile: 'Cargo.lock',
      buildInputs: ['openssl'],
      variables: [
        { name: 'OPENSSL_NO_VENDOR', value: ['1'] },
        { name: 'OPENSSL_CONFIG', value: [{ package: 'libpq.pg_config', path: '/bin/pg_config' }] },
        { name: 'HOSTILE', value: ['${builtins.abort "no"} \'\' "'] },
      ],
    },
    compiled,
  ),
  go: planWith({ kind: 'go', version: '0', toolchain: 'go-1.25', lockfile: 'vendor/modules.txt' }, compiled),
};

async function textsOf(plan: Plan): Promise<Map<string, string>> {
  return new Map((await render(plan)).map(({ path, text }) => [path, text]));
}

describe('package.nix', () => {
  test.each(Object.entries(cases))('for %s is the one that was reviewed', async (name, plan) => {
    const text = (await textsOf(plan)).get('package.nix');
    await expect(text).toMatchFileSnapshot(join(golden, `${name}.nix`));
  });

  test('comes with the files of an environment that refer to it', async () => {
    const texts = await textsOf(planWith({}));
    expect([...texts.keys()]).toEqual(['flake.nix', 'flake.lock', 'shell.nix', 'package.nix', '.envrc']);
    for (const path of ['flake.nix', 'shell.nix'])
      await expect(texts.get(path)).toMatchFileSnapshot(join(golden, `npm-${path}`));
    expect(readdirSync(golden)).toHaveLength(Object.keys(cases).length + 2);
  });

  test('leads to no check where the project has no tests', async () => {
    const texts = await textsOf(planWith({ test: null }));
    expect(texts.get('flake.nix')).not.toContain('checks');
    expect(texts.get('shell.nix')).not.toContain('checks');
  });

  test('is called from the packages of the input that its toolchain is from', async () => {
    const [node] = plans.node.toolchains;
    const [main] = plans.node.nixpkgs;
    if (node === undefined || main === undefined) throw new Error('the plan has changed');
    const older = { ...main, input: 'nixpkgs-24_05', channel: 'nixos-24.05' };
    const toolchains = [{ ...node, input: older.input }];
    const texts = await textsOf(planWith({}, { nixpkgs: [main, older], toolchains }));
    expect(texts.get('shell.nix')).toContain('project = pkgs-24_05.callPackage ./package.nix;');
  });

  test('refuses a plan that names a package which it does not have', async () => {
    await expect(render(planWith({ toolchain: 'node-99' }))).rejects.toMatchObject({
      code: 'plan-inconsistent',
    });
  });
});

describeWithNix('package.nix, read by Nix', () => {
  test.each(Object.entries(cases))('gives its builder what the plan says (%s)', async (_name, plan) => {
    const folder = folderOf(await render(plan));
    const read = `
      let
        built = arguments: { inherit (arguments) pname version; };
        function = import ./package.nix;
        all = {
          lib = { cleanSourceWith = _: "source"; };
          buildNpmPackage = built;
          importNpmLock = { __functor = _: _: "deps"; npmConfigHook = "hook"; };
          rustPlatform.buildRustPackage = built;
          buildGoModule.override = _: built;
          nodejs_22 = "node";
          go_1_25 = "go";
          pkg-config = "pkg-config";
          openssl = "openssl";
          libpq.pg_config = "pg_config";
        };
      in
      function (builtins.intersectAttrs (builtins.functionArgs function) all)`;
    const [built] = plan.packages ?? [];
    expect(evaluate(folder, read)).toEqual({ pname: built?.name, version: built?.version });
  });

  test('keeps any name and version a text', async () => {
    for (const value of sampled(hostile, 10)) {
      const folder = folderOf(await render(planWith({ name: value, version: value })));
      const read = `
        import ./package.nix {
          lib.cleanSourceWith = { name, ... }: name;
          buildNpmPackage = { pname, version, src, ... }: [ pname version src ];
          importNpmLock = { __functor = _: _: "deps"; npmConfigHook = "hook"; };
          nodejs_22 = "node";
        }`;
      expect(evaluate(folder, read), `seed ${seed}`).toEqual([value, value, `${value}-source`]);
    }
  });
});
