import { describe, expect, it } from 'vitest';
import { detectPants } from '../../../src/detect/pants/detect.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf, onlyNeed } from '../../support/needs.ts';
import { lines } from '../node/support.ts';

describe('Pants', () => {
  it('has the languages of its backends, also of those that are added to the defaults', async () => {
    const needs = await detectPants(
      contextOf({
        'pants.toml': lines(
          '[GLOBAL]',
          'backend_packages.add = ["pants.backend.python.lint.black", "pants.backend.experimental.kotlin", "other"]',
          '[python]',
          'interpreter_constraints = ["==3.9.*", "PyPy>=3.10", "$(id)"]',
        ),
      }),
    );
    expect(
      needsOf(needs, 'toolchain').map(({ id, requests }) => [id, requests.map(({ raw }) => raw)]),
    ).toEqual([
      ['python', ['==3.9.*']],
      ['java', []],
    ]);
    expect(onlyNeed(needs, 'project').languages).toEqual(['python', 'kotlin', 'java']);
  });

  it('runs the script that a repository brings, and has no need of the launcher then', async () => {
    const files = { 'pants.toml': '[GLOBAL]\npants_version = "2.14.0"\n' };
    const alone = await detectPants(contextOf(files));
    expect(onlyNeed(alone, 'finding')).toMatchObject({ code: 'pants-launcher', severity: 'warning' });
    const needs = await detectPants(contextOf({ ...files, pants: '#!/bin/bash\n' }));
    expect(needsOf(needs, 'finding')).toEqual([]);
    expect(onlyNeed(needs, 'project').commands.test).toBe('./pants test ::');
  });

  it('says nothing for an example, and survives any text', async () => {
    expect(await detectPants(contextOf({ 'examples/x/pants.toml': '[GLOBAL]\n' }))).toEqual([]);
    for (const text of [
      '',
      '[GLOBAL',
      'GLOBAL = 1',
      '[GLOBAL]\nbackend_packages = { add = 3 }',
      '[python]\ninterpreter_constraints = "x"',
    ]) {
      await expect(detectPants(contextOf({ 'pants.toml': text }))).resolves.toBeInstanceOf(Array);
    }
  });
});
