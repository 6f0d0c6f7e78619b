/**
 * Real Nix for tests: which versions are there, a stand-in for nixpkgs (test/channel) in the store, and
 * runs in a closed environment: a sandbox that is on, no substituters, no network for evaluation.
 *
 * `scripts/test-tools/install.mjs` installs what it needs. Where that is missing, tests are skipped with the
 * reason; with CI set they fail.
 */
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, execaSync } from 'execa';
import { describe } from 'vitest';

/** `current` has today's programs (26.05), `old` those of Debian 12 under an older release's names (23.05). */
export type ChannelSet = 'current' | 'old';

export interface NixVersion {
  /** `2.34.8` */
  version: string;
  /** The folder of `nix`, `nix-build` and the others. */
  bin: string;
}

export interface Channel {
  set: ChannelSet;
  /** `26.05` */
  release: string;
  /** The tree as a folder: `import <directory> { }`. */
  directory: string;
  /** The tree in the store. */
  storePath: string;
  /** `sha256-…`, of the tree. */
  narHash: string;
  seedPath: string;
}

/** The `locked` node of a flake.lock; also what fetchTarball needs. */
export interface LockedInput {
  type: 'github';
  owner: 'NixOS';
  repo: 'nixpkgs';
  rev: string;
  narHash: string;
  lastModified: number;
}

/** One attribute of the stand-in. */
export interface AttributeFacts {
  pname: string;
  version: string;
  insecure: boolean;
  unfree: boolean;
}

export interface NixOptions {
  /** `nix` unless said otherwise. */
  program?: 'nix' | 'nix-build' | 'nix-shell' | 'nix-instantiate' | 'nix-store' | 'nix-hash';
  cwd?: string;
  /** More lines of nix.conf, which win. */
  conf?: Record<string, string>;
  /** More variables; the caller's own environment is not passed on. */
  env?: Record<string, string>;
  /** Milliseconds, 300,000 unless said otherwise. */
  timeout?: number;
  input?: string;
  signal?: AbortSignal;
}

