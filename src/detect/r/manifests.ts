/** What a folder says of R. */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { configurationFile } from '../shared/binder.ts';
import { fileIn, join } from '../shared/tree.ts';
import { type DcfField, parseDcf } from './dcf.ts';

export interface RManifests {
  folder: string;
  description: { file: ClaimedFile; fields: ReadonlyMap<string, DcfField> } | null;
  renv: ClaimedFile | null;
  packrat: ClaimedFile | null;
  installScript: ClaimedFile | null;
}

export function readManifests(inventory: Inventory, folder: string): RManifests {
  return {
    folder,
    description: descriptionIn(inventory, folder),
    renv: fileIn(inventory, folder, 'renv.lock'),
    packrat: inventory.files.get(join(folder, 'packrat/packrat.lock')) ?? null,
    installScript: configurationFile(inventory, folder, 'install.R'),
  };
}

/** Files of this name exist elsewhere too: an R package's names itself, or its type and what it depends on. */
function descriptionIn(inventory: Inventory, folder: string): RManifests['description'] {
  const file = configurationFile(inventory, folder, 'DESCRIPTION');
  const [fields] = parseDcf((file?.text ?? '').slice(0, 200_000));
  if (file === null || fields === undefined) return null;
  const depends = ['Depends', 'Imports', 'Suggests', 'LinkingTo'].some((name) => fields.has(name));
  const isPackage = fields.has('Package') && (fields.has('Version') || depends);
  return isPackage || (fields.has('Type') && depends) ? { file, fields } : null;
}

/** Whether a description is a package's that can be installed. */
export function isPackage({ description }: RManifests): boolean {
  return description?.fields.has('Package') === true && description.fields.has('Version');
}
