/** Which Rust a project asks for. */
import { stringAt, stringsAt } from '../../parse/value.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { parseTomlFile } from '../shared/parsed.ts';
import { ancestors, fileIn } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { FindingNeed, VersionRequest } from '../types.ts';
import { type Manifest, packageKey } from './manifest.ts';
import type { CargoProject } from './workspaces.ts';

export interface RustToolchain {
  requests: VersionRequest[];
  /** Components and targets beyond what rustup installs by default. */
  components: string[];
  /** `minimal` leaves out clippy and rustfmt. */
  profile: string | null;
  findings: FindingNeed[];
}

/**
 * Requests in the order in which they decide: the toolchain file (what rustup obeys), version managers, then
 * minimums: `rust-version`, the edition, and Clippy's `msrv` where nothing else says one.
 */
export async function rustToolchain(inventory: Inventory, project: CargoProject): Promise<RustToolchain> {
  const file = toolchainFile(inventory, project.folder);
  const pinned = file === null ? nothing : await readToolchainFile(file);
  const managed = await versionFileRequests(inventory, project.folder, ['rust']);
  const minimums = minimumsOf(project);
  const hints = minimums.some(({ because }) => because.rule === 'rust/rust-version')
    ? []
    : await clippyMinimum(inventory, project.folder);
  return { ...pinned, requests: [...pinned.requests, ...managed, ...minimums, ...hints] };
}

const nothing: RustToolchain = { requests: [], components: [], profile: null, findings: [] };

/** The nearest one upwards; `rust-toolchain` wins over `rust-toolchain.toml` beside it. */
function toolchainFile(inventory: Inventory, folder: string): ClaimedFile | null {
  for (const at of ancestors(folder)) {
    const file = fileIn(inventory, at, 'rust-toolchain') ?? fileIn(inventory, at, 'rust-toolchain.toml');
    if (file?.text != null) return file;
  }
  return null;
}

/** https://rust-lang.github.io/rustup/overrides.html#the-toolchain-file */
async function readToolchainFile(file: ClaimedFile): Promise<RustToolchain> {
  const lines = (file.text ?? '').split('\n').filter((line) => line.trim() !== '');
  const [only, ...others] = lines;
  const isLegacy = !file.path.endsWith('.toml') && others.length === 0 && !/[=[]/.test(only ?? '');
  if (isLegacy) {
    const channel = only?.trim() ?? '';
    const line = (file.text ?? '').split('\n').findIndex((each) => each.trim() !== '') + 1;
    return { ...nothing, requests: channel === '' ? [] : [requestOf(channel, file, line)] };
  }
  const parsed = await parseTomlFile(file);
  if (parsed === null) return nothing;
  const { value } = parsed;
  const channel = stringAt(value, ['toolchain', 'channel']);
  const path = stringAt(value, ['toolchain', 'path']);
  const line = parsed.line(['toolchain', 'channel']);
  const components = stringsAt(value, ['toolchain', 'components']).filter((name) => !byDefault.has(name));
  return {
    requests: channel === null ? [] : [requestOf(channel, file, line)],
    components: [...components, ...stringsAt(value, ['toolchain', 'targets'])].filter(isName),
    profile: stringAt(value, ['toolchain', 'profile']),
    findings: path === null ? [] : [localToolchain(file, parsed.line(['toolchain', 'path']))],
  };
}

/** The profile `default`: https://rust-lang.github.io/rustup/concepts/profiles.html */
const byDefault = new Set(['rustc', 'cargo', 'rust-std', 'rust-docs', 'rustfmt', 'clippy']);

function isName(text: string): boolean {
  return /^[A-Za-z0-9][\w.-]*$/.test(text);
}

/** `1.75.0` is precisely that, `1.75` its newest patch release; a host that follows is of no account. */
function requestOf(channel: string, file: ClaimedFile, line: number | null): VersionRequest {
  const because = evidence(file, line, 'rust/toolchain-file');
  const raw = channel.replace(/-(x86_64|aarch64|i686|armv7|arm|riscv64gc|powerpc64le|s390x)-.*$/, '');
  if (/^\d+\.\d+\.\d+$/.test(raw)) return { raw, scheme: 'exact', because };
  return { raw, scheme: /^\d+(\.\d+)?$/.test(raw) ? 'prefix' : 'alias', because };
}

function localToolchain(file: ClaimedFile, line: number | null): FindingNeed {
  return {
    kind: 'finding',
    code: 'toolchain-not-portable',
    severity: 'warning',
    message: `${file.path} names a toolchain by its folder on one machine: it is left out`,
    hint: 'Name a channel with "channel", or a version with "versions" in nidify.jsonc.',
    because: [evidence(file, line, 'rust/toolchain-file')],
  };
}

/** The compiler in which an edition became stable: https://doc.rust-lang.org/edition-guide/editions/ */
const editions: Readonly<Record<string, string>> = { '2018': '1.31', '2021': '1.56', '2024': '1.85' };

/** The highest `rust-version` of the packages, and what their newest edition needs; the higher first. */
function minimumsOf({ root, members }: CargoProject): VersionRequest[] {
  const all = root === null || members.includes(root) ? members : [root, ...members];
  const versions = all.flatMap((manifest) =>
    keyRequests(manifest, root, 'rust-version', 'rust/rust-version'),
  );
  const newest = all
    .flatMap((manifest) => keyRequests(manifest, root, 'edition', 'rust/edition'))
    .flatMap((request) => {
      const raw = editions[request.raw];
      return raw === undefined ? [] : [{ ...request, raw }];
    });
  return [...versions.sort(highestFirst).slice(0, 1), ...newest.sort(highestFirst).slice(0, 1)].sort(
    highestFirst,
  );
}

function keyRequests(manifest: Manifest, root: Manifest | null, key: string, rule: string): VersionRequest[] {
  const found = packageKey(manifest, root, key);
  if (found === null || !/^\d+(\.\d+){0,2}$/.test(found.value)) return [];
  return [{ raw: found.value, scheme: 'minimum', because: evidence(found.manifest.file, found.line, rule) }];
}

function highestFirst(a: VersionRequest, b: VersionRequest): number {
  const [left, right] = [a.raw.split('.').map(Number), b.raw.split('.').map(Number)];
  for (let at = 0; at < 3; at++) {
    const difference = (right[at] ?? 0) - (left[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** https://doc.rust-lang.org/clippy/configuration.html#specifying-the-minimum-supported-rust-version */
async function clippyMinimum(inventory: Inventory, folder: string): Promise<VersionRequest[]> {
  for (const name of ['clippy.toml', '.clippy.toml']) {
    const file = fileIn(inventory, folder, name);
    const parsed = file === null ? null : await parseTomlFile(file);
    const raw = parsed === null ? null : stringAt(parsed.value, ['msrv']);
    if (file === null || parsed === null || raw === null || !/^\d+(\.\d+){0,2}$/.test(raw)) continue;
    return [{ raw, scheme: 'minimum', because: evidence(file, parsed.line(['msrv']), 'rust/clippy-msrv') }];
  }
  return [];
}
