/** What version files and settings of one folder pin. */
import { stringAt } from '../../parse/value.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence, shown } from '../evidence.ts';
import { parseYamlFile } from '../shared/parsed.ts';
import { fileIn, folderOf } from '../shared/tree.ts';
import { versionFileClaims, versionFileRequests } from '../shared/version-files.ts';
import type { FindingNeed, VersionRequest } from '../types.ts';
import { keyEvidence, type Manifest, readQuietly, textAt } from './manifest.ts';
import { namedFiles } from './packages.ts';
import { fileVersionOf, pinOf, versionLine } from './version-text.ts';

export interface Versions {
  requests: VersionRequest[];
  findings: FindingNeed[];
}

export const none: Versions = { requests: [], findings: [] };

/** A runtime, by the names that it has in the places that may pin it. */
export interface Runtime {
  id: string;
  /** Files that hold nothing but a version, in order of precedence. */
  files: readonly string[];
  /** Names in `.tool-versions` and `mise.toml`. */
  tools: readonly string[];
}

/** Stands for `.tool-versions` and mise's files among the names of a folder. */
const shared = '.tool-versions';

/** Folders that hold files which may pin a version, with the names of these files. */
export function versionFolders(inventory: Inventory, runtime: Runtime): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>();
  const note = (folder: string, name: string) => {
    const names = folders.get(folder);
    if (names === undefined) folders.set(folder, new Set([name]));
    else names.add(name);
  };
  for (const name of [...runtime.files, '.npmrc', 'pnpm-workspace.yaml']) {
    for (const { path } of namedFiles(inventory, name)) note(folderOf(path), name);
  }
  for (const name of [...versionFileClaims.names, 'config.toml']) {
    for (const { path } of namedFiles(inventory, name)) note(ownerOf(path), shared);
  }
  return folders;
}

/** Whether a manifest has fields that pin a version. */
export function mayPin(manifest: ClaimedFile | null): boolean {
  const text = manifest?.text;
  return text != null && (text.includes('"volta"') || text.includes('"executionEnv"'));
}

/** What one folder pins, in order: version files, Volta, mise, asdf, pnpm. */
export async function pinsIn(
  inventory: Inventory,
  runtime: Runtime,
  folder: string,
  names: ReadonlySet<string>,
): Promise<Versions> {
  const requests: VersionRequest[] = [];
  const findings: FindingNeed[] = [];
  for (const name of runtime.files) {
    const file = names.has(name) ? fileIn(inventory, folder, name) : null;
    const found = file?.text ? versionLine(file.text) : null;
    if (file === null || found === null) continue;
    const version = await fileVersionOf(found.raw);
    const because = evidence(file, found.line, `${runtime.id}/${name.slice(1)}`);
    if (version === undefined) findings.push(notUnderstood(runtime, found.raw, because));
    else if (version !== null) requests.push({ ...version, because });
  }
  const manifestFile = fileIn(inventory, folder, 'package.json');
  const manifest = manifestFile !== null && mayPin(manifestFile) ? readQuietly(manifestFile) : null;
  if (manifest !== null) add(requests, volta(inventory, manifest, runtime));
  if (names.has(shared)) {
    for (const request of await versionFileRequests(inventory, folder, runtime.tools)) {
      if (ownerOf(request.because.file) === folder) requests.push(request);
    }
  }
  if (runtime.id === 'node') {
    if (names.has('.npmrc')) add(requests, npmrc(fileIn(inventory, folder, '.npmrc')));
    if (names.has('pnpm-workspace.yaml'))
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

/** https://docs.volta.sh/guide/understanding#managing-your-project, https://docs.volta.sh/advanced/workspaces */
function volta(inventory: Inventory, manifest: Manifest, { id }: Runtime): VersionRequest | null {
  let from: Manifest | null = manifest;
  for (let hops = 0; from !== null && hops < 5; hops++) {
    const pin = pinAt(from, ['volta', id], `${id}/volta`);
    if (pin !== null) return pin;
    const path: string | null = resolved(from.folder, textAt(from, ['volta', 'extends']));
    const file: ClaimedFile | undefined = path === null ? undefined : inventory.files.get(path);
    from = file === undefined ? null : readQuietly(file);
  }
  return null;
}

/** A relative path from a folder; null where it leaves the repository. */
function resolved(folder: string, path: string | null): string | null {
  if (path === null || path.length > 512 || path.startsWith('/')) return null;
  const steps = folder === '.' ? [] : folder.split('/');
  for (const step of path.split('/')) {
    if (step === '..') {
      if (steps.pop() === undefined) return null;
    } else if (step !== '.' && step !== '') {
      steps.push(step);
    }
  }
  return steps.join('/');
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

export function notUnderstood(
  { id }: Runtime,
  text: string,
  because: VersionRequest['because'],
): FindingNeed {
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
