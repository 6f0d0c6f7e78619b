import { presence } from '../evidence.ts';
import { filesNamed, folderOf, isSideFolder } from '../shared/tree.ts';
import { allLines } from '../tasks/further.ts';
import type { Detect, DetectContext, FindingNeed, NestedContainerNeed, ServiceNeed } from '../types.ts';
import { addressedServices } from './addresses.ts';
import { signsOfLine } from './commands.ts';
import { builtService, type ComposeFile, composeFiles, composeServices } from './compose.ts';
import { composeFindings } from './compose-findings.ts';
import { announcedContainers } from './dependencies.ts';
import { devContainers } from './devcontainer.ts';
import { driverServices } from './drivers.ts';
import { kindNotes } from './kinds.ts';
import { prismaServices } from './prisma.ts';
import { maxEvidence, nestedContainers, type Sign } from './signs.ts';
import { supabaseSigns } from './supabase.ts';
import { workflowContainers } from './workflows.ts';
import { wranglerContainers } from './wrangler.ts';

/**
 * Containers that the project itself has to run, and the services that it talks to. A Dockerfile is no
 * evidence: it says how the project is deployed, not what its development needs.
 */
export const detectContainers: Detect = async (context) => {
  const { inventory } = context;
  const wrangler = await wranglerContainers(inventory);
  const files = await composeFiles(inventory);
  const existing = await devContainers(inventory);
  const workflows = await workflowContainers(inventory);
  const nested = nestedContainers([
    ...wrangler.signs,
    ...(await announcedContainers(inventory)),
    ...builtServices(context, files),
    ...daggerModules(context),
    ...(await allLines(inventory)).flatMap(signsOfLine),
    ...(await supabaseSigns(inventory)),
    ...existing.signs,
    ...workflows.signs,
  ]);
  const isComposed = nested.some(({ container }) => container === 'compose');
  return [
    ...nested,
    ...nested.flatMap(notesOf),
    ...wrangler.findings,
    ...existing.findings,
    ...(isComposed ? files.flatMap(composeFindings) : []),
    ...onceEach([
      ...composeServices(files),
      ...prismaServices(inventory),
      ...workflows.services,
      ...addressedServices(inventory),
      ...(await driverServices(inventory)),
    ]),
  ];
};

/** What clear kinds ask of their surroundings. */
function notesOf({ container, confidence, because }: NestedContainerNeed): FindingNeed[] {
  return kindNotes
    .filter((note) => note.container === container && confidence === 'high')
    .map(({ code, severity, message, hint }) => ({
      kind: 'finding',
      code,
      severity,
      message,
      hint,
      because,
    }));
}

/** Services by id: the first gives version and port, the first that knows it the account; all give evidence. */
function onceEach(services: readonly ServiceNeed[]): ServiceNeed[] {
  const byId = new Map<string, ServiceNeed>();
  for (const service of services) {
    const known = byId.get(service.id);
    const because = [...(known?.because ?? []), ...service.because].slice(0, maxEvidence);
    const isGuess = (known ?? service).isGuess === true && service.isGuess === true;
    byId.set(service.id, { ...service, ...known, isGuess, because });
  }
  return [...byId.values()];
}

/** Compose files count when a line starts them, or when a service is to be built that nothing else gives. */
function builtServices({ inventory }: DetectContext, files: readonly ComposeFile[]): Sign[] {
  const built = files.flatMap((file) => builtService(inventory, file) ?? []);
  return built.map((because) => ({ container: 'compose', confidence: 'high', because }));
}

/** https://docs.dagger.io/reference/configuration/modules/ */
function daggerModules(context: DetectContext): Sign[] {
  return filesNamed(context, ['dagger.json'])
    .filter(({ path }) => !isSideFolder(folderOf(path)))
    .map(({ path }) => ({
      container: 'dagger',
      confidence: 'high',
      because: presence(path, 'containers/dagger'),
    }));
}
