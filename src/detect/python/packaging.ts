/** Whether a project installs itself beside its dependencies. */
import { stringAt, valueAt } from '../../parse/value.ts';
import { join } from '../shared/tree.ts';
import type { ManagerId } from './managers.ts';
import { normalName } from './names.ts';
import { hasBackend, isPackage, type Project } from './project.ts';

/** Whether the manager's install puts the project's own code on the interpreter's path. */
export function installsItself(project: Project): boolean {
  const { pyproject } = project.manifests;
  switch (project.manager.id) {
    case 'uv': {
      // https://docs.astral.sh/uv/concepts/projects/config/#project-packaging
      const setting = valueAt(pyproject?.value, ['tool', 'uv', 'package']);
      return typeof setting === 'boolean' ? setting : hasBackend(project.manifests);
    }
    case 'poetry':
      return !isApplication(project) && hasPoetryModule(project);
    case 'pdm': {
      const setting = valueAt(pyproject?.value, ['tool', 'pdm', 'distribution']);
      return typeof setting === 'boolean' ? setting : hasBackend(project.manifests);
    }
    case 'hatch':
      return true;
    case 'pipenv':
      return false;
    case 'pip':
      return isPackage(project.manifests);
  }
}

/** https://python-poetry.org/docs/basic-usage/#operating-modes */
function isApplication({ manifests: { pyproject } }: Project): boolean {
  return valueAt(pyproject?.value, ['tool', 'poetry', 'package-mode']) === false;
}

/** Poetry refuses to install a project whose package it does not find: it wants `--no-root` then. */
export function needsNoRoot(project: Project): boolean {
  return project.manager.id === 'poetry' && !isApplication(project) && !hasPoetryModule(project);
}

/**
 * Whether the package that Poetry would install is there: its readme, and those of `packages`, else the
 * module that bears the project's name, beside the manifest or in `src`.
 * https://python-poetry.org/docs/pyproject/#packages
 */
function hasPoetryModule({ manifests: { pyproject }, folder, name, paths }: Project): boolean {
  const readme = [
    ['tool', 'poetry', 'readme'],
    ['project', 'readme'],
    ['project', 'readme', 'file'],
  ]
    .map((path) => stringAt(pyproject?.value, path))
    .find((path) => path !== null);
  if (readme !== undefined && readme !== null && !paths.has(join(folder, readme))) return false;
  const listed = valueAt(pyproject?.value, ['tool', 'poetry', 'packages']);
  const isThere = (path: string) => paths.hasFolder(join(folder, path)) || paths.has(join(folder, path));
  if (Array.isArray(listed) && listed.length > 0) {
    return listed.every((each: unknown) => {
      const include = (typeof each === 'string' ? each : stringAt(each, ['include'])) ?? '';
      const from = stringAt(each, ['from']);
      const plain = (include.split(/[*?[]/)[0] ?? '').replace(/\/$/, '');
      const path = from === null ? plain : plain === '' ? from : `${from.replace(/\/$/, '')}/${plain}`;
      return path === '' || isThere(path);
    });
  }
  const module = normalName(name ?? '').replaceAll('-', '_');
  return module !== '' && [module, `${module}.py`, `src/${module}`, `src/${module}.py`].some(isThere);
}

const builders: Record<ManagerId, string> = {
  uv: 'uv build',
  poetry: 'poetry build',
  pdm: 'pdm build',
  hatch: 'hatch build',
  pipenv: 'pipenv run pip wheel --no-deps --wheel-dir dist .',
  pip: 'pip wheel --no-deps --wheel-dir dist .',
};

/** Builds the package that a library or a command line program is published as; null for an application. */
export function buildCommand(project: Project): string | null {
  const isPublished = project.name !== null && hasBackend(project.manifests) && installsItself(project);
  return isPublished ? builders[project.manager.id] : null;
}
