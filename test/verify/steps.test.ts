import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { stepsOf } from '../../src/verify/steps.ts';
import { folderWith } from '../support/folder.ts';

async function steps(files: Record<string, string>, chosen: string | null = null) {
  const plan = await analyze(folderWith(files));
  return stepsOf(plan, chosen, (file) => file in files);
}

const packageJson = (value: object) => JSON.stringify({ name: 'x', ...value });
const scripts = { build: 'tsc', test: 'vitest run' };

describe('what is verified', () => {
  it('is installing, building and testing, with the registries of the languages', async () => {
    const [project] = await steps({
      'package.json': packageJson({ scripts }),
      'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
    });
    expect(project).toMatchObject({ path: '.', environment: 'default', registries: ['npm'] });
    expect(project?.steps).toEqual([
      { step: 'install', command: 'npm ci', coveredBy: null },
      { step: 'build', command: 'npm run build', coveredBy: null },
      { step: 'test', command: 'npm test', coveredBy: null },
    ]);
  });

  it('is installed once in a workspace, and built by its root only where that has a build', async () => {
    const files = {
      'package.json': packageJson({ workspaces: ['packages/*'], scripts: { test: 'vitest run' } }),
      'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
      'packages/a/package.json': packageJson({ name: 'a', scripts }),
    };
    const [root, member] = await steps(files);
    expect([root?.path, member?.path]).toEqual(['.', 'packages/a']);
    expect(member?.steps.map(({ coveredBy }) => coveredBy)).toEqual(['.', null, '.']);
  });

  it('is each for itself where there is no workspace', async () => {
    const own = await steps({
      'package.json': packageJson({ scripts }),
      'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
      'site/package.json': packageJson({ name: 'site', scripts }),
      'site/package-lock.json': '{"lockfileVersion":3,"packages":{}}',
    });
    expect(own.flatMap((project) => project.steps.map(({ coveredBy }) => coveredBy))).toEqual(
      Array(6).fill(null),
    );
    const python = await steps({
      'requirements.txt': 'flask\n',
      'worker/requirements.txt': 'flask\n',
      'worker/tasks.py': '',
    });
    expect(python.map(({ registries }) => registries)).toEqual([['pypi'], ['pypi']]);
    expect(python[1]?.steps[0]?.coveredBy).toBeNull();
  });

  it('is one project where one is named: its own build, and the installation of its workspace', async () => {
    const files = {
      'package.json': packageJson({ workspaces: ['packages/*'], scripts }),
      'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
      'packages/a/package.json': packageJson({ name: 'a', scripts }),
    };
    const found = await steps(files, 'packages/a');
    expect(found.map(({ path }) => path)).toEqual(['packages/a']);
    expect(found[0]?.steps.map(({ coveredBy }) => coveredBy)).toEqual(['.', null, null]);
  });
});
