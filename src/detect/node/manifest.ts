/** `package.json` as it is read everywhere here: https://docs.npmjs.com/cli/v11/configuring-npm/package-json */
import { isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { folderOf } from '../shared/tree.ts';
import { lineOfKey } from './locate.ts';

export interface Manifest {
  file: ClaimedFile;
  folder: string;
  value: Readonly<Record<string, unknown>>;
}

/** Marks of a generator's template, whose placeholders are no JSON. */
const placeholder = /\{\{|<%|\{%|\$\{|\b__\w+__\b/;

/**
 * Reads a `package.json`. One that is broken is an empty manifest (the finding is `parseFindings`'); one that
 * is the template of a generator is none.
 */
export async function readManifest(file: ClaimedFile): Promise<Manifest | null> {
  if (file.text === null) return null;
  const value = parsedOrNull(file, file.text);
  if (value === null) {
    if (placeholder.test(file.text)) return null;
    await parseJsonFile(file);
  }
  return { file, folder: folderOf(file.path), value: isRecord(value) ? value : {} };
}

/** As `readManifest`, for folders whose files are examples: what is broken there is nobody's error. */
export function readQuietly(file: ClaimedFile): Manifest | null {
  const value = file.text === null ? null : parsedOrNull(file, file.text);
  return isRecord(value) ? { file, folder: folderOf(file.path), value } : null;
}

const values = new WeakMap<ClaimedFile, { value: unknown }>();

function parsedOrNull(file: ClaimedFile, text: string): unknown {
  let known = values.get(file);
  if (known === undefined) {
    try {
      known = { value: JSON.parse(text) };
    } catch {
      known = { value: null };
    }
    values.set(file, known);
  }
  return known.value;
}

/** Remembers what a function makes of a manifest. */
export function oncePerManifest<T>(read: (manifest: Manifest) => T): (manifest: Manifest) => T {
  const known = new WeakMap<Manifest['value'], { result: T }>();
  return (manifest) => {
    let found = known.get(manifest.value);
    if (found === undefined) {
      found = { result: read(manifest) };
      known.set(manifest.value, found);
    }
    return found.result;
  };
}

/** Evidence from the line of a key. */
export function keyEvidence(file: ClaimedFile, path: readonly string[], rule: string): Evidence {
  return file.text === null ? presence(file.path, rule) : evidence(file, lineOfKey(file.text, path), rule);
}

const dependencyFields = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

/** Direct dependencies by name: their range, and the field that names them. */
export const dependenciesOf = oncePerManifest(({ value }) => {
  const all = new Map<string, { range: string; field: string }>();
  for (const field of dependencyFields) {
    const entries = valueAt(value, [field]);
    if (!isRecord(entries)) continue;
    for (const [name, range] of Object.entries(entries)) {
      if (!all.has(name)) all.set(name, { range: typeof range === 'string' ? range : '', field });
    }
  }
  return all;
});

/** The script that npm's `init` writes is none. */
const placeholderScript = /no test specified/i;

/** Scripts by name; those that only say that there is none are left out. */
export const scriptsOf = oncePerManifest(({ value }) => {
  const scripts = new Map<string, string>();
  const entries = valueAt(value, ['scripts']);
  if (!isRecord(entries)) return scripts;
  for (const [name, command] of Object.entries(entries)) {
    if (typeof command !== 'string' || command.trim() === '') continue;
    if (!placeholderScript.test(command)) scripts.set(name, command);
  }
  return scripts;
});

/** Fields that say how the files beside are to be loaded. */
const loaderFields = new Set([
  'type',
  'main',
  'module',
  'browser',
  'types',
  'typings',
  'exports',
  'imports',
  'sideEffects',
]);
/** Fields that say nothing of a project either. */
const idleFields = new Set(['$schema', 'name', 'version', 'private', 'internal']);

/** Whether it only tells how the modules beside it are loaded, such as `{"type": "module"}`. */
export function isMarker({ value }: Manifest): boolean {
  const fields = Object.keys(value);
  return (
    fields.some((field) => loaderFields.has(field)) &&
    fields.every((field) => loaderFields.has(field) || idleFields.has(field))
  );
}

/** Patterns of `workspaces`: a list, or Yarn's `{ packages }`. */
export function workspacePatterns({ value }: Manifest): string[] | null {
  const direct = valueAt(value, ['workspaces']);
  const list: unknown = Array.isArray(direct) ? direct : valueAt(direct, ['packages']);
  if (!Array.isArray(list)) return null;
  return list.filter((item): item is string => typeof item === 'string');
}

/** `engines`, `volta`: the text of one entry. */
export function textAt({ value }: Manifest, path: readonly string[]): string | null {
  return stringAt(value, path);
}
