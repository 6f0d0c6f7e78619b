import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { isatty } from 'node:tty';
import { placeOf } from '../build/store-place.ts';
import type { BuiltEnvironment } from '../build/types.ts';
import { ExitCode, NidifyError } from '../errors.ts';
import { type Around, execForeground } from '../exec.ts';
import { findProgram } from '../find-program.ts';
import { closeInherited, descendants } from '../processes.ts';
import { temporaryFolder } from '../temporary.ts';
import {
  bubblewrapOptions,
  certificatesInside,
  insideOf,
  type SandboxPlan,
  stagingOptions,
} from './bubblewrap.ts';
import { forwarderPort, forwarderProgram } from './forwarder.ts';
import { gitPaths } from './git-paths.ts';
import type { Network } from './network.ts';
import { type ProcessBound, processBound, removeGroup, within } from './process-limit.ts';
import { startProxy } from './proxy.ts';
import { requireSandbox } from './require.ts';
import { terminalFilter } from './terminal-filter.ts';
import { isLoopback, upstreamOf } from './upstream.ts';

export interface SandboxOptions {
  environment: BuiltEnvironment;
  /** The program in the sandbox and its arguments. */
  command: readonly string[];
  /** The repository, absolute. */
  project: string;
  /** Where the command sees it, when that is not its own place: what is installed may name its place. */
  projectInside?: string | undefined;
  isReadOnly: boolean;
  /** Where the command starts, if that is within the project. */
  cwd: string;
  network: Network;
  /** What the command's environment has besides what the sandbox gives. */
  env: Readonly<Record<string, string>>;
  /** This process's own: where bwrap, the certificates and the caller's proxies are. */
  hostEnv: Readonly<Record<string, string>>;
  timeoutMs?: number | undefined;
  limits: Limits;
  /** A folder of this machine that is the home inside, for what later commands need; else an empty one. */
  homeDirectory?: string | undefined;
  /** How many words one bwrap takes; fewer to try what happens beyond. */
  mostWords?: number | undefined;
  onRefused?: (target: string, reason: string) => void;
  onAllowed?: (target: string) => void;
}

/** What starts the sandbox: a program, and the files that it has from descriptor 3 on. */
export interface Started {
  program: string;
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  extraFds: readonly number[];
  around: Around | undefined;
}

export interface Limits {
  /** Bytes of a process's data (RLIMIT_DATA). */
  memory?: number | undefined;
  /** Bytes of a file that a process writes (RLIMIT_FSIZE). */
  fileSize?: number | undefined;
  /** Processes and threads of the command and all that it starts. */
  processes?: number | undefined;
}

/** What is not the command's: the bwrap that waits, and the first process of the sandbox. */
const ownProcesses = 2;
/** Of the forwarder, whose threads a control group counts too. */
const forwarderProcesses = 16;

const homeInside = '/home/nidify';

/**
 * Runs a command in a sandbox of bubblewrap.
 *
 * @returns the command's exit code, as `execForeground`
 * @throws NidifyError `sandbox-unavailable`, `tool-missing` (exit 4), `refused` (6)
 */
export async function runInSandbox(options: SandboxOptions): Promise<number> {
  await requireSandbox(options.hostEnv);
  return inSandbox(options, isatty(0), (started) =>
    execForeground({ ...started, timeoutMs: options.timeoutMs, receivers: commandOf }),
  );
}

/**
 * Prepares the sandbox of a command for the time that `use` takes, which starts it. Whether this machine gives one the
 * caller has tried (`requireSandbox`): once is enough for many commands.
 *
 * @param keepsTerminal the command has the caller's terminal
 * @throws NidifyError `tool-missing` (exit 4), `refused` (6)
 */
