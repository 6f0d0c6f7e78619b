/** In which order the lines of a tool are tried, and from which channel each comes. */
import type { Catalogue, Line, LineFact, Selection, Tool } from './types.ts';

export interface Candidate {
  line: Line;
  fact: LineFact;
  status: Selection['status'];
  /** 0 to 4: which of the groups of `candidates` it is in. */
  rank: number;
}

/** A candidate of the main channel that is supported, or its default: no other input is needed for it. */
export function isHome({ rank }: Candidate): boolean {
  return rank <= 1;
}

/**
 * Every line once, best first:
 *
 * 1. the default line of the main channel;
 * 2. supported lines of the main channel, newest first;
 * 3. supported lines that other channels have;
 * 4. lines at their end of life, newest first;
 * 5. lines that are marked insecure wherever they are.
 *
 * Each comes from the main channel where it is there and not insecure, else from the newest release in
 * which it is not, else from unstable: insecure packages are in no binary cache, but for rare exceptions.
 */
export function candidates(catalogue: Catalogue, tool: Tool, main: string): Candidate[] {
  return tool.lines
    .map((line) => candidateOf(catalogue, tool, line, main))
    .filter((each) => each !== null)
    .sort((a, b) => a.rank - b.rank);
}

function candidateOf(catalogue: Catalogue, tool: Tool, line: Line, main: string): Candidate | null {
  const ordered = [...line.facts].sort((a, b) => preference(a, main) - preference(b, main));
  const fact = ordered.find(({ insecure }) => insecure.length === 0) ?? mostCached(line);
  if (fact === undefined) return null;
  const status = statusOf(catalogue, line, fact);
  const isDefault = fact.channel === main && tool.defaults[main] === line.line;
  return { line, fact, status, rank: rankOf(status, fact.channel === main, isDefault) };
}

function rankOf(status: Selection['status'], isMain: boolean, isDefault: boolean): number {
  if (status === 'insecure') return 4;
  if (isDefault) return 0;
  if (status === 'end-of-life') return 3;
  return isMain ? 1 : 2;
}

/** Main channel, releases (the facts are newest first), unstable. */
function preference({ channel }: LineFact, main: string): number {
  if (channel === main) return 0;
  return channel.endsWith('-unstable') ? 2 : 1;
}

/** Where all are insecure: one that is cached all the same, else the one that had most time to be, before it was marked. */
function mostCached({ facts }: Line): LineFact | undefined {
  return facts.find(({ cached }) => cached) ?? facts.at(-1);
}

export function statusOf({ date }: Catalogue, { endOfLife }: Line, fact: LineFact): Selection['status'] {
  if (fact.insecure.length > 0) return 'insecure';
  return endOfLife !== null && endOfLife < date ? 'end-of-life' : 'supported';
}
