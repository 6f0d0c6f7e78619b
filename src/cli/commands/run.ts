import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { placeOf } from '../../build/store-place.ts';
import type { BuiltEnvironment } from '../../build/types.ts';
import { childEnvironment } from '../../child-environment.ts';
import type { ContainerImage } from '../../container/build.ts';
import { ExitCode, NidifyError, usage } from '../../errors.ts';
import { execForeground } from '../../exec.ts';
import { bytesOf } from '../../text/size.ts';
import type { ContainerArguments } from '../container.ts';
import type { Context } from '../context.ts';
import { buildPrepared, type Prepared, prepare } from '../environment.ts';
import { withRepository } from '../repository.ts';
import { processesOf } from '../size.ts';
import { timeoutOf } from '../timeout.ts';
import { type ChosenVariables, chosenVariables, variablesInside } from '../variables.ts';

/** Where the environment is built and from what. */
type BuildArguments = Omit<ContainerArguments, 'maxMemory' | 'tag' | 'directory'>;

export interface RunArguments extends BuildArguments {
  /** What to run, word by word. */
  command?: readonly string[] | undefined;
  keep?: readonly string[] | undefined;
  env?: readonly string[] | undefined;
  timeout?: string | undefined;
  sandbox?: boolean | undefined;
  network?: string | true | undefined;
  readOnly?: boolean | undefined;
  maxMemory?: string | undefined;
  maxFileSize?: string | undefined;
  maxProcesses?: string | undefined;
  /** False for a container without Docker in it. */
  docker?: boolean | undefined;
}

/** What a command runs in: an environment of Nix, or a container. */
type Place = BuiltEnvironment | ContainerPlace;

interface ContainerPlace extends Prepared {
  image: ContainerImage;
}

/** Where the environment comes from; tests give one that needs no Nix. */
export type Obtain = (args: BuildArguments, context: Context) => Promise<Place>;

async function obtainPlace(args: BuildArguments, context: Context): Promise<Place> {
  return withRepository(args, context, async (repository) => {
    const prepared = await prepare(repository, args, context);
    if (prepared.plan.container === undefined) return buildPrepared(prepared, context);
    const { obtainImage } = await import('../container.ts');
    return { ...prepared, image: (await obtainImage(prepared, args, context)).image };
  });
}

/** Runs a command in the environment; its exit code is the command's. */
export async function run(
  args: RunArguments,
  context: Context,
  obtain: Obtain = obtainPlace,
): Promise<number> {
  const { command = [] } = args;
  if (command.length === 0) throw usage('there is no command', 'Write it after `--`: nidify run -- npm test');
  return start(args, command, context, obtain);
}

/** Opens a shell in the environment; its exit code is the shell's. */
export async function shell(
  args: RunArguments,
  context: Context,
  obtain: Obtain = obtainPlace,
): Promise<number> {
  // Nobody's rc files: they would change the PATH that the environment set. Whether it is interactive is bash's
  // to see: it reads a script from a pipe.
  const command = ['bash', '--norc', '--noprofile'];
  // Not as PS1 itself: `bin/enter` is a script, and bash drops PS1 where it runs one.
  const prompt = `PROMPT_COMMAND=PS1='(nidify) \\w\\$ '; unset PROMPT_COMMAND`;
  return start({ ...args, env: [prompt, ...(args.env ?? [])] }, command, context, obtain);
}

