/**
 * Rootless Podman and Buildah for tests: an ordinary user of the tests' own, with ids of its own, a network device that
 * it may open, and the Nix daemon of root, since the store belongs to root here.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa, execaSync } from 'execa';
import { baseImageFile } from '../../scripts/test-tools/base-image.mjs';
import { nixEnvironment, nixVersions } from '../nix/harness.ts';
import { findProgram } from './engine.ts';
import { type Files, putBusybox, type Ran, writeProject } from './worker.ts';

const root = path.join(import.meta.dirname, '../..');
export const baseImage = 'localhost/trixie:slim';

export interface Rootless {
  project: string;
  /** A program, as the user. */
  as(words: readonly string[], options?: { timeout?: number }): Promise<Ran>;
  /** The built command, as the user, in the project. */
  nidify(args: readonly string[]): Promise<Ran>;
  stop(): Promise<void>;
}

/** Why there is no rootless Podman here; undefined where there is. */
export function unavailable(): string | undefined {
  const programs = [
    'podman',
    'buildah',
    'runc',
    'newuidmap',
    'slirp4netns',
    'setpriv',
    'patchelf',
    'useradd',
  ];
  const missing = programs.filter((name) => findProgram(name) === undefined);
  if (process.getuid?.() !== 0) return 'a user is made by root only';
  if (missing.length > 0) return `${missing.join(', ')} missing: run scripts/test-tools/install.mjs`;
  return existsSync(baseImageFile())
    ? undefined
    : 'there is no base image: run scripts/test-tools/install.mjs';
}

/** The user, with the project and the base image; nothing is built yet. */
export async function startRootless(files: Files): Promise<Rootless> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'nidify-rootless-'));
  chmodSync(scratch, 0o755);
  const user = `nidify-${process.pid}`;
  const home = path.join(scratch, 'home');
  execaSync('useradd', ['--system', '--no-create-home', '--home-dir', home, '--shell', '/bin/sh', user]);
  execaSync('usermod', ['--add-subuids', '2000000-2065535', '--add-subgids', '2000000-2065535', user]);
  let daemon: ChildProcess | undefined;
  const rootless: Rootless = {
    project: path.join(scratch, 'shop'),
    as: async () => ({ exitCode: 1, stdout: '', stderr: '' }),
    nidify: (args) => rootless.as([process.execPath, path.join(scratch, 'nidify/dist/cli.js'), ...args]),
    stop: async () => {
      await rootless.as(['podman', 'rm', '--all', '--force']);
      // Ends the process that keeps the user's namespaces.
      await rootless.as(['podman', 'system', 'migrate']);
      daemon?.kill();
      execaSync('userdel', [user], { reject: false });
      rmSync(scratch, { recursive: true, force: true });
    },
  };
  try {
    // Root's folders are not the user's to read.
    cpSync(path.join(root, 'dist'), path.join(scratch, 'nidify/dist'), { recursive: true });
    cpSync(path.join(root, 'package.json'), path.join(scratch, 'nidify/package.json'));
    cpSync(path.join(root, 'node_modules/zod'), path.join(scratch, 'nidify/node_modules/zod'), {
      recursive: true,
    });
    const nix = nixVersions().at(-1);
    if (nix === undefined) throw new Error('there is no Nix');
    const bin = readableNix(nix.bin, path.join(scratch, 'nix'));
    const tun = path.join(scratch, 'tun');
    execaSync('mknod', ['-m', '666', tun, 'c', '10', '200']);
    const runtime = path.join(scratch, 'run');
    const daemonSocket = path.join(scratch, 'nix-daemon');
    const own = await nixEnvironment(nix);
    const env = {
      PATH: `${bin}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
      HOME: home,
      USER: user,
      LANG: 'C.UTF-8',
      XDG_RUNTIME_DIR: runtime,
      NIX_CONF_DIR: own.NIX_CONF_DIR ?? '',
      NIX_USER_CONF_FILES: '',
      NIX_REMOTE: 'daemon',
      NIX_DAEMON_SOCKET_PATH: daemonSocket,
    };
    configure(path.join(home, '.config/containers'));
    mkdirSync(runtime, { mode: 0o700 });
    await writeProject(rootless.project, files);
    putBusybox(path.join(rootless.project, 'box'));
    execaSync('chown', ['-R', `${user}:${user}`, home, runtime, rootless.project]);
    daemon = spawn(path.join(bin, 'nix'), ['daemon'], {
      stdio: 'ignore',
      env: { ...own, PATH: env.PATH, NIX_DAEMON_SOCKET_PATH: daemonSocket },
    });
    for (let tries = 0; tries < 100 && !existsSync(daemonSocket); tries++) await sleep(50);
    // In a name space of its own with the device that all may open, since the machine's may be root's alone.
    const words = ['--mount', '--propagation', 'private', 'sh', '-c'];
    const become = ['setpriv', '--reuid', user, '--regid', user, '--init-groups'];
    const script = 'mount --bind "$0" /dev/net/tun && exec "$@"';
    rootless.as = async (command, { timeout = 600_000 } = {}) => {
      const { exitCode, stdout, stderr } = await execa(
        'unshare',
        [...words, script, tun, ...become, ...command],
        { cwd: rootless.project, env, extendEnv: false, reject: false, timeout, stdin: 'ignore' },
      );
      return { exitCode, stdout, stderr };
    };
    cpSync(baseImageFile(), path.join(scratch, 'base.tar'));
    const base = await rootless.as(['podman', 'import', path.join(scratch, 'base.tar'), baseImage]);
    if (base.exitCode !== 0) throw new Error(base.stderr);
  } catch (error) {
    await rootless.stop();
    throw error;
  }
  return rootless;
}

/** A Nix whose libraries are at another place. */
function readableNix(bin: string, target: string): string {
  const from = path.dirname(bin);
  if (!existsSync(path.join(from, 'lib/ld-linux-x86-64.so.2'))) return bin;
  cpSync(from, target, { recursive: true, verbatimSymlinks: true });
  const lib = path.join(target, 'lib');
  const loader = ['--set-interpreter', path.join(lib, 'ld-linux-x86-64.so.2')];
  execaSync('patchelf', [...loader, '--force-rpath', '--set-rpath', lib, path.join(target, 'bin/nix')]);
  return path.join(target, 'bin');
}

/** What Podman needs where control groups are of both versions and limits cannot be raised. */
function configure(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, 'containers.conf'),
    `[containers]
default_ulimits = ["nofile=20000:20000", "nproc=20000:20000"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`,
  );
  writeFileSync(path.join(folder, 'storage.conf'), '[storage]\ndriver = "overlay"\n');
}
