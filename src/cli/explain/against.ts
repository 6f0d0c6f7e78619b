import type { Catalogue, Line, LineFact } from '../../catalogue/types.ts';
import type { Input, PackageManager, Toolchain } from '../../plan/schema.ts';

const shownLines = 5;

/**
 * What was decided against, in words: newer channels that were passed over, and the other lines of the
 * tool with the reason why they were not taken.
 *
 * @param catalogue null where there is none to ask: nothing is said then
 */
export function against(
  tool: Toolchain | PackageManager,
  inputs: ReadonlyMap<string, Input>,
  catalogue: Catalogue | null,
): string[] {
  const known = catalogue?.tool(tool.id) ?? null;
  if (catalogue === null || known === null) return [];
  const channel = inputs.get(tool.input)?.channel;
  const isChosen = ({ line, facts }: Line) =>
    tool.key === `${tool.id}-${line}` ||
    facts.some((fact) => fact.channel === channel && fact.attribute === tool.attribute);
  const others = known.lines.filter((line) => !isChosen(line));
  const shown = others.slice(0, shownLines).map((line) => `${line.line}: ${reason(line, tool, catalogue)}`);
  const left = others.length - shown.length;
  return [
    ...passedOver(known.lines.find(isChosen), channel, catalogue),
    ...shown,
    ...(left > 0 ? [`and ${left} more`] : []),
  ];
}

function reason(line: Line, tool: Toolchain | PackageManager, catalogue: Catalogue): string {
  const own = line.facts.find(({ channel }) => channel === catalogue.defaultChannel) ?? line.facts[0];
  if (own === undefined) return 'in no channel that nidify knows';
  if (line.endOfLife !== null && line.endOfLife <= catalogue.date) {
    return `end-of-life since ${line.endOfLife} (${own.channel})`;
  }
  const wish =
    tool.match === 'default' ? 'not the default' : `not chosen for ${tool.requested ?? 'what was asked for'}`;
  return `${wish} (${own.channel})`;
}

/** Channels between the default one and the chosen one: why each could not serve, alike ones together. */
function passedOver(line: Line | undefined, channel: string | undefined, catalogue: Catalogue): string[] {
  const chosen = catalogue.channels.findIndex(({ name }) => name === channel);
  const main = catalogue.channels.findIndex(({ name }) => name === catalogue.defaultChannel);
  if (line === undefined || chosen === -1 || main === -1) return [];
  const groups: { names: string[]; why: string }[] = [];
  for (const { name } of catalogue.channels.slice(main, chosen)) {
    const why = obstacle(line.facts.find((fact) => fact.channel === name));
    const last = groups.at(-1);
    if (last?.why === why) last.names.push(name);
    else groups.push({ names: [name], why });
  }
  return groups.map(({ names: [first = '', ...rest], why }) => {
    const last = rest.at(-1);
    return `${last === undefined ? first : `${first} to ${last}`}: ${why}`;
  });
}

function obstacle(fact: LineFact | undefined): string {
  if (fact === undefined) return 'does not have this line';
  return fact.insecure.length > 0 ? 'marked insecure there, so in no binary cache' : 'has it too';
}
