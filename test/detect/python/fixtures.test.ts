import { describe, expect, it } from 'vitest';
import { pythonClaims } from '../../../src/detect/python/claims.ts';
import { detectPython } from '../../../src/detect/python/detect.ts';
import type { Need } from '../../../src/detect/types.ts';
import { fixtureContext } from '../../support/fixture.ts';
import { needsOf, onlyNeed } from '../../support/needs.ts';

const known = [
  'cairosvg',
  'gevent',
  'grpcio',
  'lxml',
  'numpy',
  'pandas',
  'pillow',
  'psycopg',
  'psycopg-c',
  'psycopg2',
  'uvloop',
];

async function needsIn(name: string): Promise<Need[]> {
  return detectPython(await fixtureContext(name, [pythonClaims], { pypi: known }));
}

const natives = (needs: readonly Need[]) =>
  needsOf(needs, 'dependency').map(({ project, name, version }) => `${project} ${name} ${version ?? 'any'}`);
const requests = (needs: readonly Need[], id: string) =>
  needsOf(needs, 'toolchain')
    .filter((need) => need.id === id)
    .map(({ project, requests: asked, optional }) => [
      project,
      asked.map(({ raw }) => raw),
      optional ?? false,
    ]);

describe('a uv workspace of a FastAPI service and a library', () => {
  it('asks for Python by its pin and its members’ ranges', async () => {
    expect(requests(await needsIn('python-uv-workspace'), 'python')).toEqual([
      ['.', ['3.12', '>=3.12', '>=3.12'], false],
      ['packages/images', ['3.12', '>=3.11', '>=3.12', '>=3.12'], false],
      ['services/api', ['3.12', '>=3.12', '>=3.12', '>=3.12'], false],
      ['examples/report', ['3.12'], true],
    ]);
  });

  it('is one installation with commands for each member', async () => {
    const projects = needsOf(await needsIn('python-uv-workspace'), 'project');
    expect(
      projects.map(({ path, commands: { install, test, start, lint } }) => ({
        path,
        install,
        test,
        start,
        lint,
      })),
    ).toEqual([
      {
        path: '.',
        install: 'uv sync --frozen --all-packages --group test',
        test: 'uv run python -m pytest',
        start: null,
        lint: 'uv run ruff check',
      },
      { path: 'packages/images', install: null, test: null, start: null, lint: null },
      {
        path: 'services/api',
        install: null,
        test: null,
        start: 'uv run fastapi run src/shop_api/main.py',
        lint: null,
      },
    ]);
    expect(projects.map(({ ports }) => ports)).toEqual([[], [], [8000]]);
  });

  it('needs what its members declare, in the versions of the lock file', async () => {
    expect(natives(await needsIn('python-uv-workspace'))).toEqual([
      '. pillow 11.1.0',
      '. psycopg 3.2.3',
      '. psycopg-c 3.2.3',
      '. uvloop 0.21.0',
      'packages/images pillow 11.1.0',
      'services/api uvloop 0.21.0',
      'services/api psycopg 3.2.3',
      'services/api psycopg-c 3.2.3',
      'services/api grpcio any',
    ]);
  });
});

describe('a Django site with compiled requirements', () => {
  it('is one project, with its site in a folder and its documentation beside', async () => {
    const needs = await needsIn('python-django');
    expect(requests(needs, 'python')).toEqual([
      ['.', ['3.11.9'], false],
      ['docs', ['3.11.9'], true],
    ]);
    const project = onlyNeed(needs, 'project');
    expect(project).toMatchObject({
      path: '.',
      frameworks: ['django'],
      packageManager: 'pip',
      ports: [8000],
    });
    expect(project.commands).toEqual({
      install:
        'python -m venv .venv && . .venv/bin/activate && pip install -r requirements/base.txt -r requirements/dev.txt',
      build: null,
      test: 'python -m pytest',
      start: 'cd site && gunicorn shop.wsgi',
      dev: 'cd site && python manage.py runserver',
      lint: 'flake8',
    });
  });

  it('compiles its driver, and needs its database', async () => {
    const needs = await needsIn('python-django');
    expect(needsOf(needs, 'dependency')).toMatchObject([
      { name: 'psycopg2', version: '2.9.9', because: [{ file: 'requirements/base.txt', line: 15 }] },
    ]);
    expect(needsOf(needs, 'service')).toMatchObject([{ id: 'postgresql', port: 5432 }]);
  });
});

describe('a library with extensions in Cython and Rust', () => {
  it('needs a compiler and Rust, and what it runs on', async () => {
    const needs = await needsIn('python-extension');
    expect(requests(needs, 'python')).toEqual([['.', ['>=3.9'], false]]);
    expect(requests(needs, 'rust')).toEqual([['.', [], false]]);
    expect(onlyNeed(needs, 'compiler').because.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'pyproject.toml:2',
      'pyproject.toml:2',
      'setup.py:13',
    ]);
    expect(natives(needs)).toEqual(['. numpy any']);
    expect(onlyNeed(needs, 'project')).toMatchObject({
      name: 'shopfast',
      commands: { install: expect.stringContaining('pip install -e .\\[test\\]'), test: 'pytest' },
    });
  });
});

describe('a Flask application of Pipenv', () => {
  it('runs what its Pipfile says, and leaves out what is for Windows', async () => {
    const needs = await needsIn('python-pipenv');
    expect(requests(needs, 'python')).toEqual([['.', ['3.12', '3.12'], false]]);
    expect(natives(needs)).toEqual(['. lxml 5.2.2', '. pillow 10.3.0']);
    expect(onlyNeed(needs, 'project').commands).toEqual({
      install: 'pipenv sync --dev',
      build: null,
      test: 'pipenv run python -m pytest',
      start: 'pipenv run gunicorn wsgi:app',
      dev: 'pipenv run flask run --debug',
      lint: 'pipenv run lint',
    });
  });
});
