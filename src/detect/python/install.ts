/**
 * How a project's dependencies are installed: from the lock file as it stands, without asking whether it
 * still fits the manifest. That question is for the project's own checks: here, a release that forgot to
 * lock again must still give the environment that was locked.
 */
import { isRecord, stringAt, stringsAt, valueAt } from '../../parse/value.ts';
import { join } from '../shared/tree.ts';
import type { VersionRequest } from '../types.ts';
import type { Check } from './checks.ts';
import type { Group } from './declared.ts';
import { isPlainPath, isPlainWord, normalName } from './names.ts';
import { needsNoRoot } from './packaging.ts';
import { hasBackend, isPackage, type Project } from './project.ts';

/**
 * The command that installs a project and the programs that its checks run; null where there is nothing
 * to install, or another project's command does it.
 */
export function installCommand(project: Project, checks: readonly Check[]): string | null {
  // A workspace is installed from its root.
  if (project.root !== null) return null;
  const groups = checks.flatMap(({ declared }) => (declared === null ? [] : [declared.group]));
  const besides = checks.flatMap((check) => check.besides);
  switch (project.manager.id) {
    case 'uv':
      return uv(project, groups);
    case 'poetry':
      return words('poetry install', needsNoRoot(project) ? '--no-root' : null, ...poetryGroups(groups));
    case 'pdm':
      return words(
        project.manager.lockfile === null ? 'pdm install' : 'pdm sync',
        ...named(groups, 'extra', '-G'),
      );
    case 'pipenv':
      return words(
        project.manager.lockfile === null ? 'pipenv install' : 'pipenv sync',
        isRecord(valueAt(project.manifests.pipfile?.value, ['dev-packages'])) ? '--dev' : null,
      );
    case 'hatch':
      return 'hatch env create';
    case 'pip':
      return pip(project, groups, besides);
  }
}

/** Python 2 has no module `venv`, and the programs that made up for it have dropped Python 2. */
export function lacksVenv(project: Project, requests: readonly VersionRequest[]): boolean {
  const isPython2 = /^2(\.|$)/.test(requests[0]?.raw ?? '');
  return isPython2 && project.manager.id === 'pip' && installCommand(project, []) !== null;
}

function words(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(' ');
}

/** Options for the groups or extras that checks need, each once. */
function named(groups: readonly Group[], kind: 'extra' | 'group', option: string): string[] {
  const names = groups.flatMap((group) => (group.kind === kind ? [group.name] : []));
  return [...new Set(names)].filter(isPlainWord).map((name) => `${option} ${name}`);
}

/** https://docs.astral.sh/uv/concepts/projects/sync/ */
function uv(project: Project, groups: readonly Group[]): string {
  const { manager, manifests, hasMembers } = project;
  if (manager.lockfile?.endsWith('pylock.toml') === true) {
    return 'uv venv --allow-existing && uv pip sync pylock.toml';
  }
  const setting = ['tool', 'uv', 'default-groups'];
  const value = manifests.pyproject?.value;
  const isAll = stringAt(value, setting) === 'all';
  const defaults = valueAt(value, setting) === undefined ? ['dev'] : stringsAt(value, setting);
  const wanted = groups.filter(
    (group) => group.kind !== 'group' || (!isAll && !defaults.includes(group.name)),
  );
  return words(
    'uv sync',
    manager.lockfile === null ? null : '--frozen',
    hasMembers ? '--all-packages' : null,
    ...named(wanted, 'group', '--group'),
    ...named(wanted, 'extra', '--extra'),
  );
}

/** Only optional groups have to be asked for: https://python-poetry.org/docs/managing-dependencies/#optional-groups */
function poetryGroups(groups: readonly Group[]): string[] {
  const optional = groups.filter((group) => group.kind === 'group' && group.from === 'poetry-optional');
  return [...named(optional, 'group', '--with'), ...named(groups, 'extra', '--extras')];
}

/**
 * A virtual environment in `.venv`: Nix's interpreters refuse to install into themselves
 * (https://packaging.python.org/en/latest/specifications/externally-managed-environments/).
 */
function pip(project: Project, groups: readonly Group[], besides: readonly string[]): string | null {
  const { manifests, requirements, folder } = project;
  const files = requirementsToInstall(project);
  const lines = requirements.flatMap(({ lines: all }) => all);
  const installsSelf = lines.some((line) => line.kind === 'local' && /^\.\/?$/.test(line.path));
  // A manifest without a build backend beside requirements is an application's: its metadata only.
  const isOwn = isPackage(manifests) && !installsSelf && (files.length === 0 || hasBackend(manifests));
  const own = isOwn ? `-e .${extrasOf(groups)}` : null;
  const standard = named(
    groups.filter((group) => group.kind === 'group' && group.from === 'standard'),
    'group',
    '--group',
  );
  const rest = [own, ...standard, ...new Set(besides)].filter((part) => part !== null);
  // Where something has a hash, everything in the same call needs one.
  const hashed = requirements.filter(({ isHashed }) => isHashed).map(({ file }) => file.path);
  const isHashed = (path: string) => hashed.includes(join(folder, path));
  const call = (parts: readonly string[]) => (parts.length === 0 ? [] : [words('pip install', ...parts)]);
  const asOptions = (paths: readonly string[]) => paths.map((path) => `-r ${path}`);
  const steps = [
    ...call(asOptions(files.filter(isHashed))),
    ...call([...asOptions(files.filter((path) => !isHashed(path))), ...rest]),
  ];
  return steps.length === 0 ? null : ['python -m venv .venv', '. .venv/bin/activate', ...steps].join(' && ');
}

/** `.[test]`, with a backslash before the brackets: zsh would look for files. */
function extrasOf(groups: readonly Group[]): string {
  const names = groups.flatMap((group) => (group.kind === 'extra' ? [normalName(group.name)] : []));
  const plain = [...new Set(names)].filter(isPlainWord);
  return plain.length === 0 ? '' : `\\[${plain.join(',')}\\]`;
}

/** The preferred file to run with, those to develop and to test with: paths from the project's folder. */
export function requirementsToInstall({ manifests, folder }: Project): string[] {
  const relative = (path: string) => (folder === '.' ? path : path.slice(folder.length + 1));
  const of = (role: string) =>
    manifests.requirements.filter((file) => file.role === role).map(({ file }) => relative(file.path));
  const development = of('development');
  const isTest = (path: string) => /(^|[^a-z])tests?(ing)?([^a-z]|$)/.test(path);
  const chosen = [
    of('runtime')[0],
    development.find((path) => !isTest(path) && !/lint|quality|(^|[^a-z])ci([^a-z]|$)/.test(path)),
    development.find(isTest),
  ];
  return chosen.filter((path) => path !== undefined).filter(isPlainPath);
}
