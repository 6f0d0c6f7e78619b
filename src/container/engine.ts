/** Programs that build and run images, and which of them this machine has. */
import { ExitCode, NidifyError } from '../errors.ts';
import { type ExecResult, exec } from '../exec.ts';

export const engineNames = ['docker', 'podman', 'buildah', 'devcontainer'] as const;
export type EngineName = (typeof engineNames)[number];

/** What an engine is wanted for. */
export type Task = 'load' | 'build' | 'run';

/** Names of variables that say where an engine is and how it is set up; they pass to it. */
export const engineVariables: readonly string[] = [
  ...['DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_CONFIG', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'],
  ...['DOCKER_API_VERSION', 'CONTAINER_HOST', 'CONTAINERS_CONF', 'CONTAINERS_STORAGE_CONF'],
  ...['CONTAINERS_REGISTRIES_CONF', 'REGISTRY_AUTH_FILE', 'STORAGE_DRIVER', 'BUILDAH_ISOLATION'],
  // For an engine at the other end of ssh.
  'SSH_AUTH_SOCK',
];

/** In the order in which they are tried; the command line of devcontainers only when it is asked for. */
const ableTo: Readonly<Record<Task, readonly EngineName[]>> = {
  load: ['docker', 'podman'],
  build: ['docker', 'podman', 'buildah'],
  run: ['docker', 'podman'],
};

/** Commands that succeed where the engine can be used now. */
const probes: Readonly<Record<EngineName, readonly string[]>> = {
  docker: ['version', '--format', '{{.Server.Version}}'],
  podman: ['info', '--format', '{{.Host.Security.Rootless}}'],
  buildah: ['info'],
  devcontainer: ['--version'],
};

const hints: Readonly<Record<Task, string>> = {
  load: 'Start one of them, or write a file: --to docker-archive:image.tar.',
  build:
    'Install one and start it: Docker, or Podman or Buildah, which need no daemon (Debian: apt install podman).',
  run: 'Install one and start it: Docker, or Podman, which needs no daemon (Debian: apt install podman).',
};

export interface Engine {
  name: EngineName;
  /** What the probe printed. */
  said: string;
}

/** Whether an engine that shares the caller's files by mapping users runs without privileges. */
export function isRootless({ name, said }: Engine): boolean {
  return name === 'podman' ? said === 'true' : name === 'buildah' && /"rootless": true/.test(said);
}

/** Which engine has the images that one builds; where it is not there, nothing else has them. */
export const runnerOf: Readonly<Record<EngineName, EngineName>> = {
  docker: 'docker',
  podman: 'podman',
  // They share their store.
  buildah: 'podman',
  devcontainer: 'docker',
};

/**
 * The first engine that answers, or the one that was asked for.
 *
 * @throws NidifyError `tool-missing` (exit 4) with what each of them said
 */
export async function findEngine(
  task: Task,
  wanted: EngineName | null,
  signal: AbortSignal | undefined,
): Promise<Engine> {
  const said: string[] = [];
  for (const name of wanted === null ? ableTo[task] : [wanted]) {
    const found = await probe(name, signal);
    if (found.ok) return { name, said: found.text };
    said.push(`${name}: ${found.text}`);
  }
  throw new NidifyError({
    code: 'tool-missing',
    message: `no container engine can ${task} an image here (${said.join('; ')})`,
    hint: hints[task],
    exitCode: ExitCode.toolMissing,
  });
}

/** The program that has the images that an engine builds: the command line of devcontainers builds with Docker. */
export function storeOf(engine: EngineName): Exclude<EngineName, 'devcontainer'> {
  return engine === 'devcontainer' ? 'docker' : engine;
}

/** Runs an engine's program for an answer; nothing of the repository is near it. */
export function ask(
  program: EngineName,
  args: readonly string[],
  timeoutMs: number,
  signal?: AbortSignal | undefined,
): Promise<ExecResult> {
  return exec({ program, args, cwd: '/', timeoutMs, signal, allow: engineVariables });
}

/** Whether an engine answers now, and what it says. */
export async function probe(
  name: EngineName,
  signal: AbortSignal | undefined,
  timeoutMs = 20_000,
): Promise<{ ok: boolean; text: string }> {
  try {
    const { exitCode, stdout, stderrTail } = await ask(name, probes[name], timeoutMs, signal);
    const text = exitCode === 0 ? stdout.toString('utf8').trim() : lastLine(stderrTail);
    return { ok: exitCode === 0, text };
  } catch (error) {
    if (!(error instanceof NidifyError)) throw error;
    if (error.code === 'tool-missing') return { ok: false, text: 'not found' };
    if (error.code === 'tool-timed-out')
      return { ok: false, text: `does not answer within ${timeoutMs / 1000} s` };
    throw error;
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
