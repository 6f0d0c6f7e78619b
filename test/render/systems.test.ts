import { describe, expect, test } from 'vitest';
import type { System } from '../../src/plan/schema.ts';
import { printNix } from '../../src/render/nix/print.ts';
import { systemCondition } from '../../src/render/systems.ts';
import { describeWithNix, evaluate, fakeNixpkgs, folderOf } from './nix.ts';

const all: System[] = ['x86_64-linux', 'aarch64-linux', 'aarch64-darwin', 'x86_64-darwin'];

function shown(only: System[] | null, systems = all): string | null | false {
  const condition = systemCondition(only, systems, 'pkgs');
  return condition === null || condition === false ? condition : `${printNix(condition)}`;
}

describe('the condition for something that some systems have', () => {
  test.each<[System[], string]>([
    [['x86_64-linux', 'aarch64-linux'], 'pkgs.stdenv.hostPlatform.isLinux'],
    [['aarch64-darwin', 'x86_64-darwin'], 'pkgs.stdenv.hostPlatform.isDarwin'],
    [['x86_64-linux', 'x86_64-darwin'], 'pkgs.stdenv.hostPlatform.isx86_64'],
    [['aarch64-linux', 'aarch64-darwin'], 'pkgs.stdenv.hostPlatform.isAarch64'],
    [['x86_64-linux'], 'system == "x86_64-linux"'],
    [['x86_64-linux', 'aarch64-linux', 'aarch64-darwin'], 'system != "x86_64-darwin"'],
    [['x86_64-linux', 'aarch64-darwin'], 'system == "x86_64-linux" || system == "aarch64-darwin"'],
  ])('%j is %s', (only, condition) => {
    expect(shown(only)).toBe(condition);
  });

  test('is none when all systems of the plan have it', () => {
    expect(shown(null)).toBeNull();
    expect(shown(['x86_64-linux', 'aarch64-linux'], ['x86_64-linux'])).toBeNull();
  });

  test('is never met when no system of the plan has it', () => {
    expect(shown(['x86_64-darwin'], ['x86_64-linux'])).toBe(false);
  });
});

describeWithNix('read by Nix', () => {
  test('every subset of the systems holds exactly where it should', () => {
    const subsets = Array.from({ length: 14 }, (_, index) =>
      all.filter((_system, bit) => (index + 1) & (1 << bit)),
    );
    const conditions = subsets.map((only) => `(${shown(only)})`).join('\n');
    const read = evaluate(
      folderOf([]),
      `map (system: let pkgs = import ${fakeNixpkgs} { inherit system; config = { }; overlays = [ ]; }; in [
        ${conditions}
      ]) [ ${all.map((system) => `"${system}"`).join(' ')} ]`,
    );
    expect(read).toEqual(all.map((system) => subsets.map((only) => only.includes(system))));
  });
});
