/** Repositories for Binder: https://repo2docker.readthedocs.io/en/latest/config_files.html */
import { expect, test } from 'vitest';
import { analysed } from '../../support/analysed.ts';

test('a folder of its own stands before the root', async () => {
  const found = await analysed({
    'binder/environment.yml': 'dependencies: [python=3.11, numpy, jupyterlab]\n',
    'environment.yml': 'dependencies: [python=3.12]\n',
    'index.ipynb': '{}',
  });
  expect(found).toMatchObject({
    toolchains: ['python 3.11 compatible'],
    packageManagers: ['pip'],
    findings: [],
  });
  expect(found.commands.install).toContain('pip install jupyterlab numpy'.split(' ').slice(0, 2).join(' '));
  expect(found.commands.start).toBe('jupyter lab');
  expect(found.ports).toEqual([8888]);
  expect(found.plan.projects.map(({ path }) => path)).toEqual(['.']);
});

test('requirements and a runtime, without anything at the root', async () => {
  const found = await analysed({
    '.binder/requirements.txt': 'psycopg2==2.9.9\njupyterlab\n',
    '.binder/runtime.txt': 'python-3.12\n',
    '.binder/postBuild': '#!/bin/bash\njupyter lab build\n',
  });
  expect(found).toMatchObject({
    languages: ['python'],
    toolchains: ['python 3.12 compatible'],
    packageManagers: ['pip'],
    frameworks: ['jupyter'],
    findings: ['binder-script'],
  });
  expect(found.commands.install).toBe(
    'python -m venv .venv && . .venv/bin/activate && pip install -r .binder/requirements.txt',
  );
  expect(found.libraries).toContain('libpq');
});

test("a package's own manifest says what is installed", async () => {
  const found = await analysed({
    'binder/requirements.txt': 'jupyterlab\n',
    'pyproject.toml':
      '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "a"\nrequires-python = ">=3.10"\n',
  });
  expect(found.findings).toEqual(['binder-beside']);
  expect(found.plan.projects.map(({ path }) => path)).toEqual(['.']);
});

test('R of a day', async () => {
  const found = await analysed({
    'binder/runtime.txt': 'r-4.4-2024-06-01\n',
    'binder/install.R': 'install.packages("sf")\n',
    'analysis.R': 'library(sf)\n',
  });
  expect(found).toMatchObject({ languages: ['r'], toolchains: ['r 4.4 compatible'] });
  expect(found.commands.install).toBe(
    `Rscript -e 'options(repos = c(CRAN = "https://packagemanager.posit.co/cran/2024-06-01")); source("binder/install.R")'`,
  );
  expect(found.libraries).toContain('gdal');
});

test('Julia', async () => {
  const found = await analysed({
    'binder/Project.toml':
      '[deps]\nIJulia = "7073ff75-c697-5162-941a-fcdaad2a7d2a"\n[compat]\njulia = "~1.10"\n',
    'work.ipynb': '{"metadata": {"kernelspec": {"name": "julia-1.10", "language": "julia"}}}',
  });
  expect(found.toolchains).toEqual(['julia 1.10 compatible']);
  expect(found.plan.projects.map(({ path }) => path)).toEqual(['.']);
});

test("a Dockerfile of Binder's is said, and a start script", async () => {
  const found = await analysed({
    'binder/Dockerfile': 'FROM jupyter/base-notebook\n',
    'binder/start': '#!/bin/sh\nexec "$@"\n',
    'requirements.txt': 'numpy\n',
  });
  expect(found.findings.filter((code) => code === 'binder-script')).toHaveLength(2);
  expect(found.languages).toEqual(['python']);
});

test('a folder of programs that is called binder is none of it', async () => {
  const found = await analysed({ 'binder/main.go': 'package main\n', 'go.mod': 'module a\n' });
  expect(found.languages).toEqual(['go']);
});
