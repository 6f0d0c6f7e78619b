import { describe, expect, it } from 'vitest';
import { planOfFiles } from '../../support/repository.ts';
import { findingsOf, lines, pyproject, pythonOf } from './support.ts';

describe('the version of Python', () => {
  it('is what pins an interpreter, before what allows several, before what repeats it', async () => {
    expect(
      await pythonOf({
        '.python-version': '3.12.1\n',
        'mise.toml': lines('[tools]', 'python = "3.11"'),
        'runtime.txt': 'python-3.10.14\n',
        'pyproject.toml': lines(
          '[tool.poetry]',
          'name = "shop"',
          '[tool.poetry.dependencies]',
          'python = "^3.9"',
          '[project]',
          'requires-python = ">=3.8"',
        ),
        'setup.cfg': lines('[options]', 'python_requires = >=3.7'),
        'setup.py': "setup(name='shop', python_requires='>=3.6')\n",
        'poetry.lock': lines('[metadata]', 'python-versions = "^3.9"'),
      }),
    ).toEqual([
      '3.12.1 prefix .python-version:1',
      '3.11 prefix mise.toml:2',
      '3.10.14 prefix runtime.txt:1',
      '^3.9 poetry pyproject.toml:4',
      '>=3.8 pep440 pyproject.toml:6',
      '>=3.7 pep440 setup.cfg:2',
      '>=3.6 pep440 setup.py:1',
      '^3.9 poetry poetry.lock:2',
    ]);
  });

  it('is the full version of a Pipfile before its short one', async () => {
    expect(
      await pythonOf({
        Pipfile: lines('[requires]', 'python_version = "3.11"', 'python_full_version = "3.11.9"'),
        'Pipfile.lock': JSON.stringify({ _meta: { requires: { python_version: '3.11' } } }, null, 4),
      }),
    ).toEqual(['3.11.9 prefix Pipfile:3', '3.11 prefix Pipfile:2', '3.11 prefix Pipfile.lock:4']);
  });

  it('is the first interpreter of a .python-version that names several, without comments', async () => {
    const files = {
      'requirements.txt': '',
      '.python-version': lines('# for tox', '3.11.4  # ours', '3.10.13'),
    };
    expect(await pythonOf(files)).toEqual(['3.11.4 prefix .python-version:2']);
    expect(await findingsOf(files)).toEqual(['python-versions-many']);
  });

  it('may be a range in .python-version, as uv reads it', async () => {
    expect(await pythonOf({ 'requirements.txt': '', '.python-version': '>= 3.11, < 3.13\n' })).toEqual([
      '>= 3.11, < 3.13 pep440 .python-version:1',
    ]);
  });

  it('is not what a .python-version calls by another name, which is said', async () => {
    const files = { 'requirements.txt': '', '.python-version': 'my-env\n' };
    expect(await pythonOf(files)).toEqual([]);
    expect(await findingsOf(files)).toEqual(['python-version-unknown']);
  });

  it('comes from the nearest .python-version', async () => {
    expect(
      await pythonOf({
        '.python-version': '3.10',
        'api/.python-version': '3.12',
        'api/requirements.txt': '',
      }),
    ).toEqual(['3.12 prefix api/.python-version:1']);
    expect(await pythonOf({ '.python-version': '3.10', 'api/requirements.txt': '' })).toEqual([
      '3.10 prefix .python-version:1',
    ]);
  });

  it('is PyPy where asdf says so', async () => {
    expect(await pythonOf({ 'requirements.txt': '', '.tool-versions': 'python pypy3.10-7.3.12\n' })).toEqual([
      'pypy3.10 alias .tool-versions:1',
    ]);
  });

  it('is not Binder’s version of R', async () => {
    expect(await pythonOf({ 'requirements.txt': '', 'runtime.txt': 'r-4.1-2022-01-01\n' })).toEqual([]);
  });

  it('is that of Hatch’s default environment', async () => {
    expect(
      await pythonOf({ 'pyproject.toml': pyproject('[tool.hatch.envs.default]', 'python = "3.11"') }),
    ).toEqual(['3.11 prefix pyproject.toml:4']);
  });

  it('says nothing where everything is allowed', async () => {
    expect(
      await pythonOf({
        'pyproject.toml': lines('[tool.poetry]', '[tool.poetry.dependencies]', 'python = "*"'),
        'poetry.lock': lines('[metadata]', 'python-versions = "*"'),
      }),
    ).toEqual([]);
  });

  it('is read from lock files of uv, PDM and the standard one', async () => {
    expect(
      await pythonOf({
        'pyproject.toml': pyproject(),
        'uv.lock': lines('version = 1', 'requires-python = ">=3.12"'),
        'pdm.lock': lines('[[metadata.targets]]', 'requires_python = ">=3.11"'),
        'pylock.toml': lines('lock-version = "1.0"', 'requires-python = ">=3.10"'),
      }),
    ).toEqual(['>=3.12 pep440 uv.lock:2', '>=3.11 pep440 pdm.lock:2', '>=3.10 pep440 pylock.toml:2']);
  });

  it('takes no setup.py for its word where it computes', async () => {
    expect(await pythonOf({ 'setup.py': 'setup(python_requires=">=" + MINIMUM)\n' })).toEqual([]);
  });
});

