/** The frameworks of packages, and the ports that they listen on. */
import { isRecord, valueAt } from '../../parse/value.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { parseTomlFile } from '../shared/parsed.ts';
import { leptosPort, rustFrameworks, trunkPort } from './frameworks.ts';
import type { Direct } from './native.ts';
import type { CargoProject } from './workspaces.ts';

/**
 * @param direct their dependencies
 * @param trunk `Trunk.toml`, where they are served by Trunk
 */
export async function frameworksOf(
  { members }: Pick<CargoProject, 'members'>,
  direct: readonly Direct[],
  trunk: ClaimedFile | null,
): Promise<{ frameworks: string[]; ports: number[] }> {
  const crates = new Set(direct.map(({ dependency }) => dependency.crate));
  const found = rustFrameworks.filter((each) => each.crates.some((crate) => crates.has(crate)));
  const ports = found.flatMap(({ port }) => port ?? []);
  if (trunk !== null) ports.push(await trunkServes(trunk));
  const usesLeptos = members.some(({ document }) =>
    isRecord(valueAt(document.value, ['package', 'metadata', 'leptos'])),
  );
  if (usesLeptos) ports.push(leptosPort);
  return { frameworks: found.map(({ id }) => id), ports };
}

async function trunkServes(file: ClaimedFile): Promise<number> {
  const parsed = await parseTomlFile(file);
  const port = valueAt(parsed?.value, ['serve', 'port']);
  return typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65536 ? port : trunkPort;
}
