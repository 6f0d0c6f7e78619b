/** Evidence that a module's own code is compiled with cgo, which needs a C compiler: https://pkg.go.dev/cmd/cgo */
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { ancestors, fileIn, folderOf } from '../shared/tree.ts';
import { recipeNames } from '../tasks/claims.ts';
import type { GoModule } from './modules.ts';

/** Files that say how a module is built. */
const buildFiles = [
  ...recipeNames.make,
  ...recipeNames.just,
  ...recipeNames.task,
  '.goreleaser.yml',
  '.goreleaser.yaml',
];

/** Switched on by hand, or demanded by the race detector: https://go.dev/doc/articles/race_detector#Requirements */
const demands = /\bCGO_ENABLED\s*[?:]?[=:]\s*["']?1\b|\bgo\s+(test|build|run|install)\s[^|;&#]*-race\b/;

/** @returns null where nothing proves it: what the sources import is not read */
export function cgoEvidence(inventory: Inventory, { folder, sources }: GoModule): Evidence | null {
  const packages = new Set(sources.filter((path) => path.endsWith('.go')).map(folderOf));
  // The go command refuses C files in a package that does not use cgo.
  const native = sources.find((path) => !path.endsWith('.go') && packages.has(folderOf(path)));
  if (native !== undefined) return presence(native, 'go/cgo-source');
  for (const at of ancestors(folder)) {
    for (const name of buildFiles) {
      const file = fileIn(inventory, at, name);
      const line = file === null ? 0 : demandingLine(file);
      if (file !== null && line > 0) return evidence(file, line, 'go/cgo');
    }
  }
  return null;
}

const lines = new WeakMap<ClaimedFile, number>();

/** Number of the line that demands cgo, 0 where none does; many modules may share a file. */
function demandingLine(file: ClaimedFile): number {
  let line = lines.get(file);
  if (line === undefined) {
    const texts = (file.text ?? '').split('\n');
    line = 1 + texts.findIndex((each) => !/^\s*#/.test(each) && demands.test(each.slice(0, 2000)));
    lines.set(file, line);
  }
  return line;
}
