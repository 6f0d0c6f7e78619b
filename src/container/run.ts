/** Running a command in the container of the repository. */
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isatty } from 'node:tty';
import { childEnvironment } from '../child-environment.ts';
import { NidifyError } from '../errors.ts';
import { execForeground } from '../exec.ts';
import type { Plan } from '../plan/schema.ts';
import { engineFolder, hasDocker, runFlags } from '../render/container/settings.ts';
import type { GeneratedFile } from '../render/types.ts';
import { temporaryFolder } from '../temporary.ts';
import { ask, type Engine, engineVariables, isRootless } from './engine.ts';

export interface ContainerRun {
  engine: Engine;
  /** Name or id of the image. */
  image: string;
  plan: Plan;
  /** The generated files: the seccomp profile is among them. */
  files: readonly GeneratedFile[];
  /** The repository, absolute. */
  project: string;
  isReadOnly: boolean;
  /** Where the command starts, if that is within the project. */
  cwd: string;
  command: readonly string[];
  /** Variables of the command. */
  env: Readonly<Record<string, string>>;
  hostEnv: NodeJS.ProcessEnv;
  /** Starts Docker in it, where the image has it. */
  withDocker: boolean;
  timeoutMs: number | undefined;
  limits: { memory?: number | undefined; processes?: number | undefined };
}

/**
 * @returns the command's exit code; 125 to 127 are the engine's own, as those of `docker run`
 * @throws NidifyError `tool-missing` (exit 4)
 */
export async function runInContainer(options: ContainerRun): Promise<number> {
  const { engine, plan, project, cwd } = options;
  const name = `nidify-${randomBytes(6).toString('hex')}`;
  const work = temporaryFolder('nidify-run-');
  try {
    const seccomp = path.join(work.directory, 'seccomp.json');
    const profile = options.files.find(({ path: file }) => file.endsWith('/seccomp.json'));
    if (profile !== undefined) writeFileSync(seccomp, profile.text);
    const inside = `/workspaces/${folderName(project)}`;
    const relative = path.relative(project, cwd);
    const isWithin = !relative.startsWith('..') && !path.isAbsolute(relative);
    const mount = ['type=bind', `source=${project}`, `target=${inside}`].map(field).join(',');
    const env = {
      ...options.env,
      ...(options.withDocker && hasDocker(plan) ? { ENABLE_DOCKER: '1', DOCKER_WORKSPACE: inside } : {}),
    };
    const own = childEnvironment(options.hostEnv, { allow: engineVariables });
    // By name: a value in an argument can be read by every user of the machine. But what the engine's client
    // looks at itself stays as it is: a DOCKER_HOST for the command is none for the client.
    const isOfClient = (each: string) => Object.hasOwn(own, each) || clientVariables.test(each);
    const passing = (each: string, value: string) =>
      isOfClient(each) && own[each] !== value ? `${each}=${value}` : each;
    const passed = Object.fromEntries(Object.entries(env).filter(([each]) => !isOfClient(each)));
    return await execForeground({
      program: engine.name,
      args: [
        ...globalFlags(engine, plan),
        ...['run', '--rm', '--interactive', ...(isatty(0) && isatty(1) ? ['--tty'] : [])],
        ...['--name', name, '--user', 'root'],
        ...flagsFor(engine, plan, seccomp, options.hostEnv),
        ...(options.limits.memory === undefined ? [] : [`--memory=${Math.trunc(options.limits.memory)}`]),
        ...(options.limits.processes === undefined ? [] : [`--pids-limit=${options.limits.processes}`]),
        // On a volume the engine can lay its images over each other; it goes with the container.
        ...(options.withDocker && hasDocker(plan) ? ['--volume', engineFolder] : []),
        ...[
          '--mount',
          options.isReadOnly ? `${mount},readonly` : mount,
          '--workdir',
          isWithin ? path.posix.join(inside, relative) : inside,
        ],
        ...Object.entries(env).flatMap(([each, value]) => ['--env', passing(each, value)]),
        options.image,
        ...options.command,
      ],
      cwd: work.directory,
      env: { ...passed, ...own },
      timeoutMs: options.timeoutMs,
      // It passes the signal on to the command, whose container would go on without anyone who removes it.
      diesWithParent: true,
    });
  } finally {
    // Where the client was ended, its container is not.
    await remove(engine, name);
    work.remove();
  }
}

/** Podman says the same in other words, and can make the caller's files the worker's. */
function flagsFor(engine: Engine, plan: Plan, seccomp: string, env: NodeJS.ProcessEnv): string[] {
  const flags = runFlags(plan, seccomp).map((flag) =>
    flag === '--device=/dev/net/tun' ? `--device=${tunDevice(env)}:/dev/net/tun` : flag,
  );
  if (engine.name !== 'podman') return flags;
  return [
    ...flags
      .filter((flag) => !flag.startsWith('--runtime='))
      .map((flag) => flag.replace('systempaths=unconfined', 'unmask=ALL'))
      // Podman takes no profile by name where the kernel has no AppArmor.
      .filter((flag) => !flag.includes('apparmor=') || existsSync('/sys/kernel/security/apparmor')),
    ...(isRootless(engine) ? ['--userns=keep-id:uid=1000,gid=1000'] : []),
  ];
}

/** Podman takes the runtime before the command. */
function globalFlags({ name }: Engine, plan: Plan): string[] {
  return name === 'podman' ? runFlags(plan, '').filter((flag) => flag.startsWith('--runtime=')) : [];
}

/** Where the machine's own node is not open to all, one that is can be named. */
function tunDevice(env: NodeJS.ProcessEnv): string {
  return env.NIDIFY_TUN_DEVICE || '/dev/net/tun';
}

/** What else an engine's client, its loader or its language reads of its own environment. No secret is among them. */
const clientVariables = new RegExp(
  `^(${engineVariables.join('|')}|LD_\\w+|DOCKER_(CONTENT_TRUST|DEFAULT_PLATFORM|CLI_\\w+)|GO(DEBUG|GC|MAXPROCS|MEMLIMIT))$`,
);

/** A field of CSV: a comma would begin another option of the mount, a quote is only read around a whole field. */
function field(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Name of the project's folder, without what separates folders in lists of them, or ends a line. */
function folderName(project: string): string {
  return path.basename(project).replace(/[\p{Cc}:,"\\]+/gu, '-') || 'project';
}

async function remove(engine: Engine, name: string): Promise<void> {
  try {
    await ask(engine.name, ['rm', '--force', '--volumes', name], 30_000);
  } catch (error) {
    if (!(error instanceof NidifyError)) throw error;
  }
}
