/** Deno: docs/ecosystems/deno.md says what is read, in which order. */
import { append } from '../../append.ts';
import { stringAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { lineTable } from '../../text/lines.ts';
import { evidence, presence, shown } from '../evidence.ts';
import { scriptsOf } from '../node/manifest.ts';
import { foreignFolders, packagesOf } from '../node/packages.ts';
import { workspaceFacts } from '../node/projects.ts';
import { denoScript, isDenoOnly } from '../node/runtimes.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { ancestors, fileIn, filesNamed, folderOf, isSideFolder, join, nearest } from '../shared/tree.ts';
import type { DependencyNeed, Detect, DetectContext, Need, ProjectNeed } from '../types.ts';
import { denoCommands, taskPorts } from './commands.ts';
import {
  type DenoConfig,
  type Import,
  importsOf,
  lockedNpm,
  npmPackage,
  readConfig,
  tasksOf,
} from './config.ts';
import { denoFrameworksOf } from './frameworks.ts';
import { denoVersions } from './versions.ts';

/** Functions that a host's own runtime runs: Deno is at most a convenience for them. */
const hostedFunctions = /(^|\/)(supabase\/functions|netlify\/edge-functions)(\/|$)/;

export const detectDeno: Detect = async (context) => {
  const needs: Need[] = [];
  const projects = await denoFolders(context);
  const served = new Set<string>();
  for (const { folder, because, config } of projects) {
    if (isSideFolder(folder) || hostedFunctions.test(folder)) continue;
    served.add(folder);
    append(needs, await projectOf(context, folder, because, config));
  }
  append(needs, await scriptNeeds(context, served));
  if (needs.length > 0) return needs;
  const side = projects[0];
  if (side !== undefined) {
    const { requests } = await denoVersions(context, side.folder);
    return [
      {
        kind: 'toolchain',
        id: 'deno',
        project: side.folder,
        requests,
        because: side.because,
        optional: true,
      },
    ];
  }
  return versionOnly(context);
};

interface DenoFolder {
  folder: string;
  because: Evidence[];
  config: DenoConfig | null;
}

/** Folders that Deno works in, in path order, the root first. */
async function denoFolders(context: DetectContext): Promise<DenoFolder[]> {
  const { inventory } = context;
  const found = new Map<string, DenoFolder>();
  for (const file of filesNamed(context, ['deno.json', 'deno.jsonc'])) {
    const folder = folderOf(file.path);
    if (found.has(folder) || foreignFolders.test(folder)) continue;
    const isSide = isSideFolder(folder);
    const config = isSide ? null : await readConfig(file);
    found.set(folder, { folder, because: [presence(file.path, 'deno/config')], config });
  }
  for (const name of ['deno.lock', 'import_map.json', 'deps.ts', 'mod.ts']) {
    for (const { path } of filesNamed(context, [name])) {
      const folder = folderOf(path);
      const isCovered = ancestors(folder).some((above) => found.has(above));
      if (isCovered || foreignFolders.test(folder)) continue;
      // An import map may be a browser's, a `mod.ts` anything: only where nothing else claims the folder.
      const isNode = ancestors(folder).some((above) => fileIn(inventory, above, 'package.json') !== null);
      if (name !== 'deno.lock' && isNode) continue;
      found.set(folder, { folder, because: [presence(path, 'deno/convention')], config: null });
    }
  }
  return [...found.values()].sort(
    (a, b) => rank(a.folder) - rank(b.folder) || (a.folder < b.folder ? -1 : 1),
  );
}

function rank(folder: string): number {
  return folder === '.' ? 0 : 1;
}

async function projectOf(
  context: DetectContext,
  folder: string,
  because: Evidence[],
  config: DenoConfig | null,
): Promise<Need[]> {
  const { inventory } = context;
  const { requests, findings } = await denoVersions(context, folder);
  const lock = nearest(inventory, folder, ['deno.lock']);
  const imports = await allImports(context, folder, config);
  const found = denoFrameworksOf(imports);
  const tasks = config === null ? new Map<string, string>() : tasksOf(config);
  const ports = taskPorts(tasks);
  const usual = found.find(({ port }) => port !== null)?.port;
  const name = config === null ? null : stringAt(config.value, ['name']);
  const project: ProjectNeed = {
    kind: 'project',
    path: folder,
    name: name === null ? null : shown(name),
    languages: ['deno'],
    frameworks: found.map(({ id }) => id),
    packageManager: null,
    commands: denoCommands({
      inventory,
      folder,
      config: config?.value ?? {},
      tasks,
      hasLock: lock !== null,
      isDeno1: /^[v^~=]*1\b/.test(requests[0]?.raw ?? '') && requests[0]?.scheme !== 'minimum',
    }),
    ports: ports.length > 0 ? ports : usual == null ? [] : [usual],
    because,
  };
  const root = lock !== null && folderOf(lock.path) === folder;
  return [
    { kind: 'toolchain', id: 'deno', project: folder, requests, because },
    project,
    ...(await npmNeeds(context, folder, imports, root ? lock : null)),
    ...findings,
  ];
}

/** Imports of the configuration, and of the import map that it names or that lies beside it. */
async function allImports(
  { inventory }: DetectContext,
  folder: string,
  config: DenoConfig | null,
): Promise<Import[]> {
  const named = config === null ? null : stringAt(config.value, ['importMap']);
  const map = fileIn(inventory, folder, (named ?? 'import_map.json').replace(/^\.\//, ''));
  const sources = [config, map === null ? null : await readConfig(map)];
  return sources.filter((source) => source !== null).flatMap(importsOf);
}

/** npm packages that need something native, imported or locked. */
async function npmNeeds(
  { native: { npm: wanted } }: DetectContext,
  folder: string,
  imports: readonly Import[],
  lock: ClaimedFile | null,
): Promise<DependencyNeed[]> {
  if (wanted.size === 0) return [];
  const needs = new Map<string, DependencyNeed>();
  const add = (name: string, version: string | null, because: Evidence) => {
    if (!wanted.has(name)) return;
    const known = needs.get(name);
    needs.set(name, {
      kind: 'dependency',
      ecosystem: 'npm',
      name,
      version: version ?? known?.version ?? null,
      project: folder,
      because: [...(known?.because ?? []), because],
    });
  };
  for (const { name: key, target, from } of imports) {
    const name = npmPackage(target);
    if (name !== null) add(name, null, evidence(from.file, from.line(['imports', key]), 'deno/import'));
  }
  const document = lock === null ? null : await parseJsonFile(lock);
  if (lock?.text != null && document !== null) {
    let lineOf: ((offset: number) => number) | null = null;
    for (const { key, name, version } of lockedNpm(document.value)) {
      if (!wanted.has(name)) continue;
      lineOf ??= lineTable(lock.text);
      const offset = lock.text.indexOf(`${JSON.stringify(key)}: {`);
      add(name, version, evidence(lock, lineOf(Math.max(0, offset)), 'deno/locked'));
    }
  }
  return [...needs.values()];
}

/** Manifests of npm's kind whose scripts call Deno. */
async function scriptNeeds(context: DetectContext, served: ReadonlySet<string>): Promise<Need[]> {
  const needs: Need[] = [];
  if ((await packagesOf(context)).workspaces.length === 0) return needs;
  for (const { workspace } of await workspaceFacts(context)) {
    for (const owner of workspace.packages) {
      const script = denoScript(owner);
      if (script === null || served.has(owner.folder)) continue;
      const { requests, findings } = await denoVersions(context, owner.folder);
      needs.push(
        { kind: 'toolchain', id: 'deno', project: owner.folder, requests, because: [script] },
        ...findings,
      );
      if (isDenoOnly(context, workspace))
        needs.push(scriptProject(context, owner.folder, owner.manifest, script));
    }
  }
  return needs;
}

/** `deno task` runs the scripts of a manifest: https://docs.deno.com/runtime/reference/cli/task/ */
function scriptProject(
  { inventory }: DetectContext,
  folder: string,
  manifest: Parameters<typeof scriptsOf>[0],
  script: Evidence,
): ProjectNeed {
  const tasks = scriptsOf(manifest);
  const name = stringAt(manifest.value, ['name']);
  const hasLock = inventory.files.has(join(folder, 'deno.lock'));
  return {
    kind: 'project',
    path: folder,
    name: name === null ? null : shown(name),
    languages: ['deno'],
    frameworks: [],
    packageManager: null,
    commands: denoCommands({ inventory, folder, config: {}, tasks, hasLock, isDeno1: false }),
    ports: taskPorts(tasks),
    because: [script],
  };
}

/** Without a project, a version file still asks for it. */
async function versionOnly(context: DetectContext): Promise<Need[]> {
  const { requests, findings } = await denoVersions(context, '.');
  const first = requests[0];
  if (first === undefined) return findings;
  return [{ kind: 'toolchain', id: 'deno', project: '.', requests, because: [first.because] }, ...findings];
}
