/** What a repository's own flake.lock pins, read by nidify: what Nix fetches for an unknown flake is only this. */
import { ExitCode, NidifyError } from '../errors.ts';
import { entriesAt, isRecord, stringAt, valueAt } from '../parse/value.ts';

/** Where the files of an input come from: one of the three functions of nix/own-flake.nix, with its argument. */
type Source =
  | { archive: { url: string; narHash: string } }
  | { checkout: { url: string; rev: string; ref: string | null; submodules: boolean; narHash: string } }
  /** A folder of the repository itself. */
  | { within: { path: string } };

/** An input, as nix/own-flake.nix takes it. */
export interface LockedNode {
  source: Source;
  /** Folder of its flake.nix within it; empty for the top. */
  dir: string;
  isFlake: boolean;
  /** Names of its inputs, with the names of their nodes. */
  inputs: Record<string, string>;
  /** What a flake may ask of a source. */
  facts: Record<string, string | number>;
}

export interface OwnLock {
  /** Name of the node that is the flake itself: none of `nodes`. */
  root: string;
  /** The flake's own inputs. */
  inputs: Record<string, string>;
  nodes: Record<string, LockedNode>;
  /** Those that are nixpkgs, which a mirror may have. */
  nixpkgs: { rev: string; narHash: string }[];
}

/**
 * Reads flake.lock: https://nix.dev/manual/nix/latest/command-ref/new-cli/nix3-flake#lock-files
 *
 * Folders of this machine are refused: Nix would copy them into its store, which everybody may read.
 *
 * @param text null without one: it has no inputs then
 * @throws NidifyError `flake-lock-invalid`, `flake-input-unsupported` (exit 3), `flake-input-refused` (6)
 */
export function readOwnLock(text: string | null): OwnLock {
  if (text === null) return { root: 'root', inputs: {}, nodes: {}, nixpkgs: [] };
  const lock = parsed(text);
  const root = stringAt(lock, ['root']);
  if (root === null || !isRecord(valueAt(lock, ['nodes', root]))) throw invalid('it names no root');
  const all = new Map(entriesAt(lock, ['nodes']));
  const inputs = (node: string) => inputsOf(all, root, node);
  const others = [...all].filter(([name]) => name !== root);
  return {
    root,
    inputs: inputs(root),
    nodes: Object.fromEntries(
      others.map(([name, node]) => [name, { ...nodeOf(name, node), inputs: inputs(name) }]),
    ),
    nixpkgs: others.flatMap(([, node]) => {
      const at = (key: string) => stringAt(node, ['locked', key]) ?? '';
      const isNixpkgs = at('type') === 'github' && /^nixos\/nixpkgs$/i.test(`${at('owner')}/${at('repo')}`);
      return isNixpkgs && revision.test(at('rev')) ? [{ rev: at('rev'), narHash: at('narHash') }] : [];
    }),
  };
}

/** Addresses that evaluating may fetch from, for `allowed-uris` of nix.conf. */
export function addressesOf({ nodes }: OwnLock): string[] {
  const addresses = Object.values(nodes).flatMap(({ source }) => {
    if ('archive' in source) return [source.archive.url];
    if (!('checkout' in source)) return [];
    // Newer versions of Nix compare another spelling, with the revision in it: only beginnings that end in a slash fit.
    const { url } = source.checkout;
    return [url, `git+${url.slice(0, url.lastIndexOf('/') + 1)}`];
  });
  return [...new Set(addresses)].sort();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('it is no JSON');
  }
}

const deepest = 100;

/** An input is a node, or a path of inputs from the root: what it follows. */
function inputsOf(all: ReadonlyMap<string, unknown>, root: string, node: string): Record<string, string> {
  const resolve = (input: unknown, depth: number): string => {
    if (depth > deepest) throw invalid('what its inputs follow has no end');
    if (typeof input === 'string' && all.has(input)) return input;
    if (!Array.isArray(input)) throw invalid(`an input of ${node} is missing`);
    return input.reduce<string>(
      (at, name) => resolve(valueAt(all.get(at), ['inputs', String(name)]), depth + 1),
      root,
    );
  };
  // Without a node: the input was overridden away (`follows = ""`).
  const isGiven = (input: unknown) => !(Array.isArray(input) && input.length === 0);
  return Object.fromEntries(
    entriesAt(all.get(node), ['inputs']).map(([name, input]) => [
      name,
      isGiven(input) ? resolve(input, 0) : root,
    ]),
  );
}

