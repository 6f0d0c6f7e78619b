import { describe, expect, it } from 'vitest';
import { pythonClaims } from '../../../src/detect/python/claims.ts';
import { detectPython } from '../../../src/detect/python/detect.ts';
import { requirementsOwner } from '../../../src/detect/python/requirements-files.ts';
import { contextOf } from '../../support/inventory.ts';
import { detected, findingsOf, foldersOf, lines, managerOf, projectOf, pyproject } from './support.ts';

describe('what is claimed', () => {
  it('is what a project is made of', () => {
    const names = [...(pythonClaims.names ?? []), ...(pythonClaims.suffixes ?? [])];
    const requirements = names.filter((name) => /requirements/.test(name));
    expect(requirements.length).toBeGreaterThan(100);
    for (const name of requirements) expect([name, requirementsOwner(name)]).toEqual([name, '.']);
  });
});

describe('a project', () => {
  it.each([
    ['pyproject.toml', '[project]\nname = "shop"'],
    ['pyproject.toml', '[tool.poetry]\nname = "shop"'],
    ['pyproject.toml', '[build-system]\nrequires = ["setuptools"]'],
    ['pyproject.toml', '[dependency-groups]\ndev = ["pytest"]'],
    ['pyproject.toml', '[tool.uv]\ndev-dependencies = []'],
    ['setup.py', ''],
    ['setup.cfg', '[metadata]\nname = shop'],
    ['Pipfile', ''],
    ['requirements.txt', ''],
    ['requirements-dev.txt', 'pytest'],
    ['dev_requirements.txt', 'pytest'],
    ['requirements/base.txt', 'flask'],
    ['requirements/requirements-dev.txt', 'flask'],
    ['uv.lock', ''],
  ])('stands where %s is (%j)', async (name, text) => {
    expect(await foldersOf({ 'README.md': null, [name]: text })).toEqual({ projects: ['.'], optional: [] });
    expect(await foldersOf({ [`services/api/${name}`]: text })).toEqual({
      projects: ['services/api'],
      optional: [],
    });
  });

  it('is not made by a manifest that only configures tools for helpers of another language', async () => {
    const tools = { 'pyproject.toml': '[tool.black]\nline-length = 100\n', 'setup.cfg': '[flake8]\n' };
    const helper = { 'scripts/release.py': null };
    expect(await foldersOf({ ...tools, ...helper, 'package.json': null })).toEqual({
      projects: [],
      optional: [],
    });
    expect(await foldersOf(tools)).toEqual({ projects: [], optional: [] });
  });

  it('is made by tools’ configuration beside programs, where nothing else speaks', async () => {
    expect(await foldersOf({ 'pyproject.toml': '[tool.ruff]\n', 'shop/cart.py': null })).toMatchObject({
      projects: ['.'],
    });
    expect(await foldersOf({ '.python-version': '3.11', 'report.py': null })).toMatchObject({
      projects: ['.'],
    });
    expect(await foldersOf({ 'runtime.txt': 'python-3.11.4', 'report.py': null })).toMatchObject({
      projects: ['.'],
    });
    expect(await foldersOf({ 'runtime.txt': 'r-4.1', 'report.py': null })).toMatchObject({ projects: [] });
  });

  it('is made by an entry point at the root, unless it stands beside another language’s manifest', async () => {
    expect(await foldersOf({ 'main.py': null })).toMatchObject({ projects: ['.'] });
    expect(await foldersOf({ 'main.py': null, 'go.mod': null })).toMatchObject({ projects: [] });
    expect(await foldersOf({ 'tools/main.py': null })).toMatchObject({ projects: [] });
    expect(await foldersOf({ 'main.py': null, 'api/requirements.txt': '' })).toMatchObject({
      projects: ['api'],
    });
  });

  it('is made by Django’s manage.py wherever it stands', async () => {
    expect(await foldersOf({ 'backend/manage.py': null, 'package.json': null })).toMatchObject({
      projects: ['backend'],
    });
    expect(await foldersOf({ 'tests/manage.py': null })).toMatchObject({ projects: [] });
  });

  it('is not a template’s', async () => {
    const path = '{{cookiecutter.name}}/pyproject.toml';
    expect(await foldersOf({ [path]: '[project]\nname = {{ name }}' })).toEqual({
      projects: [],
      optional: [],
    });
  });
});

