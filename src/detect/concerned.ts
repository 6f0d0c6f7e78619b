/** Which ecosystems a repository concerns: only of these are code and catalogue loaded. */
import { claimants } from '../scan/claims.ts';
import type { Inventory, Sign } from '../scan/types.ts';
import { isThere } from './shared/paths.ts';
import { resolvePath } from './shared/resolve.ts';
import { folderOf, join, nameOf } from './shared/tree.ts';
import { isVersionFile, toolsNamedIn } from './shared/version-tools.ts';
import type { Detector } from './types.ts';

/** The ecosystems that a file of the repository announces, in the order of the list. */
export function concerned(inventory: Inventory, detectors: readonly Detector[]): Detector[] {
  const wanted = claimants(detectors.map(({ claims }) => claims));
  const announces = announcer(inventory);
  const found = new Set<number>();
  for (const path of inventory.files.keys()) {
    for (const at of wanted(path)) {
      const detector = detectors[at];
      if (detector !== undefined && !found.has(at) && announces(path, detector)) found.add(at);
    }
  }
  return detectors.filter((_, at) => found.has(at));
}

/** Whether a file that an ecosystem claims announces it, too. */
function announcer(inventory: Inventory): (path: string, detector: Detector) => boolean {
  const { files, paths } = inventory;
  const named = new Map<string, ReadonlySet<string>>();
  const hasSource = new Map<readonly string[], boolean>();
  const toolsOf = (path: string) => {
    const known = named.get(path) ?? toolsNamedIn(path, files.get(path)?.text ?? '');
    named.set(path, known);
    return known;
  };
  const isBeside = (endings: readonly string[]) => {
    const known =
      hasSource.get(endings) ?? paths.some((path) => endings.some((ending) => path.endsWith(ending)));
    hasSource.set(endings, known);
    return known;
  };
  return (path, { claims: { common, signs, versionTools } }) => {
    if (versionTools !== undefined && isVersionFile(path))
      return versionTools.some((tool) => toolsOf(path).has(tool));
    const sign = signs?.find(({ names }) => names.includes(nameOf(path)));
    if (sign !== undefined) return isSign(inventory, path, sign);
    const isCommon =
      common?.names.includes(nameOf(path)) === true ||
      common?.endings?.some((ending) => path.endsWith(ending)) === true;
    return !isCommon || isBeside(common?.sources ?? []);
  };
}

function isSign(inventory: Inventory, path: string, { text, beside }: Sign): boolean {
  if (!text.test(inventory.files.get(path)?.text ?? '')) return false;
  if (beside === undefined) return true;
  const places = beside.folders.map((folder) => resolvePath(folderOf(path), folder));
  return places.some(
    (place) => place !== null && beside.names.some((name) => isThere(inventory, join(place, name))),
  );
}
