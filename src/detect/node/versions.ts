/**
 * Which version of Node.js a project asks for.
 *
 * What pins a version for those who work on a project comes before `engines`, which tells its users what it
 * runs on; version managers read that last, if at all: fnm takes `.nvmrc`, `.node-version`, then package.json
 * (https://github.com/Schniz/fnm/blob/master/src/version_files.rs), actions/setup-node within package.json
 * `volta`, `devEngines`, then `engines` (https://github.com/actions/setup-node/blob/main/src/util.ts). The
 * nearest folder that pins anything decides, as version managers look upwards.
 */
import { isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { ancestors, fileIn, folderOf } from '../shared/tree.ts';
import type { DetectContext, FindingNeed, VersionRequest } from '../types.ts';
import { keyEvidence, type Manifest, readQuietly, textAt } from './manifest.ts';
import type { Package, Workspace } from './packages.ts';
import { mayPin, none, notUnderstood, pinsIn, type Runtime, type Versions, versionFolders } from './pins.ts';
import { rangeOf, type VersionText } from './version-text.ts';

/** Reads requests for one runtime; remembers what folders and manifests say. */
export interface VersionReader {
  /** What the version files of a folder, or of the nearest folder above it, pin. */
  pins(folder: string): Promise<Versions>;
  /** All requests of a package, those of its workspace's root after its own. */
  ofPackage(owner: Package, workspace: Workspace): Promise<Versions>;
}

export const nodeRuntime: Runtime = {
  id: 'node',
  files: ['.nvmrc', '.node-version'],
  tools: ['node', 'nodejs'],
};

export function versionReader(context: DetectContext, runtime: Runtime): VersionReader {
  const { inventory } = context;
  const byFolder = new Map<string, Promise<Versions>>();
  const byManifest = new Map<Manifest, Promise<Versions>>();
  const present = versionFolders(inventory, runtime);
  const pins = (folder: string): Promise<Versions> => {
    let found = byFolder.get(folder);
    if (found === undefined) {
      found = pinsFrom(folder);
      byFolder.set(folder, found);
    }
    return found;
  };
  const pinsFrom = async (folder: string): Promise<Versions> => {
    const names = present.get(folder);
    const isPinned = names !== undefined || mayPin(fileIn(inventory, folder, 'package.json'));
    const own = isPinned ? await pinsIn(inventory, runtime, folder, names ?? new Set()) : none;
    if (own.requests.length > 0 || folder === '.') return own;
    const above = await pins(folderOf(folder));
    return own.findings.length === 0
      ? above
      : { requests: above.requests, findings: [...own.findings, ...above.findings] };
  };
  const stated = (manifest: Manifest): Promise<Versions> => {
    let found = byManifest.get(manifest);
    if (found === undefined) {
      found = engines(manifest, runtime);
      byManifest.set(manifest, found);
    }
    return found;
  };
  return {
    pins,
    async ofPackage({ folder, manifest }, workspace) {
      const parts = [await pins(folder), await stated(manifest)];
      const root = workspace.manifest;
      if (root !== null && root !== manifest) parts.push(await stated(root));
      if (workspace.rush !== null)
        parts.push(await rushRange(workspace.rush.file, workspace.rush.value, runtime));
      return joined(parts);
    },
  };
}

function joined(parts: readonly Versions[]): Versions {
  const full = parts.filter(({ requests, findings }) => requests.length + findings.length > 0);
  if (full.length <= 1) return full[0] ?? none;
  return {
    requests: full.flatMap(({ requests }) => requests),
    findings: full.flatMap(({ findings }) => findings),
  };
}

/** `devEngines.runtime` (https://docs.npmjs.com/cli/v11/configuring-npm/package-json#devengines), `engines`. */
async function engines(manifest: Manifest, runtime: Runtime): Promise<Versions> {
  const requests: VersionRequest[] = [];
  const findings: FindingNeed[] = [];
  const take = async (text: string, path: readonly string[], rule: string) => {
    const version: VersionText | null | undefined = await rangeOf(text);
    const because = () => keyEvidence(manifest.file, path, rule);
    if (version === undefined) findings.push(notUnderstood(runtime, text, because()));
    else if (version !== null) requests.push({ ...version, because: because() });
  };
  for (const version of devEngines(manifest, 'runtime', runtime.id)) {
    if (version !== null) await take(version, ['devEngines', 'runtime'], `${runtime.id}/dev-engines`);
  }
  const text = textAt(manifest, ['engines', runtime.id]);
  if (text !== null) await take(text, ['engines', runtime.id], `${runtime.id}/engines`);
  return requests.length + findings.length === 0 ? none : { requests, findings };
}

/** Versions that `devEngines` states for a name: one object, or a list of alternatives. */
export function devEngines(
  { value }: Manifest,
  field: 'runtime' | 'packageManager',
  name: string,
): (string | null)[] {
  const stated = valueAt(value, ['devEngines', field]);
  const list: unknown[] = Array.isArray(stated) ? stated : [stated];
  return list
    .filter(isRecord)
    .filter((each) => stringAt(each, ['name'])?.toLowerCase() === name)
    .map((each) => stringAt(each, ['version']));
}

/** https://rushjs.io/pages/configs/rush_json/ */
async function rushRange(file: ClaimedFile, value: unknown, { id }: Runtime): Promise<Versions> {
  const text = id === 'node' ? stringAt(value, ['nodeSupportedVersionRange']) : null;
  const version = text === null ? null : await rangeOf(text);
  if (version === null || version === undefined) return none;
  const line =
    (file.text ?? '').split('\n').findIndex((each) => /^\s*"nodeSupportedVersionRange"/.test(each)) + 1;
  return { requests: [{ ...version, because: evidence(file, line || null, 'node/rush') }], findings: [] };
}

/** The folders above a folder, itself included, that hold a manifest with this field; nearest first. */
export function manifestsAbove(context: DetectContext, folder: string): Manifest[] {
  return ancestors(folder)
    .map((at) => fileIn(context.inventory, at, 'package.json'))
    .filter((file) => file !== null)
    .map(readQuietly)
    .filter((manifest) => manifest !== null);
}
