/**
 * The bundled catalogue, held to what the stand-in for nixpkgs really has: rows that it lacks are gone, the
 * versions are those of its programs, and the pins name its trees. So a plan made with it can be built here.
 */
import { ecosystemIds, loadCatalogue } from '../../src/catalogue/load.ts';
import type { AttributeFact, Catalogue, Channel, Line, LineFact } from '../../src/catalogue/types.ts';
import { type AttributeFacts, type ChannelSet, lockedAs, testCatalogueFacts } from './harness.ts';

/** Which set plays which channel. */
const sets: Readonly<Record<string, ChannelSet>> = { 'nixos-26.05': 'current', 'nixos-23.05': 'old' };

type Facts = Record<string, AttributeFacts>;

export async function standInCatalogue(): Promise<Catalogue> {
  const bundled = await loadCatalogue(ecosystemIds);
  const factsOf = new Map<string, Facts>();
  const channels: Channel[] = [];
  for (const channel of bundled.channels) {
    const set = sets[channel.name];
    if (set === undefined) continue;
    const { rev, narHash, lastModified } = await lockedAs(undefined, set);
    channels.push({ ...channel, rev, narHash, lastModified });
    factsOf.set(channel.name, await testCatalogueFacts(set));
  }
  const has = (channel: string, attribute: string) => factsOf.get(channel)?.[attribute];

  /** A line as the stand-in has it: under the line's attributes, whichever release they are of. */
  const asBuilt = (tool: string, line: Line): Line[] => {
    const attributes = new Map(line.facts.map((fact) => [fact.attribute, fact]));
    const byLine = new Map<string, LineFact[]>();
    for (const { name: channel } of channels) {
      for (const [attribute, fact] of attributes) {
        const real = has(channel, attribute);
        if (real === undefined) continue;
        // An attribute without a number (rustc) has the version of its channel.
        const name = /\d/.test(attribute) || !/^\d/.test(line.line) ? line.line : minorOf(real.version);
        // Lines of LuaRocks are those of its Lua.
        if (tool !== 'luarocks' && /^\d/.test(name) && !`${real.version}.`.startsWith(`${name}.`)) continue;
        const facts = byLine.get(name) ?? [];
        const marks = {
          insecure: real.insecure ? [real.pname] : [],
          unfree: real.unfree ? [real.pname] : [],
        };
        const { version } = real;
        byLine.set(name, [...facts, { ...fact, ...marks, channel, version, precision: 'exact' }]);
      }
    }
    return [...byLine].map(([name, facts]) => ({ ...line, line: name, facts }));
  };

  return {
    ...bundled,
    version: `${bundled.version}+stand-in`,
    channels,
    channel: (name) => channels.find((each) => each.name === name) ?? null,
    tool(id) {
      const tool = bundled.tool(id);
      if (tool === null) return null;
      const lines = new Map(tool.lines.flatMap((line) => asBuilt(id, line)).map((line) => [line.line, line]));
      const has = (channel: string) => (line: Line) => line.facts.some((fact) => fact.channel === channel);
      const defaults = channels.flatMap(({ name }) => {
        const usual = lines.get(tool.defaults[name] ?? '');
        const line = usual !== undefined && has(name)(usual) ? usual : [...lines.values()].find(has(name));
        return line === undefined ? [] : [[name, line.line]];
      });
      return { ...tool, lines: [...lines.values()], defaults: Object.fromEntries(defaults) };
    },
    attribute(canonical, channel): AttributeFact | null {
      const fact = bundled.attribute(canonical, channel);
      const [top = ''] = fact?.attribute.split('.') ?? [];
      return top === 'stdenv' || has(channel, top) !== undefined ? fact : null;
    },
  };
}

function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
