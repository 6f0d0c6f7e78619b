/**
 * Ecosystems without manifests: a page, a few scripts. Asked only when no other has found a project, so that the
 * files of other repositories are neither read nor inputs.
 */
import { claimants, claimMatcher } from '../scan/claims.ts';
import { hinted } from '../scan/scan.ts';
import type { ClaimedFile, Inventory, ListOptions, Source } from '../scan/types.ts';
import { isBelow } from './shared/tree.ts';
import type { Detector } from './types.ts';

/** Folders of other people's code: what lies there announces nothing. */
const foreign = ['node_modules', 'vendor', 'third_party', 'external'];

/**
 * The ecosystems that a file announces by its name alone, and the inventory with those files: as hints, so that
 * only what gives evidence becomes an input.
 */
export async function lastResort(
  source: Source,
  inventory: Inventory,
  detectors: readonly Detector[],
  bounds: ListOptions,
): Promise<{ inventory: Inventory; chosen: Detector[] }> {
  const claims = detectors.map(({ last = {} }) => last);
  const claim = claimMatcher(claims);
  const wanted: string[] = [];
  const files = new Map<string, ClaimedFile>();
  for (const path of inventory.paths) {
    const kind = foreign.some((folder) => isBelow(path, folder)) ? null : claim(path);
    const known = inventory.files.get(path);
    // A hint of other ecosystems has been read already.
    if (known !== undefined && kind !== null) files.set(path, known);
    else if (kind === 'presence') files.set(path, { path, blob: null, text: null, isHint: true });
    else if (kind !== null) wanted.push(path);
  }
  if (wanted.length > 0) {
    for (const file of await hinted(source, wanted.sort(byDepth), bounds)) files.set(file.path, file);
  }
  const announced = new Set([...files.keys()].flatMap(claimants(claims)));
  const chosen = detectors.filter((_, at) => announced.has(at));
  const all = [...inventory.files, ...files].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return { inventory: { ...inventory, files: new Map(all) }, chosen };
}

/** Whether a path would announce an ecosystem where no other has found a project. */
export function announcesLast(detectors: readonly Detector[]): (path: string) => boolean {
  const claim = claimMatcher(detectors.map(({ last = {} }) => last));
  return (path) => claim(path) !== null;
}

function byDepth(a: string, b: string): number {
  return a.split('/').length - b.split('/').length || (a < b ? -1 : 1);
}
