import type { BaseData, EcosystemData } from './data-types.ts';
import { attributeAt, toolOf, toolOfAttribute } from './facts.ts';
import { nativeRow } from './native.ts';
import { own } from './own.ts';
import type { AttributeFact, Catalogue, NativeEcosystem, Tool } from './types.ts';

/**
 * A catalogue from compiled data: the bundled one, or one of a user's own (docs/catalogue.md).
 * Pure; facts are decoded when they are asked for.
 */
export function catalogueFrom({
  base,
  ecosystems,
}: {
  base: BaseData;
  ecosystems: readonly EcosystemData[];
}): Catalogue {
  const names = base.channels.map(({ name }) => name);
  const tools = new Map(ecosystems.flatMap((each) => each.tools).map((tool) => [tool.id, tool]));
  const decoded = new Map<string, Tool | null>();

  function attribute(canonical: string, channel: string): AttributeFact | null {
    const data = own(base.attributes, canonical);
    return data === undefined ? null : attributeAt(canonical, data, names.indexOf(channel));
  }

  function decode(id: string): Tool | null {
    const data = tools.get(id);
    if (data !== undefined) return toolOf(data, names);
    const canonical = own(base.tools, id) ?? id;
    const row = own(base.attributes, canonical);
    return row === undefined ? null : toolOfAttribute(id, canonical, row, names);
  }

  function tool(id: string): Tool | null {
    const known = decoded.get(id);
    if (known !== undefined) return known;
    const fresh = decode(id);
    decoded.set(id, fresh);
    return fresh;
  }

  const tables = (ecosystem: NativeEcosystem) => ecosystems.flatMap(({ native }) => native[ecosystem] ?? []);
  const namesOf = (ecosystem: NativeEcosystem) =>
    new Set(tables(ecosystem).flatMap((table) => Object.keys(table.packages)));

  return {
    version: base.version,
    date: base.date,
    defaultChannel: base.defaultChannel,
    channels: base.channels,
    channel: (name) => base.channels.find((each) => each.name === name) ?? null,
    tool,
    attribute,
    native(ecosystem, name, version) {
      for (const table of tables(ecosystem)) {
        const row = nativeRow(ecosystem, table, name, version);
        if (row !== null) return row;
      }
      return null;
    },
    nativeNames: {
      npm: namesOf('npm'),
      pypi: namesOf('pypi'),
      crates: namesOf('crates'),
      go: namesOf('go'),
      cran: namesOf('cran'),
      cpan: namesOf('cpan'),
      luarocks: namesOf('luarocks'),
      conda: namesOf('conda'),
    },
  };
}