describe('a folder beside the projects', () => {
  it.each([
    ['examples/web/requirements.txt'],
    ['docs/requirements.txt'],
    ['docs/pyproject.toml'],
    ['tests/requirements.txt'],
    ['scripts/requirements.txt'],
    ['.github/tools/requirements.txt'],
    ['vendor/lib/setup.py'],
  ])('gives an optional interpreter only: %s', async (path) => {
    const text = path.endsWith('.toml') ? pyproject() : '';
    const folder = path.slice(0, path.lastIndexOf('/'));
    expect(await foldersOf({ 'package.json': null, [path]: text })).toEqual({
      projects: [],
      optional: [folder],
    });
  });

  it('may be a project of its own under a helper’s name', async () => {
    expect(await foldersOf({ 'tools/cli/pyproject.toml': pyproject() })).toMatchObject({
      projects: ['tools/cli'],
    });
  });
});

describe('a workspace of uv', () => {
  const workspace = {
    'pyproject.toml': pyproject(
      'requires-python = ">=3.12"',
      '[tool.uv.workspace]',
      'members = ["packages/*"]',
      'exclude = ["packages/old"]',
    ),
    'uv.lock': '',
    'packages/cart/pyproject.toml': lines('[project]', 'name = "cart"'),
    'packages/old/pyproject.toml': lines('[project]', 'name = "old"'),
    'packages/old/requirements.txt': '',
  };

  it('lends its members its manager, its lock file and its version', async () => {
    const needs = await detected(workspace);
    const managers = needs.flatMap((need) =>
      need.kind === 'package-manager' ? [[need.project, need.id, need.lockfile]] : [],
    );
    expect(managers).toEqual([
      ['.', 'uv', 'uv.lock'],
      ['packages/cart', 'uv', 'uv.lock'],
      ['packages/old', 'pip', null],
    ]);
    const asked = needs.flatMap((need) =>
      need.kind === 'toolchain' ? [[need.project, need.requests.map(({ raw }) => raw)]] : [],
    );
    expect(asked).toEqual([
      ['.', ['>=3.12']],
      ['packages/cart', ['>=3.12']],
      ['packages/old', []],
    ]);
  });

  it('is installed from its root', async () => {
    const commands = (await detected(workspace)).flatMap((need) =>
      need.kind === 'project' ? [[need.path, need.commands.install]] : [],
    );
    expect(commands).toEqual([
      ['.', 'uv sync --frozen --all-packages'],
      ['packages/cart', null],
      ['packages/old', 'python -m venv .venv && . .venv/bin/activate && pip install -r requirements.txt'],
    ]);
  });
});

describe('Poetry’s path dependency', () => {
  it('is installed by Poetry too', async () => {
    const needs = await detected({
      'app/pyproject.toml': lines(
        '[tool.poetry]',
        '[tool.poetry.dependencies]',
        'lib = { path = "../lib", develop = true }',
      ),
      'lib/pyproject.toml': lines('[project]', 'name = "lib"'),
    });
    expect(needs.flatMap((need) => (need.kind === 'package-manager' ? [need.id] : []))).toEqual([
      'poetry',
      'poetry',
    ]);
  });
});

describe('a version file without a project', () => {
  it('still asks for an interpreter', async () => {
    const [need, ...others] = await detected({
      'package.json': null,
      '.tool-versions': 'nodejs 22.1.0\npython 3.12.1\n',
    });
    expect(others).toEqual([]);
    expect(need).toMatchObject({
      kind: 'toolchain',
      id: 'python',
      project: '.',
      requests: [{ raw: '3.12.1' }],
    });
  });

  it('asks for nothing where it names other tools', async () => {
    expect(await detected({ '.tool-versions': 'nodejs 22.1.0\n' })).toEqual([]);
  });
});

