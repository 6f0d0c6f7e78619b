import path from 'node:path';
import { ExitCode, NidifyError } from '../../errors.ts';
import { lockFile, lockOf } from '../../lock/make.ts';
import type { Finding, Plan } from '../../plan/schema.ts';
import { untracked } from '../../write/git-index.ts';
import { lockedIn } from '../../write/locked.ts';
import { type WrittenFile, write } from '../../write/write.ts';
import type { Context } from '../context.ts';
import { type IntegrationsAsked, integrationsAsked, integrationsWanted } from '../integrations.ts';
import { printResult } from '../json.ts';
import { withProgress } from '../progress.ts';
import {
  outputOf,
  placingOf,
  type Repository,
  requireOutput,
  type Subject,
  withRepository,
} from '../repository.ts';
import { generatedView } from '../views/generated.ts';

export interface GenerateArguments extends Subject {
  target?: 'auto' | 'nix' | 'container' | undefined;
  profile?: 'rootless' | 'gvisor' | 'sidecar' | undefined;
  toolchain?: 'nix' | 'features' | undefined;
  project?: string | undefined;
  package?: boolean | undefined;
  output?: string | undefined;
  dryRun?: boolean | undefined;
  diff?: boolean | undefined;
  force?: boolean | undefined;
  /** Each may hold several, with commas. */
  ci?: string[] | undefined;
  agents?: boolean | undefined;
  json?: boolean | undefined;
}

/** Analyses, plans, and writes the files of the environment. */
export async function generate(args: GenerateArguments, context: Context): Promise<ExitCode> {
  const asked = integrationsAsked(args);
  await requireOutput(args, args.output);
  return withRepository(args, context, (repository) => generateIn(repository, args, asked, context));
}

async function generateIn(
  repository: Repository,
  args: GenerateArguments,
  asked: IntegrationsAsked,
  context: Context,
): Promise<ExitCode> {
  const { io, stages } = context;
  const directory = outputOf(repository, args.output, context);
  const place = repository.isClone ? { directory } : { directory, repository: repository.directory };
  const locked = lockedIn(directory, place.repository);
  const wanted = integrationsWanted(asked, locked, repository, directory);
  if (args.package === true) requireOwnFolder(repository, directory);
  const plan = await withProgress(context, 'read', 'reading the repository', () =>
    stages.analyze(repository.directory, {
      locked,
      ...(args.target === undefined ? {} : { target: args.target }),
      ...(args.profile === undefined ? {} : { profile: args.profile }),
      ...(args.toolchain === undefined ? {} : { toolchain: args.toolchain }),
      ...(args.project === undefined ? {} : { project: args.project }),
      ...(args.package === undefined ? {} : { package: args.package }),
      signal: io.signal,
    }),
  );
  const files = await stages.render(plan, wanted, placingOf(repository, directory));
  const lock = lockOf(plan, files);
  const exitCode = exitCodeOf(plan);

  if (args.diff === true) {
    const { diffOf } = await import('../../write/diff.ts');
    const diff = diffOf([...files, lockFile(lock)], place);
    if (args.json === true) {
      printResult(
        io,
        resultOf(plan, directory, { exitCode, files: [], diff, untracked: null, dryRun: true }),
      );
    } else {
      const { diffView } = await import('../views/diff.ts');
      io.out(diffView(diff));
    }
    return exitCode;
  }

  const dryRun = args.dryRun === true;
  const written = await write(files, {
    ...place,
    lock,
    dryRun,
    force: args.force === true,
    elsewhere: elsewhere(repository, context),
  });
  const present = written
    .filter(({ state }) => state !== 'removed' && state !== 'kept')
    .map((file) => file.path);
  const unknown = untracked(directory, present);
  if (args.json === true) {
    printResult(
      io,
      resultOf(plan, directory, { exitCode, files: written, diff: null, untracked: unknown, dryRun }),
    );
  } else {
    const shown = {
      plan,
      written,
      untracked: unknown,
      dryRun,
      directory,
      repository: repository.isClone ? directory : repository.directory,
      cwd: io.cwd,
      quiet: context.quiet,
    };
    io.out(generatedView(shown, io.columns));
  }
  return exitCode;
}

/** package.nix builds the folder that it lies in: that has to be the repository itself. */
function requireOwnFolder({ directory, isClone }: Repository, output: string): void {
  if (!isClone && path.resolve(output) === path.resolve(directory)) return;
  throw new NidifyError({
    code: 'package-elsewhere',
    message: '--package builds the folder that the files are written to, which is not the repository',
    hint: isClone ? 'Clone it, and run nidify there.' : 'Leave --output out.',
    exitCode: ExitCode.usage,
  });
}

/** What `--output` should name, as the user would type it. */
function elsewhere({ directory, isClone }: Repository, { base }: Context): string {
  return isClone ? 'DIR' : path.relative(base, path.join(directory, '.nidify')) || '.nidify';
}

function exitCodeOf({ findings }: Plan): ExitCode {
  const isUnserved = findings.some(({ severity }) => severity === 'error');
  return isUnserved ? ExitCode.unserved : ExitCode.done;
}

interface Outcome {
  exitCode: number;
  files: WrittenFile[];
  diff: string | null;
  untracked: string[] | null;
  dryRun: boolean;
}

function resultOf({ findings }: { findings: Finding[] }, output: string, outcome: Outcome) {
  return { schemaVersion: 1, command: 'generate', output, ...outcome, findings } as const;
}
