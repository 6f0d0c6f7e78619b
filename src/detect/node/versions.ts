/**
 * Which version of Node.js a project asks for.
 *
 * What pins a version for developers comes before what states compatibility: `engines` "affects consumers",
 * version managers read it last, if at all (https://github.com/Schniz/fnm/blob/master/src/version_files.rs:
 * `.nvmrc`, `.node-version`, `package.json`; actions/setup-node in package.json: `volta`, `devEngines`,
 * `engines`). The nearest folder that pins anything decides, as version managers look upwards.
 */
import { isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, shown } from '../evidence.ts';
import { parseYamlFile } from '../shared/parsed.ts';
import { ancestors, fileIn, folderOf } from '../shared/tree.ts';
import { versionFileClaims, versionFileRequests } from '../shared/version-files.ts';
import type { DetectContext, FindingNeed, VersionRequest } from '../types.ts';
import { keyEvidence, type Manifest, readQuietly, textAt } from './manifest.ts';
import type { Package, Workspace } from './packages.ts';
import { fileVersionOf, pinOf, rangeOf, type VersionText, versionLine } from './version-text.ts';

export interface Versions {
  requests: VersionRequest[];
  findings: FindingNeed[];
}

const none: Versions = { requests: [], findings: [] };

/** Reads requests for one runtime; remembers what folders and manifests say. */
export interface VersionReader {
  /** What the version files of a folder, or of the nearest folder above it, pin. */
  pins(folder: string): Promise<Versions>;
  /** All requests of a package, those of its workspace's root after its own. */
  ofPackage(owner: Package, workspace: Workspace): Promise<Versions>;
}

/** A runtime, by the names that it has in the places that may pin it. */
export interface Runtime {
  id: string;
  /** Files that hold nothing but a version, in order of precedence. */
  files: readonly string[];
  /** Names in `.tool-versions` and `mise.toml`. */
  tools: readonly string[];
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
  const versionFiles = new Set<string>([
    ...runtime.files,
    ...versionFileClaims.names,
    '.npmrc',
    'pnpm-workspace.yaml',
    'package.json',
  ]);
  const folders = new Set<string>();
  for (const path of inventory.files.keys()) {
    const slash = path.lastIndexOf('/');
    if (versionFiles.has(path.slice(slash + 1))) folders.add(slash === -1 ? '.' : path.slice(0, slash));
    else if (path.endsWith('/config.toml') || path.endsWith('/mise.toml')) folders.add(ownerOf(path));
  }

  const pins = (folder: string): Promise<Versions> => {
    let found = byFolder.get(folder);
    if (found === undefined) {
      found = pinsFrom(folder);
      byFolder.set(folder, found);
    }
    return found;
  };
  const pinsFrom = async (folder: string): Promise<Versions> => {
    const own = folders.has(folder) ? await pinsIn(context, runtime, folder) : none;
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

/** What one folder pins, in order: version files, Volta, mise, asdf, pnpm. */
async function pinsIn(context: DetectContext, runtime: Runtime, folder: string): Promise<Versions> {
  const { inventory } = context;
  const requests: VersionRequest[] = [];
  const findings: FindingNeed[] = [];
  for (const name of runtime.files) {
    const file = fileIn(inventory, folder, name);
    const found = file?.text ? versionLine(file.text) : null;
    if (file === null || found === null) continue;
    const version = await fileVersionOf(found.raw);
    const because = evidence(file, found.line, `${runtime.id}/${name.slice(1)}`);
    if (version === undefined) findings.push(notUnderstood(runtime, found.raw, because));
    else if (version !== null) requests.push({ ...version, because });
  }
  const manifestFile = fileIn(inventory, folder, 'package.json');
  const manifest = manifestFile === null ? null : readQuietly(manifestFile);
  if (manifest !== null) add(requests, volta(manifest, runtime));
  for (const request of await versionFileRequests(inventory, folder, runtime.tools)) {
    if (ownerOf(request.because.file) === folder) requests.push(request);
  }
  if (runtime.id === 'node') {
    add(requests, npmrc(fileIn(inventory, folder, '.npmrc')));
    add(requests, await pnpmWorkspace(fileIn(inventory, folder, 'pnpm-workspace.yaml')));
    if (manifest !== null)
      add(requests, pinAt(manifest, ['pnpm', 'executionEnv', 'nodeVersion'], 'node/pnpm'));
  }
  return { requests, findings };
}

function add(requests: VersionRequest[], request: VersionRequest | null): void {
  if (request !== null) requests.push(request);
}

/** The folder that a version file speaks for: `a` for `a/.config/mise/config.toml`. */
function ownerOf(path: string): string {
  const suffix = [...versionFileClaims.suffixes]
    .sort((a, b) => b.length - a.length)
    .find((each) => path === each || path.endsWith(`/${each}`));
  if (suffix === undefined) return folderOf(path);
  return path === suffix ? '.' : path.slice(0, -suffix.length - 1);
}

/** https://docs.volta.sh/guide/understanding#managing-your-project */
function volta(manifest: Manifest, { id }: Runtime): VersionRequest | null {
  return pinAt(manifest, ['volta', id], `${id}/volta`);
}

function pinAt(manifest: Manifest, path: readonly string[], rule: string): VersionRequest | null {
  const text = textAt(manifest, path);
  const version = text === null ? undefined : pinOf(text);
  return version === undefined ? null : { ...version, because: keyEvidence(manifest.file, path, rule) };
}

/** https://pnpm.io/10.x/settings#usenodeversion, `use-node-version` in `.npmrc` before pnpm 10. */
function npmrc(file: ClaimedFile | null): VersionRequest | null {
  for (const [at, line] of (file?.text ?? '').split(/\r?\n/).entries()) {
    const raw = /^\s*use-node-version\s*=\s*["']?(?<version>[^"'\s;#]+)/.exec(line)?.groups?.version;
    const version = raw === undefined ? undefined : pinOf(raw);
    if (version !== undefined && file !== null)
      return { ...version, because: evidence(file, at + 1, 'node/npmrc') };
  }
  return null;
}

async function pnpmWorkspace(file: ClaimedFile | null): Promise<VersionRequest | null> {
  if (file === null || !/^useNodeVersion\s*:/m.test(file.text ?? '')) return null;
  const document = await parseYamlFile(file);
  const version = pinOf(stringAt(document?.value, ['useNodeVersion']) ?? '');
  if (document === null || version === undefined) return null;
  return { ...version, because: evidence(file, document.line(['useNodeVersion']), 'node/pnpm-workspace') };
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

function notUnderstood({ id }: Runtime, text: string, because: VersionRequest['because']): FindingNeed {
  return {
    kind: 'finding',
    code: 'version-not-understood',
    severity: 'warning',
    message: `${because.file}${because.line === null ? '' : `:${because.line}`} asks for ${id} "${shortened(text)}", which is no version`,
    hint: `Name a version such as 22, or "lts/*" in a version file.`,
    because: [because],
  };
}

/** For a message: a few words of what stands there. */
export function shortened(text: string): string {
  const plain = shown(text);
  return plain.length > 40 ? `${plain.slice(0, 39).toWellFormed()}…` : plain;
}

/** The folders above a folder, itself included, that hold a manifest with this field; nearest first. */
export function manifestsAbove(context: DetectContext, folder: string): Manifest[] {
  return ancestors(folder)
    .map((at) => fileIn(context.inventory, at, 'package.json'))
    .filter((file) => file !== null)
    .map(readQuietly)
    .filter((manifest) => manifest !== null);
}
