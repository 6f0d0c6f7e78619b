import { describe, expect, it } from 'vitest';
import { commandsOf, detected, findingsOf, lines, projectOf, pyproject } from './support.ts';

const venv = 'python -m venv .venv && . .venv/bin/activate && ';
const poetry = (...rest: string[]) => ({
  'pyproject.toml': lines('[tool.poetry]', 'name = "shop"', ...rest),
});
const backend = ['[build-system]', 'requires = ["setuptools"]'];

describe('the install command', () => {
  const installOf = async (files: Record<string, string | null>) => (await commandsOf(files)).install;

  it('of uv takes the lock file as it stands', async () => {
    expect(await installOf({ 'pyproject.toml': pyproject(), 'uv.lock': '' })).toBe('uv sync --frozen');
    expect(await installOf({ 'pyproject.toml': pyproject('[tool.uv]', 'dev-dependencies = []') })).toBe(
      'uv sync',
    );
    expect(await installOf({ 'pyproject.toml': pyproject(), 'pylock.toml': '' })).toBe(
      'uv venv --allow-existing && uv pip sync pylock.toml',
    );
  });

  it('of uv asks for the group or the extra that holds what the checks run', async () => {
    const uv = (...rest: string[]) => installOf({ 'pyproject.toml': pyproject(...rest), 'uv.lock': '' });
    expect(await uv('[dependency-groups]', 'dev = ["pytest"]')).toBe('uv sync --frozen');
    expect(await uv('[dependency-groups]', 'test = ["pytest"]', 'lint = ["ruff"]')).toBe(
      'uv sync --frozen --group test --group lint',
    );
    expect(await uv('[dependency-groups]', 'test = ["pytest"]', '[tool.uv]', 'default-groups = "all"')).toBe(
      'uv sync --frozen',
    );
    expect(
      await uv('[dependency-groups]', 'dev = ["pytest"]', '[tool.uv]', 'default-groups = ["lint"]'),
    ).toBe('uv sync --frozen --group dev');
    expect(await uv('[project.optional-dependencies]', 'tests = ["pytest-cov"]')).toBe(
      'uv sync --frozen --extra tests',
    );
  });

  it('of Poetry leaves the root out where its package is not there to be installed', async () => {
    expect(await installOf({ ...poetry(), 'shop/__init__.py': null })).toBe('poetry install');
    expect(await installOf({ ...poetry(), 'src/shop/__init__.py': null })).toBe('poetry install');
    expect(await installOf({ ...poetry(), 'shop.py': null })).toBe('poetry install');
    expect(await installOf({ ...poetry(), 'main.py': null })).toBe('poetry install --no-root');
    expect(await installOf(poetry('package-mode = false'))).toBe('poetry install');
    expect(
      await installOf({
        ...poetry('packages = [{ include = "store", from = "lib" }]'),
        'lib/store/a.py': null,
      }),
    ).toBe('poetry install');
    expect(await installOf({ ...poetry('packages = [{ include = "store" }]'), 'shop/a.py': null })).toBe(
      'poetry install --no-root',
    );
    expect(await installOf({ ...poetry('readme = "README.md"'), 'shop/a.py': null })).toBe(
      'poetry install --no-root',
    );
  });

  it('of Poetry asks for optional groups that hold what the checks run', async () => {
    const group = (...rest: string[]) => installOf({ ...poetry('package-mode = false', ...rest) });
    expect(await group('[tool.poetry.group.test.dependencies]', 'pytest = "*"')).toBe('poetry install');
    expect(
      await group(
        '[tool.poetry.group.test]',
        'optional = true',
        '[tool.poetry.group.test.dependencies]',
        'pytest = "*"',
      ),
    ).toBe('poetry install --with test');
    expect(
      await group(
        '[tool.poetry.dependencies]',
        'pytest = { version = "*", optional = true }',
        '[tool.poetry.extras]',
        'dev = ["pytest"]',
      ),
    ).toBe('poetry install --extras dev');
  });

  it('of PDM, Pipenv and Hatch is their own', async () => {
    expect(await installOf({ 'pyproject.toml': pyproject(), 'pdm.lock': '' })).toBe('pdm sync');
    expect(await installOf({ 'pyproject.toml': pyproject('[tool.pdm]') })).toBe('pdm install');
    expect(await installOf({ Pipfile: '[dev-packages]\npytest = "*"\n', 'Pipfile.lock': '{}' })).toBe(
      'pipenv sync --dev',
    );
    expect(await installOf({ Pipfile: '[packages]\nflask = "*"\n' })).toBe('pipenv install');
    expect(
      await installOf({ 'pyproject.toml': pyproject('[tool.hatch.envs.default]', 'python = "3.12"') }),
    ).toBe('hatch env create');
  });

  it('of pip makes a virtual environment first', async () => {
    expect(await installOf({ 'requirements.txt': 'flask\n' })).toBe(`${venv}pip install -r requirements.txt`);
    expect(await installOf({ 'pyproject.toml': pyproject() })).toBe(`${venv}pip install -e .`);
    expect(await installOf({ 'setup.py': '' })).toBe(`${venv}pip install -e .`);
    expect(await installOf({ 'main.py': null })).toBeNull();
  });

  it('of pip takes requirements to run, to develop and to test, and the project where it is a package', async () => {
    expect(
      await installOf({
        'requirements.txt': '',
        'requirements-dev.txt': '',
        'requirements-docs.txt': '',
        'tests/requirements.txt': '',
        'pyproject.toml': pyproject(...backend),
      }),
    ).toBe(`${venv}pip install -r requirements.txt -r requirements-dev.txt -r tests/requirements.txt -e .`);
    expect(
      await installOf({
        'requirements/base.txt': '',
        'requirements/local.txt': '',
        'requirements/production.txt': '',
      }),
    ).toBe(`${venv}pip install -r requirements/base.txt -r requirements/local.txt`);
  });

  it('of pip does not install an application’s metadata, nor the project twice', async () => {
    expect(await installOf({ 'requirements.txt': '', 'pyproject.toml': pyproject() })).toBe(
      `${venv}pip install -r requirements.txt`,
    );
    expect(await installOf({ 'requirements.txt': '-e .\n', 'setup.py': '' })).toBe(
      `${venv}pip install -r requirements.txt`,
    );
  });

  it('of pip asks for extras and groups, in words that every shell takes alike', async () => {
    expect(
      await installOf({
        'pyproject.toml': pyproject(
          '[project.optional-dependencies]',
          'test = ["pytest"]',
          'lint = ["flake8"]',
          ...backend,
        ),
      }),
    ).toBe(`${venv}pip install -e .\\[test,lint\\]`);
    expect(
      await installOf({ 'pyproject.toml': pyproject('[dependency-groups]', 'dev = ["pytest"]', ...backend) }),
    ).toBe(`${venv}pip install -e . --group dev`);
  });

  it('of pip installs what has hashes apart from what cannot have any', async () => {
    expect(
      await installOf({
        'requirements.txt': 'flask==3.0.0 --hash=sha256:00\n',
        'setup.py': '',
        'pytest.ini': null,
      }),
    ).toBe(`${venv}pip install -r requirements.txt && pip install -e . pytest`);
  });

  it('is not given for Python 2, which has no virtual environments', async () => {
    const files = { '.python-version': '2.7', 'requirements.txt': 'flask\n' };
    expect(await installOf(files)).toBeNull();
    expect(await findingsOf(files)).toEqual(['python-2-install']);
  });
});

