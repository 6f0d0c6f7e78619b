/** Repositories with environments of conda and pixi, and the plans that they must have. */
import { describe, expect, test } from 'vitest';
import { analysed } from '../../support/analysed.ts';

const venv = 'python -m venv .venv && . .venv/bin/activate && pip install';
const micromamba = 'micromamba create --yes --prefix ./.conda --file';

describe('an environment', () => {
  test('of packages that PyPI and nixpkgs have needs no conda', async () => {
    const found = await analysed({
      'environment.yml': `name: study
channels: [conda-forge, defaults]
dependencies:
  - python=3.12
  - numpy>=1.26,<2
  - pandas=2.2
  - scikit-learn
  - pytorch
  - ffmpeg
  - pip
  - pip:
      - wandb==0.17.0
      - git+https://github.com/example/tool.git@v1
`,
      'main.py': '',
    });
    expect(found).toMatchObject({
      languages: ['python'],
      toolchains: ['python 3.12 compatible'],
      packageManagers: ['pip'],
      findings: [],
    });
    expect(found.commands.install).toBe(
      `${venv} 'numpy>=1.26,<2' pandas==2.2.* scikit-learn torch wandb==0.17.0 git+https://github.com/example/tool.git@v1`.replace(
        'pandas==2.2.*',
        "'pandas==2.2.*'",
      ),
    );
    expect(found.commands.start).toBe('python main.py');
    expect(found.tools).toContain('ffmpeg');
    expect(found.plan.projects[0]?.name).toBe('study');
    // What the wheels of numpy and torch load.
    expect(found.plan.environments[0]?.libraryPath.length).toBeGreaterThan(0);
  });

  test('with a package of a channel only is made by micromamba, and that is said', async () => {
    const found = await analysed({
      'environment.yaml': `channels: [bioconda]
dependencies: [python=3.11, bioconda::samtools=1.19, numpy]
`,
      'main.py': '',
    });
    expect(found).toMatchObject({
      toolchains: ['python 3.11 compatible'],
      packageManagers: ['micromamba'],
      findings: ['conda-packages-unmapped', 'conda-channels'],
    });
    expect(found.commands).toMatchObject({
      install: `${micromamba} environment.yaml`,
      start: 'micromamba run --prefix ./.conda python main.py',
    });
    expect(found.plan.findings[0]?.message).toContain('samtools');
  });

  test('exported with its builds', async () => {
    const found = await analysed({
      'environment.yml': `dependencies:
  - _libgcc_mutex=0.1=main
  - numpy=1.21.2=py39h20f2e39_0
  - python=3.9.7=h12debd9_1
prefix: /home/someone/env
`,
    });
    expect(found).toMatchObject({
      packageManagers: ['micromamba'],
      toolchains: ['python 3.9 nearest'],
      findings: ['conda-channels'],
    });
  });

  test('with a lock file of conda-lock', async () => {
    const found = await analysed({
      'environment.yml': 'dependencies: [python=3.12, numpy]\n',
      'conda-lock.yml': 'version: 1\n',
    });
    expect(found.commands.install).toBe(`${micromamba} conda-lock.yml`);
    expect(found.plan.packageManagers[0]).toMatchObject({ id: 'micromamba', lockfile: 'conda-lock.yml' });
  });

  test('of R and Node.js', async () => {
    const found = await analysed({ 'environment.yml': 'dependencies: [r-base=4.3, nodejs>=20, pandoc]\n' });
    expect([...found.languages].sort()).toEqual(['node', 'r']);
    expect(found.toolchains).toEqual(['r 4.3 compatible', 'node 24 compatible']);
    expect(found.tools).toContain('pandoc');
    expect(found.packageManagers).toEqual([]);
  });
});

