/** Which programs a package builds: https://doc.rust-lang.org/cargo/reference/cargo-targets.html#binaries */
import { isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { Inventory } from '../../scan/types.ts';
import { join } from '../shared/tree.ts';
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
  for (const { path, program } of rustSources(inventory).get(folder) ?? []) {
    const named = program ?? name;
    if (named !== null && !renamed.has(path)) programs.add(named);
  }
  return [...programs].filter(isCrateName).sort();
}

/** A file that is a program by its place; null: it has the package's name. */
interface ProgramSource {
  path: string;
  program: string | null;
}

const sourcesOf = new WeakMap<Inventory, Map<string, ProgramSource[]>>();

const place = /^(?:(?<folder>.+)\/)?src\/(?:main|bin\/(?<program>[^/]+?)(?:\/main)?)\.rs$/;

/** Files that are programs by the folder of the package: `src/main.rs`, `src/bin/x.rs`, `src/bin/x/main.rs`. */
function rustSources(inventory: Inventory): ReadonlyMap<string, ProgramSource[]> {
  const known = sourcesOf.get(inventory);
  if (known !== undefined) return known;
  const sources = new Map<string, ProgramSource[]>();
  for (const path of inventory.paths) {
    const found = path.endsWith('.rs') ? place.exec(path)?.groups : undefined;
    if (found === undefined) continue;
    const folder = found.folder ?? '.';
    const source = { path, program: found.program ?? null };
    const others = sources.get(folder);
    if (others === undefined) sources.set(folder, [source]);
    else others.push(source);
  }
  sourcesOf.set(inventory, sources);
  return sources;
}

/** Names go into commands: what Cargo would refuse, or a shell would read otherwise, is left out. */
function isCrateName(name: string): boolean {
  return /^\w[\w-]*$/.test(name);
}
