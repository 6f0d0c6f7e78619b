/** Which version line of a tool answers a request. */
import type { VersionRequest } from '../detect/types.ts';
import { atLeast, coverage, everything, type Interval, type VersionSet } from '../versions/interval.ts';
import { readRequest } from '../versions/request.ts';
import { compare, type Tuple } from '../versions/tuple.ts';
import { type Candidate, candidates, isHome, statusOf } from './order.ts';
import { own } from './own.ts';
import { isByName, possibleVersions, rangeOf } from './possible.ts';
import type { Catalogue, Line, LineFact, Selection, Tool } from './types.ts';

export interface SelectOptions {
  /** The main channel. */
  channel: string;
  /** A line of a channel that was decided before: no other is looked at. */
  only?: { line: string; channel: string };
}

type Request = Pick<VersionRequest, 'raw' | 'scheme'>;

/**
 * The line that answers a request, in the order of `candidates`: of the supported lines of the main channel the
 * first that certainly satisfies it, else the first that may; then of all others likewise. Lines are what is
 * chosen, not patch levels: an older channel that has the very patch level does not win over the main one.
 *
 * What `match` says of it:
 *
 * - `default`: nothing was asked for;
 * - `exact`: the very version that was asked for; `compatible`: it satisfies;
 * - `assumed`: it may, but the exact version of the pinned revision is not known;
 * - `nearest`: nothing does. Then the line that the request lies in is taken, though its patch level is
 *   another; else the next newer line, because newer versions run what was written for older ones more
 *   often than the reverse; else the next older one; else, where the request cannot be understood, the
 *   default line. Insecure lines only where there is no other.
 *
 * Aliases (`lts/hydrogen`, `nightly`) are those of the tool; one with a date or a platform
 * (`nightly-2024-05-01`) is looked up without it too. A name may stand for a line that is taken by name
 * only: rust's `nightly` for `rustup`, which alone can install it.
 *
 * @returns null where the catalogue does not have the tool, or not the line of `only`
 */
export function selectLine(
  catalogue: Catalogue,
  toolId: string,
  request: Request | null,
  { channel, only }: SelectOptions,
): Selection | null {
  const tool = catalogue.tool(toolId);
  if (tool === null) return null;
  const all = only === undefined ? candidates(catalogue, tool, channel) : chosen(catalogue, tool, only);
  const unnamed = all.filter(({ line }) => !isByName(line));
  const selection = ({ line, fact, status }: Candidate, match: Selection['match']): Selection => {
    return { tool: toolId, line: line.line, fact, status, match };
  };
  const [first = all[0]] = unnamed;
  if (first === undefined) return null;
  if (request === null) return selection(first, 'default');

  const meaning = meaningOf(tool, request);
  if (meaning.kind === 'unknown') return selection(first, 'nearest');
  if (meaning.kind === 'line') {
    const named = all.find(({ line }) => line.line === meaning.line);
    return selection(named ?? first, named === undefined ? 'nearest' : 'compatible');
  }
  const { set, version, preferred } = meaning;
  const judged = preferredFirst(unnamed, preferred).map((candidate) => ({
    candidate,
    verdict: verdictOf(set, candidate),
  }));
  for (const home of [true, false]) {
    const group = judged.filter(({ candidate }) => isHome(candidate) === home);
    const certain = group.find(({ verdict }) => verdict === 'yes');
    if (certain !== undefined) {
      const { fact } = certain.candidate;
      const isExact = fact.precision === 'exact' && fact.version === version;
      return selection(certain.candidate, isExact ? 'exact' : 'compatible');
    }
    const possible = group.find(({ verdict }) => verdict === 'maybe');
    if (possible !== undefined) return selection(possible.candidate, 'assumed');
  }
  return selection(nearest(set, unnamed) ?? first, 'nearest');
}

/**
 * Whether what was selected satisfies another request. `unknown`: the request cannot be understood.
 * What is installed by rustup can be anything.
 */