describe('the test command', () => {
  const testOf = async (files: Record<string, string | null>) => (await commandsOf(files)).test;

  it('is pytest where it is declared or configured', async () => {
    expect(await testOf({ 'requirements.txt': 'pytest-django\n' })).toBe('python -m pytest');
    expect(await testOf({ 'requirements.txt': '', 'pytest.ini': null })).toBe('python -m pytest');
    expect(await testOf({ 'setup.py': '', 'setup.cfg': '[tool:pytest]\n' })).toBe('pytest');
    expect(await testOf({ 'setup.py': '', 'tox.ini': '[tox]\n[pytest]\n' })).toBe('pytest');
    expect(await testOf({ 'pyproject.toml': pyproject('[tool.pytest.ini_options]') })).toBe('pytest');
  });

  it('runs in the manager’s environment, and can import what is not installed', async () => {
    const declared = ['[dependency-groups]', 'dev = ["pytest"]'];
    expect(await testOf({ 'pyproject.toml': pyproject(...declared), 'uv.lock': '' })).toBe(
      'uv run python -m pytest',
    );
    expect(await testOf({ 'pyproject.toml': pyproject(...declared, ...backend), 'uv.lock': '' })).toBe(
      'uv run pytest',
    );
    expect(await testOf({ 'pyproject.toml': pyproject(...declared, ...backend), 'pdm.lock': '' })).toBe(
      'pdm run pytest',
    );
    expect(await testOf({ Pipfile: '[dev-packages]\npytest = "*"\n' })).toBe('pipenv run python -m pytest');
    expect(
      await testOf({ 'pyproject.toml': pyproject('[tool.hatch.envs.test]', 'dependencies = ["pytest"]') }),
    ).toBe('hatch test');
  });

  it('brings pytest where only its configuration is there', async () => {
    const configured = { 'pyproject.toml': pyproject('[tool.pytest.ini_options]') };
    expect((await commandsOf(configured)).install).toBe(`${venv}pip install -e . pytest`);
    expect(await testOf({ ...configured, 'uv.lock': '' })).toBe('uv run --with pytest python -m pytest');
  });

  it('brings what setuptools lists for its own test command, which is no more', async () => {
    const files = {
      'setup.py': 'setup(tests_require=["pytest>=2.8", "PySocks"], install_requires=["idna"])',
    };
    expect((await commandsOf(files)).install).toBe(`${venv}pip install -e . pytest pysocks`);
    expect(await testOf(files)).toBe('pytest');
  });

  it('is the project’s own task first', async () => {
    expect(
      await testOf({ 'pyproject.toml': pyproject('[tool.pdm.scripts]', 'test = "pytest"'), 'pdm.lock': '' }),
    ).toBe('pdm run test');
    expect(
      await testOf({
        'pyproject.toml': pyproject(
          '[dependency-groups]',
          'dev = ["poethepoet", "pytest"]',
          '[tool.poe.tasks]',
          'test = "pytest"',
        ),
        'uv.lock': '',
      }),
    ).toBe('uv run poe test');
    expect(
      await testOf({ 'pyproject.toml': pyproject('[tool.hatch.envs.ci.scripts]', 'test = "pytest"') }),
    ).toBe('hatch run ci:test');
    expect(await testOf({ Pipfile: '[scripts]\ntest = "pytest"\n' })).toBe('pipenv run test');
    // Without the program that runs them, tasks are but a table.
    expect(await testOf({ 'pyproject.toml': pyproject('[tool.poe.tasks]', 'test = "pytest"') })).toBeNull();
  });

  it('is Django’s, tox’s, nox’s or the standard library’s on evidence', async () => {
    expect(await testOf({ 'requirements.txt': 'django\n', 'manage.py': null })).toBe('python manage.py test');
    expect(await testOf({ 'requirements.txt': 'django\npytest-django\n', 'manage.py': null })).toBe(
      'python -m pytest',
    );
    const commands = lines('[testenv]', 'commands = python test_shop.py');
    expect(await testOf({ 'setup.py': '', 'tox.ini': commands })).toBe('tox');
    // The Python of the environment, whichever the list has; but not where they differ by more.
    for (const [list, command] of [
      ['py27,py36, lint', 'tox -e py'],
      ['py{38,39}', 'tox -e py'],
      ['py{38,39}-django{32,42}', 'tox'],
      ['lint, docs', 'tox'],
    ]) {
      const ini = lines('[tox]', `envlist = ${list}`, commands);
      expect(await testOf({ 'setup.py': '', 'tox.ini': ini }), list).toBe(command);
    }
    const own = lines('[tox]', 'envlist = py38', commands, '[testenv:py38]', 'commands = ./all');
    expect(await testOf({ 'setup.py': '', 'tox.ini': own })).toBe('tox');
    // What runs whatever it is told tests nothing by itself.
    const none = lines('[tox]', 'envlist = py27,py34', '[testenv:venv]', 'commands = {posargs}');
    expect(await testOf({ 'setup.py': '', 'tox.ini': none })).toBeNull();
    expect(await testOf({ 'pyproject.toml': pyproject(), 'uv.lock': '', 'noxfile.py': null })).toBe(
      'uvx nox',
    );
    expect(await testOf({ 'setup.py': 'setup(test_suite="tests")' })).toBe('python -m unittest discover');
    expect(await testOf({ 'setup.py': '', 'tests/test_cart.py': null })).toBeNull();
  });
});

