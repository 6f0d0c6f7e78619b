/** Version specifiers of Julia's package manager: https://pkgdocs.julialang.org/v1/compatibility/#Version-specifier-format */
import { anyOf, type VersionSet } from './interval.ts';
import { semverSet } from './semver.ts';

const number = String.raw`v?\d{1,9}(?:\.\d{1,9}){0,2}`;
const plain = new RegExp(`^${number}$`);
const signed = new RegExp(String.raw`^(?<sign>[\^~=<>≥≤]=?)\s*(?<version>${number})$`);
const hyphen = new RegExp(String.raw`^(?<from>${number})\s+-\s+(?<to>${number})$`);

/**
 * The releases that a specifier allows: its parts between commas are alternatives, and a bare version stands for
 * all that are compatible with it (`1.6` is `^1.6`).
 *
 * @returns null for what is no specifier
 */
export function juliaSet(text: string): VersionSet | null {
  return anyOf(text.split(',').map((part) => setOf(part.trim())));
}

function setOf(part: string): VersionSet | null {
  if (plain.test(part)) return semverSet(`^${part.replace('v', '')}`);
  const range = hyphen.exec(part)?.groups;
  if (range !== undefined) return semverSet(`${range.from} - ${range.to}`.replaceAll('v', ''));
  const { sign, version } = signed.exec(part)?.groups ?? {};
  if (sign === undefined || version === undefined || !/^([\^~=<>≥≤]|[<>]=)$/.test(sign)) return null;
  const plainSign = sign === '≥' ? '>=' : sign === '≤' ? '<=' : sign;
  // An equality names one release, `=1.6` therefore 1.6.0; inequalities fill up with zeros likewise.
  const whole = /[=<>]/.test(plainSign) ? filledUp(version.replace('v', '')) : version.replace('v', '');
  return semverSet(`${plainSign}${whole}`);
}

function filledUp(version: string): string {
  return [...version.split('.'), '0', '0'].slice(0, 3).join('.');
}