export async function inSandbox<T>(
  options: SandboxOptions,
  keepsTerminal: boolean,
  use: (started: Started) => Promise<T>,
): Promise<T> {
  closeInherited();
  const folder = temporaryFolder('nidify-sandbox-');
  const fds: number[] = [];
  let proxy: { close(): Promise<void> } | undefined;
  const bound = boundOf(options.limits);
  try {
    const socketPath = path.join(folder.directory, 'proxy');
    const { network } = options;
    if (network.kind === 'allowed') {
      const { hosts, endpoints } = network;
      const onRefused = toldOnce(options.onRefused);
      const { onAllowed = () => {} } = options;
      const upstream = upstreamOf(options.hostEnv);
      proxy = await startProxy({ hosts, endpoints, socketPath, upstream, onRefused, onAllowed });
    }
    writeEtc(folder.directory);
    const filter = keepsTerminal ? terminalFilter(process.arch) : null;
    const open = (name: string, content: string | Buffer) => {
      fds.push(opened(folder.directory, name, content));
      return String(2 + fds.length);
    };
    const staged = path.join(folder.directory, 'store');
    mkdirSync(staged);
    const plan = planOf(options, folder.directory, filter !== null);
    const staging = stagingOptions(plan, staged, options.mostWords);
    const words = bubblewrapOptions({ ...plan, stagedStore: staging.length === 0 ? null : staged });
    const own = open('options', asArguments(filter === null ? words : [...words, '--seccomp', '4']));
    if (filter !== null) open('filter', filter);
    const bwrap = findProgram('bwrap', options.hostEnv.PATH ?? '', undefined);
    const inherited = fds.map((_, index) => String(3 + index)).join(',');
    const sandboxed = [
      ...(bound?.kind === 'rlimit' ? [bwrap, ...userNamespace, '--'] : []),
      ...withLimits([bwrap, '--args', own], options, bound?.kind === 'rlimit'),
      '--',
      ...options.command,
    ];
    const reached =
      network.kind === 'allowed'
        ? behindForwarder(bwrap, sandboxed, { socketPath, endpoints: network.endpoints, fds: inherited })
        : sandboxed;
    // Each starts the next.
    const stages = staging.flatMap((each, at) => {
      return [bwrap, '--args', open(`store-${at}`, asArguments(each)), '--'];
    });
    const [program = '', ...args] = [...stages, ...reached];
    const others = ownProcesses + staging.length + (network.kind === 'allowed' ? forwarderProcesses : 0);
    const around =
      bound?.kind === 'group' ? within(bound, (options.limits.processes ?? 0) + others) : undefined;
    // No environment: that of the first process can be read inside, whatever the command itself is given.
    return await use({ program, args, cwd: '/', env: {}, extraFds: fds, around });
  } finally {
    for (const fd of fds) closeSync(fd);
    await proxy?.close();
    if (bound?.kind === 'group') await removeGroup(bound);
    folder.remove();
  }
}

const mostTold = 200;
const longestTold = 300;

/** Each target once, and only so many of them: what asks for them may do so for ever. */
function toldOnce(tell: SandboxOptions['onRefused']): (target: string, reason: string) => void {
  const told = new Set<string>();
  return (target, reason) => {
    const shown = target.slice(0, longestTold);
    if (told.size >= mostTold || told.has(shown)) return;
    told.add(shown);
    tell?.(shown, told.size === mostTold ? `${reason}; whatever follows is not told` : reason);
  };
}

/** @throws NidifyError `limit-unavailable` (exit 4): never run without a bound that was asked for */
function boundOf({ processes }: Limits): Exclude<ProcessBound, { kind: 'none' }> | null {
  if (processes === undefined) return null;
  const bound = processBound();
  if (bound.kind !== 'none') return bound;
  throw new NidifyError({
    code: 'limit-unavailable',
    message: `--max-processes cannot be enforced: ${bound.why}`,
    hint: bound.hint,
    exitCode: ExitCode.toolMissing,
  });
}

/** A user namespace and nothing else. */
const userNamespace = ['--unshare-user', '--die-with-parent', '--dev-bind', '/', '/'];

