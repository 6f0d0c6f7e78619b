/** How a project is tested and linted. */
import { isRecord, valueAt } from '../../parse/value.ts';
import type { Declared } from './declared.ts';
import { isPlainWord } from './names.ts';
import { installsItself } from './packaging.ts';
import { declares, type Project } from './project.ts';
import { inEnvironment, inFolder } from './run.ts';
import { managePy } from './serve.ts';
import { literal } from './setup-py.ts';
import { toxCommand } from './tox.ts';

export interface Check {
  command: string;
  /** Where its program is declared: that group has to be installed. */
  declared: Declared | null;
  /** Packages that no manifest has installed: they have to be installed besides. */
  besides: readonly string[];
}

const tablesOf = (project: Project, ...path: string[]): boolean =>
  isRecord(valueAt(project.manifests.pyproject?.value, path));

/** The test runner that the project declares or configures; null where it says nothing of one. */
export function testCheck(project: Project): Check | null {
  const { manifests, manager } = project;
  const pytest =
    project.declared.find(({ name, group }) => group.kind !== 'build' && /^pytest(-|$)/.test(name)) ?? null;
  if (pytest !== null || configuresPytest(project)) {
    const command = installsItself(project) ? 'pytest' : 'python -m pytest';
    if (manager.id === 'hatch') return { command: 'hatch test', declared: null, besides: [] };
    if (pytest !== null) {
      const besides = pytest.group.kind === 'tests' ? testPackages(project) : [];
      return { command: inEnvironment(manager, command), declared: pytest, besides };
    }
    if (manager.id === 'uv')
      return { command: `uv run --with pytest ${command}`, declared: null, besides: [] };
    return { command: inEnvironment(manager, command), declared: null, besides: ['pytest'] };
  }
  const site = managePy(project);
  if (site !== null) return plain(inFolder(site, inEnvironment(manager, 'python manage.py test')));
  const { setupPy } = manifests;
  const tox = toxCommand(manifests);
  if (tox !== null) return outside(project, 'tox', tox);
  if (manifests.has('noxfile.py')) return outside(project, 'nox', 'nox');
  const nose = declares(project, 'nose2');
  if (nose !== null) return { command: inEnvironment(manager, 'nose2'), declared: nose, besides: [] };
  const suite = setupPy === null ? null : literal(setupPy.text ?? '', 'testSuite');
  return suite === null || /^nose\b/.test(suite.value)
    ? null
    : plain(inEnvironment(manager, 'python -m unittest discover'));
}

/** `tests_require` served `setup.py test` only: https://setuptools.pypa.io/en/latest/references/keywords.html */
function testPackages({ declared }: Project): string[] {
  const names = declared.flatMap(({ name, group }) =>
    group.kind === 'tests' && isPlainWord(name) ? [name] : [],
  );
  return [...new Set(names)].slice(0, maxTestPackages);
}

const maxTestPackages = 20;

function plain(command: string): Check {
  return { command, declared: null, besides: [] };
}

/** tox and nox make environments of their own: they need to be there, not to be declared. */
function outside(project: Project, program: 'tox' | 'nox', command: string): Check {
  const declared = declares(project, program);
  if (declared === null && project.manager.id === 'uv') return plain(`uvx ${command}`);
  return {
    command: inEnvironment(project.manager, command),
    declared,
    besides: declared === null ? [program] : [],
  };
}

function configuresPytest(project: Project): boolean {
  const { setupCfg, toxIni, has } = project.manifests;
  return (
    tablesOf(project, 'tool', 'pytest') ||
    has('pytest.ini') ||
    has('conftest.py') ||
    has('tests/conftest.py') ||
    setupCfg?.ini.has('tool:pytest') === true ||
    toxIni?.ini.has('pytest') === true
  );
}

/** Linters that need no argument, in order; the first one that is declared. */
const linters = [
  { name: 'ruff', command: 'ruff check' },
  { name: 'flake8', command: 'flake8' },
  { name: 'mypy', command: 'mypy .' },
  { name: 'black', command: 'black --check .' },
] as const;

export interface LintCheck extends Check {
  /** Ruff stands alone: it can come with the environment. */
  needsRuff: boolean;
}

/** The linter that the project declares, or Ruff where only its configuration is there. */
export function lintCheck(project: Project): LintCheck | null {
  for (const { name, command } of linters) {
    const declared = declares(project, name);
    if (declared !== null) {
      return {
        command: inEnvironment(project.manager, command),
        declared,
        besides: [],
        needsRuff: false,
      };
    }
    if (name === 'ruff' && configuresRuff(project)) {
      return { command, declared: null, besides: [], needsRuff: true };
    }
  }
  return null;
}

function configuresRuff(project: Project): boolean {
  const { has } = project.manifests;
  return tablesOf(project, 'tool', 'ruff') || has('ruff.toml') || has('.ruff.toml');
}
