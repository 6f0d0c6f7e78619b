import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** What people call the parts of their requirements: `requirements-dev.txt`, `requirements/test.txt`. */
const parts = [
  ...['base', 'common', 'core', 'main', 'prod', 'production', 'runtime'],
  ...['dev', 'devel', 'develop', 'development', 'local', 'test', 'tests', 'testing', 'ci', 'lint', 'quality'],
  ...['doc', 'docs', 'build', 'all', 'extra', 'extras', 'optional', 'min', 'minimal', 'cpu', 'gpu', 'cuda'],
];

/**
 * Files that announce Python. Programs count by their presence only: what they hold changes with every
 * commit and asks for nothing that a manifest does not say.
 */
export const pythonClaims: Claims = {
  names: [
    ...versionFileClaims.names,
    ...['.python-version', '.python-versions', 'runtime.txt'],
    ...['pyproject.toml', 'setup.py', 'setup.cfg', 'hatch.toml', 'uv.toml'],
    ...['Pipfile'],
    ...['tox.ini', 'requirements.txt', 'constraints.txt'],
    ...['requirements.lock', 'requirements-dev.lock'],
    ...parts.flatMap((part) => [
      ...[`requirements-${part}.txt`, `requirements_${part}.txt`, `requirements.${part}.txt`],
      ...[`${part}-requirements.txt`, `${part}_requirements.txt`, `${part}.requirements.txt`],
    ]),
  ],
  locks: ['Pipfile.lock', 'poetry.lock', 'uv.lock', 'pdm.lock', 'pylock.toml'],
  suffixes: [...versionFileClaims.suffixes, ...parts.map((part) => `requirements/${part}.txt`)],
  presence: [
    ...['manage.py', 'main.py', 'app.py', 'run.py', 'server.py', 'wsgi.py', 'asgi.py', 'api.py', 'bot.py'],
    ...['application.py', 'streamlit_app.py', 'Home.py', 'Hello.py', 'rxconfig.py', '__main__.py'],
    ...['noxfile.py', 'conftest.py', 'pytest.ini', 'ruff.toml', '.ruff.toml', 'pdm.toml', '.pdm.toml'],
    ...['mkdocs.yml', 'mkdocs.yaml', 'development.ini'],
  ],
  versionTools: ['python', 'uv', 'poetry', 'pdm', 'pipenv', 'hatch'],
  common: {
    names: ['runtime.txt', 'mkdocs.yml', 'mkdocs.yaml', 'constraints.txt'],
    sources: ['.py', '.ipynb'],
  },
};