export function satisfies(
  catalogue: Catalogue,
  { tool: toolId, line, fact }: Pick<Selection, 'tool' | 'line' | 'fact'>,
  request: Request,
): 'yes' | 'maybe' | 'no' | 'unknown' {
  const tool = catalogue.tool(toolId);
  if (tool === null) return 'unknown';
  const meaning = meaningOf(tool, request);
  if (meaning.kind === 'unknown') return 'unknown';
  if (meaning.kind === 'line') return meaning.line === line ? 'yes' : 'no';
  if (line === 'rustup') return 'yes';
  return certainty[coverage(meaning.set, possibleVersions(languageVersion(line), fact))];
}

type Meaning =
  | { kind: 'set'; set: VersionSet; version: string | null; preferred?: Tuple }
  | { kind: 'line'; line: string }
  | { kind: 'unknown' };

/** Names that mean "whatever there is", where a tool does not define them itself. */
const whatever = new Set(['latest', 'stable', 'current', 'default', 'system', 'lts', 'lts/*']);

function meaningOf(tool: Tool, request: Request): Meaning {
  const wish = readRequest(request);
  if (wish.kind !== 'name') return wish;
  for (const name of [wish.name, wish.name.replace(/-.*$/, '')]) {
    const target = own(tool.aliases, name);
    const line = target ?? name;
    if (tool.lines.some((each) => isByName(each) && each.line === line)) return { kind: 'line', line };
    if (target !== undefined) return numbersOf(target);
    if (whatever.has(name)) return { kind: 'set', set: everything, version: null };
  }
  return { kind: 'unknown' };
}

function numbersOf(target: string): Meaning {
  const wish = readRequest({ raw: target, scheme: 'prefix' });
  return wish.kind === 'set' ? { ...wish, version: null } : { kind: 'unknown' };
}

/** The line in which a version lies comes first, then the newer ones, the nearest first, then the others. */
function preferredFirst(lines: readonly Candidate[], preferred: Tuple | undefined): readonly Candidate[] {
  if (preferred === undefined) return lines;
  const isNewer = ({ line }: Candidate) => coverage([atLeast(preferred)], rangeOf(line.line)) !== 'none';
  const newer = lines.filter(isNewer).sort((a, b) => compare(startOf(a), startOf(b)));
  return [...newer, ...lines.filter((each) => !isNewer(each))];
}

const certainty = { all: 'yes', some: 'maybe', none: 'no' } as const;

function verdictOf(set: VersionSet, { line, fact }: Candidate): 'yes' | 'maybe' | 'no' {
  return certainty[coverage(set, possibleVersions(line.line, fact))];
}

/** Which line is nearest to a request that none satisfies; null where the request is for no release at all. */
function nearest(set: VersionSet, lines: readonly Candidate[]): Candidate | null {
  const safe = lines.filter(({ status }) => status !== 'insecure');
  const eligible = safe.length > 0 ? safe : lines;
  const wanted = set.at(-1);
  if (wanted === undefined) return null;
  const same = lines.find(({ line }) => coverage(set, rangeOf(line.line)) !== 'none');
  if (same !== undefined) return same;
  const sorted = [...eligible].sort((a, b) => compare(startOf(a), startOf(b)));
  return sorted.find((each) => isAfter(startOf(each), wanted)) ?? sorted.at(-1) ?? null;
}

function startOf({ line, fact }: Candidate): Interval['from'] {
  return possibleVersions(line.line, fact).from;
}

function isAfter(version: Interval['from'], { to }: Interval): boolean {
  return to !== null && compare(version, to) >= 0;
}

/** The version of the language that another implementation of it speaks: `pypy3.11` → `3.11`. */
function languageVersion(line: string): string {
  return /\d+(?:\.\d+)*$/.exec(line)?.[0] ?? line;
}

function chosen(catalogue: Catalogue, tool: Tool, only: { line: string; channel: string }): Candidate[] {
  const line: Line | undefined = tool.lines.find((each) => each.line === only.line);
  const fact: LineFact | undefined = line?.facts.find(({ channel }) => channel === only.channel);
  return line === undefined || fact === undefined
    ? []
    : [{ line, fact, status: statusOf(catalogue, line, fact), rank: 0 }];
}