describe('beside manifests of Python', () => {
  test('it gives the version and what is no Python package', async () => {
    const found = await analysed({
      'environment.yml': 'dependencies:\n  - python=3.11\n  - ffmpeg=4\n  - numpy\n',
      'requirements.txt': 'numpy\n',
      'app.py': '',
    });
    expect(found).toMatchObject({
      toolchains: ['python 3.11 compatible'],
      packageManagers: ['pip'],
      findings: ['conda-version-unchecked', 'conda-beside'],
    });
    expect(found.commands.install).toContain('-r requirements.txt');
    expect(found.tools).toContain('ffmpeg');
  });

  test('it decides where it installs them', async () => {
    const found = await analysed({
      'environment.yml':
        'dependencies:\n  - python>=3.10\n  - gdal-data-x\n  - pip:\n    - -r requirements.txt\n    - -e .\n',
      'requirements.txt': 'numpy\n',
      'setup.py': 'from setuptools import setup\nsetup(name="a", python_requires=">=3.9")\n',
    });
    expect(found.commands.install).toBe(`${micromamba} environment.yml`);
    expect(found.plan.projects[0]?.packageManager).toBe('micromamba');
  });

  test('a pinned interpreter comes before what the package allows', async () => {
    const found = await analysed({
      'environment.yml': 'dependencies: [python=3.11]\n',
      'pyproject.toml': '[project]\nname = "a"\nrequires-python = ">=3.9"\n',
    });
    expect(found.toolchains).toEqual(['python 3.11 compatible']);
  });
});

describe('pixi', () => {
  test('with a lock file and tasks', async () => {
    const found = await analysed({
      'pixi.toml': `[workspace]
name = "lab"
channels = ["conda-forge"]
platforms = ["linux-64"]

[dependencies]
python = "3.12.*"
numpy = ">=1.26"

[tasks]
start = "python main.py"
test = { cmd = "pytest" }
`,
      'pixi.lock': 'version: 6\n',
      'main.py': '',
    });
    expect(found).toMatchObject({
      languages: ['python'],
      toolchains: ['python 3.12 compatible'],
      packageManagers: ['pixi'],
      commands: { install: 'pixi install --locked', start: 'pixi run start', test: 'pixi run test' },
      findings: [],
    });
    expect(found.plan.packageManagers[0]?.lockfile).toBe('pixi.lock');
  });

  test('within pyproject.toml', async () => {
    const found = await analysed({
      'pyproject.toml':
        '[project]\nname = "a"\n[tool.pixi.workspace]\nchannels = ["conda-forge"]\n[tool.pixi.tasks]\nlint = "ruff check"\n',
      'pixi.lock': 'version: 6\n',
    });
    expect(found.packageManagers).toEqual(['pixi']);
    expect(found.commands).toMatchObject({ install: 'pixi install --locked', lint: 'pixi run lint' });
  });
});

describe('odd ones', () => {
  test('an anaconda project has commands of its own', async () => {
    const found = await analysed({
      'anaconda-project.yml': `name: board
packages: [python=3.11, panel, samtools]
channels: [bioconda]
commands:
  default:
    unix: panel serve board.ipynb
`,
    });
    expect(found.commands).toEqual({
      install: 'micromamba create --yes --prefix ./.conda --channel bioconda python=3.11 panel samtools',
      start: 'micromamba run --prefix ./.conda panel serve board.ipynb',
    });
  });

  test('an environment.yml of something else says nothing', async () => {
    const found = await analysed({
      'environment.yml': 'kind: Environment\nname: prod\n',
      'package.json': '{}',
    });
    expect(found.languages).toEqual(['node']);
    expect(found.findings).toEqual([]);
  });

  test('a broken one is an error', async () => {
    expect((await analysed({ 'environment.yml': 'dependencies: [\n' })).findings).toContain(
      'unreadable-manifest',
    );
  });

  test('a hostile line neither fails nor becomes a command', async () => {
    const found = await analysed({
      'environment.yml': `dependencies: ["numpy'; rm -rf $HOME #", "python=3.12"]\n`,
    });
    expect(found.findings).toContain('conda-packages-unmapped');
    expect(found.commands.install).toBe(`${micromamba} environment.yml`);
    const pip = await analysed({
      'environment.yml':
        'dependencies: [python, {pip: ["a\'$(touch x)\'", "--index-url $(b)", \'-r $(c).txt\']}]\n',
    });
    expect(pip.commands.install).toBe(`${venv} 'a$(touch x)' --index-url '$(b)' -r '$(c).txt'`);
  });

  test('what only CI uses says nothing', async () => {
    const found = await analysed({
      'ci/environment.yml': 'dependencies: [python=3.9]\n',
      'go.mod': 'module a\n',
    });
    expect(found.languages).toEqual(['go']);
  });
});