describe('the lint command', () => {
  const lintOf = async (files: Record<string, string | null>) => (await commandsOf(files)).lint;

  it('is that of a linter that is declared', async () => {
    expect(await lintOf({ 'requirements-dev.txt': 'flake8\nmypy\n' })).toBe('flake8');
    expect(
      await lintOf({ ...poetry('[tool.poetry.group.dev.dependencies]', 'ruff = "*"', 'flake8 = "*"') }),
    ).toBe('poetry run ruff check');
    expect(await lintOf({ 'requirements.txt': 'mypy\n' })).toBe('mypy .');
    expect(await lintOf({ 'requirements.txt': '', '.flake8': null })).toBeNull();
  });

  it('brings Ruff where only its configuration is there', async () => {
    const files = { 'pyproject.toml': pyproject('[tool.ruff]', 'line-length = 100') };
    expect(await lintOf(files)).toBe('ruff check');
    expect((await detected(files)).filter((need) => need.kind === 'tool')).toMatchObject([
      { id: 'ruff', because: [{ file: 'pyproject.toml', line: 3 }] },
    ]);
  });
});

describe('the start command', () => {
  const serving = async (files: Record<string, string | null>) => {
    const { commands, ports } = await projectOf(files);
    return [commands.start, ports];
  };
  const needs = (...names: string[]) => ({ 'requirements.txt': lines(...names) });

  it('of Django is its own server, or the one that is declared', async () => {
    const site = { 'manage.py': null, 'shop/settings.py': null, 'shop/wsgi.py': null, 'shop/asgi.py': null };
    expect(await serving({ ...needs('django'), ...site })).toEqual(['python manage.py runserver', [8000]]);
    expect(await serving({ ...needs('django', 'gunicorn'), ...site })).toEqual([
      'gunicorn shop.wsgi',
      [8000],
    ]);
    expect(await serving({ ...needs('django', 'daphne'), ...site })).toEqual([
      'daphne shop.asgi:application',
      [8000],
    ]);
  });

  it('of Django in a folder of the project runs there', async () => {
    const site = { 'site/manage.py': null, 'site/shop/settings.py': null, 'site/shop/wsgi.py': null };
    expect(await serving({ ...needs('django'), ...site })).toEqual([
      'cd site && python manage.py runserver',
      [8000],
    ]);
    expect(await serving({ ...needs('django', 'gunicorn'), ...site })).toEqual([
      'cd site && gunicorn shop.wsgi',
      [8000],
    ]);
  });

  it('of Flask finds what Flask finds by itself', async () => {
    expect(await serving({ ...needs('flask'), 'app.py': null })).toEqual(['flask run', [5000]]);
    expect(await serving({ ...needs('flask', 'gunicorn'), 'wsgi.py': null })).toEqual([
      'gunicorn wsgi:app',
      [5000],
    ]);
    expect(await serving({ ...needs('flask', 'gunicorn'), 'main.py': null })).toEqual([
      'python main.py',
      [5000],
    ]);
  });

  it('of FastAPI is its own command, or the server that is declared', async () => {
    expect(await serving({ ...needs('fastapi[standard]'), 'main.py': null })).toEqual([
      'fastapi run',
      [8000],
    ]);
    expect(await serving({ ...needs('fastapi[standard]'), 'app/server.py': null })).toEqual([
      'fastapi run app/server.py',
      [8000],
    ]);
    expect(await serving({ ...needs('fastapi', 'uvicorn'), 'app/main.py': null })).toEqual([
      'uvicorn app.main:app',
      [8000],
    ]);
    expect(await serving({ ...needs('fastapi'), 'main.py': null })).toEqual(['python main.py', [8000]]);
    expect(
      await serving({
        'pyproject.toml': pyproject(
          'dependencies = ["fastapi", "uvicorn"]',
          '[tool.fastapi]',
          'entrypoint = "shop.web:api"',
        ),
        'uv.lock': '',
      }),
    ).toEqual(['uv run uvicorn shop.web:api', [8000]]);
  });

  it.each([
    ['streamlit', 'Home.py', 'streamlit run Home.py', 8501],
    ['gradio', 'app.py', 'python app.py', 7860],
    ['chainlit', 'app.py', 'chainlit run app.py', 8000],
    ['litestar', 'app.py', 'litestar run', 8000],
    ['reflex', 'rxconfig.py', 'reflex run --env prod', 3000],
    ['sanic', 'server.py', 'sanic server', 8000],
    ['pyramid', 'development.ini', 'pserve development.ini', 6543],
  ])('of %s', async (name, file, command, port) => {
    expect(await serving({ ...needs(name), [file]: null })).toEqual([command, [port]]);
  });

  it('is the program that convention names', async () => {
    expect(await serving({ ...needs('requests'), 'main.py': null, 'app.py': null })).toEqual([
      'python main.py',
      [],
    ]);
    expect(await serving({ ...needs('requests'), 'src/main.py': null })).toEqual(['python src/main.py', []]);
    expect(
      await serving({ 'pyproject.toml': pyproject(), 'shop/__main__.py': null, 'other/__main__.py': null }),
    ).toEqual(['python -m shop', []]);
    expect(
      await serving({ 'pyproject.toml': pyproject('[project.scripts]', 'sell = "shop:main"', ...backend) }),
    ).toEqual(['sell', []]);
    expect(await serving({ ...needs('requests'), 'shop/cart.py': null })).toEqual([null, []]);
  });

  it('listens where its framework does, whatever starts it', async () => {
    const script = [
      '[tool.poetry.scripts]',
      'start = "shop:main"',
      '[tool.poetry.dependencies]',
      'fastapi = "*"',
    ];
    expect(await serving(poetry(...script))).toEqual(['poetry run start', [8000]]);
  });

  it('is a script of that name first', async () => {
    expect(
      await serving({ ...poetry('[tool.poetry.scripts]', 'start = "shop:main"'), 'main.py': null }),
    ).toEqual(['poetry run start', []]);
  });

  it('of notebooks opens them', async () => {
    expect(await serving(needs('jupyterlab'))).toEqual(['jupyter lab', [8888]]);
    expect(await serving(needs('notebook'))).toEqual(['jupyter notebook', [8888]]);
  });

  it('of documentation serves it', async () => {
    const { commands, frameworks } = await projectOf({ ...needs('mkdocs-material'), 'mkdocs.yml': null });
    expect([commands.build, commands.dev, frameworks]).toEqual(['mkdocs build', 'mkdocs serve', ['mkdocs']]);
  });
});

