import { expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { runtimePlan } from '../../src/plan/runtime.ts';
import { render } from '../../src/render/render.ts';
import { folderWith } from '../support/folder.ts';

const json = (value: object) => JSON.stringify(value);

it('keeps runtimes, what dependencies start and load, and nothing that only builds', async () => {
  const plan = await analyze(
    folderWith({
      'package.json': json({
        name: 'shop',
        engines: { node: '22' },
        packageManager: 'pnpm@10.4.1',
        dependencies: { bcrypt: '5.0.1' },
      }),
      'pnpm-lock.yaml':
        "lockfileVersion: '9.0'\npackages:\n  bcrypt@5.0.1:\n    resolution: {integrity: sha512-a}\n",
      'nidify.jsonc': json({
        packages: { add: ['ffmpeg', 'cmake', 'pkg-config'] },
        libraries: { add: ['openssl'] },
        env: { GREETING: 'hello' },
      }),
    }),
  );
  const [before] = plan.environments;
  const least = runtimePlan(plan);
  const [after] = least.environments;
  expect(before?.compiler).toBe('default');
  expect(after?.compiler).toBe('none');
  expect(after?.packages).toEqual(expect.arrayContaining(['node-22', 'ffmpeg', 'bashInteractive']));
  for (const gone of ['pnpm-10', 'cmake', 'pkg-config', 'openssl'])
    expect(after?.packages).not.toContain(gone);
  expect(after?.libraryPath).toContain('openssl');
  expect(after?.variables.map(({ name }) => name)).toContain('GREETING');
  // It is a plan like any other, and the one that it was made of is as it was.
  const [flake] = await render(least);
  expect(flake?.path).toBe('flake.nix');
  expect(plan.environments[0]).toEqual(before);
  expect(before?.packages).toContain('openssl');
});

it('has no compiler of a language whose programs are complete', async () => {
  const plan = await analyze(
    folderWith({ 'go.mod': 'module example.com/x\n\ngo 1.24\n', 'main.go': 'package main\n' }),
  );
  expect(plan.environments[0]?.packages.some((key) => key.startsWith('go-'))).toBe(true);
  expect(runtimePlan(plan).environments[0]?.packages.some((key) => key.startsWith('go-'))).toBe(false);
});
