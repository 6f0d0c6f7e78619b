/** From the catalogue's sources (catalogue/) to the compact data that the package ships. Pure. */
import { createHash } from 'node:crypto';
import { compileNative } from './native.mjs';
import { parseSpans } from './spans.mjs';
import { compareVersions } from './versions.mjs';

const letters = { confirmed: 'c', interpolated: 'p', inferred: 'i' };

/**
 * @param sources `{ channels, attributes, evidence, ecosystems }`: the parsed files
 * @returns `{ base, ecosystems }` as src/catalogue/data-types.ts describes them
 * @throws Error with the place of the row that is wrong
 */
export function compile({ channels, attributes, evidence, ecosystems }) {
  const names = channels.channels.map(({ name }) => shortName(name));
  const context = {
    newestFirst: names,
    oldestFirst: names.toReversed(),
    evidence,
    attributes: attributes.attributes,
  };
  const compiled = ecosystems.map((source) => ecosystemOf(source, context));
  const base = {
    date: channels.date,
    defaultChannel: channels.defaultChannel,
    channels: channels.channels.map(({ evidence: _evidence, release: _release, ...channel }) => channel),
    attributes: Object.fromEntries(
      Object.entries(attributes.attributes).map(([name, row]) => [
        name,
        at(name, () => attributeOf(name, row, context)),
      ]),
    ),
    tools: attributes.tools,
    uses: Object.fromEntries(
      ecosystems.filter(({ uses }) => uses.length > 0).map(({ id, uses }) => [id, uses]),
    ),
    homes: homesOf(compiled),
  };
  const hash = createHash('sha256')
    .update(JSON.stringify([base, compiled]))
    .digest('hex');
  return { base: { version: `${channels.date}-${hash.slice(0, 12)}`, ...base }, ecosystems: compiled };
}

/** The ecosystem of each tool that has another name than its ecosystem. */
function homesOf(compiled) {
  const homes = compiled.flatMap(({ id, data }) => data.tools.map((tool) => [tool.id, id]));
  return Object.fromEntries(homes.filter(([tool, id]) => tool !== id).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `nixos-26.05` → `26.05`: how the sources write a channel. */
export function shortName(channel) {
  return channel.replace(/^nixos-/, '');
}

function attributeOf(name, row, context) {
  const { attributes, ...rest } = Array.isArray(row) ? { attributes: { [name]: row } } : row;
  const segments = segmentsOf(attributes, rest, context).map(({ segment }) => segment);
  const [only] = segments;
  const isPlain = segments.length === 1 && only.attribute === name && Object.keys(only).length === 2;
  return isPlain ? only.in : segments;
}

function segmentsOf(attributes, { systems, unfree, insecure }, { newestFirst, oldestFirst, evidence }) {
  const seen = new Set();
  return Object.entries(attributes).map(([attribute, texts]) => {
    const facts = parseSpans(texts, oldestFirst);
    for (const [channel, fact] of facts) {
      if (seen.has(channel)) throw new Error(`${channel} has two spellings`);
      seen.add(channel);
      const unknown = fact.evidence.filter((id) => !Object.hasOwn(evidence, id));
      if (unknown.length > 0) throw new Error(`no such evidence: ${unknown.join(', ')}`);
      if (fact.insecure && insecure === undefined) throw new Error(`${channel}: which name is insecure?`);
    }
    const presence = newestFirst.map((channel) => letterOf(facts.get(channel))).join('');
    const segment = { attribute, in: presence.replace(/-+$/, ''), ...defined({ systems, unfree }) };
    if (/[A-Z]/.test(presence)) segment.insecure = insecure;
    return { segment, facts };
  });
}

function letterOf(fact) {
  if (fact === undefined) return '-';
  const letter = letters[fact.grade];
  return fact.insecure ? letter.toUpperCase() : letter;
}

function ecosystemOf({ id, tools, native }, context) {
  const version = (channel) => `nixos-${channel}`;
  return {
    id,
    data: {
      tools: tools.map((tool) => at(`${id}: ${tool.id}`, () => toolOf(tool, context, version))),
      native: compileNative(native, context),
    },
  };
}

function toolOf({ id, bundledWith, aliases, defaults, extensions, included, lines = [] }, context, fullName) {
  return defined({
    id,
    bundledWith,
    aliases,
    defaults:
      defaults === undefined
        ? undefined
        : Object.fromEntries(
            Object.entries(defaults).map(([channel, line]) => {
              if (!lines.some((each) => each.line === line)) throw new Error(`no line ${line}`);
              return [fullName(channel), line];
            }),
          ),
    extensions:
      extensions === undefined
        ? undefined
        : Object.fromEntries(
            Object.entries(extensions).map(([name, row]) => [
              name,
              at(name, () => attributeOf(name, row, context)),
            ]),
          ),
    included,
    lines: lines.map((line) => at(line.line, () => lineOf(line, context, fullName))),
  });
}

function lineOf({ line, endOfLife, companions, components, attributes, ...rest }, context, fullName) {
  const segments = segmentsOf(attributes, rest, context);
  const facts = new Map(segments.flatMap((each) => [...each.facts]));
  const versions = versionsOf(facts, context.oldestFirst, fullName);
  const cached = context.newestFirst.filter((channel) => facts.get(channel)?.cached).map(fullName);
  return defined({
    line,
    endOfLife,
    companions,
    components,
    in: segments.map(({ segment }) => segment),
    versions: Object.keys(versions).length === 0 ? undefined : versions,
    cached: cached.length === 0 ? undefined : cached,
  });
}

/**
 * Versions by channel. A channel whose version is not known has at least the highest of the channels before
 * it: a line does not go back from one release to the next.
 */
function versionsOf(facts, oldestFirst, fullName) {
  const versions = {};
  let highest = null;
  for (const channel of oldestFirst) {
    const fact = facts.get(channel);
    if (fact === undefined) continue;
    const own = fact.version?.replace(/(\.x|\+)$/, '') ?? null;
    if (own !== null && (highest === null || compareVersions(own, highest) > 0)) highest = own;
    if (fact.version !== null && !fact.version.endsWith('+')) versions[fullName(channel)] = fact.version;
    else if (highest !== null) versions[fullName(channel)] = `${highest}+`;
  }
  return versions;
}

function defined(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function at(place, run) {
  try {
    return run();
  } catch (error) {
    throw new Error(`${place}: ${error.message}`, { cause: error });
  }
}
