import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/plan/schema.ts';
import { render } from '../../src/render/render.ts';
import * as plans from './plans.ts';

const golden = join(import.meta.dirname, 'golden');

/** Each file was read line by line: these are what users read first. */
const cases: Record<string, Plan> = {
  node: plans.node,
  python: plans.python,
  several: plans.several,
  nothing: plans.nothing,
};

describe.each(Object.entries(cases))('the files of "%s"', (name, plan) => {
  test('are those that were reviewed', async () => {
    const files = await render(plan);
    expect(files.map(({ path }) => path)).toEqual(['flake.nix', 'flake.lock', 'shell.nix', '.envrc']);
    for (const { path, text } of files) await expect(text).toMatchFileSnapshot(join(golden, name, path));
    expect(readdirSync(join(golden, name))).toHaveLength(files.length);
  });

  test('end with one newline, without spaces at the end of a line, tabs or carriage returns', async () => {
    for (const { text } of await render(plan)) {
      expect(text).toMatch(/[^\n]\n$/);
      expect(text).not.toMatch(/[ \t]$/m);
      expect(text).not.toMatch(/[\t\r]/);
    }
  });
});
