import { parse } from '@renovatebot/pep440/lib/specifier.js';
import { explain } from '@renovatebot/pep440/lib/version.js';
import { compared, fromUpTo, type Operator, type Side } from './comparison.ts';
import { allOf, anyOf, beginningWith, complement, everything, type VersionSet } from './interval.ts';
import { caretEnd, nextPrefix } from './tuple.ts';

/**
 * A set of Python version specifiers as a set of releases
 * (https://packaging.python.org/en/latest/specifications/version-specifiers/).
 *
 * An ordered comparison with a wildcard (`>=3.6.*`), which older tools wrote, is read without it.
 * Epochs and local versions name no interpreter and no tool: what has one is not understood.
 *
 * @returns null for what is no set of specifiers
 */
export function pep440Set(text: string): VersionSet | null {
  const clauses = text
    .split(',')
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '');
  return allOf(clauses.map((clause) => clauseSet(clause.replace(/^([<>]=?\s*[\d.]+?)(?:\.\*)+$/, '$1'))));
}

const ordered: Record<string, Operator> = { '<': '<', '<=': '<=', '>': '>', '>=': '>=' };

/** One specifier: `~=3.11`. */
function clauseSet(clause: string): VersionSet | null {
  const [specifier, ...others] = parse(clause) ?? [];
  if (specifier === undefined || others.length > 0) return null;
  const { operator, prefix, version } = specifier;
  const parsed = version === undefined ? null : explain(version);
  if (parsed === null || parsed.epoch !== 0 || parsed.local !== null) return null;
  const release = parsed.release.slice(0, 4);
  if (!release.every((part) => Number.isSafeInteger(part))) return null;
  if (operator === '~=') {
    const upTo = nextPrefix(release.slice(0, Math.max(1, parsed.release.length - 1)));
    return fromUpTo(release, upTo, sideOf(parsed));
  }
  if (prefix !== undefined && prefix !== null && prefix !== '') {
    return operator === '!=' ? complement(beginningWith(release)) : [beginningWith(release)];
  }
  const side = sideOf(parsed);
  const comparison = ordered[operator];
  if (comparison !== undefined) return compared(comparison, release, side);
  return compared(operator === '!=' ? '!=' : '=', release, side);
}

function sideOf(parsed: { is_prerelease: boolean; is_postrelease: boolean }): Side {
  if (parsed.is_prerelease) return 'pre';
  return parsed.is_postrelease ? 'post' : 'release';
}

/**
 * Poetry's constraints (https://python-poetry.org/docs/dependency-specification/#version-constraints): those of
 * Python, and `^`, `~`, wildcards, spaces for commas, `||` for alternatives.
 *
 * A bare `3.11` would be that release alone; with fewer than three numbers its line is meant.
 *
 * @returns null for what is no constraint
 */
export function poetrySet(text: string): VersionSet | null {
  return anyOf(text.split(/\|\|?/).map((alternative) => alternativeSet(alternative.trim())));
}

const constraint =
  /^(?<operator>\^|~=?|===?|!=|<=?|>=?)?\s*v?(?<version>\d[\w.!+-]*?)(?<wildcard>(?:\.[*xX])+)?$/;

function alternativeSet(text: string): VersionSet | null {
  const joined = text.replace(/([\^~=!<>])\s+/g, '$1');
  const clauses = joined.split(/[\s,]+/).filter((each) => each !== '');
  return allOf(clauses.map((clause) => (clause === '*' ? everything : poetryClause(clause))));
}

function poetryClause(clause: string): VersionSet | null {
  const { operator = '', version, wildcard } = constraint.exec(clause)?.groups ?? {};
  if (version === undefined) return null;
  if (operator === '^' || operator === '~') {
    const parsed = explain(version);
    if (parsed === null) return null;
    const release = parsed.release.slice(0, 4);
    return fromUpTo(release, operator === '^' ? caretEnd(release) : nextPrefix(release.slice(0, 2)));
  }
  const isLine = operator === '' && wildcard === undefined && version.split('.').length < 3;
  const python = operator === '' ? '==' : operator;
  return pep440Set(`${python}${version}${wildcard === undefined && !isLine ? '' : '.*'}`);
}
