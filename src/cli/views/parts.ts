import type { Evidence, Finding, Input, Plan } from '../../plan/schema.ts';
import { ownPackages } from '../../plan/tools.ts';
import { named } from '../../text/named.ts';
import { type TableOptions, table } from '../terminal/table.ts';
import { bold, cyan, dim, type Line, red, type Span, yellow } from '../terminal/text.ts';

/** Pieces that several views show alike. */

export function heading(text: string): Line {
  return [bold(text)];
}

/** Longest beginning of a line that tables show: `explain` has the whole, as the plan keeps it. */
const longestQuote = 40;

/** `package.json:7`, with the line itself, or its beginning. */
export function evidenceCell(because: readonly Evidence[]): Line {
  const [first] = because;
  if (first === undefined) return [];
  const more = because.length > 1 ? [dim(` (+${because.length - 1})`)] : [];
  return [cyan(placeOf(first)), first.text === '' ? '' : dim(`  ${beginning(first.text)}`), ...more];
}

function beginning(text: string): string {
  const characters = [...text];
  return characters.length <= longestQuote
    ? text
    : `${characters
        .slice(0, longestQuote - 1)
        .join('')
        .trimEnd()}…`;
}

/** `package.json:7`, or the file alone. */
export function placeOf({ file, line }: Evidence): string {
  return line === null ? file : `${file}:${line}`;
}

const severityStyle: Record<Finding['severity'], (text: string) => Span> = {
  error: red,
  warning: yellow,
  info: dim,
};

/** Findings, gravest first, each with its place and what to do. */
export function findingLines(findings: readonly Finding[], columns: number): Line[] {
  return findings.flatMap(({ severity, code, message, hint, because }) => {
    const [first] = because;
    const rows: Line[][] = [
      [
        [severityStyle[severity](severity)],
        [message, dim(` (${first === undefined ? '' : `${placeOf(first)}, `}${code})`)],
      ],
      ...(hint === null ? [] : [[[], [dim(hint)]]]),
    ];
    return alignedFindings(rows, { columns });
  });
}

/** All findings align as if "warning" were the widest word. */
function alignedFindings(rows: Line[][], options: TableOptions): Line[] {
  const width = 'warning'.length;
  return table(
    rows.map(([first = [], ...rest]) => [pad(first, width), ...rest]),
    options,
  );
}

function pad(line: Line, width: number): Line {
  const used = line.reduce((sum, part) => sum + (typeof part === 'string' ? part : part.text).length, 0);
  return [...line, ' '.repeat(Math.max(0, width - used))];
}

/** `nodejs_22`, with the input where it is not the main one. */
export function attributeCell({ attribute, input }: { attribute: string; input: string }): Line {
  return input === 'nixpkgs' ? [attribute] : [attribute, dim(` of ${input}`)];
}

/** `nixos-26.05 (5880666)` */
export function channelText({ channel, rev }: Input): string {
  return `${channel} (${rev.slice(0, 7)})`;
}

/** One line that says what a plan is about: `shop: node 22.22, pnpm 10, openssl`. */
export function summary(plan: Plan): string {
  const texts = [...new Set(ownPackages(plan).map(named))];
  const shown = texts.slice(0, 6);
  const more = texts.length > shown.length ? [`${texts.length - shown.length} more`] : [];
  return [...shown, ...more].join(', ');
}
