import type { Evidence } from '../../plan/schema.ts';
import { evidence, presence } from '../evidence.ts';
import { filesNamed, folderOf, isSideFolder } from '../shared/tree.ts';
import { scriptLines } from '../tasks/scripts.ts';
import type { Detect, DetectContext, Need, ServiceNeed } from '../types.ts';
import { builtService, type ComposeFile, composeFiles, composeServices } from './compose.ts';
import { announcedContainers } from './dependencies.ts';
import { networks } from './kinds.ts';
import { prismaServices } from './prisma.ts';
import { startsCompose } from './started.ts';
import { wranglerContainers } from './wrangler.ts';

/**
 * Containers that the project itself has to run, and the services that it talks to. A Dockerfile is no
 * evidence: it says how the project is deployed, not what its development needs.
 */
export const detectContainers: Detect = async (context) => {
  const { inventory } = context;
  const announced = await announcedContainers(inventory);
  const wrangler = await wranglerContainers(inventory);
  const files = await composeFiles(inventory);
  const kinds: [container: string, version: string | null, because: Evidence[]][] = [
    ['wrangler-containers', wrangler?.version ?? null, wrangler?.because ?? []],
    ['testcontainers', null, announced.get('testcontainers') ?? []],
    ['compose', null, [...(announced.get('compose') ?? []), ...(await composeEvidence(context, files))]],
    ['dagger', null, [...daggerModules(context), ...(announced.get('dagger') ?? [])]],
  ];
  const nested = kinds.flatMap(([container, version, because]): Need[] => {
    const network = networks[container];
    if (because.length === 0 || network === undefined) return [];
    return [
      {
        kind: 'nested-container',
        container,
        version,
        network,
        confidence: 'high',
        because: because.slice(0, maxEvidence),
      },
    ];
  });
  return [...nested, ...onceEach([...composeServices(files), ...prismaServices(inventory)])];
};

/** Services by id: the first gives version and port, all give evidence. */
function onceEach(services: readonly ServiceNeed[]): ServiceNeed[] {
  const byId = new Map<string, ServiceNeed>();
  for (const service of services) {
    const known = byId.get(service.id);
    const because = [...(known?.because ?? []), ...service.because].slice(0, maxEvidence);
    byId.set(service.id, { ...(known ?? service), because });
  }
  return [...byId.values()];
}

/** As many places as a reader wants to see for one kind. */
const maxEvidence = 5;

/** Compose files count when something starts them, or when a service is to be built that nothing else gives. */
async function composeEvidence(
  { inventory }: DetectContext,
  files: readonly ComposeFile[],
): Promise<Evidence[]> {
  const lines = (await scriptLines(inventory)).filter(startsCompose);
  const started = lines.map(({ file, line }) => evidence(file, line(), 'containers/compose-up'));
  const built = files.flatMap((file) => builtService(inventory, file) ?? []);
  return [...started, ...built];
}

/** https://docs.dagger.io/reference/configuration/modules/ */
function daggerModules(context: DetectContext): Evidence[] {
  return filesNamed(context, ['dagger.json'])
    .filter(({ path }) => !isSideFolder(folderOf(path)))
    .map(({ path }) => presence(path, 'containers/dagger'));
}
