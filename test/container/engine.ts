/**
 * A real Docker engine for tests: a `dockerd` of its own in a temporary folder, with its own data, socket and
 * bridge, so that several can run beside each other and beside the engine of the machine. It cannot pull
 * images: its only one, `busyboxImage`, is made from this machine's busybox.
 *
 * `scripts/test-tools/install.mjs` installs what it needs. Where that is missing, tests are skipped with the
 * reason; with CI set they fail.
 */
import { spawn } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa, execaSync } from 'execa';
import { describe } from 'vitest';
import { temporaryFolder } from '../../src/temporary.ts';

/** Every applet of busybox in /bin, /tmp and /etc/passwd; `sh` is its command. */
export const busyboxImage = 'busybox:test';

export interface EngineOptions {
  /** More flags of dockerd. */
  flags?: readonly string[];
  /** What its daemon.json says. */
  config?: Readonly<Record<string, unknown>>;
  /** `--iptables`: off unless told, so that two engines do not undo each other's rules. Published ports work without. */
  iptables?: boolean;
}

export interface Engine {
  /** The path of its socket. */
  socket: string;
  /** What it owns: `data`, `exec`, `docker.sock`, `daemon.log`. */
  directory: string;
  /** Its host's address on the default bridge; a registry that listens there can be reached from containers. */
  gateway: string;
  pid: number;
  /** The docker client with this engine; a failure is a result and not an exception. */
  docker(args: readonly string[], options?: DockerOptions): Promise<DockerResult>;
  /** What a program needs in its environment to speak with this engine; `socket` is a proxy's, say. */
  environment(socket?: string): Record<string, string>;
  /** One call of its API. */
  call(method: string, path: string, body?: unknown): Promise<ApiResult>;
  log(): string;
  /** Removes its containers, ends it and removes its folder and bridge. */
  stop(): Promise<void>;
}

export interface DockerOptions {
  input?: string | Uint8Array;
  cwd?: string;
  /** Another socket than the engine's own. */
  socket?: string;
  env?: Record<string, string>;
  /** Milliseconds, 60,000 unless told. */
  timeout?: number;
}

export interface DockerResult {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

export interface ApiResult {
  status: number;
  /** Parsed when it is JSON, else text. */
  body: unknown;
}

const programs = ['dockerd', 'containerd', 'runc', 'docker', 'busybox', 'ip', 'setpriv', 'tar', 'umount'];

/** Why no engine can be started here, in one sentence; undefined where one can. */
export function unavailable(): string | undefined {
  if (process.platform !== 'linux') return 'an engine is started on Linux only';
  if (process.getuid?.() !== 0) return 'an engine is started by root only';
  const missing = programs.filter((name) => findProgram(name) === undefined);
  if (missing.length > 0) return `${missing.join(', ')} missing: run scripts/test-tools/install.mjs`;
  return undefined;
}

/** `describe` for tests that need an engine: skipped with the reason where there is none, failed when CI is set. */
export function describeEngine(title: string, define: () => void): void {
  const reason = unavailable();
  if (reason === undefined) describe(title, define);
  else if (process.env.CI) throw new Error(`${title}: ${reason}`);
  else describe.skip(`${title} (skipped: ${reason})`, define);
}

/** Ready to be used, with `busyboxImage`; takes about a second. */
export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
  const folder = temporaryFolder('nidify-engine-');
  const { directory } = folder;
  const socket = path.join(directory, 'docker.sock');
  const bridge = makeBridge();
  writeFileSync(path.join(directory, 'daemon.json'), `${JSON.stringify(options.config ?? {})}\n`);
  mkdirSync(path.join(directory, 'config'));

  const log = openSync(path.join(directory, 'daemon.log'), 'a');
  const daemon = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'TERM', requireProgram('dockerd')],
      ...['--config-file', path.join(directory, 'daemon.json')],
      ...['--data-root', path.join(directory, 'data'), '--exec-root', path.join(directory, 'exec')],
      ...['--pidfile', path.join(directory, 'docker.pid'), '--host', `unix://${socket}`],
      ...['--bridge', bridge.name, `--iptables=${options.iptables === true}`, '--ip6tables=false'],
      ...(options.flags ?? []),
    ],
    { stdio: ['ignore', log, log], env: { PATH: searchPath() } },
  );
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    daemon.once('error', () => resolve());
    daemon.once('exit', () => resolve());
  });

  const environment = (other = socket) => ({
    PATH: searchPath(),
    HOME: directory,
    DOCKER_HOST: `unix://${other}`,
    DOCKER_CONFIG: path.join(directory, 'config'),
    DOCKER_BUILDKIT: '0',
  });
  const engine: Engine = {
    socket,
    directory,
    gateway: bridge.address,
    pid: daemon.pid ?? 0,
    docker: async (args, { socket: other, env = {}, timeout = 60_000, ...rest } = {}) => {
      const all = { ...rest, env: { ...environment(other), ...env }, timeout };
      const result = await execa('docker', [...args], { ...all, extendEnv: false, reject: false });
      return { exitCode: result.exitCode, stdout: String(result.stdout), stderr: String(result.stderr) };
    },
    environment,
    call: (method, apiPath, body) => callApi(socket, method, apiPath, body),
    log: () => readFileSync(path.join(directory, 'daemon.log'), 'utf8'),
    stop: async () => {
      const { body } = await engine.call('GET', '/containers/json?all=1').catch(() => ({ body: [] }));
      for (const { Id } of Array.isArray(body) ? (body as { Id: string }[]) : [])
        await engine.call('DELETE', `/containers/${Id}?force=1&v=1`);
      // Their bridges would stay
      for (const id of await ownNetworks(engine)) await engine.call('DELETE', `/networks/${id}`);
      daemon.kill('SIGTERM');
      const isLate = await Promise.race([ended.then(() => false), sleep(20_000, true, { ref: false })]);
      if (isLate) daemon.kill('SIGKILL');
      await ended;
      unmountBelow(directory);
      bridge.remove();
      folder.remove();
    },
  };

  try {
    await untilReady(engine, ended);
    await importBusybox(engine, busyboxImage);
  } catch (error) {
    const text = engine.log().slice(-2000);
    await engine.stop();
    throw new Error(`dockerd: ${error instanceof Error ? error.message : error}\n${text}`);
  }
  return engine;
}

