/** Texts that name a version of a tool from npm's world. */
import type { VersionScheme } from '../types.ts';

/** Longer texts are no versions. */
export const maxVersionLength = 128;

const plain = /^v?\d+(\.\d+){0,2}$/i;
const exact = /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
/** What ranges are made of (https://github.com/npm/node-semver#ranges): whether it is one, semver decides. */
const rangeLike = /^[\sv\d.xX*|<>=~^,+A-Za-z-]+$/;

export interface VersionText {
  raw: string;
  scheme: VersionScheme;
}

/**
 * An npm range.
 *
 * @returns null for what asks for nothing (`*`); undefined for what is no range
 */
export async function rangeOf(text: string): Promise<VersionText | null | undefined> {
  const raw = text.trim();
  if (/^(\*|x|any|latest)?$/i.test(raw)) return null;
  if (raw.length > maxVersionLength || !/\d/.test(raw) || !rangeLike.test(raw)) return undefined;
  const { default: validRange } = await import('semver/ranges/valid.js');
  return validRange(raw) === null ? undefined : { raw, scheme: 'semver' };
}

/** A pinned version as `packageManager` and `volta` write it; undefined for what is none. */
export function pinOf(text: string): VersionText | undefined {
  const raw = text.trim();
  if (raw.length > maxVersionLength) return undefined;
  if (exact.test(raw)) return { raw, scheme: 'exact' };
  return plain.test(raw) ? { raw, scheme: 'prefix' } : undefined;
}

/**
 * The one line of `.nvmrc` or `.node-version` that names a version, as nvm reads it: comments and blank lines
 * are skipped, so are its `key=value` settings (https://github.com/nvm-sh/nvm#nvmrc).
 */
export function versionLine(text: string): { raw: string; line: number } | null {
  for (const [at, line] of text.split(/\r\n|\r|\n/, 1_000).entries()) {
    const raw = line.replace(/#.*$/, '').trim();
    if (raw === '' || /^[A-Za-z_][\w.-]*=/.test(raw)) continue;
    return { raw, line: at + 1 };
  }
  return null;
}

/** Names that nvm, fnm and nodenv's plugins know. `lts/*`, `lts/-1` and `lts/hydrogen` are nvm's. */
const alias = /^(node|stable|unstable|current|latest|lts|lts\/(\*|-\d+|latest|[a-z]+))$/;

/**
 * What a version file says.
 *
 * @returns null for what leaves the choice to the machine (`system`); undefined for what is no version
 */
export async function fileVersionOf(text: string): Promise<VersionText | null | undefined> {
  if (text.length > maxVersionLength) return undefined;
  if (/^(system|default)$/i.test(text)) return null;
  // `node-v20.1.0` is an old spelling, `lts-hydrogen` is nodenv's of `lts/hydrogen`.
  const raw = text.replace(/^node-(?=v?\d)/i, '').replace(/^lts-(?=[a-z])/i, 'lts/');
  const lower = raw.toLowerCase();
  if (alias.test(lower)) return { raw: lower, scheme: 'alias' };
  if (exact.test(raw) || plain.test(raw)) return { raw, scheme: 'prefix' };
  return rangeOf(raw);
}
