/** Whose a folder is: C sources inside another ecosystem's project are built by that ecosystem's tools. */
import type { Inventory } from '../../scan/types.ts';
import { ancestors, fileIn, folderOf, join } from '../shared/tree.ts';
import { censusOf } from '../sources/census.ts';

/** Whether a path is a file of the repository; `paths` are sorted by code unit. */
export function hasPath({ paths }: Inventory, path: string): boolean {
  let low = 0;
  let high = paths.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((paths[middle] ?? '') < path) low = middle + 1;
    else high = middle;
  }
  return paths[low] === path;
}

/** Manifests whose tools compile what is beside and below them. */
const always = [
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
];
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
  return ancestors(folder).some((at) => {
    if (foldersWithPackages(inventory).has(at)) return true;
    if (always.some((name) => hasPath(inventory, join(at, name)))) return true;
    if (hasPath(inventory, join(at, 'setup.py')) && (strict || at !== folder || !isMostlyC(inventory, at)))
      return true;
    if (strict || at !== folder) return others.some((name) => isManifest(inventory, at, name));
    return compilesAddon(inventory, at);
  });
}

/** With a build of its own and more C and C++ than anything else, a setup.py makes the bindings of a library. */
function isMostlyC(inventory: Inventory, folder: string): boolean {
  return censusOf(inventory, folder)[0]?.language.needsC === 'alone';
}

const packages = new WeakMap<Inventory, ReadonlySet<string>>();

/** Folders that hold a manifest which is known by its ending. */
function foldersWithPackages(inventory: Inventory): ReadonlySet<string> {
  let folders = packages.get(inventory);
  if (folders === undefined) {
    folders = new Set(inventory.paths.filter((path) => endings.test(path)).map(folderOf));
    packages.set(inventory, folders);
  }
  return folders;
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
