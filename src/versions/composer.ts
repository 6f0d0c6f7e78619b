import { compared, fromUpTo, type Operator, type Side } from './comparison.ts';
import { allOf, anyOf, beginningWith, complement, everything, type VersionSet } from './interval.ts';
import { after, caretEnd, nextPrefix, parseTuple, pessimisticEnd, type Tuple } from './tuple.ts';

/**
 * A constraint of Composer as a set of releases (https://getcomposer.org/doc/articles/versions.md).
 *
 * A bare `8.1` is 8.1.0 alone to Composer, which nobody means who asks for a PHP: the line is taken. Flags of
 * stability (`@dev`) say nothing of releases.
 *
 * @returns null for what is no constraint
 */
export function composerSet(text: string): VersionSet | null {
  return anyOf(text.split(/\|\|?/).map((alternative) => alternativeSet(alternative.trim())));
}

const hyphenated = /^v?(?<from>\d+(?:\.\d+)*)\s+-\s+v?(?<to>\d+(?:\.\d+)*)$/;

function alternativeSet(text: string): VersionSet | null {
  const { from, to } = hyphenated.exec(text)?.groups ?? {};
  if (from !== undefined && to !== undefined) return rangeSet(parseTuple(from), parseTuple(to));
  const clauses = text
    .replace(/([\^~=!<>])\s+/g, '$1')
    .split(/[\s,]+/)
    .filter((clause) => clause !== '');
  return clauses.length === 0 ? null : allOf(clauses.map(clauseSet));
}

/** `7.2 - 8.0` takes in all of 8.0; `7.2 - 8.0.3` ends with that release. */
function rangeSet(from: Tuple | null, to: Tuple | null): VersionSet | null {
  if (from === null || to === null) return null;
  return fromUpTo(from, to.length < 3 ? nextPrefix(to) : after(to));
}

const constraint =
  /^(?<operator>\^|~|==?|!=|<>|<=?|>=?)?v?(?<numbers>\d+(?:\.\d+)*)(?<wildcard>(?:\.[*xX])+)?(?<stability>-?(?:dev|alpha|beta|rc|a|b|p|pl|patch)[.\d-]*)?(?:@[a-z]+)?$/i;

function clauseSet(clause: string): VersionSet | null {
  if (/^[*xX](?:\.[*xX])*(?:@[a-z]+)?$/.test(clause)) return everything;
  const { operator = '', numbers, wildcard, stability } = constraint.exec(clause)?.groups ?? {};
  const version = numbers === undefined ? null : parseTuple(numbers);
  if (version === null) return null;
  const side = sideOf(stability);
  if (operator === '^') return fromUpTo(version, caretEnd(version), side);
  if (operator === '~') return fromUpTo(version, pessimisticEnd(version), side);
  const isEqual = operator === '' || operator === '=' || operator === '==';
  const isUnequal = operator === '!=' || operator === '<>';
  if (wildcard !== undefined) {
    if (isEqual) return [beginningWith(version)];
    if (isUnequal) return complement(beginningWith(version));
  }
  if (isEqual) return version.length < 3 ? [beginningWith(version)] : compared('=', version, side);
  return compared(isUnequal ? '!=' : (operator as Operator), version, side);
}

/** A suffix `-dev` stands before the release, `-p1` after it. */
function sideOf(stability: string | undefined): Side {
  if (stability === undefined) return 'release';
  return /^-?(p|pl|patch)[.\d-]*$/i.test(stability) ? 'post' : 'pre';
}
