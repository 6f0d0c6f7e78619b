/**
 * One dependency as manifests write it:
 * https://packaging.python.org/en/latest/specifications/dependency-specifiers/
 */
import { normalName } from './names.ts';

export interface Requirement {
  /** Normalised. */
  name: string;
  /** Normalised. */
  extras: string[];
  /** Version specifiers, without what follows them. */
  specifier: string;
  /** The one version that `==` names, else null. */
  version: string | null;
  /** Where it comes from instead of the index. */
  url: string | null;
  marker: string | null;
}

const head = /^(?<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[(?<extras>[^\]]*)\])?\s*/;
const exact = /^\(?\s*={2,3}\s*(?<version>v?\d[\w.!+-]*)\s*\)?$/;

/** A dependency specifier; null where the text is none. */
export function parseRequirement(text: string): Requirement | null {
  const found = head.exec(text.trim());
  const name = found?.groups?.name;
  if (found === null || name === undefined) return null;
  const rest = text.trim().slice(found[0].length);
  const base = { name: normalName(name), extras: extrasOf(found.groups?.extras ?? '') };
  if (rest.startsWith('@')) {
    // A semicolon may be part of a URL: the marker's stands after a space.
    const [url = '', marker = null] = cut(rest.slice(1).trim(), ' ;');
    return url === '' ? null : { ...base, specifier: '', version: null, url, marker };
  }
  const [specifier = '', marker = null] = cut(rest, ';');
  if (specifier !== '' && !/^[<>=!~(]/.test(specifier)) return null;
  return { ...base, specifier, version: exact.exec(specifier)?.groups?.version ?? null, url: null, marker };
}

export function extrasOf(text: string): string[] {
  return text
    .split(',')
    .map((extra) => extra.trim())
    .filter((extra) => extra !== '')
    .map(normalName);
}

function cut(text: string, separator: string): [string, string | null] {
  const at = text.indexOf(separator);
  if (at === -1) return [text.trim(), null];
  return [text.slice(0, at).trim(), text.slice(at + separator.length).trim()];
}
