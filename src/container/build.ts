/** Building the image of the container target with an engine of this machine. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Built } from '../build/build.ts';
import { fileFailure } from '../build/files.ts';
import { ExitCode, NidifyError } from '../errors.ts';
import { exec } from '../exec.ts';
import { labelsOf } from '../image/documents.ts';
import { defaultImageName } from '../image/references.ts';
import { keepLast } from '../lines.ts';
import type { Plan } from '../plan/schema.ts';
import type { GeneratedFile } from '../render/types.ts';
import { temporaryFolder } from '../temporary.ts';
import { plain } from '../text/plain.ts';
import { writeContext } from './context.ts';
import { ask, type Engine, type EngineName, engineVariables, isRootless, probe, storeOf } from './engine.ts';
import { containerFailure } from './failure.ts';

export interface ImageOptions {
  files: readonly GeneratedFile[];
  /** What the toolchain is; null where it comes from devcontainer features. */
  built: Built | null;
  /** What builds it. */
  engine: Engine;
  /** Name and tag; null for one that says what is in the image. */
  name: string | null;
  /** Instead of the plan's base image. */
  baseImage: string | null;
  /** Network of the steps of the build: the engine's own default, the machine's, or none. */
  network: 'default' | 'host' | 'none';
  /** Numbers of the user whose files the worker is to write; root's leave those of the image. */
  owner: { uid: number; gid: number };
  timeoutMs: number;
  /** Bytes of memory for the build, where the engine can bound it. */
  memoryBytes: number | null;
  /** Build although there is an image of that name. */
  isAnew: boolean;
  signal?: AbortSignal | undefined;
  onStatus?: (text: string) => void;
}

export interface ContainerImage {
  /** Where the image is. */
  engine: Engine;
  /** Name and tag. */
  name: string;
  /** `sha256:…` of its configuration; null where the engine does not say it. */
  id: string | null;
  /** It was there already. */
  isRemembered: boolean;
  /** Whether the engine can bound the memory of a build; null where none was needed. */
  boundsMemory: boolean | null;
}

/**
 * Builds the image from a private folder that holds the generated files and the toolchain: no program of the
 * repository is run, and no file of it is sent to the engine.
 *
 * @throws NidifyError `image-build-failed` (exit 5), `image-missing`, `wrong-architecture` (3),
 *   `disk-full`, `network-unavailable`, `tool-timed-out` (75)
 */
export async function buildImage(plan: Plan, given: ImageOptions): Promise<ContainerImage> {
  const { container } = plan;
  if (container === undefined) {
    throw new NidifyError({
      code: 'no-container',
      message: 'the plan of this repository has no container',
      hint: '`--target container` asks for one.',
      exitCode: ExitCode.unserved,
    });
  }
  const { engine } = given;
  // There the caller becomes the worker by the mapping of users, whatever the number is outside.
  const options = isRootless(engine) ? { ...given, owner: { uid: 0, gid: 0 } } : given;
  const name = options.name ?? nameOf(plan, options);
  const known = options.isAnew || options.name !== null ? null : await imageId(engine.name, name, options);
  if (known !== null) return { engine, name, id: known, isRemembered: true, boundsMemory: null };
  const work = temporaryFolder('nidify-image-');
  try {
    const root = path.join(work.directory, container.folder);
    mkdirSync(root, { recursive: true });
    options.onStatus?.('putting the context together');
    await writeContext(options.files, container.folder, options.built, root, options.signal);
    if (engine.name === 'devcontainer') addArguments(path.join(root, 'devcontainer.json'), options);
    const boundsMemory = await boundedBy(engine, options.signal);
    const last: string[] = [];
    const { exitCode } = await exec({
      program: engine.name,
      args: [
        ...wordsFor({ engine, plan, options, name, root, work: work.directory, boundsMemory }),
        ...(await builderOf(engine, options.signal)),
      ],
      cwd: root,
      timeoutMs: options.timeoutMs,
      maxOutputBytes: Number.MAX_SAFE_INTEGER,
      signal: options.signal,
      allow: engineVariables,
      // What the engines print is read, not shown.
      env: { NO_COLOR: '1', BUILDKIT_PROGRESS: 'plain', DOCKER_CLI_HINTS: 'false' },
      onOutputLine: (line) => report(line, last, options.onStatus),
      onErrorLine: (line) => report(line, last, options.onStatus),
    });
    if (exitCode !== 0) throw containerFailure(`building the image with ${engine.name}`, last);
    const id = await imageId(engine.name, name, options);
    return { engine, name, id, isRemembered: false, boundsMemory };
  } catch (error) {
    throw fileFailure(error);
  } finally {
    work.remove();
  }
}

interface Call {
  engine: Engine;
  plan: Plan;
  options: ImageOptions;
  name: string;
  /** The context. */
  root: string;
  work: string;
  boundsMemory: boolean;
}

