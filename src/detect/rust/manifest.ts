/** Cargo.toml: https://doc.rust-lang.org/cargo/reference/manifest.html */
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, isRecord, type Path, stringAt, stringsAt, valueAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { folderOf } from '../shared/tree.ts';
import { isForLinux } from './cfg.ts';

export interface Manifest {
  folder: string;
  file: ClaimedFile;
  document: ParsedDocument;
}

export interface CrateDependency {
  /** Name on the registry. */
  crate: string;
  /** Version requirement; null for paths and Git. */
  version: string | null;
  features: readonly string[];
  defaultFeatures: boolean;
  /** Folder of the crate, as written; null where it is not in the repository. */
  path: string | null;
  line: number | null;
}

export function manifestOf(file: ClaimedFile, document: ParsedDocument): Manifest {
  return { folder: folderOf(file.path), file, document };
}

/** A key of `[package]`, from `[workspace.package]` where it says `workspace = true`; and where it stands. */
export function packageKey(
  manifest: Manifest,
  root: Manifest | null,
  key: string,
): { value: string; manifest: Manifest; line: number | null } | null {
  const at = (from: Manifest, path: Path) => {
    const value = stringAt(from.document.value, path);
    return value === null ? null : { value, manifest: from, line: from.document.line(path) };
  };
  const isInherited = valueAt(manifest.document.value, ['package', key, 'workspace']) === true;
  if (isInherited) return root === null ? null : at(root, ['workspace', 'package', key]);
  return at(manifest, ['package', key]);
}

const tables = [
  'dependencies',
  'dev-dependencies',
  'dev_dependencies',
  'build-dependencies',
  'build_dependencies',
];

/**
 * The direct dependencies that are built on Linux with the default features: those of other platforms and
 * those that only a feature brings are left out.
 */
export function activeDependencies(manifest: Manifest, root: Manifest | null): CrateDependency[] {
  const { value } = manifest.document;
  const platforms = entriesAt(value, ['target']).map(([platform]) => platform);
  const places: Path[] = [
    ...tables.map((table) => [table]),
    ...platforms.filter(isForLinux).flatMap((platform) => tables.map((table) => ['target', platform, table])),
  ];
  const activated = defaultFeatureNames(value);
  return places.flatMap((place) =>
    entriesAt(value, place).flatMap(([key, entry]) => {
      const isOptional = isRecord(entry) && entry.optional === true;
      if (isOptional && !activated.has(key)) return [];
      return [dependencyOf(key, entry, manifest.document.line([...place, key]), root)];
    }),
  );
}

function dependencyOf(
  key: string,
  entry: unknown,
  line: number | null,
  root: Manifest | null,
): CrateDependency {
  const isInherited = isRecord(entry) && entry.workspace === true;
  const shared = isInherited ? valueAt(root?.document.value, ['workspace', 'dependencies', key]) : undefined;
  const source = isInherited ? shared : entry;
  const isOff = (from: unknown) => valueAt(from, ['default-features']) === false;
  return {
    crate: stringAt(source, ['package']) ?? key,
    version: typeof source === 'string' ? source : stringAt(source, ['version']),
    features: [...stringsAt(source, ['features']), ...(isInherited ? stringsAt(entry, ['features']) : [])],
    defaultFeatures: !isOff(source) && !isOff(entry),
    path: isInherited ? null : stringAt(entry, ['path']),
    line,
  };
}

/**
 * What the feature `default` brings, transitively: names of features and of optional dependencies
 * (`dep:name`, `name`, `name/feature`, but not `name?/feature`).
 */
function defaultFeatureNames(value: unknown): Set<string> {
  const found = new Set<string>();
  const queue = ['default'];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    for (const item of stringsAt(value, ['features', name])) {
      const [first = '', feature] = item.replace(/^dep:/, '').split('/');
      if (!(feature !== undefined && first.endsWith('?'))) queue.push(first);
    }
  }
  return found;
}

/** Paths of the dependencies that lie in the repository, optional ones too. */
export function pathDependencies({ document }: Manifest): string[] {
  const places: Path[] = [
    ...tables.map((table) => [table]),
    ['workspace', 'dependencies'],
    ...entriesAt(document.value, ['target']).flatMap(([platform]) =>
      tables.map((table) => ['target', platform, table]),
    ),
  ];
  return places.flatMap((place) =>
    entriesAt(document.value, place).flatMap(([, entry]) => stringAt(entry, ['path']) ?? []),
  );
}

/** Evidence from the line of the table that makes it a package or a workspace. */
export function manifestEvidence({ file, document }: Manifest): Evidence {
  const key = isRecord(valueAt(document.value, ['package'])) ? 'package' : 'workspace';
  return evidence(file, document.line([key]), 'rust/manifest');
}

/** Fuzz targets are a package of their own that wants nightly: https://rust-fuzz.github.io/book/cargo-fuzz.html */
export function isFuzzing({ document }: Manifest): boolean {
  return valueAt(document.value, ['package', 'metadata', 'cargo-fuzz']) === true;
}
