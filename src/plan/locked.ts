/** What was decided before: it stays while it satisfies; only `update` moves it. */
import { satisfies, selectLine } from '../catalogue/select.ts';
import type { Selection } from '../catalogue/types.ts';
import type { VersionRequest } from '../detect/types.ts';
import type { LockedLine } from '../lock/types.ts';
import type { PlanContext } from './context.ts';
import { mainChannel } from './inputs.ts';
import type { Demand } from './versions.ts';

/**
 * The locked line that answers a demand: what would be chosen anyway if it is locked, else what answered the
 * same request before, else any that satisfies. So a plan is the same before and after it is locked, also
 * where several lines of one tool are.
 *
 * @param fresh what would be chosen without a lock
 * @returns null where nothing is locked for the demand, or what is locked no longer satisfies it
 */
export function lockedSelection(
  context: PlanContext,
  { id, tool }: Demand,
  request: VersionRequest | null,
  fresh: Selection | null,
): Selection | null {
  const lines = (context.locked?.lines ?? []).filter(
    (line) => line.id === id && line.key.startsWith(`${id}-`),
  );
  const isFresh = (line: LockedLine) =>
    fresh !== null && lineOf(line) === fresh.line && line.channel === fresh.fact.channel;
  const isSame = (line: LockedLine) => line.requested === (request?.raw ?? null);
  const ordered = [...lines.filter(isFresh), ...lines.filter(isSame), ...lines];
  for (const line of ordered) {
    const selection = keptLine(context, tool, request, line);
    if (selection !== null) return selection;
  }
  return null;
}

function lineOf({ key, id }: LockedLine): string {
  return key.slice(id.length + 1);
}

function keptLine(
  context: PlanContext,
  tool: string,
  request: VersionRequest | null,
  line: LockedLine,
): Selection | null {
  const { catalogue } = context;
  const only = { line: lineOf(line), channel: line.channel };
  const selection = selectLine(catalogue, tool, request, { channel: mainChannel(context), only });
  if (selection === null || selection.fact.attribute !== line.attribute) return null;
  const known = withVersion(context, selection, line);
  if (request === null) return known;
  const { version, precision } = known.fact;
  const verdict = satisfies(catalogue, known, request);
  if (verdict === 'maybe') return { ...known, match: 'assumed' };
  if (verdict !== 'yes') return null;
  return { ...known, match: precision === 'exact' && version === request.raw ? 'exact' : 'compatible' };
}

/**
 * The catalogue's versions are those of its own pins: where the lock pins another revision, or `update` asked
 * Nix itself, the lock knows better.
 */
function withVersion({ locked, catalogue }: PlanContext, selection: Selection, line: LockedLine): Selection {
  const pin = locked?.pins.find(({ channel }) => channel === line.channel);
  const isOtherRevision = pin !== undefined && pin.rev !== catalogue.channel(line.channel)?.rev;
  // What is taken by name (rustup) has no version of its own.
  const isNamed = !/^(\d|default$)/.test(lineOf(line));
  if (isNamed || (line.precision !== 'exact' && !isOtherRevision)) return selection;
  const { version, precision } = line;
  return { ...selection, fact: { ...selection.fact, version, precision } };
}
