/** The packages of a Cargo workspace as projects, besides the workspace itself. */
import { stringAt } from '../../parse/value.ts';
import { fileIn, isSideFolder } from '../shared/tree.ts';
import type { DetectContext, Need } from '../types.ts';
import { cargoCommands } from './commands.ts';
import { frameworksOf } from './frameworks-of.ts';
import { isFuzzing, type Manifest, manifestEvidence } from './manifest.ts';
import { directDependencies } from './native.ts';
import type { RustToolchain } from './requests.ts';
import type { CargoProject } from './workspaces.ts';

interface OfWorkspace {
  toolchain: RustToolchain;
  components: readonly string[];
  hasNextest: boolean;
}

/**
 * One toolchain and one lock file serve them all, and Cargo builds in the folder of a package that package alone:
 * https://doc.rust-lang.org/cargo/reference/workspaces.html#package-selection
 */
export async function memberNeeds(
  context: DetectContext,
  project: CargoProject,
  shared: OfWorkspace,
): Promise<Need[]> {
  const needs = await Promise.all(
    project.members
      .filter(({ folder }) => folder !== project.folder && !isSideFolder(folder))
      .filter((member) => !isFuzzing(member))
      .map((member) => needsOf(context, project, member, shared)),
  );
  return needs.flat();
}

async function needsOf(
  { inventory }: DetectContext,
  { folder, root }: CargoProject,
  member: Manifest,
  { toolchain, components, hasNextest }: OfWorkspace,
): Promise<Need[]> {
  const because = [{ ...manifestEvidence(member), rule: 'rust/workspace-member' }];
  const own = { folder: member.folder, root, members: [member], defaults: [member] };
  const lock = fileIn(inventory, folder, 'Cargo.lock');
  const commands = cargoCommands(inventory, own, {
    usesTrunk: false,
    usesNextest: hasNextest,
    hasClippy: toolchain.profile !== 'minimal',
  });
  return [
    {
      kind: 'toolchain',
      id: 'rust',
      project: member.folder,
      requests: toolchain.requests,
      because,
      ...(components.length > 0 ? { components: [...components] } : {}),
    },
    {
      kind: 'package-manager',
      id: 'cargo',
      project: member.folder,
      requests: [],
      lockfile: lock?.path ?? null,
      because,
    },
    {
      kind: 'project',
      path: member.folder,
      name: stringAt(member.document.value, ['package', 'name']),
      languages: ['rust'],
      ...(await frameworksOf(own, directDependencies(own), null)),
      packageManager: 'cargo',
      commands: { ...commands, install: lock === null ? 'cargo fetch' : 'cargo fetch --locked' },
      because,
    },
  ];
}
