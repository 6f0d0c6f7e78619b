import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { runtimePlan } from '../../src/plan/runtime.ts';
import type { Plan } from '../../src/plan/schema.ts';
import { render } from '../../src/render/render.ts';
import { withGit } from '../../src/worker-image/git-for-workers.ts';
import { folderWith } from '../support/folder.ts';

const planOf = (files: Record<string, string>) => analyze(folderWith(files));
const gitsOf = (plan: Plan) =>
  plan.environments.map(({ packages }) => packages.filter((key) => key.startsWith('git')));

describe('the plan of a worker', () => {
  test('has Git, which the project does not ask for, and renders', async () => {
    const plan = await planOf({ 'package.json': '{ "name": "shop" }' });
    expect(gitsOf(plan)).toEqual([[]]);
    const worker = withGit(plan);
    expect(gitsOf(worker)).toEqual([['git']]);
    const shell = (await render(worker)).find(({ path }) => path === 'shell.nix');
    expect(shell?.text).toMatch(/^\s+(pkgs\.)?git$/m);
  });

  test('has it once where the project asks for it, and where nothing else is left', async () => {
    const plan = await planOf({
      'package.json': '{ "name": "shop" }',
      'nidify.jsonc': '{ "packages": { "add": ["git"] } }',
    });
    expect(gitsOf(withGit(plan))).toEqual([['git']]);
    expect(withGit(plan).tools).toEqual(plan.tools);
    expect(gitsOf(runtimePlan(plan))).toEqual([[]]);
    expect(gitsOf(withGit(runtimePlan(plan)))).toEqual([['git']]);
  });

  test('takes it from the input of each environment', async () => {
    const plan = await planOf({ 'package.json': '{ "name": "shop" }' });
    const [first] = plan.environments;
    if (first === undefined) throw new Error('no environment');
    const two = withGit({ ...plan, environments: [first, { ...first, name: 'old', base: 'nixpkgs-old' }] });
    expect(gitsOf(two)).toEqual([['git'], ['git-nixpkgs-old']]);
    expect(two.tools.filter(({ attribute }) => attribute === 'git').map(({ input }) => input)).toEqual([
      'nixpkgs',
      'nixpkgs-old',
    ]);
  });
});
