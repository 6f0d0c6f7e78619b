/** How a command is run in a project's environment. */
import type { Manager, ManagerId } from './managers.ts';

const prefixes: Record<ManagerId, string> = {
  uv: 'uv run ',
  poetry: 'poetry run ',
  pdm: 'pdm run ',
  pipenv: 'pipenv run ',
  hatch: 'hatch run ',
  // The environment's shell has `.venv/bin` on its PATH.
  pip: '',
};

/** A command inside the virtual environment that the manager keeps; it finds the project from below too. */
export function inEnvironment({ id, lockfile }: Pick<Manager, 'id' | 'lockfile'>, command: string): string {
  // uv would replace what a standard lock file installed with a resolution of its own.
  const isForeignLock = id === 'uv' && lockfile?.endsWith('pylock.toml') === true;
  return `${isForeignLock ? 'uv run --no-sync ' : prefixes[id]}${command}`;
}

/** A command in a folder below the project. */
export function inFolder(folder: string, command: string): string {
  return folder === '.' ? command : `cd ${folder} && ${command}`;
}