describe('hostile input', () => {
  it.each([
    [
      'wrong types',
      { 'pyproject.toml': '[project]\nname = 1\ndependencies = "flask"\n[tool]\npoetry = []\nuv = 3' },
    ],
    [
      'wrong tables',
      {
        'pyproject.toml':
          'project = "shop"\n[tool.poetry.dependencies]\npython = ["^3"]\n[tool.uv.workspace]\nmembers = 1',
      },
    ],
    ['no TOML', { 'pyproject.toml': '<<<<<<< HEAD\n', 'uv.lock': '\0\0', Pipfile: '[[[' }],
    ['no JSON', { 'Pipfile.lock': '{' }],
    ['a list for a lock file', { 'Pipfile.lock': '[1]', Pipfile: 'packages = 1\nrequires = "3"' }],
    [
      'prototype’s names',
      {
        'pyproject.toml':
          '[project]\nname = "__proto__"\ndependencies = ["constructor", "toString[valueOf]"]',
      },
    ],
    [
      'endless lines',
      {
        'setup.py': `setup(${'x'.repeat(200_000)}`,
        'setup.cfg': `[options]\n${'a '.repeat(100_000)}`,
        'tox.ini': '[tox',
      },
    ],
    [
      'carriage returns',
      { 'requirements.txt': 'flask\r\r\n\rdjango', 'setup.cfg': '[metadata]\r\nname = shop\r\n' },
    ],
    [
      'unread files',
      {
        'pyproject.toml': null,
        'requirements.txt': null,
        'poetry.lock': null,
        'setup.py': null,
        '.python-version': null,
      },
    ],
  ] as const)('is no reason to fail: %s', async (_name, files) => {
    await expect(detected({ ...files })).resolves.toBeInstanceOf(Array);
  });

  it('enters no command', async () => {
    const evil = '$(touch x)';
    const { commands } = await projectOf({
      'pyproject.toml': lines(
        '[project]',
        `name = "${evil}"`,
        '[project.optional-dependencies]',
        `"${evil}" = ["pytest"]`,
        '[project.scripts]',
        `"${evil}" = "shop:main"`,
        '[build-system]',
        'requires = ["setuptools"]',
        '[tool.fastapi]',
        `entrypoint = "${evil}:app"`,
      ),
      'requirements.txt': 'fastapi[standard]\nuvicorn\n',
      [`${evil}/manage.py`]: null,
      [`${evil}/__main__.py`]: null,
    });
    expect(JSON.stringify(commands)).not.toContain('touch');
  });

  it('is said where a requirements file goes on for ever, or names one that is not read', async () => {
    expect(await findingsOf({ 'requirements.txt': 'a\n'.repeat(20_001) })).toEqual(['requirements-too-long']);
    expect(await findingsOf({ 'requirements.txt': '-r deps.txt\n', 'deps.txt': null })).toEqual([]);
    const unclaimed = contextOf({ 'requirements.txt': '-r deps.txt\n' });
    const inventory = { ...unclaimed.inventory, paths: [...unclaimed.inventory.paths, 'deps.txt'] };
    expect(await detectPython({ ...unclaimed, inventory })).toContainEqual(
      expect.objectContaining({ code: 'requirements-not-read', severity: 'info' }),
    );
  });

  it('includes no file from outside, and none twice', async () => {
    const files = {
      'requirements.txt': lines(
        '-r ../../etc/passwd',
        '-r requirements.txt',
        '-r requirements-dev.txt',
        '-r missing.txt',
        '???',
      ),
      'requirements-dev.txt': '-r requirements.txt\n',
    };
    expect(await findingsOf(files)).toEqual([
      'requirements-outside',
      'requirements-missing',
      'requirements-unreadable',
    ]);
    expect(await managerOf(files)).toMatchObject({ id: 'pip' });
  });
});

describe('a huge repository', () => {
  const many = <T>(count: number, make: (at: number) => T): T[] =>
    Array.from({ length: count }, (_, at) => make(at));

  it.each([
    [
      'of members',
      () => ({
        'pyproject.toml': lines(
          '[tool.uv.workspace]',
          `members = [${many(3_000, (at) => `"libs/l${at}"`)}, "libs/*"]`,
        ),
        'uv.lock': many(3_000, (at) => lines('[[package]]', `name = "p${at}"`, 'version = "1"')).join(''),
        ...Object.fromEntries(many(1_000, (at) => [`libs/l${at}/pyproject.toml`, pyproject()] as const)),
      }),
    ],
    [
      'of extras',
      () => ({
        'pyproject.toml': lines(
          '[tool.poetry.dependencies]',
          ...many(3_000, (at) => `p${at} = { version = "*", optional = true }`),
          '[tool.poetry.extras]',
          ...many(3_000, (at) => `e${at} = ["p${at}"]`),
        ),
        'setup.cfg': lines('[options.extras_require]', ...many(10_000, (at) => `e${at} = p${at}`)),
      }),
    ],
    [
      'of includes',
      () => ({
        'requirements.txt': lines(...many(20_000, (at) => `-r missing${at}.txt`)),
        ...Object.fromEntries(many(5_000, (at) => [`a/${at}.py`, null] as const)),
      }),
    ],
    [
      'of spaces',
      () => ({
        'setup.cfg': `[options]\n${'install_requires ='.padEnd(1_000_000)}x`,
        'tox.ini': ' '.repeat(1_000_000),
      }),
    ],
    ['of quotes', () => ({ 'setup.py': `setup(name='a', install_requires=[${"'".repeat(500_000)}` })],
    ['of lists', () => ({ 'setup.py': 'install_requires=['.repeat(30_000) })],
  ])('%s is read in bounded time', async (_name, files) => {
    const start = performance.now();
    await detected(files());
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
