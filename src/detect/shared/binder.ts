/**
 * Binder's convention: where a folder `binder` or `.binder` stands, its configuration files are read and those of
 * the root are not (https://repo2docker.readthedocs.io/en/latest/config_files.html).
 */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { hasPath } from './paths.ts';
import { join } from './tree.ts';

const folders = ['binder', '.binder'] as const;

/** What repo2docker looks for. */
const configurations = [
  ...['environment.yml', 'environment.yaml', 'requirements.txt', 'Pipfile', 'Pipfile.lock', 'setup.py'],
  ...['Project.toml', 'JuliaProject.toml', 'REQUIRE', 'install.R', 'DESCRIPTION', 'apt.txt', 'runtime.txt'],
  ...['postBuild', 'start', 'default.nix', 'Dockerfile'],
];

/** The folder that Binder reads in place of the root; null where it reads the root. */
export function binderFolder(inventory: Pick<Inventory, 'paths'>): string | null {
  const isRead = (folder: string) => configurations.some((name) => hasPath(inventory, join(folder, name)));
  return folders.find(isRead) ?? null;
}

/** Whether a folder is one of Binder's: what stands there speaks for the root. */
export function isBinderFolder(folder: string): boolean {
  return folder === 'binder' || folder === '.binder';
}

/**
 * A configuration file that speaks for a folder: for the root, Binder's where it has a folder of its own and the
 * file is there, else the root's.
 */
export function configurationFile(inventory: Inventory, folder: string, name: string): ClaimedFile | null {
  if (folder === '.') {
    const own = binderFolder(inventory);
    const file = own === null ? undefined : inventory.files.get(join(own, name));
    if (file !== undefined) return file;
  }
  return inventory.files.get(join(folder, name)) ?? null;
}
