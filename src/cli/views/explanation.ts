import type { Evidence, Finding, Plan } from '../../plan/schema.ts';
import { table } from '../terminal/table.ts';
import { bold, cyan, dim, type Line, yellow } from '../terminal/text.ts';
import { findingLines, placeOf } from './parts.ts';

export interface Fact {
  name: string;
  text: string;
  isWarning: boolean;
}

/** One subject of a plan, ready to be explained. */
export interface Explanation {
  title: string;
  /** What the title does not say: `toolchain`, `library`. */
  kind: string;
  /** Words that name it, the first as shown in lists. */
  names: string[];
  /** Facts in words, in order. */
  facts: Fact[];
  because: Evidence[];
  findings: Finding[];
}

/** Explanations as lines: facts, then the evidence chain, then what nidify found about it. */
export function explanationView(explanations: readonly Explanation[], columns: number): Line[] {
  return explanations.flatMap((each, at) => [
    ...(at === 0 ? [] : [[]]),
    [bold(each.title), dim(`  ${each.kind}`)],
    ...table(
      [
        ...each.facts.map(({ name, text, isWarning }): Line[] => [
          [dim(name)],
          [isWarning ? yellow(text) : text],
        ]),
        ...evidenceRows(each.because),
      ],
      { columns },
    ),
    ...findingLines(each.findings, columns),
  ]);
}

const shownEvidence = 8;

function evidenceRows(because: readonly Evidence[]): Line[][] {
  const rows = because
    .slice(0, shownEvidence)
    .map((each, at): Line[] => [
      [dim(at === 0 ? 'because' : '')],
      [cyan(placeOf(each)), each.text === '' ? '' : `  ${each.text}`, dim(`  ${each.rule}`)],
    ]);
  const left = because.length - shownEvidence;
  return left > 0 ? [...rows, [[], [dim(`and ${left} more`)]]] : rows;
}

/** Names of everything that can be explained, in the plan's order, each once. */
export function subjectNames(explanations: readonly Explanation[]): string[] {
  return [...new Set(explanations.flatMap(({ names }) => names))];
}

/** Findings that rest on one of these lines. */
export function findingsAbout(plan: Plan, because: readonly Evidence[]): Finding[] {
  const places = new Set(because.map(placeOf));
  return plan.findings.filter((finding) => finding.because.some((each) => places.has(placeOf(each))));
}