export interface NixResult {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

const tools = fileURLToPath(new URL('../channel/tools/', import.meta.url));
const currentNix = path.join(cacheDirectory(), 'nix', 'forky', 'bin');
const storage = path.join(tmpdir(), `nidify-nix-${process.pid}`);
const prepared = new Map<ChannelSet, Promise<Channel>>();
const facts = new Map<ChannelSet, Promise<Record<string, AttributeFacts>>>();
let versions: NixVersion[] | undefined;

/** Every Nix of this machine: the installed one and, if it was fetched, a current one. Oldest first. */
export function nixVersions(): NixVersion[] {
  versions ??= [...directoriesWithNix()].map((bin) => ({ version: versionOf(bin), bin }));
  return versions;
}

/** These and one between them, for what differs from one Nix to the next. */
export function everyNix(): NixVersion[] {
  const bin = path.join(cacheDirectory(), 'nix', 'trixie', 'bin');
  const between = existsSync(path.join(bin, 'nix')) ? [{ version: versionOf(bin), bin }] : [];
  if (between.length === 0 && process.env.CI) throw new Error(`there is no Nix in ${bin}`);
  return [...nixVersions(), ...between];
}

/** Why Nix cannot be tested here, in one sentence; undefined where it can. */
export function unavailable(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return 'the stand-in for nixpkgs runs on x86_64-linux only';
  if (nixVersions().length === 0) return 'Nix is not installed: run scripts/test-tools/install.mjs';
  if (!isWritable('/nix/store') && process.getuid?.() !== 0)
    return 'the store /nix/store belongs to another user: run as root';
  return undefined;
}

/** `describe` for tests that need Nix: skipped with the reason where there is none, failed when CI is set. */
export function describeNix(
  title: string,
  define: (nixes: NixVersion[]) => void,
  versionsOf: () => NixVersion[] = nixVersions,
): void {
  const reason = unavailable();
  if (reason === undefined) describe(title, () => define(versionsOf()));
  else if (process.env.CI) throw new Error(`${title}: ${reason}`);
  else describe.skip(`${title} (skipped: ${reason})`, () => define([]));
}

/** The channel of that set in the store. Made once and kept across runs; about 8 s the first time, from the network. */
export function prepareChannel(set: ChannelSet = 'current'): Promise<Channel> {
  const known = prepared.get(set) ?? runPrepare(set);
  prepared.set(set, known);
  return known;
}

async function runPrepare(set: ChannelSet): Promise<Channel> {
  const { stdout } = await execa(process.execPath, [path.join(tools, 'prepare.mjs'), set]);
  return JSON.parse(stdout) as Channel;
}

export async function channelNarHash(set: ChannelSet = 'current'): Promise<string> {
  return (await prepareChannel(set)).narHash;
}

/**
 * A lock of github:NixOS/nixpkgs that is the stand-in: the tree with its narHash is in the store, so that Nix
 * neither asks the network nor needs a flag. Give a revision only if the test needs that one; Nix remembers
 * which tree a revision has for as long as the test process lives.
 */
export async function lockedAs(rev?: string, set: ChannelSet = 'current'): Promise<LockedInput> {
  const { narHash } = await prepareChannel(set);
  return {
    type: 'github',
    owner: 'NixOS',
    repo: 'nixpkgs',
    rev: rev ?? createHash('sha1').update(narHash).digest('hex'),
    narHash,
    lastModified: 1_767_313_136,
  };
}

/** The text of a flake.lock with these inputs. `refs` are the branches in flake.nix's urls. */
export function flakeLock(inputs: Record<string, LockedInput>, refs: Record<string, string>): string {
  const nodes: Record<string, unknown> = {};
  for (const [name, locked] of Object.entries(inputs)) {
    const { owner, repo, type } = locked;
    nodes[name] = { locked, original: { owner, ref: refs[name], repo, type } };
  }
  nodes.root = { inputs: Object.fromEntries(Object.keys(inputs).map((name) => [name, name])) };
  return `${JSON.stringify({ nodes, root: 'root', version: 7 }, null, 2)}\n`;
}

/** What the stand-in has: attribute to name and version, insecure and unfree ones marked. */
export function testCatalogueFacts(set: ChannelSet = 'current'): Promise<Record<string, AttributeFacts>> {
  const known = facts.get(set) ?? evaluateFacts(set);
  facts.set(set, known);
  return known;
}

async function evaluateFacts(set: ChannelSet): Promise<Record<string, AttributeFacts>> {
  const { storePath } = await prepareChannel(set);
  const [version] = nixVersions();
  if (version === undefined) throw new Error(unavailable());
  const args = ['--eval', '--strict', '--json', '--arg', 'channel', storePath, path.join(tools, 'facts.nix')];
  const { exitCode, stdout, stderr } = await nix(version, args, { program: 'nix-instantiate' });
  if (exitCode !== 0) throw new Error(`the channel cannot be evaluated: ${stderr}`);
  return JSON.parse(stdout) as Record<string, AttributeFacts>;
}

/** Runs Nix to its end, whatever that is: the caller looks at the exit code. */
export async function nix(
  version: NixVersion,
  args: readonly string[],
  options: NixOptions = {},
): Promise<NixResult> {
  const { exitCode, stdout, stderr, timedOut } = await execa(
    path.join(version.bin, options.program ?? 'nix'),
    args,
    {
      env: { ...(await nixEnvironment(version, options.conf)), ...options.env },
      extendEnv: false,
      timeout: options.timeout ?? 300_000,
      reject: false,
      forceKillAfterDelay: 5_000,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
      ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    },
  );
  return { exitCode, stdout, stderr, timedOut };
}

/**
 * The variables under which Nix runs here: of the caller's only PATH, a home and caches of this test process, and a
 * nix.conf for sandboxed builds. For tests that start nidify itself, which then starts Nix.
 */
export async function nixEnvironment(
  version: NixVersion,
  conf: Record<string, string> = {},
): Promise<Record<string, string>> {
  const { seedPath } = await prepareChannel();
  const home = path.join(storage, 'home');
  const etc = path.join(storage, 'etc');
  if (!existsSync(etc)) createStorage(home, etc, seedPath);
  return {
    PATH: `${version.bin}:${process.env.PATH ?? '/usr/bin:/bin'}`,
    HOME: home,
    USER: 'root',
    LANG: 'C.UTF-8',
    NIX_CONF_DIR: etc,
    NIX_USER_CONF_FILES: '',
    NIX_CONFIG: Object.entries(conf)
      .map(([key, value]) => `${key} = ${value}\n`)
      .join(''),
    // else nix-shell asks <nixpkgs> for a shell
    NIX_BUILD_SHELL: 'bash',
    XDG_CACHE_HOME: path.join(home, '.cache', version.version),
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_DATA_HOME: path.join(home, '.local', 'share'),
    XDG_STATE_HOME: path.join(home, '.local', 'state'),
  };
}

function createStorage(home: string, etc: string, seedPath: string): void {
  mkdirSync(home, { recursive: true });
  mkdirSync(etc, { recursive: true });
  writeFileSync(path.join(etc, 'registry.json'), '{"version":2,"flakes":[]}\n');
  writeFileSync(path.join(etc, 'nix.conf'), nixConf(path.join(etc, 'registry.json'), seedPath));
  process.once('exit', () => rmSync(storage, { recursive: true, force: true }));
}

/** The nix.conf of the tests. The registry is a file, since its default is an address. */
export function nixConf(registry: string, seedPath: string): string {
  return [
    'experimental-features = nix-command flakes',
    'sandbox = true',
    // by default Nix builds without a sandbox where it cannot have one, and says nothing
    'sandbox-fallback = false',
    // what every sandbox of Nix has, from the store instead of this machine
    `sandbox-paths = /bin/sh=${seedPath}/bin/busybox`,
    'substituters =',
    'build-users-group =',
    `flake-registry = ${registry}`,
    'max-jobs = auto',
    'warn-dirty = false',
    '',
  ].join('\n');
}

function* directoriesWithNix(): Generator<string> {
  const installed = (process.env.PATH ?? '')
    .split(path.delimiter)
    .find((directory) => existsSync(path.join(directory, 'nix')));
  if (installed !== undefined) yield installed;
  if (existsSync(path.join(currentNix, 'nix')) && installed !== currentNix) yield currentNix;
}

function versionOf(bin: string): string {
  return execaSync(path.join(bin, 'nix'), ['--version']).stdout.split(' ').at(-1) ?? '';
}

function cacheDirectory(): string {
  if (process.env.NIDIFY_TEST_CACHE) return process.env.NIDIFY_TEST_CACHE;
  const { XDG_CACHE_HOME, HOME } = process.env;
  return path.join(XDG_CACHE_HOME || path.join(HOME ?? tmpdir(), '.cache'), 'nidify-tests');
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
