/** Compiled rows to facts. */
import type { Grade } from '../plan/schema.ts';
import type { AttributeData, AttributeSegment, LineData, ToolData } from './data-types.ts';
import { own } from './own.ts';
import type { AttributeFact, Extensions, Line, LineFact, Tool } from './types.ts';

const grades: Readonly<Record<string, Grade>> = { c: 'confirmed', p: 'interpolated', i: 'inferred' };

/** An attribute in the channel at an index; null where that channel does not have it. */
export function attributeAt(canonical: string, data: AttributeData, at: number): AttributeFact | null {
  const segments = typeof data === 'string' ? [{ attribute: canonical, in: data }] : data;
  for (const segment of segments) {
    const fact = segmentAt(segment, at);
    if (fact !== null) return fact;
  }
  return null;
}

function segmentAt(segment: AttributeSegment, at: number): AttributeFact | null {
  const letter = segment.in[at] ?? '-';
  const grade = grades[letter.toLowerCase()];
  if (grade === undefined) return null;
  const isInsecure = letter !== letter.toLowerCase();
  return {
    attribute: segment.attribute,
    grade,
    systems: segment.systems ?? null,
    unfree: segment.unfree ?? [],
    insecure: isInsecure ? (segment.insecure ?? []) : [],
  };
}

/** @param channels names, newest first, as presences count them */
export function toolOf(data: ToolData, channels: readonly string[]): Tool {
  return {
    id: data.id,
    lines: data.lines.map((line) => lineOf(line, channels)),
    defaults: data.defaults ?? {},
    bundledWith: data.bundledWith ?? null,
    aliases: data.aliases ?? {},
    ...(data.extensions === undefined ? {} : { extensions: extensionsOf(data, channels) }),
  };
}

function extensionsOf({ extensions = {}, included = [] }: ToolData, channels: readonly string[]): Extensions {
  return {
    included: new Set(included),
    fact(name, channel) {
      const row = own(extensions, name);
      return row === undefined ? null : attributeAt(name, row, channels.indexOf(channel));
    },
  };
}

/** A tool of which a channel has one version, known by its attribute only. */
export function toolOfAttribute(
  id: string,
  canonical: string,
  data: AttributeData,
  channels: readonly string[],
): Tool {
  const segments = typeof data === 'string' ? [{ attribute: canonical, in: data }] : data;
  const line: LineData = { line: 'default', in: segments };
  return toolOf({ id, lines: [line], defaults: defaultEverywhere(channels) }, channels);
}

function defaultEverywhere(channels: readonly string[]): Record<string, string> {
  return Object.fromEntries(channels.map((channel) => [channel, 'default']));
}

function lineOf(data: LineData, channels: readonly string[]): Line {
  const facts: LineFact[] = [];
  for (const [at, channel] of channels.entries()) {
    const fact = attributeAt(data.line, data.in, at);
    if (fact === null) continue;
    const exception = data.cached?.includes(channel) ? { cached: true as const } : {};
    facts.push({ ...fact, channel, ...versionOf(data.versions?.[channel]), ...exception });
  }
  return {
    line: data.line,
    endOfLife: data.endOfLife ?? null,
    facts,
    ...(data.companions === undefined ? {} : { companions: data.companions }),
    ...(data.components === undefined ? {} : { components: data.components }),
  };
}

function versionOf(text: string | undefined): Pick<LineFact, 'version' | 'precision' | 'atLeast'> {
  if (text === undefined) return { version: null, precision: 'line' };
  if (text.endsWith('+')) return { version: null, precision: 'line', atLeast: text.slice(0, -1) };
  if (text.endsWith('.x')) return { version: text.slice(0, -2), precision: 'minor' };
  return { version: text, precision: 'exact' };
}