function asArguments(words: readonly string[]): string {
  return words.map((word) => `${word}\0`).join('');
}

/** bwrap passes no signal on, and ends everything when it gets one: the command itself must get it. */
function commandOf(pid: number): number[] {
  const own = processNumbers('self').length;
  // The first process of the namespace is bwrap's own; the second is the command.
  return descendants(pid).filter((each) => {
    const numbers = processNumbers(each);
    return numbers.length === own + 1 && numbers.at(-1) === '2';
  });
}

function processNumbers(pid: number | 'self'): string[] {
  try {
    const line = /^NSpid:\s*(?<numbers>.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line?.groups?.numbers?.split(/\s+/) ?? [];
  } catch {
    return [];
  }
}

function behindForwarder(
  bwrap: string,
  sandboxed: readonly string[],
  { socketPath, endpoints, fds }: { socketPath: string; endpoints: ReadonlySet<string>; fds: string },
): string[] {
  const outer = [bwrap, '--unshare-net', ...userNamespace];
  const local = [...endpoints].filter((each) => isLoopback(each.split(':')[0] ?? '')).join(',');
  const program = [process.execPath, '--eval', forwarderProgram, '--'];
  return [...outer, '--', ...program, socketPath, String(forwarderPort), local, fds, ...sandboxed];
}

function withLimits(
  command: string[],
  { limits: { memory, fileSize, processes }, hostEnv }: SandboxOptions,
  isCounted: boolean,
): string[] {
  const limits = [
    ...(memory === undefined ? [] : [`--data=${memory}`]),
    ...(fileSize === undefined ? [] : [`--fsize=${fileSize}`]),
    ...(processes === undefined || !isCounted ? [] : [`--nproc=${processes + ownProcesses}`]),
  ];
  if (limits.length === 0) return command;
  const prlimit = findProgram('prlimit', hostEnv.PATH ?? '', 'It is part of util-linux.');
  return [prlimit, ...limits, '--', ...command];
}

function planOf(options: SandboxOptions, folder: string, keepsTerminal: boolean): SandboxPlan {
  const { environment, network, project, isReadOnly } = options;
  const root = realpathSync(project);
  refuseTooMuch(root);
  const cwd = realpathSync(options.cwd);
  const isWithin = cwd === root || cwd.startsWith(`${root}${path.sep}`);
  const place = { project: root, projectInside: options.projectInside ?? root };
  return {
    ...place,
    closure: environment.closure,
    storeDirectory: environment.storeDirectory,
    stagedStore: null,
    shell: inClosure(environment, 'bin/sh') ?? inClosure(environment, 'bin/bash'),
    env: inClosure(environment, 'bin/env'),
    isReadOnly,
    protectedPaths: gitPaths(root),
    cwd: insideOf(place, isWithin ? cwd : root),
    home: homeInside,
    homeDirectory: options.homeDirectory ?? null,
    user: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
    certificates: certificates(options.hostEnv),
    hasHostNetwork: network.kind === 'host',
    sharesNetworkNamespace: network.kind === 'allowed',
    keepsTerminal,
    environment: { ...environmentInside(options), ...options.env },
    etc: folder,
  };
}

function opened(folder: string, name: string, content: string | Buffer): number {
  const file = path.join(folder, name);
  writeFileSync(file, content, { mode: 0o600 });
  return openSync(file, 'r');
}

function environmentInside({ hostEnv, network }: SandboxOptions): Record<string, string> {
  const kept = Object.entries(hostEnv).filter(([name]) => /^(TERM|LANG|LANGUAGE|TZ|LC_\w+)$/.test(name));
  return {
    ...Object.fromEntries(kept),
    PATH: '/usr/bin:/bin',
    HOME: homeInside,
    USER: 'nidify',
    LOGNAME: 'nidify',
    TMPDIR: '/tmp',
    ...(network.kind === 'none' ? {} : certificateVariables),
    ...(network.kind === 'allowed' ? proxyVariables(network) : {}),
  };
}

const certificateVariables = {
  SSL_CERT_FILE: certificatesInside,
  NIX_SSL_CERT_FILE: certificatesInside,
  NODE_EXTRA_CA_CERTS: certificatesInside,
  // pip, requests and cargo have lists of their own.
  PIP_CERT: certificatesInside,
  REQUESTS_CA_BUNDLE: certificatesInside,
  CARGO_HTTP_CAINFO: certificatesInside,
};

function proxyVariables({
  npmRegistry,
  pythonIndex,
}: Extract<Network, { kind: 'allowed' }>): Record<string, string> {
  const address = `http://127.0.0.1:${forwarderPort}`;
  const names = [
    ...['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'],
    ...['npm_config_proxy', 'npm_config_https_proxy'],
    // Yarn from 2 on reads its own variables only: https://yarnpkg.com/configuration/yarnrc#httpsProxy
    ...['YARN_HTTP_PROXY', 'YARN_HTTPS_PROXY'],
  ];
  return {
    ...Object.fromEntries(names.map((name) => [name, address])),
    NODE_USE_ENV_PROXY: '1',
    no_proxy: 'localhost,127.0.0.1,::1',
    NO_PROXY: 'localhost,127.0.0.1,::1',
    ...(npmRegistry === null ? {} : npmRegistryVariables(npmRegistry)),
    ...(pythonIndex === null ? {} : { PIP_INDEX_URL: pythonIndex, UV_DEFAULT_INDEX: pythonIndex }),
  };
}

/** npm, pnpm, Bun and Yarn 1 read the first; Deno, pnpm from 11 on and Yarn from 2 on have others. */
function npmRegistryVariables(registry: string): Record<string, string> {
  const { hostname, protocol } = new URL(registry);
  return {
    npm_config_registry: registry,
    NPM_CONFIG_REGISTRY: registry,
    pnpm_config_registry: registry,
    YARN_NPM_REGISTRY_SERVER: registry,
    ...(protocol === 'http:' ? { YARN_UNSAFE_HTTP_WHITELIST: hostname } : {}),
  };
}

/** A home or the whole machine as the project would leave nothing to keep out. */
function refuseTooMuch(project: string): void {
  const systemFolders = [
    '/',
    '/etc',
    '/home',
    '/nix',
    '/proc',
    '/dev',
    '/root',
    '/tmp',
    '/usr',
    '/var',
    '/run',
  ];
  const isHome = process.env.HOME !== undefined && project === path.resolve(process.env.HOME);
  if (!isHome && !systemFolders.includes(project)) return;
  throw new NidifyError({
    code: 'refused',
    message: `${project} is not a project: the sandbox would see all that it should not`,
    hint: '`-C DIR` names the project.',
    exitCode: ExitCode.refused,
  });
}

function inClosure({ closure, storeDirectory }: BuiltEnvironment, program: string): string | null {
  const found = closure.find((each) => existsSync(path.join(placeOf(each, storeDirectory), program)));
  return found === undefined ? null : path.join(found, program);
}

function certificates(env: Readonly<Record<string, string>>): string | null {
  const candidates = [
    ...[env.NIX_SSL_CERT_FILE, env.SSL_CERT_FILE, '/etc/ssl/certs/ca-certificates.crt'],
    ...['/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'],
  ];
  return candidates.find((each) => each !== undefined && each !== '' && existsSync(each)) ?? null;
}

function writeEtc(folder: string): void {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  const files = {
    passwd: `nidify:x:${uid}:${gid}:nidify:${homeInside}:/bin/sh\n`,
    group: `nidify:x:${gid}:\n`,
    hosts: '127.0.0.1 localhost nidify\n::1 localhost\n',
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(path.join(folder, name), text, { mode: 0o644 });
  }
}
