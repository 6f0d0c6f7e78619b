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
  const ids = new Set([...withUsed(base, ecosystems), ...alone]);
  const found: Promise<EcosystemData>[] = [];
  for (const [id, load] of Object.entries(loaders.ecosystems)) if (ids.has(id)) found.push(load());
  return catalogueFrom({ base, ecosystems: await Promise.all(found) });
}

/** The ecosystems of the bundled catalogue that have these tools, and do not come with these ecosystems already. */
export async function ecosystemsWith(
  tools: Iterable<string>,
  ecosystems: readonly string[],
): Promise<string[]> {
  const base: BaseData = await loaders.base();
  const known = new Set(ecosystemIds);
  for (const id of withUsed(base, ecosystems)) known.delete(id);
  const homes = [...tools].map((id) => own(base.homes ?? {}, id) ?? id);
  return [...new Set(homes)].filter((id) => known.has(id));
}

function withUsed({ uses }: BaseData, ecosystems: readonly string[]): string[] {
  return ecosystems.flatMap((id) => [id, ...(own(uses, id) ?? [])]);
}

/** Ids of all ecosystems of the bundled catalogue. */
export const ecosystemIds: readonly string[] = Object.keys(loaders.ecosystems);