function wordsFor(call: Call): string[] {
  const { engine, plan, options, name, root, boundsMemory } = call;
  const buildArgs = Object.entries(argumentsOf(options)).map(([key, value]) => `${key}=${value}`);
  if (engine.name === 'devcontainer') {
    return [
      ...['build', '--workspace-folder', call.work],
      ...['--config', path.join(root, 'devcontainer.json'), '--image-name', name],
    ];
  }
  const labels = Object.entries(labelsOf(plan, true)).map(([key, value]) => `--label=${key}=${value}`);
  const network = options.network === 'default' ? [] : [`--network=${options.network}`];
  const memory =
    options.memoryBytes === null || !boundsMemory ? [] : [`--memory=${Math.trunc(options.memoryBytes)}`];
  const own: Record<string, readonly string[]> = {
    // Its older builder leaves the container of the step that failed.
    docker: boundsMemory ? ['--force-rm'] : [],
    podman: ['--layers'],
    // Where there is no way to a container within a container, steps run in a chroot.
    buildah: ['--layers', ...(process.env.BUILDAH_ISOLATION === undefined ? ['--isolation=chroot'] : [])],
  };
  return [
    'build',
    ...(own[engine.name] ?? []),
    ...['--file', path.join(root, 'Dockerfile'), '--tag', name],
    ...network,
    ...memory,
    ...labels,
    ...buildArgs.map((each) => `--build-arg=${each}`),
    root,
  ];
}

/** The command line of devcontainers takes no build arguments: they go into its copy of the configuration. */
function addArguments(file: string, options: ImageOptions): void {
  const config = JSON.parse(readFileSync(file, 'utf8'));
  config.build.args = { ...config.build.args, ...argumentsOf(options) };
  writeFileSync(file, JSON.stringify(config));
}

function argumentsOf({ baseImage, owner }: ImageOptions): Record<string, string> {
  return {
    ...(baseImage === null ? {} : { BASE_IMAGE: baseImage }),
    // What the Dockerfile has itself is not said, so that the image is the same one.
    ...(owner.uid === 0 || (owner.uid === 1000 && owner.gid === 1000)
      ? {}
      : { WORKER_UID: String(owner.uid), WORKER_GID: String(owner.gid) }),
  };
}

/**
 * The command line of devcontainers wants a front end of BuildKit with named contexts, which engines before 23 have
 * to download and then do not know.
 */
async function builderOf({ name }: Engine, signal: AbortSignal | undefined): Promise<string[]> {
  if (name !== 'devcontainer') return [];
  const docker = await probe('docker', signal);
  return docker.ok && Number.parseInt(docker.text, 10) < 23 ? ['--buildkit', 'never'] : [];
}

/** Docker with BuildKit knows no bound; its older builder, Podman and Buildah do. */
async function boundedBy({ name }: Engine, signal: AbortSignal | undefined): Promise<boolean> {
  if (name !== 'docker') return name !== 'devcontainer';
  const { exitCode } = await ask(name, ['buildx', 'version'], 30_000, signal);
  return exitCode !== 0;
}

/** Says what is in the image, so that the same is built once: its files, its toolchain, its base and its user. */
function nameOf(plan: Plan, options: ImageOptions): string {
  const digest = createHash('sha256')
    .update(
      JSON.stringify([
        options.files.map(({ path: file, text }) => [file, text]),
        options.built?.storePath ?? null,
        argumentsOf(options),
        labelsOf(plan, true),
      ]),
    )
    .digest('hex');
  const { name } = defaultImageName(plan);
  return `localhost/nidify-${name.replace(/:latest$/, '')}:${digest.slice(0, 12)}`;
}

/** The id of an image that the engine has; null when it has none of that name. */
async function imageId(
  engine: EngineName,
  name: string,
  { signal }: Pick<ImageOptions, 'signal'>,
): Promise<string | null> {
  const program = storeOf(engine);
  const args =
    engine === 'buildah'
      ? ['inspect', '--type', 'image', '--format', '{{.FromImageID}}', name]
      : ['image', 'inspect', '--format', '{{.Id}}', name];
  const { exitCode, stdout } = await ask(program, args, 60_000, signal);
  const id = /[0-9a-f]{64}/.exec(stdout.toString('utf8'))?.[0];
  return exitCode === 0 && id !== undefined ? `sha256:${id}` : null;
}

const keptLines = 200;
/** What is kept of a line: programs of a base image print what they like. */
const maxLine = 2000;

/** Lines such as `Step 3/9 : RUN …`, `STEP 3/9: RUN …` and `#7 [2/5] RUN …` say where the build is. */
function report(line: string, last: string[], onStatus: ((text: string) => void) | undefined): void {
  const text = plain(line);
  if (text.trim() === '') return;
  keepLast(last, text.slice(0, maxLine), keptLines);
  const start = text.slice(0, 300);
  const step =
    /^(?:Step|STEP) (\d+\/\d+) ?: ?(.*)/.exec(start) ?? /^#\d+ \[[^\]]*?(\d+\/\d+)\] (.*)/.exec(start);
  if (step !== null) onStatus?.(`building the image, step ${step[1]}: ${(step[2] ?? '').slice(0, 60)}`);
}
