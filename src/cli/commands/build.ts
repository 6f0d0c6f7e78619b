import path from 'node:path';
import type { Statement } from '../../build/attestation.ts';
import type { Built } from '../../build/build.ts';
import { memoryLimitOf } from '../../build/daemon.ts';
import { fileFailure, writeWhole } from '../../build/files.ts';
import type { ContainerImage } from '../../container/build.ts';
import { ExitCode, NidifyError, usage } from '../../errors.ts';
import { temporaryFolder } from '../../temporary.ts';
import type { ContainerArguments } from '../container.ts';
import type { Context } from '../context.ts';
import { obtainFrom, type Prepared, prepare, previewText } from '../environment.ts';
import { printResult } from '../json.ts';
import { withProgress } from '../progress.ts';
import { type Repository, withRepository } from '../repository.ts';
import { bold, dim, type Line } from '../terminal/text.ts';
import { builtView } from '../views/built.ts';

export interface BuildArguments extends ContainerArguments {
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
  const prepared = await prepare(repository, args, context);
  const { plan, options } = prepared;
  const { built, image } = await make(prepared, args, context);
  if (built === null) {
    if (args.json === true) printResult(io, withoutNix(image));
    else if (!context.quiet) io.out(containerView(image));
    return ExitCode.done;
  }
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
      ...(image === null ? {} : { image: imageResult(image) }),
    });
  } else if (!context.quiet) {
    io.out(builtView(built, { builders, memoryLimit, attestation, copiedTo: cacheTo }));
    if (image !== null) io.out(containerView(image));
  }
  return ExitCode.done;
}

/** The environment, and where the target is a container the image around it. */
async function make(
  prepared: Prepared,
  args: BuildArguments,
  context: Context,
): Promise<{ built: Built; image: ContainerImage | null } | { built: null; image: ContainerImage }> {
  const { plan } = prepared;
  if (plan.container !== undefined) {
    const { obtainImage } = await import('../container.ts');
    return obtainImage(prepared, args, context);
  }
  const given = [args.engine, args.baseImage, args.buildNetwork, args.tag, args.rebuild];
  if (given.some((each) => each !== undefined)) {
    throw usage(
      '--engine, --base-image, --build-network, --tag and --rebuild are for containers, and the target is Nix',
      'Add --target container, or leave them out.',
    );
  }
  return { built: await obtainFrom(prepared, context), image: null };
}

function imageResult({ engine, name, id, isRemembered, boundsMemory }: ContainerImage) {
  return { engine, name, id, remembered: isRemembered, memoryLimit: boundsMemory };
}

function withoutNix(image: ContainerImage) {
  const base = { schemaVersion: 1, command: 'build', exitCode: ExitCode.done, dryRun: false } as const;
  return { ...base, image: imageResult(image) };
}

function containerView({ engine, name, id, isRemembered }: ContainerImage): Line[] {
  const known = isRemembered ? ', which was there already' : '';
  return [
    [bold(name)],
    [dim(`  the image, in ${engine}${known}${id === null ? '' : ` (${id.slice(7, 19)})`}`)],
  ];
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
