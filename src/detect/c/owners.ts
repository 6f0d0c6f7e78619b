/** Whose a folder is: C sources inside another ecosystem's project are built by that ecosystem's tools. */
import { addTo } from '../../grouped.ts';
import type { Inventory } from '../../scan/types.ts';
import { hasPath } from '../shared/paths.ts';
import { ancestors, fileIn, folderOf, join, nameOf } from '../shared/tree.ts';
import { censusOf } from '../sources/census.ts';

/** Manifests whose tools compile what is beside and below them. */
const always = new Set([
  'Cargo.toml',
  'go.mod',
  'pubspec.yaml',
  'build.gradle',
  'build.gradle.kts',
  'pom.xml',
  'dune-project',
  'build.zig',
  'mix.exs',
  'rebar.config',
  'NAMESPACE',
  'stack.yaml',
  'cabal.project',
  'shard.yml',
  'build.sbt',
  'Makefile.PL',
  'Podfile',
  'fpm.toml',
  'alire.toml',
]);
/** The same, by their endings. */
const endings = /\.(cabal|gemspec|nimble|opam|rockspec|csproj|fsproj|xcodeproj)$/;
/** Manifests of languages that never compile C with CMake of the same folder. */
const others = [
  'package.json',
  'pyproject.toml',
  'Gemfile',
  'composer.json',
  'deno.json',
  'requirements.txt',
];

/**
 * Whether another ecosystem builds what a folder holds.
 *
 * @param strict also where its manifest has nothing to do with compiling: for what says nothing but `make`
 */
export function isOwned(inventory: Inventory, folder: string, strict: boolean): boolean {
  const { compiled, present } = manifestsOf(inventory);
  return ancestors(folder).some((at) => {
    if (compiled.has(at)) return true;
    if (hasPath(inventory, join(at, 'setup.py')) && (strict || at !== folder || !isMostlyC(inventory, at)))
      return true;
    if (strict || at !== folder)
      return (present.get(at) ?? []).some((name) => isManifest(inventory, at, name));
    return compilesAddon(inventory, at);
  });
}

/** With a build of its own and more C and C++ than anything else, a setup.py makes the bindings of a library. */
function isMostlyC(inventory: Inventory, folder: string): boolean {
  return censusOf(inventory, folder)[0]?.language.needsC === 'alone';
}

interface Manifests {
  /** Folders with a manifest whose tools compile. */
  compiled: ReadonlySet<string>;
  /** Names of the other manifests, by folder. */
  present: ReadonlyMap<string, string[]>;
}

const known = new WeakMap<Inventory, Manifests>();

function manifestsOf(inventory: Inventory): Manifests {
  let manifests = known.get(inventory);
  if (manifests === undefined) {
    const compiled = new Set<string>();
    const present = new Map<string, string[]>();
    for (const path of inventory.paths) {
      const name = nameOf(path);
      if (always.has(name) || endings.test(name)) compiled.add(folderOf(path));
      else if (others.includes(name)) addTo(present, folderOf(path), name);
    }
    manifests = { compiled, present };
    known.set(inventory, manifests);
  }
  return manifests;
}

/** A pyproject.toml that only configures tools is nobody's manifest. */
function isManifest(inventory: Inventory, at: string, name: string): boolean {
  if (!hasPath(inventory, join(at, name))) return false;
  if (name !== 'pyproject.toml') return true;
  return /^[ \t]*\[(project|build-system|tool\.poetry)\b/m.test(fileIn(inventory, at, name)?.text ?? '');
}

/** Packages that compile their own addon or extension. */
function compilesAddon(inventory: Inventory, at: string): boolean {
  const manifest = fileIn(inventory, at, 'package.json')?.text ?? '';
  if (/"(cmake-js|node-gyp|node-addon-api|nan|prebuildify|node-api-headers)"|"gypfile"/.test(manifest))
    return true;
  return isManifest(inventory, at, 'pyproject.toml');
}

/** Whether a folder's ancestors, or itself, are among these. */
export function isWithin(folder: string, roots: ReadonlySet<string>): boolean {
  return ancestors(folder).some((at) => roots.has(at));
}
