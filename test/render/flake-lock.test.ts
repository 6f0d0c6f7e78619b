import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Input } from '../../src/plan/schema.ts';
import { flakeLock } from '../../src/render/flake-lock.ts';
import { render } from '../../src/render/render.ts';
import { planOf } from '../support/plan.ts';
import { describeWithNix, folderOf, nix } from './nix.ts';
import { node, nothing, python, several } from './plans.ts';

function withInput(parts: Partial<Input>) {
  const plan = planOf();
  return { ...plan, nixpkgs: plan.nixpkgs.map((input) => ({ ...input, ...parts })) };
}

describe('the lock of the flake', () => {
  test.each<[string, Partial<Input>]>([
    ['a revision', { rev: 'main' }],
    ['a hash', { narHash: 'sha256-"' }],
    ['a channel', { channel: 'nixos/../x' }],
    ['a channel', { channel: 'nixos-26.05?dir=x' }],
  ])('refuses what is not %s', (_what, parts) => {
    expect(() => flakeLock(withInput(parts))).toThrow(expect.objectContaining({ code: 'plan-inconsistent' }));
  });
});

describeWithNix('read by Nix', () => {
  test.each(Object.entries({ node, python, several, nothing }))(
    'the lock of "%s" is taken as it is: nothing is resolved, nothing rewritten',
    async (_name, plan) => {
      const folder = folderOf(await render(plan));
      const metadata = JSON.parse(nix('flake', 'metadata', `path:${folder}`, '--json'));
      const text = flakeLock(plan);
      expect(readFileSync(join(folder, 'flake.lock'), 'utf8')).toBe(text);
      // Nix prints JSON with sorted keys: the same keys in the same order.
      expect(`${JSON.stringify(metadata.locks, null, 2)}\n`).toBe(text);
      expect(metadata.description).toMatch(/^Development environment/);
    },
  );
});
