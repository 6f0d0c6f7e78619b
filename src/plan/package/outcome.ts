/** What came of the wish to build a project: a package, or the reason why there is none. */
import type { Inventory } from '../../scan/types.ts';
import { finding } from '../context.ts';
import type { BuiltPackage, Evidence, Finding } from '../schema.ts';

/** What an ecosystem's files say of a package; who builds it and with which libraries, the plan knows. */
export type Recipe = Pick<
  BuiltPackage,
  'kind' | 'name' | 'version' | 'lockfile' | 'build' | 'test' | 'because'
>;

export interface Refusal {
  refused: Finding;
}

export type Outcome = { recipe: Recipe; findings?: readonly Finding[] } | Refusal;

/**
 * Reads the files of the root folder.
 *
 * @returns null where the folder has no manifest of that kind
 */
export type Reader = (inventory: Inventory) => Outcome | null;

/** No lock file has the hash that Nix needs before it fetches anything. */
export function hashMissing(message: string, hint: string, because: readonly Evidence[]): Refusal {
  return { refused: finding('package-hash-missing', 'warning', `no package: ${message}`, hint, because) };
}

/** The hashes may be there, but this is no project that can be built as it is. */
export function unsupported(message: string, hint: string | null, because: readonly Evidence[]): Refusal {
  return { refused: finding('package-unsupported', 'warning', `no package: ${message}`, hint, because) };
}

export function evidenceOf(file: string, rule: string, line: number | null = null): Evidence {
  return { file, line, text: '', rule };
}

/** A file of the root folder that could be read. */
export function textOf(inventory: Inventory, path: string): string | null {
  return inventory.files.get(path)?.text ?? null;
}

/**
 * A name or a version as the name of a store path may have it: `@acme/shop` is `acme-shop`.
 * https://nix.dev/manual/nix/stable/store/store-path#name
 */
export function storeName(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9+._?=-]+/g, '-').replace(/^[.-]+|-+$/g, '');
  return plain.slice(0, 100) || 'package';
}
