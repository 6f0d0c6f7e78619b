/**
 * Cargo.lock, read line by line: Cargo writes it in one form only, and it may hold thousands of crates.
 * https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html
 */

export interface LockedCrate {
  name: string;
  version: string;
  /** null for the packages of the workspace itself. */
  source: string | null;
  /** As written: `name`, `name version` or `name version (source)`. */
  dependencies: string[];
  /** Line of its name, from 1. */
  line: number;
}

const assignment = /^(?<key>name|version|source) = "(?<value>[^"]*)"/;
const dependency = /^ "(?<value>[^"]+)",?/;
const inlineDependency = /"(?<value>[^"]+)"/g;

/** All `[[package]]` entries (and the `[root]` of old files), in their order. */
export function parseCargoLock(text: string): LockedCrate[] {
  const crates: LockedCrate[] = [];
  let crate: LockedCrate | null = null;
  let inDependencies = false;
  let number = 0;
  for (const line of text.split('\n')) {
    number++;
    if (line.startsWith('[')) {
      const isPackage = line.startsWith('[[package]]') || line.startsWith('[root]');
      crate = isPackage ? { name: '', version: '', source: null, dependencies: [], line: number } : null;
      if (crate !== null) crates.push(crate);
      inDependencies = false;
    } else if (crate === null) {
      // Metadata of the file, or of an old form: nothing that is asked for.
    } else if (inDependencies) {
      const value = dependency.exec(line)?.groups?.value;
      if (value !== undefined) crate.dependencies.push(value);
      else if (line.startsWith(']')) inDependencies = false;
    } else if (line.startsWith('dependencies = [')) {
      inDependencies = !line.includes(']');
      for (const found of line.matchAll(inlineDependency)) crate.dependencies.push(found.groups?.value ?? '');
    } else {
      const { key, value } = assignment.exec(line)?.groups ?? {};
      if (value === undefined) continue;
      if (key === 'name') [crate.name, crate.line] = [value, number];
      else if (key === 'version') crate.version = value;
      else crate.source = value;
    }
  }
  return crates.filter(({ name }) => name !== '');
}

/** Looks crates up as dependency lists name them. */
export function crateFinder(crates: readonly LockedCrate[]): (reference: string) => LockedCrate[] {
  const byName = new Map<string, LockedCrate[]>();
  for (const crate of crates) {
    const known = byName.get(crate.name);
    if (known === undefined) byName.set(crate.name, [crate]);
    else known.push(crate);
  }
  return (reference) => {
    const [name = '', version] = reference.split(' ');
    const named = byName.get(name) ?? [];
    return version === undefined ? named : named.filter((crate) => crate.version === version);
  };
}