async function start(
  args: RunArguments,
  command: readonly string[],
  context: Context,
  obtain: Obtain,
): Promise<number> {
  const { io } = context;
  const timeoutMs = timeoutOf(args.timeout);
  const chosen = chosenVariables(args);
  const limits = {
    memory: args.maxMemory === undefined ? undefined : bytesOf(args.maxMemory, '--max-memory'),
    fileSize: args.maxFileSize === undefined ? undefined : bytesOf(args.maxFileSize, '--max-file-size'),
    processes: args.maxProcesses === undefined ? undefined : processesOf(args.maxProcesses),
  };
  if (args.sandbox !== true)
    refuse([
      ['--network', args.network],
      ['--max-file-size', args.maxFileSize],
    ]);
  const hostEnv = childEnvironment(io.env);
  const { networkOf } = await import('../../sandbox/network.ts');
  const network = networkOf(args.network, io.env);
  const place = await obtain(buildArguments(args), context);
  if ('image' in place) return startInContainer(place, { args, command, chosen, timeoutMs, limits }, context);
  if (args.sandbox !== true) {
    refuse([
      ['--read-only', args.readOnly],
      ['--max-memory', args.maxMemory],
      ['--max-processes', args.maxProcesses],
    ]);
  }
  const environment = place;
  const { storePath, storeDirectory } = environment;
  const outside = placeOf(storePath, storeDirectory);
  if (!existsSync(path.join(outside, 'bin/enter'))) {
    throw new NidifyError({
      code: 'no-environment',
      message: `${outside} is no environment: it has no bin/enter`,
      hint: '`nidify generate` writes one that has.',
      exitCode: ExitCode.unserved,
    });
  }
  if (args.sandbox !== true) {
    if (!canStart(path.join(outside, 'bin/enter'))) {
      throw new NidifyError({
        code: 'store-elsewhere',
        message: `the environment is in ${outside}, and its programs look for it in ${storePath}`,
        hint: 'Run it with --sandbox, which puts it there.',
        exitCode: ExitCode.usage,
      });
    }
    const env = childEnvironment(io.env, chosen);
    return execForeground({
      program: path.join(outside, 'bin/enter'),
      args: command,
      cwd: io.cwd,
      env,
      timeoutMs,
    });
  }
  const { runInSandbox } = await import('../../sandbox/run.ts');
  return runInSandbox({
    environment,
    command: [path.join(storePath, 'bin/enter'), ...command],
    project: context.base,
    isReadOnly: args.readOnly === true,
    cwd: io.cwd,
    network,
    env: variablesInside(chosen, io.env),
    hostEnv,
    timeoutMs,
    limits,
    onRefused: (target, reason) => io.err([[`nidify: not let out: ${JSON.stringify(target)}: ${reason}`]]),
  });
}

/** Whether the interpreter that a script names is where it names it: not so in a store at another place. */
function canStart(script: string): boolean {
  const interpreter = /^#!\s*(\S+)/.exec(readFileSync(script, 'utf8').slice(0, 1000))?.[1];
  return interpreter === undefined || existsSync(interpreter);
}

interface Start {
  args: RunArguments;
  command: readonly string[];
  chosen: ChosenVariables;
  timeoutMs: number | undefined;
  limits: { memory?: number | undefined; fileSize?: number | undefined; processes?: number | undefined };
}

/** A container is a sandbox of another kind: its network and its files are what the engine gives it. */
async function startInContainer(
  { plan, options, image }: ContainerPlace,
  { args, command, chosen, timeoutMs, limits }: Start,
  context: Context,
): Promise<number> {
  const { findEngine, runnerOf } = await import('../../container/engine.ts');
  const { runInContainer } = await import('../../container/run.ts');
  const runner = runnerOf[image.engine.name];
  return runInContainer({
    engine: runner === image.engine.name ? image.engine : await findEngine('run', runner, context.io.signal),
    image: image.name,
    plan,
    files: options.files,
    project: options.repository,
    isReadOnly: args.readOnly === true,
    cwd: realpathSync(context.io.cwd),
    command,
    env: variablesInside(chosen, context.io.env),
    hostEnv: context.io.env,
    withDocker: args.docker !== false,
    timeoutMs,
    limits,
  });
}

/** What of the arguments says how to build. A sandbox of bubblewrap is around the environment of Nix. */
function buildArguments(args: RunArguments): BuildArguments {
  const { project, output, store, builders, substituter, trustedKey, prove, trustFiles } = args;
  const { engine, baseImage, trustBase, buildNetwork, rebuild } = args;
  const target = args.sandbox === true ? ('nix' as const) : args.target;
  const nix = { project, output, store, builders, substituter, trustedKey, prove, trustFiles };
  return { ...nix, target, engine, baseImage, trustBase, buildNetwork, rebuild };
}

/** Options of the sandbox without it: a container, too, has some of them. */
function refuse(options: readonly [name: string, value: unknown][]): void {
  const given = options.find(([, value]) => value !== undefined);
  if (given !== undefined) throw usage(`${given[0]} does nothing without --sandbox`, 'Add --sandbox.');
}
