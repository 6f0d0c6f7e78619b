import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Built } from '../../build/build.ts';
import { childEnvironment } from '../../child-environment.ts';
import { ExitCode, NidifyError } from '../../errors.ts';
import type { Plan } from '../../plan/schema.ts';
import { temporaryFolder } from '../../temporary.ts';
import { bytesOf } from '../../text/size.ts';
import type { ProjectSteps } from '../../verify/steps.ts';
import type { ProjectReport } from '../../verify/verify.ts';
import type { Context } from '../context.ts';
import { buildPrepared, type EnvironmentArguments, type Prepared, prepare } from '../environment.ts';
import { printResult } from '../json.ts';
import { withProgress } from '../progress.ts';
import { type Repository, withRepository } from '../repository.ts';
import { processesOf } from '../size.ts';
import { timeoutOf } from '../timeout.ts';
import { chosenVariables, variablesInside } from '../variables.ts';
import { verifiedView } from '../views/verified.ts';

export interface VerifyArguments extends EnvironmentArguments {
  network?: string | undefined;
  online?: boolean | undefined;
  keep?: readonly string[] | undefined;
  env?: readonly string[] | undefined;
  maxFileSize?: string | undefined;
  maxProcesses?: string | undefined;
  json?: boolean | undefined;
}

const defaultTimeoutMs = 1_800_000;

/** Installs, builds and tests a clean copy of the repository in the sandbox: exit 0 when all of it worked, else 5. */
export async function verify(args: VerifyArguments, context: Context): Promise<ExitCode> {
  return withRepository(args, context, (repository) => verifyIn(repository, args, context));
}

async function verifyIn(repository: Repository, args: VerifyArguments, context: Context): Promise<ExitCode> {
  const { io } = context;
  const chosen = chosenVariables(args);
  const limits = {
    memory: args.maxMemory === undefined ? undefined : bytesOf(args.maxMemory, '--max-memory'),
    fileSize: args.maxFileSize === undefined ? undefined : bytesOf(args.maxFileSize, '--max-file-size'),
    processes: args.maxProcesses === undefined ? undefined : processesOf(args.maxProcesses),
  };
  const timeoutMs = timeoutOf(args.timeout) ?? defaultTimeoutMs;
  const { networkOf } = await import('../../sandbox/network.ts');
  networkOf(args.network, io.env);
  const prepared = await prepare(repository, args, context);
  const { stepsOf } = await import('../../verify/steps.ts');
  const projects = stepsOf(prepared.plan, nameOf(args.project), (file) =>
    existsSync(path.join(repository.directory, file)),
  );
  refuseNothing(projects);
  const hostEnv = childEnvironment(io.env);
  // Tried once, for all steps, and before anything is built for them.
  const { requireSandbox } = await import('../../sandbox/require.ts');
  await requireSandbox(hostEnv);
  const environments = await buildAll(prepared, projects, context);

  const folder = temporaryFolder('nidify-verify-');
  try {
    const directory = path.join(folder.directory, 'repository');
    mkdirSync(directory);
    const { copyRepository } = await import('../../verify/copy.ts');
    await withProgress(context, 'read', 'copying the repository', () =>
      copyRepository(repository.directory, directory, io.signal),
    );
    const { isFine, verifyProjects } = await import('../../verify/verify.ts');
    const reports = await withProgress(context, 'verify', 'verifying', (tell) =>
      verifyProjects({
        projects,
        environments,
        directory,
        home: path.join(folder.directory, 'home'),
        network: args.network ?? null,
        isOnline: args.online === true,
        env: variablesInside(chosen, io.env),
        hostEnv,
        configuration: io.env,
        timeoutMs,
        limits,
        signal: io.signal,
        onStep: (project, step) => tell(`${project === '.' ? '' : `${project}: `}${step}`),
      }),
    );
    const exitCode = reports.every(({ steps }) => steps.every(isFine)) ? ExitCode.done : ExitCode.buildFailed;
    if (args.json === true)
      printReport(reports, prepared.plan, [...environments.values()], exitCode, context);
    else if (!context.quiet || exitCode !== ExitCode.done) io.out(verifiedView(reports, prepared.plan));
    return exitCode;
  } finally {
    folder.remove();
  }
}

async function buildAll(
  { plan, options }: Prepared,
  projects: readonly ProjectSteps[],
  context: Context,
): Promise<Map<string, Built>> {
  const environments = new Map<string, Built>();
  for (const environment of new Set(projects.map((each) => each.environment))) {
    const one = { plan, options: { ...options, environment } };
    environments.set(environment, await buildPrepared(one, context));
  }
  return environments;
}

const nameOf = (project: string | undefined): string | null =>
  project === undefined ? null : path.posix.normalize(project).replace(/\/$/, '') || '.';

function refuseNothing(projects: readonly ProjectSteps[]): void {
  if (projects.some(({ steps }) => steps.some(({ command }) => command !== null))) return;
  throw new NidifyError({
    code: 'nothing-to-verify',
    message: 'no project says how it is installed, built or tested',
    hint: '`nidify analyze` says what was found; scripts `build` and `test` of package.json are run, for one.',
    exitCode: ExitCode.unserved,
  });
}

function printReport(
  projects: readonly ProjectReport[],
  { repository }: Plan,
  environments: readonly Built[],
  exitCode: ExitCode,
  { io }: Context,
): void {
  printResult(io, {
    schemaVersion: 1,
    command: 'verify',
    exitCode,
    source: { commit: repository.source?.commit ?? null, digest: repository.digest },
    environments: environments.map(({ name, storePath, nixVersion, proof, provedAt }) => ({
      name,
      storePath,
      nixVersion,
      sandbox: { held: true, control: proof.control, controlFound: proof.controlFound, provedAt },
    })),
    projects: projects.map((project) => ({ ...project, because: [...project.because] })),
  });
}
