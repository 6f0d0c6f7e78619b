/** Packages of a repository: folders with a manifest, and which of them need which. */
import type { ClaimedFile } from '../../scan/types.ts';
import { ancestors, filesNamed, folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import type { DetectContext } from '../types.ts';
import { type RacketInfo, readInfo } from './info.ts';

export interface RacketPackage {
  folder: string;
  file: ClaimedFile;
  info: RacketInfo;
}

/** Other people's code, and what Racket compiled. */
const foreign = /(^|\/)(compiled|vendor|third_party|node_modules)(\/|$)/;

/** Every package, those of examples and tests last; in a folder below one, a manifest is of a collection of it. */
export function packagesOf(context: DetectContext): RacketPackage[] {
  const all = filesNamed(context, ['info.rkt']).flatMap((file): RacketPackage[] => {
    const info = foreign.test(file.path) ? null : readInfo(file.text ?? '');
    return info === null ? [] : [{ folder: folderOf(file.path), file, info }];
  });
  const folders = new Set(all.map(({ folder }) => folder));
  const packages = all.filter(
    ({ folder }) => !ancestors(folder).some((above) => above !== folder && folders.has(above)),
  );
  return packages.sort((a, b) => Number(isSideFolder(a.folder)) - Number(isSideFolder(b.folder)));
}

/** What `raco` takes for the name of a package: the repository's own folder may have another. */
export function isPackageName(name: string | null): boolean {
  return name !== null && /^\w[-\w]{0,99}$/.test(name);
}

/** As many as one command installs: beyond them, what is needed comes from the catalogue. */
const maxTogether = 50;

/**
 * By package, the packages of the repository that it is installed together with, itself last: else those that it needs
 * would come from the catalogue, as they were released. The name of a package is its folder's.
 */
export function neededWith(all: readonly RacketPackage[]): (one: RacketPackage) => RacketPackage[] {
  const byName = new Map(
    all.map((each) => [nameOf(each.folder), each] as const).filter(([name]) => isPackageName(name)),
  );
  return (one) => {
    const found = new Set([one]);
    for (const { info } of found) {
      for (const { name } of info.dependencies) {
        const other = byName.get(name);
        if (other !== undefined && found.size < maxTogether) found.add(other);
      }
    }
    return [...[...found].slice(1).reverse(), one];
  };
}
