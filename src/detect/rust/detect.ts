import { append } from '../../append.ts';
import { isRecord, stringAt, stringsAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { ancestors, fileIn, isSideFolder } from '../shared/tree.ts';
import type { Detect, DetectContext, Need, ToolNeed } from '../types.ts';
import { cargoCommands } from './commands.ts';
import { cargoConfig } from './config.ts';
import { frameworksOf } from './frameworks-of.ts';
import { isFuzzing, manifestEvidence } from './manifest.ts';
import { memberNeeds } from './members.ts';
import { type Direct, directDependencies, nativeNeeds } from './native.ts';
import { rustToolchain } from './requests.ts';
import { type CargoProject, cargoProjects } from './workspaces.ts';

/**
 * Rust: every Cargo workspace, every package in it, and every package outside of one, is a project. Examples, tests
 * and fuzz targets count only where there is nothing else, and then as optional.
 */
export const detectRust: Detect = async (context) => {
  const projects = await cargoProjects(context);
  const main = projects.filter((project) => !isSide(project));
  const needs: Need[] = [];
  for (const project of main) append(needs, await needsOf(context, project));
  const [side] = projects;
  if (main.length === 0 && side !== undefined) needs.push(await sideNeed(context, side));
  return needs;
};

function isSide({ folder, root, members }: CargoProject): boolean {
  const manifest = root ?? members[0];
  return isSideFolder(folder) || (manifest !== undefined && isFuzzing(manifest));
}

async function sideNeed({ inventory }: DetectContext, project: CargoProject): Promise<Need> {
  const { folder, members } = project;
  const { requests } = await rustToolchain(inventory, project);
  const because = members.slice(0, 1).map(manifestEvidence);
  return { kind: 'toolchain', id: 'rust', project: folder, requests, because, optional: true };
}

const wasm = 'wasm32-unknown-unknown';

async function needsOf(context: DetectContext, project: CargoProject): Promise<Need[]> {
  const { inventory, native } = context;
  const { folder } = project;
  const manifest = project.root ?? project.members[0];
  if (manifest === undefined) return [];
  const because = [manifestEvidence(manifest)];
  const toolchain = await rustToolchain(inventory, project);
  const config = await cargoConfig(inventory, folder);
  const direct = directDependencies(project);
  const trunk = fileIn(inventory, folder, 'Trunk.toml');
  const wasmTools = wasmNeeds(project, trunk);
  const targets = trunk !== null || buildsWasm(project, direct) ? [wasm] : [];
  const components = [...new Set([...toolchain.components, ...config.targets, ...targets])];
  const nextest = nextestFile(context, folder);
  const lock = fileIn(inventory, folder, 'Cargo.lock');
  return [
    {
      kind: 'toolchain',
      id: 'rust',
      project: folder,
      requests: toolchain.requests,
      because,
      ...(components.length > 0 ? { components } : {}),
    },
    {
      kind: 'package-manager',
      id: 'cargo',
      project: folder,
      requests: [],
      lockfile: lock?.path ?? null,
      because: lock === null ? because : [...because, presence(lock.path, 'rust/cargo-lock')],
    },
    { kind: 'compiler', project: folder, because },
    ...nativeNeeds(inventory, native.crates, project, direct),
    ...config.tools,
    ...wasmTools,
    ...(nextest === null ? [] : [tool('cargo-nextest', folder, presence(nextest.path, 'rust/nextest'))]),
    {
      kind: 'project',
      path: folder,
      name: stringAt(manifest.document.value, ['package', 'name']),
      languages: ['rust'],
      ...(await frameworksOf(project, direct, trunk)),
      packageManager: 'cargo',
      commands: cargoCommands(inventory, project, {
        usesTrunk: trunk !== null,
        usesNextest: nextest !== null,
        hasClippy: toolchain.profile !== 'minimal',
      }),
      because,
    },
    ...(await memberNeeds(context, project, { toolchain, components, hasNextest: nextest !== null })),
    ...toolchain.findings,
  ];
}

function tool(id: string, project: string, because: ToolNeed['because'][number]): ToolNeed {
  return { kind: 'tool', id, project, because: [because] };
}

/** Libraries for JavaScript: `crate-type = ["cdylib"]` and wasm-bindgen. */
function buildsWasm({ members }: CargoProject, direct: readonly Direct[]): boolean {
  const bound = new Set(
    direct.filter(({ dependency }) => dependency.crate === 'wasm-bindgen').map(({ manifest }) => manifest),
  );
  return members.some(
    (member) =>
      bound.has(member) &&
      ['crate-type', 'crate_type'].some((key) =>
        stringsAt(member.document.value, ['lib', key]).includes('cdylib'),
      ),
  );
}

/** Trunk where it is configured; wasm-pack where a package says how it is to build. */
function wasmNeeds({ folder, members }: CargoProject, trunk: ClaimedFile | null): ToolNeed[] {
  const needs = trunk === null ? [] : [tool('trunk', folder, presence(trunk.path, 'rust/trunk'))];
  const path = ['package', 'metadata', 'wasm-pack'];
  const packed = members.find(({ document }) => isRecord(valueAt(document.value, path)));
  if (packed !== undefined) {
    const because = evidence(packed.file, packed.document.line(path), 'rust/wasm-pack');
    needs.push(tool('wasm-pack', folder, because));
  }
  return needs;
}

function nextestFile({ inventory }: DetectContext, folder: string): ClaimedFile | null {
  return (
    ancestors(folder)
      .map((at) => fileIn(inventory, at, '.config/nextest.toml'))
      .find((file) => file !== null) ?? null
  );
}
