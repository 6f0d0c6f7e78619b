/**
 * A project that runs containers, its generated files, and its image built by the built command, in a Docker engine
 * of the tests' own, from a Debian that debootstrap made.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa, execaSync, type Subprocess } from 'execa';
import { baseImageFile } from '../../scripts/test-tools/base-image.mjs';
import { runscFile } from '../../scripts/test-tools/get-runsc.mjs';
import { analyze } from '../../src/analyze.ts';
import { lockOf } from '../../src/lock/make.ts';
import { render } from '../../src/render/render.ts';
import { write } from '../../src/write/write.ts';
import { nixEnvironment, nixVersions } from '../nix/harness.ts';
import { standInCatalogue } from '../nix/stand-in-catalogue.ts';
import { type Engine, startEngine } from './engine.ts';

const command = path.join(import.meta.dirname, '../../dist/cli.js');
export const baseImage = 'debian:trixie-slim';

export interface Ran {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

export interface Worker {
  engine: Engine;
  /** The project, which belongs to the user 1000. */
  project: string;
  /** A node of /dev/net/tun that everybody may open. */
  tun: string;
  /** Of the image, once it is built. */
  image: string;
  /** What nidify needs in its environment. */
  env: Record<string, string>;
  /** The built command, in the project. */
  nidify(args: readonly string[], options?: { env?: Record<string, string>; timeout?: number }): Promise<Ran>;
  /** A command in the container, by `nidify run`. */
  run(command: readonly string[], options?: readonly string[]): Promise<Ran>;
  /** The same while it runs. */
  start(command: readonly string[], options?: readonly string[]): Subprocess;
  stop(): Promise<void>;
}

/** Files of a project, by path. */
export type Files = Readonly<Record<string, string>>;

/**
 * The project with its files, and its image: about two minutes.
 *
 * @param prepare what else is in the project, before it is read
 */
export async function startWorker(
  files: Files,
  prepare: (project: string) => Promise<void> = async () => {},
): Promise<Worker> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'nidify-worker-'));
  const project = path.join(scratch, 'shop');
  await writeProject(project, files, prepare);
  const tun = path.join(scratch, 'tun');
  execaSync('mknod', ['-m', '666', tun, 'c', '10', '200']);
  own(project);

  // With gVisor beside runc: `--net-raw` for the engine in it; the rest because of this machine's control groups and
  // network namespaces.
  const runsc = { path: runscFile(), runtimeArgs: ['--ignore-cgroups', '--net-raw', '--network=host'] };
  const engine = await startEngine({ config: { runtimes: { runsc } } });
  const nix = nixVersions().at(-1);
  if (nix === undefined) throw new Error('there is no Nix');
  const env = {
    ...(await nixEnvironment(nix)),
    ...engine.environment(),
    PATH: `${nix.bin}:${process.env.PATH}`,
    XDG_STATE_HOME: path.join(scratch, 'state'),
    NIDIFY_TUN_DEVICE: tun,
  };
  const started = (args: readonly string[], more: Record<string, string> = {}, timeout = 600_000) =>
    execa(process.execPath, [command, ...args], {
      cwd: project,
      env: { ...env, ...more },
      extendEnv: false,
      reject: false,
      timeout,
      stdin: 'ignore',
    });
  const nidify: Worker['nidify'] = async (args, { env: more, timeout } = {}) => {
    const { exitCode, stdout, stderr } = await started(args, more, timeout);
    return { exitCode, stdout, stderr };
  };
  const running = (words: readonly string[], options: readonly string[] = []) => [
    ...['run', '--base-image', baseImage, '--build-network', 'host', ...options],
    ...['--', ...words],
  ];
  const worker: Worker = {
    engine,
    project,
    tun,
    image: '',
    env,
    nidify,
    run: (words, options) => nidify(running(words, options)),
    start: (words, options) => started(running(words, options)),
    stop: async () => {
      await engine.stop();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
  try {
    const base = await engine.docker(['import', '--platform', 'linux/amd64', baseImageFile(), baseImage]);
    if (base.exitCode !== 0) throw new Error(base.stderr);
    const built = await nidify(['build', '--json', '--base-image', baseImage, '--build-network', 'host']);
    if (built.exitCode !== 0) throw new Error(`${built.stdout}\n${built.stderr}`);
    worker.image = JSON.parse(built.stdout).image.name;
  } catch (error) {
    await worker.stop();
    throw error;
  }
  return worker;
}

/** A project with these files and those that nidify generates for it. */
export async function writeProject(
  project: string,
  files: Files,
  prepare: (project: string) => Promise<void> = async () => {},
): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(project, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  await prepare(project);
  const plan = await analyze(project, { catalogue: await standInCatalogue() });
  const written = await render(plan);
  await write(written, { directory: project, lock: lockOf(plan, written) });
}

/** Gives a folder to the user that the worker is. */
export function own(folder: string): void {
  execaSync('chown', ['-R', '1000:1000', folder]);
}

/** This machine's busybox, for images without a base. */
export function putBusybox(folder: string): void {
  mkdirSync(folder, { recursive: true });
  copyFileSync(execaSync('which', ['busybox']).stdout, path.join(folder, 'busybox'));
}