/** Makes an image of this machine's busybox under that name, such as that of a Dockerfile's FROM. */
export async function importBusybox(engine: Engine, name: string): Promise<void> {
  const folder = temporaryFolder('nidify-busybox-');
  const busybox = requireProgram('busybox');
  for (const directory of ['bin', 'etc', 'tmp', 'root', 'usr', 'var'])
    mkdirSync(path.join(folder.directory, directory));
  writeFileSync(path.join(folder.directory, 'bin', 'busybox'), readFileSync(busybox), { mode: 0o755 });
  for (const applet of execaSync(busybox, ['--list']).stdout.split('\n'))
    if (applet !== '' && applet !== 'busybox')
      symlinkSync('busybox', path.join(folder.directory, 'bin', applet));
  writeFileSync(path.join(folder.directory, 'etc', 'passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  const { stdout } = await execa('tar', ['--numeric-owner', '-C', folder.directory, '-cf', '-', '.'], {
    encoding: 'buffer',
    maxBuffer: 64 * 1024 * 1024,
  });
  folder.remove();
  const { exitCode, stderr } = await engine.docker(['import', '-c', 'CMD ["sh"]', '-', name], {
    input: stdout,
  });
  if (exitCode !== 0) throw new Error(`docker import: ${stderr}`);
}

/** One request to the API behind that socket. */
export function callApi(
  socketPath: string,
  method: string,
  apiPath: string,
  body?: unknown,
): Promise<ApiResult> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers =
    text === undefined
      ? {}
      : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, method, path: apiPath, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('error', reject);
      response.once('end', () => {
        const answer = Buffer.concat(parts).toString();
        const isJson = response.headers['content-type']?.startsWith('application/json') === true;
        resolve({
          status: response.statusCode ?? 0,
          body: isJson && answer !== '' ? JSON.parse(answer) : answer,
        });
      });
    });
    call.once('error', reject);
    call.end(text);
  });
}

async function ownNetworks(engine: Engine): Promise<string[]> {
  const { body } = await engine.call('GET', '/networks').catch(() => ({ body: [] }));
  const networks = Array.isArray(body) ? (body as { Id: string; Name: string }[]) : [];
  return networks.filter(({ Name }) => !['bridge', 'host', 'none'].includes(Name)).map(({ Id }) => Id);
}

async function untilReady(engine: Engine, ended: Promise<unknown>): Promise<void> {
  let hasEnded = false;
  ended.then(() => {
    hasEnded = true;
  });
  for (const start = Date.now(); Date.now() - start < 30_000; await sleep(50)) {
    if (hasEnded) throw new Error('it ended');
    const { status } = await engine.call('GET', '/_ping').catch(() => ({ status: 0 }));
    if (status === 200) return;
  }
  throw new Error('it is not ready after 30 s');
}

/** A bridge of the engine's own, with the first free network of 10.213.0.0/16. */
function makeBridge(): { name: string; address: string; remove(): void } {
  const used = new Set(
    Object.values(networkInterfaces())
      .flat()
      .map((one) => one?.address),
  );
  for (let number = process.pid % 250; number < 500; number++) {
    const name = `ndf${number % 250}`;
    const address = `10.213.${number % 250}.1`;
    if (used.has(address)) continue;
    const made = execaSync('ip', ['link', 'add', 'name', name, 'type', 'bridge'], { reject: false });
    if (made.exitCode !== 0) continue;
    execaSync('ip', ['address', 'add', `${address}/24`, 'dev', name]);
    execaSync('ip', ['link', 'set', name, 'up']);
    const remove = () => void execaSync('ip', ['link', 'delete', name], { reject: false });
    return { name, address, remove };
  }
  throw new Error('there is no free network for a bridge');
}

/** An engine that was killed leaves mounts behind, which are in the way of removing its folder. */
function unmountBelow(directory: string): void {
  const points = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((point) => point.startsWith(`${directory}/`));
  for (const point of points.reverse()) execaSync('umount', ['--lazy', point], { reject: false });
}

function searchPath(): string {
  return [process.env.PATH ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'].join(':');
}

function requireProgram(name: string): string {
  const file = findProgram(name);
  if (file === undefined) throw new Error(`${name} is missing`);
  return file;
}

export function findProgram(name: string): string | undefined {
  for (const directory of searchPath().split(':')) {
    const file = path.join(directory, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}
