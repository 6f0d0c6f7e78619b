import type { ClaimedFile } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import type { VersionRequest, VersionScheme } from '../types.ts';

type Wish = Pick<VersionRequest, 'raw' | 'scheme'>;

/** MRI's own names of versions, with the prefix, patch level and gemset that version managers add. */
const mri =
  /^(?:ruby[\s-]+)?v?(?<version>\d+(?:\.\d+)*(?:[.-](?:preview|rc|dev|pre|alpha|beta)[\d.]*)?)(?:-?p\d+)?$/;
const other = /^(?<name>(?:jruby|truffleruby(?:\+graalvm)?|mruby|rbx|picoruby)(?:-[\w.+-]+)?)$/;

/**
 * A version as rbenv, chruby and rvm write it: `3.3.5`, `ruby-3.3.5`, `2.7.8-p225`, `3.3.5@shop`; that of another
 * implementation by its name. Null for what names none (`system`).
 */
export function rubyVersion(text: string): Wish | null {
  const plain = text.trim().replace(/@.*$/, '');
  if (plain.length > 100) return null;
  const version = mri.exec(plain)?.groups?.version;
  if (version !== undefined) return { raw: version, scheme: 'prefix' satisfies VersionScheme };
  const name = other.exec(plain)?.groups?.name;
  return name === undefined ? null : { raw: name, scheme: 'alias' };
}

/** The first line of a `.ruby-version` that is neither empty nor a comment. */
export function fromVersionFile(file: ClaimedFile): VersionRequest | null {
  const lines = (file.text ?? '').split(/\r?\n/, 50);
  const at = lines.findIndex((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  const wish = at === -1 ? null : rubyVersion(lines[at] ?? '');
  return wish === null ? null : { ...wish, because: evidence(file, at + 1, 'ruby/version-file') };
}
