/**
 * Patterns of workspaces (`packages/*`, `apps/**`, `!**\/test/**`), matched by segment in time that is
 * bounded by the lengths of both: https://docs.npmjs.com/cli/v11/using-npm/workspaces,
 * https://pnpm.io/pnpm-workspace_yaml
 */
import { append } from '../../append.ts';
import { matchesStars } from '../../text/stars.ts';

/** Beyond these, a list of patterns is not one that a person wrote. */
const maxPatterns = 5_000;
const maxWildcards = 300;
const maxAlternatives = 64;
const maxLength = 1_024;

/** Whether a folder (relative to the workspace, no leading `./`) is a member. */
export type MemberTest = (folder: string) => boolean;

/** Compiles patterns; a later `!` pattern takes folders back. */
export function memberTest(patterns: readonly string[]): MemberTest {
  const literals = new Set<string>();
  const included: string[][] = [];
  const excluded: string[][] = [];
  for (const pattern of patterns.slice(0, maxPatterns)) {
    const isNegative = pattern.startsWith('!');
    for (const alternative of alternatives(isNegative ? pattern.slice(1) : pattern)) {
      const plain = normalized(alternative);
      if (plain === '' || plain.length > maxLength) continue;
      const wildcards = isNegative ? excluded : included;
      if (!isNegative && !/[*?]/.test(plain)) literals.add(plain);
      else if (wildcards.length < maxWildcards) wildcards.push(plain.split('/'));
    }
  }
  return (folder) => {
    const segments = folder.split('/');
    if (excluded.some((pattern) => matches(pattern, segments))) return false;
    return literals.has(folder) || included.some((pattern) => matches(pattern, segments));
  };
}

function normalized(pattern: string): string {
  return pattern
    .replace(/\\/g, '/')
    .replace(/^(\.?\/)+/, '')
    .replace(/\/package\.json$/, '')
    .replace(/(?<!\/)\/+$/, '');
}

/** `{a,b}/*` is `a/*` and `b/*`. */
function alternatives(pattern: string): string[] {
  let open = [pattern];
  const done: string[] = [];
  while (open.length > 0 && open.length + done.length <= maxAlternatives) {
    const next: string[] = [];
    for (const each of open) {
      const { before, choices, after } =
        /^(?<before>[^{]*)\{(?<choices>[^{}]*)\}(?<after>.*)$/s.exec(each)?.groups ?? {};
      if (before === undefined || choices === undefined || after === undefined) done.push(each);
      else
        append(
          next,
          choices.split(',').map((choice) => before + choice + after),
        );
    }
    open = next;
  }
  return done.slice(0, maxAlternatives);
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return matchesStars(
    pattern.length,
    segments.length,
    (at) => pattern[at] === '**',
    (at, against) => matchesSegment(pattern[at] ?? '', segments[against] ?? ''),
  );
}

function matchesSegment(pattern: string, segment: string): boolean {
  if (pattern === '*') return !segment.startsWith('.');
  if (!/[*?]/.test(pattern)) return pattern === segment;
  return matchesStars(
    pattern.length,
    segment.length,
    (at) => pattern[at] === '*',
    (at, against) => pattern[at] === '?' || pattern[at] === segment[against],
  );
}
