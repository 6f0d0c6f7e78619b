/** Which programs a package builds: https://doc.rust-lang.org/cargo/reference/cargo-targets.html#binaries */
import { isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { Inventory } from '../../scan/types.ts';
import { folderOf, join, nameOf } from '../shared/tree.ts';
import type { Manifest } from './manifest.ts';

/** Names of the package's binaries, sorted; `src/main.rs` has the package's name. */
export function programsOf(inventory: Inventory, { folder, document }: Manifest): string[] {
  const { value } = document;
  const name = stringAt(value, ['package', 'name']);
  const listed = valueAt(value, ['bin']);
  const programs = new Set<string>();
  const named = Array.isArray(listed) ? listed.filter(isRecord) : [];
  for (const entry of named) {
    const program = stringAt(entry, ['name']);
    if (program !== null) programs.add(program);
  }
  if (valueAt(value, ['package', 'autobins']) === false) return [...programs].filter(isCrateName).sort();
  const renamed = new Set(named.map((entry) => join(folder, stringAt(entry, ['path']) ?? '')));
  const sources = join(folder, 'src');
  const binaries = join(sources, 'bin');
  for (const path of rustSources(inventory)) {
    if (renamed.has(path)) continue;
    if (path === join(sources, 'main.rs')) {
      if (name !== null) programs.add(name);
    } else if (folderOf(path) === binaries) {
      programs.add(nameOf(path).slice(0, -'.rs'.length));
    } else if (nameOf(path) === 'main.rs' && folderOf(folderOf(path)) === binaries) {
      programs.add(nameOf(folderOf(path)));
    }
  }
  return [...programs].filter(isCrateName).sort();
}

const sourcesOf = new WeakMap<Inventory, string[]>();

/** Files that may be programs: `main.rs` and what stands in a folder `bin`. */
function rustSources(inventory: Inventory): string[] {
  let sources = sourcesOf.get(inventory);
  if (sources === undefined) {
    sources = inventory.paths.filter((path) => /(^|\/)(main|bin\/[^/]+)\.rs$/.test(path));
    sourcesOf.set(inventory, sources);
  }
  return sources;
}

/** Names go into commands: what Cargo would refuse, or a shell would read otherwise, is left out. */
function isCrateName(name: string): boolean {
  return /^\w[\w-]*$/.test(name);
}
