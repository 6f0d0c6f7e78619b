import path from 'node:path';
import type { Statement } from '../../build/attestation.ts';
import type { Built } from '../../build/build.ts';
import { memoryLimitOf } from '../../build/daemon.ts';
import { fileFailure, writeWhole } from '../../build/files.ts';
import { ExitCode, NidifyError } from '../../errors.ts';
import { temporaryFolder } from '../../temporary.ts';
import type { Context } from '../context.ts';
import { type EnvironmentArguments, obtain, type Prepared, prepare, previewText } from '../environment.ts';
import { printResult } from '../json.ts';
import { withProgress } from '../progress.ts';
import { type Repository, withRepository } from '../repository.ts';
import { builtView } from '../views/built.ts';

export interface BuildArguments extends EnvironmentArguments {
  attest?: string | undefined;
  cacheTo?: string | undefined;
  signKey?: string | undefined;
  dryRun?: boolean | undefined;
  json?: boolean | undefined;
}

/** Builds the environment in the Nix sandbox, and says what was proved and built. */
export async function build(args: BuildArguments, context: Context): Promise<ExitCode> {
  const cacheTo = cacheOf(args);
  return withRepository(args, context, (repository) =>
    args.dryRun === true ? preview(repository, args, context) : buildIn(repository, args, cacheTo, context),
  );
}

async function preview(repository: Repository, args: BuildArguments, context: Context): Promise<ExitCode> {
  const { plan, options } = await prepare(repository, args, context);
  const { previewOf } = await import('../../build/build.ts');
  const found = await withProgress(context, 'evaluating the environment', () => previewOf(plan, options));
  if (args.json === true) {
    printResult(context.io, {
      schemaVersion: 1,
      command: 'build',
      exitCode: ExitCode.done,
      dryRun: true,
      environment: options.environment,
      preview: found,
    });
  } else {
    context.io.out([[previewText(found) ?? 'Nothing: the environment is built.']]);
  }
  return ExitCode.done;
}

async function buildIn(
  repository: Repository,
  args: BuildArguments,
  cacheTo: string | null,
  context: Context,
): Promise<ExitCode> {
  const { io } = context;
  const { plan, options, built } = await obtain(repository, args, context);
  const attestation = args.attest === undefined ? null : path.resolve(context.base, args.attest);
  const { buildersOf, statementOf } = await import('../../build/attestation.ts');
  const builders = buildersOf(built);
  if (attestation !== null) {
    writeStatement(attestation, statementOf(built, plan));
  }
  if (cacheTo !== null) await push(built, cacheTo, args, options, context);
  const memoryLimit = memoryLimitOf(options.settings);
  if (args.json === true) {
    printResult(io, {
      schemaVersion: 1,
      command: 'build',
      exitCode: ExitCode.done,
      dryRun: false,
      environment: built.name,
      system: built.system,
      storePath: built.storePath,
      storeDirectory: built.storeDirectory,
      root: built.root,
      remembered: built.isRemembered,
      nixVersion: built.nixVersion,
      sandbox: {
        held: true,
        here: built.proof.here,
        control: built.proof.control,
        controlFound: built.proof.controlFound,
        provedAt: built.provedAt,
        builders,
      },
      memoryLimit,
      closure: { paths: built.paths.length, bytes: built.paths.reduce((sum, each) => sum + each.narSize, 0) },
      attestation,
      copiedTo: cacheTo,
    });
  } else if (!context.quiet) {
    io.out(builtView(built, { builders, memoryLimit, attestation, copiedTo: cacheTo }));
  }
  return ExitCode.done;
}

function writeStatement(file: string, statement: Statement): void {
  try {
    writeWhole(file, `${JSON.stringify(statement, null, 2)}\n`);
  } catch (error) {
    throw fileFailure(error);
  }
}

async function push(
  built: Built,
  url: string,
  { signKey }: BuildArguments,
  { settings }: Prepared['options'],
  context: Context,
): Promise<void> {
  const { copyTo } = await import('../../build/cache.ts');
  const key = signKey === undefined ? null : path.resolve(context.base, signKey);
  const folder = temporaryFolder('nidify-cache-');
  try {
    await withProgress(context, 'copying to the cache', () =>
      copyTo(built, { url, signKey: key }, settings, folder.directory),
    );
  } finally {
    folder.remove();
  }
}

function cacheOf({ cacheTo, signKey }: BuildArguments): string | null {
  if (cacheTo !== undefined && URL.canParse(cacheTo)) return cacheTo;
  if (cacheTo === undefined && signKey === undefined) return null;
  throw new NidifyError({
    code: 'usage',
    message:
      cacheTo === undefined ? '`--sign-key` goes with --cache-to' : `--cache-to ${cacheTo} is no address`,
    hint: 'Such as --cache-to file:///var/cache/nix --sign-key cache.secret',
    exitCode: ExitCode.usage,
  });
}
