/** What was decided before: it stays while it satisfies; only `update` moves it. */
import { satisfies, selectLine } from '../catalogue/select.ts';
import type { Selection } from '../catalogue/types.ts';
import type { VersionRequest } from '../detect/types.ts';
import type { LockedLine } from '../lock/types.ts';
import type { PlanContext } from './context.ts';
import { mainChannel } from './inputs.ts';
import type { Demand } from './versions.ts';

/** @returns null where nothing is locked for the demand, or what is locked no longer satisfies it */
export function lockedSelection(
  context: PlanContext,
  { id, tool }: Demand,
  request: VersionRequest | null,
): Selection | null {
  const { locked, catalogue } = context;
  for (const line of locked?.lines ?? []) {
    if (line.id !== id || !line.key.startsWith(`${id}-`)) continue;
    const only = { line: line.key.slice(id.length + 1), channel: line.channel };
    const selection = selectLine(catalogue, tool, request, { channel: mainChannel(context), only });
    if (selection === null || selection.fact.attribute !== line.attribute) continue;
    const known = withVersion(context, selection, line);
    if (request === null) return known;
    const verdict = satisfies(catalogue, known, request);
    if (verdict === 'maybe') return { ...known, match: 'assumed' };
    if (verdict === 'yes') return { ...known, match: line.version === request.raw ? 'exact' : 'compatible' };
  }
  return null;
}

/**
 * The catalogue's versions are those of its own pins: where the lock pins another revision, or `update` asked
 * Nix itself, the lock knows better.
 */
function withVersion({ locked, catalogue }: PlanContext, selection: Selection, line: LockedLine): Selection {
  const pin = locked?.pins.find(({ channel }) => channel === line.channel);
  const isOtherRevision = pin !== undefined && pin.rev !== catalogue.channel(line.channel)?.rev;
  if (line.precision !== 'exact' && !isOtherRevision) return selection;
  const { version, precision } = line;
  return { ...selection, fact: { ...selection.fact, version, precision } };
}
