/** `--project` through the whole: analysed, written, remembered, checked, explained. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { runCommand } from '../../src/cli/run.ts';
import { folderWith } from '../support/folder.ts';
import { capturedIo } from '../support/io.ts';

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const shop = {
  'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\n',
  'Cargo.lock': 'version = 4\n',
  'crates/core/Cargo.toml': '[package]\nname = "shop-core"\nversion = "0.1.0"\n',
  'crates/core/src/lib.rs': '',
  'apps/web/package.json': json({
    name: '@shop/web',
    scripts: { build: 'vite build' },
    engines: { node: '22' },
    devDependencies: { vite: '^6' },
  }),
  'apps/web/package-lock.json': json({ lockfileVersion: 3 }),
  'apps/web/.env.example': 'WEB_URL=\n',
  'apps/web/admin/package.json': json({ name: 'admin', scripts: { build: 'tsc' } }),
  'apps/web/admin/package-lock.json': json({ lockfileVersion: 3 }),
  'services/api/pyproject.toml': '[project]\nname = "api"\nversion = "1"\nrequires-python = ">=3.12"\n',
  'services/api/Makefile': 'gen:\n\tprotoc --python_out=. api.proto\n',
  'services/api/.env.example': 'API_URL=\n',
  'services/api/compose.yaml': 'services:\n  db:\n    image: postgres:16\n',
};

let root: string;
beforeEach(() => {
  root = folderWith(shop);
});

async function run(...argv: string[]) {
  const io = capturedIo({ cwd: root, columns: 120 });
  const exitCode = await runCommand(argv, io);
  return { exitCode, stdout: io.stdout(), stderr: io.stderr() };
}

const planOf = async (...argv: string[]) => JSON.parse((await run('analyze', '--json', ...argv)).stdout);
const ids = (list: { id: string }[]) => list.map(({ id }) => id);
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');

describe('one project', () => {
  test.each(['apps/web', './apps/web/', 'apps//web', '@shop/web', 'apps/x/../web'])(
    'named %s has what it needs, and nothing of its siblings',
    async (given) => {
      const plan = await planOf('--project', given);
      expect(ids(plan.toolchains)).toEqual(['node']);
      expect(ids(plan.packageManagers)).toEqual(['npm']);
      expect(plan.projects.map((each: { path: string }) => each.path)).toEqual([
        'apps/web',
        'apps/web/admin',
      ]);
      expect(plan.variables.map(({ name }: { name: string }) => name)).toEqual(['WEB_URL']);
      expect(plan.services).toEqual([]);
      expect(plan.tools.map(({ key }: { key: string }) => key)).not.toContain('protobuf');
      expect(plan.environments).toMatchObject([
        { name: 'default', projects: ['apps/web', 'apps/web/admin'], compiler: 'none' },
      ]);
      expect(plan.repository).toMatchObject({ name: '@shop/web' });
      const inputs = plan.repository.inputs.map(({ path: at }: { path: string }) => at);
      expect(inputs).toContain('Cargo.toml');
      expect(inputs).not.toContain('services/api/pyproject.toml');
      expect(plan.project).toBe('apps/web');
      expect(plan.findings).toContainEqual(expect.objectContaining({ code: 'one-project' }));
    },
  );

  test('of another language keeps its own services, tools and settings', async () => {
    const plan = await planOf('--project', 'services/api');
    expect(ids(plan.toolchains)).toEqual(['python']);
    expect(ids(plan.services)).toEqual(['postgresql']);
    expect(plan.variables.map(({ name }: { name: string }) => name)).toEqual(['API_URL']);
    expect(plan.tools.map(({ key }: { key: string }) => key)).toContain('protobuf');
  });

  test('of a workspace has the compiler of the workspace', async () => {
    const plan = await planOf('--project', 'crates/core');
    expect(ids(plan.toolchains)).toEqual(['rust']);
    expect(plan.environments).toMatchObject([{ projects: ['crates/core'], compiler: 'default' }]);
  });

  test('"." is all of them, also where no project is at the root', async () => {
    const all = await planOf();
    expect(all).not.toHaveProperty('project');
    expect(await planOf('--project', '.')).toEqual(all);
    rmSync(path.join(root, 'Cargo.toml'));
    expect((await run('analyze', '--project', '.')).exitCode).toBe(0);
  });
});

describe('nidify.lock', () => {
  test('remembers the project for every later run, until all are asked for', async () => {
    expect((await run('generate', '--project', 'apps/web')).exitCode).toBe(0);
    expect(JSON.parse(read('nidify.lock'))).toMatchObject({ project: 'apps/web' });
    expect(read('flake.nix')).not.toContain('python');
    const written = read('flake.nix');
    expect((await run('check')).exitCode).toBe(0);
    expect((await run('generate', '--target', 'auto')).exitCode).toBe(0);
    expect(read('flake.nix')).toBe(written);
    expect((await planOf()).project).toBe('apps/web');
    expect((await run('check', '--project', '.')).exitCode).toBe(1);
    expect((await run('explain', 'python')).exitCode).toBe(2);
    expect((await run('explain', 'python', '--project', '.')).exitCode).toBe(0);

    expect((await run('generate', '--project', '.')).exitCode).toBe(0);
    expect(JSON.parse(read('nidify.lock'))).not.toHaveProperty('project');
    expect(read('flake.nix')).toContain('python');
    expect((await run('check')).exitCode).toBe(0);
  });

  test('a change of a sibling makes nothing stale', async () => {
    await run('generate', '--project', 'apps/web');
    const before = await planOf();
    writeFileSync(path.join(root, 'services/api/pyproject.toml'), '[project]\nname = "api"\n');
    expect((await planOf()).repository.digest).toBe(before.repository.digest);
    expect(JSON.parse((await run('check', '--json')).stdout)).toMatchObject({ current: true, inputs: [] });
  });

  test('that remembers a project which is gone: says so, and how to go on', async () => {
    await run('generate', '--project', 'services/api');
    rmSync(path.join(root, 'services'), { recursive: true });
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(2);
    expect(stderr).toContain('services/api');
    expect(stderr).toContain('--project .');
    expect((await run('generate', '--project', '.')).exitCode).toBe(0);
  });

  test('whose project is no text is refused', async () => {
    await run('generate', '--project', 'apps/web');
    const lock = { ...JSON.parse(read('nidify.lock')), project: 3 };
    writeFileSync(path.join(root, 'nidify.lock'), json(lock));
    expect((await run()).stderr).toContain('"project"');
  });

  test('of one project: another one cannot be built before all are asked for', async () => {
    await run('generate', '--project', 'apps/web');
    const { exitCode, stderr } = await run('build', '--project', 'services/api');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--project .')]);
  });

  test('what the shell starts is named among the next steps, and only there', async () => {
    const api = await run('generate', '--project', 'services/api');
    expect(api.stdout).toMatch(/^ {2}services up +# in the shell: starts what the project talks to$/m);
    expect((await run('generate', '--project', 'apps/web')).stdout).not.toContain('services up');
  });
});

describe('a path that is no project', () => {
  test.each([
    ['web', 'Did you mean apps/web?'],
    ['apps/wep', 'Did you mean apps/web?'],
    ['services/ap', 'Did you mean services/api?'],
    ['shop-cor', 'Did you mean crates/core?'],
    ['apps/web/src/pages', 'It lies in the project apps/web.'],
    ['somewhere/entirely/else', 'Projects are at ., '],
    ['../other', 'Projects are at ., '],
  ])('%s: %s', async (given, hint) => {
    for (const command of ['generate', 'analyze', 'check', 'explain']) {
      const { exitCode, stderr } = await run(command, '--project', given);
      expect([command, exitCode]).toEqual([command, 2]);
      expect(stderr.replaceAll(/\s+/g, ' ')).toContain(hint);
    }
  });
});
