import { loaders } from './data/index.ts';
import type { BaseData, EcosystemData } from './data-types.ts';
import { catalogueFrom } from './from.ts';
import { own } from './own.ts';
import type { Catalogue } from './types.ts';

export { catalogueFrom } from './from.ts';

/**
 * The bundled catalogue, with the tools and native needs of some ecosystems only: what is not asked for is
 * not read. Channels, libraries and command line tools are always there.
 *
 * @param ecosystems ids of detectors; one without data of its own is no error
 * @param alone ids of ecosystems of which the tools are wanted, and not those that their detectors may name besides
 */
export async function loadCatalogue(
  ecosystems: readonly string[],
  alone: readonly string[] = [],
): Promise<Catalogue> {
  const base: BaseData = await loaders.base();
  const ids = new Set([...ecosystems.flatMap((id) => [id, ...(own(base.uses, id) ?? [])]), ...alone]);
  const found: Promise<EcosystemData>[] = [];
  for (const [id, load] of Object.entries(loaders.ecosystems)) if (ids.has(id)) found.push(load());
  return catalogueFrom({ base, ecosystems: await Promise.all(found) });
}

/** The ecosystems of the bundled catalogue that have these tools; of a tool that none has, nothing. */
export async function ecosystemsWith(tools: Iterable<string>): Promise<string[]> {
  const { homes = {} }: BaseData = await loaders.base();
  const known = new Set(ecosystemIds);
  return [...new Set([...tools].map((id) => own(homes, id) ?? id))].filter((id) => known.has(id));
}

/** Ids of all ecosystems of the bundled catalogue. */
export const ecosystemIds: readonly string[] = Object.keys(loaders.ecosystems);
