import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Environment, Plan } from '../../src/plan/schema.ts';
import { render } from '../../src/render/render.ts';
import { planOf, toolchainOf } from '../support/plan.ts';
import { hostile, sampled, seed } from './hostile.ts';
import { describeWithNix, evaluate, fakeNixpkgs, folderOf } from './nix.ts';
import { environment } from './plans.ts';

interface Values {
  name: string;
  version: string;
  environments: string[];
  texts: string[];
  flag: string;
  file: string;
  permitted: string[];
}

/** What a plan may hold in every place that reaches a file. */
const values: fc.Arbitrary<Values> = fc.record({
  name: hostile,
  version: hostile,
  environments: fc.uniqueArray(hostile, { minLength: 1, maxLength: 3 }),
  texts: fc.array(hostile, { minLength: 1, maxLength: 4 }),
  flag: hostile,
  file: hostile,
  permitted: fc.uniqueArray(hostile, { minLength: 1, maxLength: 3 }),
});

function environmentOf({ texts, flag, file }: Values, name: string): Environment {
  const parts = texts.flatMap((text) => [text, { package: 'jq', path: text }]);
  const everywhere = { systems: null, because: [] };
  return environment({
    name,
    projects: [file, '.'],
    compiler: 'default',
    packages: ['jq', 'node'],
    hardeningDisable: [flag],
    variables: [
      { name: 'PARTS', value: parts, ...everywhere },
      { name: 'LINUX', value: texts, systems: ['x86_64-linux'], because: [] },
      { name: 'npm_config_first', value: texts.slice(0, 1), ...everywhere },
    ],
    hooks: [{ id: 'unset-tmpdir', because: [] }],
  });
}

function planFrom(all: Values): Plan {
  const because = [{ file: all.file, line: 3, text: all.file, rule: all.file }];
  const base = planOf();
  return {
    ...base,
    generator: { name: 'nidify', version: all.version },
    repository: { ...base.repository, name: all.name },
    nixpkgs: base.nixpkgs.map((input) => ({
      ...input,
      permit: { unfree: all.permitted, insecure: all.permitted },
    })),
    toolchains: [
      toolchainOf({
        key: 'node',
        id: all.file,
        version: all.version,
        requested: all.version,
        match: 'nearest',
        status: 'insecure',
        attribute: 'nodejs_22',
        because,
      }),
    ],
    tools: [{ key: 'jq', attribute: 'jq', input: 'nixpkgs', systems: null, grade: 'confirmed', because }],
    environments: all.environments.map((name) => environmentOf(all, name)),
  };
}

const samples = sampled(values, 300).map((all) => ({ all, plan: planFrom(all) }));
const rendered = await Promise.all(
  samples.map(async ({ all, plan }) => ({ all, folder: folderOf(await render(plan)) })),
);

interface ReadBack {
  description: string;
  inputs: unknown;
  outputs: string[];
  shells: { name: string; value: Record<string, unknown> }[];
  build: string;
}

/** One Nix for all: it takes the folders and what was permitted in each, and gives what it read. */
function readBack(): ReadBack[] {
  const [first] = rendered;
  if (first === undefined) return [];
  const cases = rendered.map(({ all, folder }) => ({ folder, permitted: all.permitted }));
  writeFileSync(join(first.folder, 'cases.json'), JSON.stringify(cases));
  const result = evaluate(
    first.folder,
    `let
      nixpkgs = ${fakeNixpkgs};
      read = { folder, permitted }: let
        flake = import (folder + "/flake.nix");
        shell = import (folder + "/shell.nix") { system = "x86_64-linux"; inherit nixpkgs; };
        shells = map (name: {
          inherit name;
          value = { inherit (shell.shells.\${name}) PARTS LINUX npm_config_first hardeningDisable packages maker; }
            // (let inherit (shell.shells.\${name}) config; in {
              permitted = map (name: config.allowUnfreePredicate { inherit name; }) permitted;
              insecure = map (name: config.allowInsecurePredicate { inherit name; }) permitted;
              other = config.allowUnfreePredicate { name = "something else"; };
            });
        }) (builtins.attrNames shell.shells);
      in {
        inherit (flake) description inputs;
        inherit shells;
        build = shell.packages.environment.buildPhase;
        outputs = builtins.attrNames (flake.outputs { nixpkgs = { lib = import (nixpkgs + "/lib"); }; });
      };
    in map read (builtins.fromJSON (builtins.readFile ./cases.json))`,
  );
  return result as ReadBack[];
}

describeWithNix(`hostile values in a plan (SEED=${seed})`, () => {
  test('come back from Nix as they were, and change nothing else', () => {
    const results = readBack();
    expect(results).toHaveLength(rendered.length);
    for (const [index, result] of results.entries()) {
      const all = rendered[index]?.all;
      if (all === undefined) throw new Error('more results than plans');
      const { texts, flag, permitted } = all;
      expect(result.inputs).toEqual({ nixpkgs: { url: 'github:NixOS/nixpkgs/nixos-26.05' } });
      expect(result.description).toMatch(/^Development environment( of [^\n\r\u2028]*)?$/u);
      expect(result.outputs).toEqual(['devShells', 'packages']);
      expect(new Set(result.shells.map(({ name }) => name))).toEqual(
        new Set([...all.environments, 'default']),
      );
      for (const { value } of result.shells) {
        expect(value).toEqual({
          maker: 'mkShell',
          packages: ['/packages/jq', '/packages/nodejs_22'],
          hardeningDisable: [flag],
          PARTS: texts.map((text) => `${text}/packages/jq${text}`).join(''),
          LINUX: texts.join(''),
          npm_config_first: texts[0],
          permitted: permitted.map(() => true),
          insecure: permitted.map(() => true),
          other: false,
        });
      }
    }
  });

  test('arrive byte for byte in a shell that sources the built environment, and run nothing', () => {
    const [result] = readBack();
    if (result === undefined) throw new Error('nothing was rendered');
    const { build } = result;
    for (const { all, folder } of rendered.slice(0, 60)) {
      const out = join(folder, 'out');
      const work = join(folder, 'work');
      mkdirSync(work);
      const HOSTILE = all.texts.join('').replaceAll('\0', '');
      const env = { PATH: process.env.PATH, out, HOSTILE, shellHook: 'export HOOKED=yes', SHLVL: '7' };
      execFileSync('bash', ['-euc', build], { env, cwd: work });
      const print = ['sh', '-euc', 'printf "%s|%s|" "$HOSTILE" "$HOOKED"; env | grep ^out= || :'];
      const enter = join(out, 'bin/enter');
      const printed = execFileSync(enter, print, {
        env: { PATH: process.env.PATH },
        cwd: work,
        encoding: 'utf8',
      });
      expect(printed).toBe(`${HOSTILE}|yes|`);
      expect(readdirSync(work)).toEqual([]);
    }
  });
});

test('hostile values leave the lock of the flake and .envrc what they are', () => {
  for (const { folder } of rendered) {
    const before = readdirSync(folder);
    expect(JSON.parse(readFileSync(join(folder, 'flake.lock'), 'utf8'))).toMatchObject({ version: 7 });
    const script = 'watch_file() { :; }; use() { :; }; PATH=/nonexistent; . ./.envrc';
    expect(execFileSync('sh', ['-euc', script], { cwd: folder, encoding: 'utf8' })).toBe('');
    expect(readdirSync(folder)).toEqual(before);
  }
});