describe('frameworks', () => {
  it('are those that a project names, without what carries them', async () => {
    const frameworksOf = async (...names: string[]) =>
      (await projectOf({ 'requirements.txt': lines(...names) })).frameworks;
    expect(await frameworksOf('fastapi', 'starlette', 'celery')).toEqual(['fastapi', 'celery']);
    expect(await frameworksOf('gradio', 'fastapi')).toEqual(['gradio']);
    expect(await frameworksOf('dash', 'flask')).toEqual(['dash']);
    expect(await frameworksOf('flask-sqlalchemy')).toEqual([]);
  });
});

describe('services', () => {
  const servicesOf = async (...names: string[]) =>
    (await detected({ 'requirements.txt': lines(...names) })).flatMap((need) =>
      need.kind === 'service' ? [need.id] : [],
    );

  it('are the database whose driver a Django site installs', async () => {
    expect(await servicesOf('django', 'psycopg[binary]')).toEqual(['postgresql']);
    expect(await servicesOf('django', 'mysqlclient')).toEqual(['mysql']);
    expect(await servicesOf('django')).toEqual([]);
  });

  it('are not guessed from a driver alone', async () => {
    expect(await servicesOf('psycopg2', 'flask')).toEqual([]);
  });
});

describe('the build command', () => {
  it('makes the package of a library, not of an application', async () => {
    const library = { 'pyproject.toml': pyproject(...backend), 'shop/__init__.py': null };
    expect((await commandsOf(library)).build).toBe('pip wheel --no-deps --wheel-dir dist .');
    expect((await commandsOf({ ...library, 'uv.lock': '' })).build).toBe('uv build');
    const program = { 'pyproject.toml': pyproject('[project.scripts]', 'shop = "shop:main"', ...backend) };
    expect((await commandsOf(program)).build).toBe('pip wheel --no-deps --wheel-dir dist .');
    expect((await commandsOf({ ...library, 'main.py': null })).build).toBeNull();
    expect((await commandsOf({ ...poetry(), 'main.py': null })).build).toBeNull();
  });
});