describe('where nothing asks for a version', () => {
  it('the versions that tox tests count', async () => {
    expect(
      await pythonOf({
        'setup.py': '',
        'tox.ini': lines(
          '[tox]',
          'envlist =',
          '    py{38,39}-django42',
          '    py310',
          '    lint',
          '[testenv]',
          'deps = py27',
        ),
      }),
    ).toEqual(['>=3.8,<3.11 pep440 tox.ini:4']);
  });

  it('then the classifiers, of Python 3 where there are both', async () => {
    expect(
      await pythonOf({
        'setup.py': lines(
          'setup(classifiers=[',
          "    'Programming Language :: Python :: 2.7',",
          "    'Programming Language :: Python :: 3',",
          "    'Programming Language :: Python :: 3.9',",
          '    "Programming Language :: Python :: 3.10",',
          '])',
        ),
      }),
    ).toEqual(['>=3.9,<3.11 pep440 setup.py:5']);
    expect(
      await pythonOf({
        'pyproject.toml': pyproject('classifiers = ["Programming Language :: Python :: 3.11"]'),
      }),
    ).toEqual(['==3.11.* pep440 pyproject.toml:3']);
    expect(
      await pythonOf({
        'setup.cfg': lines(
          '[metadata]',
          'name = shop',
          'classifiers =',
          '    Programming Language :: Python :: 3.7',
        ),
      }),
    ).toEqual(['==3.7.* pep440 setup.cfg:4']);
  });

  it('then the oldest version that the linter is told of', async () => {
    expect(
      await pythonOf({ 'pyproject.toml': pyproject('[tool.ruff]', 'target-version = "py311"') }),
    ).toEqual(['3.11 minimum pyproject.toml:4']);
  });

  it('not where all of them have reached their end of life: then the oldest that has not', async () => {
    const classifiers = (...versions: string[]) => ({
      'setup.py': lines(
        'setup(classifiers=[',
        ...versions.map((version) => `    'Programming Language :: Python :: ${version}',`),
        '])',
      ),
    });
    const old = await planOfFiles(classifiers('2.7', '3.5', '3.6'));
    expect(old.toolchains).toMatchObject([{ version: '3.11', requested: '3.6', status: 'supported' }]);
    expect(old.findings).toContainEqual(
      expect.objectContaining({
        code: 'version-superseded',
        message: expect.stringMatching(
          /^setup.py:4 names python >=3.5,<3.7 as tested, .*python 3\.11 is the nearest/,
        ),
      }),
    );
    expect((await planOfFiles(classifiers('3.8', '3.12'))).toolchains).toMatchObject([{ version: '3.12' }]);
    // No later one runs what was written for Python 2.
    expect((await planOfFiles(classifiers('2.7'))).toolchains).toMatchObject([{ version: '2.7' }]);
    const image = { ...classifiers('3.6'), Dockerfile: 'FROM python:3.12-slim\nCOPY . .\n' };
    expect((await planOfFiles(image)).toolchains).toMatchObject([{ version: '3.12' }]);
  });

  it('but none of them counts beside a request', async () => {
    expect(
      await pythonOf({
        'pyproject.toml': pyproject(
          'requires-python = ">=3.9"',
          'classifiers = ["Programming Language :: Python :: 3.11"]',
          '[tool.ruff]',
          'target-version = "py310"',
        ),
        'tox.ini': lines('[tox]', 'envlist = py312'),
      }),
    ).toEqual(['>=3.9 pep440 pyproject.toml:3']);
  });
});
