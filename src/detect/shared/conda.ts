/** Whether conda's tools decide over the packages of a folder: asked by Python's detector. */
import type { Inventory } from '../../scan/types.ts';
import { binderFolder } from './binder.ts';
import { join } from './tree.ts';

/** @param hasManifest whether the folder has a manifest of Python's own beside it */
export function isCondaFolder({ files, paths }: Inventory, folder: string, hasManifest: boolean): boolean {
  const has = (name: string) => files.has(join(folder, name));
  if (has('pixi.toml') || has('pixi.lock')) return true;
  if (hasManifest) return false;
  const own = folder === '.' ? binderFolder({ paths }) : null;
  const names = ['environment.yml', 'environment.yaml', 'conda-lock.yml'];
  return names.some((name) => has(name) || (own !== null && files.has(join(own, name))));
}