function nodeOf(name: string, node: unknown): Omit<LockedNode, 'inputs'> {
  const at = (key: string) => stringAt(node, ['locked', key]);
  const dir = at('dir') ?? '';
  if (dir !== '' && !isWithin(dir)) throw refused(name, dir);
  const [rev, narHash] = [at('rev'), at('narHash')];
  const modified = valueAt(node, ['locked', 'lastModified']);
  const lastModified = typeof modified === 'number' && modified > 0 && modified < 1e11 ? modified : 1;
  return {
    source: sourceOf(name, node),
    dir,
    isFlake: valueAt(node, ['flake']) !== false,
    facts: {
      ...(rev === null ? {} : { rev, shortRev: rev.slice(0, 7) }),
      ...(narHash === null ? {} : { narHash }),
      lastModified,
      lastModifiedDate: dateOf(lastModified),
    },
  };
}

const revision = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
const hash = /^sha256-[A-Za-z0-9+/]{43}=$/;
const word = /^~?[A-Za-z0-9_][\w.-]*$/;

function sourceOf(name: string, node: unknown): Source {
  const at = (key: string) => stringAt(node, ['locked', key]) ?? '';
  const type = at('type');
  if (type === 'path') return within(name, node);
  const archiveOf = hosted.get(type);
  if (archiveOf === undefined && type !== 'tarball' && type !== 'git') throw unsupported(name, type);
  const [rev, narHash] = [at('rev'), at('narHash')];
  if (!hash.test(narHash)) throw invalid(`the input ${name} has no hash`);
  if (type === 'tarball') return { archive: { url: address(name, at('url'), ['https:', 'http:']), narHash } };
  if (!revision.test(rev)) throw invalid(`${name} has no revision`);
  if (archiveOf === undefined) {
    const url = address(name, at('url'), ['https:', 'http:', 'ssh:']);
    const ref = stringAt(node, ['locked', 'ref']);
    if (ref !== null && !/^\w[\w./-]*$/.test(ref)) throw refused(name, ref);
    const submodules = valueAt(node, ['locked', 'submodules']) === true;
    return { checkout: { url, rev, ref, submodules, narHash } };
  }
  const [owner, repository, host] = [at('owner'), at('repo'), at('host')];
  if (![owner, repository].every((each) => word.test(each))) throw refused(name, `${owner}/${repository}`);
  if (host !== '' && !/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(host)) throw refused(name, host);
  return { archive: { url: archiveOf(host, owner, repository, rev), narHash } };
}

/** The archives that Nix itself fetches for these. */
const hosted = new Map<string, (host: string, owner: string, repository: string, rev: string) => string>([
  [
    'github',
    (host, owner, repository, rev) =>
      `https://${host || 'github.com'}/${owner}/${repository}/archive/${rev}.tar.gz`,
  ],
  [
    'gitlab',
    (host, owner, repository, rev) =>
      `https://${host || 'gitlab.com'}/api/v4/projects/${owner}%2F${repository}/repository/archive.tar.gz?sha=${rev}`,
  ],
  [
    'sourcehut',
    (host, owner, repository, rev) =>
      `https://${host || 'git.sr.ht'}/${owner}/${repository}/archive/${rev}.tar.gz`,
  ],
]);

function within(name: string, node: unknown): Source {
  const folder = stringAt(node, ['locked', 'path']) ?? '';
  const parent = valueAt(node, ['parent']);
  if (parent !== undefined && !(Array.isArray(parent) && parent.length === 0))
    throw unsupported(name, 'path');
  const plain = folder.replace(/^\.\//, '').replace(/\/$/, '');
  if (!isWithin(plain)) throw refused(name, folder);
  return { within: { path: plain } };
}

function isWithin(folder: string): boolean {
  return !folder.startsWith('/') && folder.split('/').every((step) => !['', '.', '..'].includes(step));
}

function address(name: string, given: string, schemes: readonly string[]): string {
  const isKnown = URL.canParse(given) && !/\s/.test(given) && schemes.includes(new URL(given).protocol);
  if (!isKnown) throw refused(name, given);
  return given;
}

/** `20260131235959`, as Nix has it. */
function dateOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\D/g, '').slice(0, 14);
}

function invalid(why: string): NidifyError {
  return new NidifyError({
    code: 'flake-lock-invalid',
    message: `flake.lock cannot be used: ${why}`,
    hint: '`nix flake lock` writes it anew, once it is removed; commit it.',
    exitCode: ExitCode.unserved,
  });
}

function unsupported(name: string, type: string): NidifyError {
  return new NidifyError({
    code: 'flake-input-unsupported',
    message: `flake.lock: nidify does not fetch the input ${name}, which is of the type ${JSON.stringify(type)}`,
    hint: 'It fetches inputs of github, gitlab and sourcehut, archives and Git repositories, and folders of this repository.',
    exitCode: ExitCode.unserved,
  });
}

function refused(name: string, given: string): NidifyError {
  return new NidifyError({
    code: 'flake-input-refused',
    message: `flake.lock: the input ${name} is ${JSON.stringify(given)}, which an unknown flake may not fetch`,
    hint: 'Inputs come from https and ssh addresses, and from folders of the repository itself: never from elsewhere on this machine.',
    exitCode: ExitCode.refused,
  });
}
