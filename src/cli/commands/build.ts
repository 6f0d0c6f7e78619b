import path from 'node:path';
import type { Statement, StatementSource } from '../../build/attestation.ts';
import type { Built } from '../../build/build.ts';
import { memoryLimitOf } from '../../build/daemon.ts';
import { fileFailure, writeWhole } from '../../build/files.ts';
import type { NixSettings } from '../../build/nix.ts';
import type { Preview } from '../../build/realise.ts';
import type { ContainerImage } from '../../container/build.ts';
import { ExitCode, NidifyError, usage } from '../../errors.ts';
import { temporaryFolder } from '../../temporary.ts';
import { version } from '../../version.ts';
import type { ContainerArguments } from '../container.ts';
import type { Context } from '../context.ts';
import { buildPrepared, type Prepared, prepare, previewText } from '../environment.ts';
import { printResult } from '../json.ts';
import { checkOwnFlake, type OwnFlakeArguments, obtainOwnFlake, previewOwnFlake } from '../own-flake.ts';
import { withProgress } from '../progress.ts';
import { type Repository, withRepository } from '../repository.ts';
import { bold, dim, type Line } from '../terminal/text.ts';
import { builtView } from '../views/built.ts';

export interface BuildArguments extends OwnFlakeArguments, ContainerArguments {
  attest?: string | undefined;
  cacheTo?: string | undefined;
  signKey?: string | undefined;
  dryRun?: boolean | undefined;
  json?: boolean | undefined;
}

/** Builds the environment in the Nix sandbox, and says what was proved and built. */
export async function build(args: BuildArguments, context: Context): Promise<ExitCode> {
  const cacheTo = cacheOf(args);
  checkOwnFlake(args);
  return withRepository(args, context, (repository) =>
    args.dryRun === true ? preview(repository, args, context) : buildIn(repository, args, cacheTo, context),
  );
}

interface Previewed {
  environment: string;
  preview: Preview;
}

async function previewOf(repository: Repository, args: BuildArguments, context: Context): Promise<Previewed> {
  if (args.ownFlake === true) {
    const { attribute, preview } = await previewOwnFlake(repository, args, context);
    return { environment: attribute, preview };
  }
  const { plan, options } = await prepare(repository, args, context);
  const { previewOf: preview } = await import('../../build/build.ts');
  const found = await withProgress(context, 'build', 'evaluating the environment', () =>
    preview(plan, options),
  );
  return { environment: options.environment, preview: found };
}

async function preview(repository: Repository, args: BuildArguments, context: Context): Promise<ExitCode> {
  const { environment, preview: found } = await previewOf(repository, args, context);
  if (args.json === true) {
    printResult(context.io, {
      schemaVersion: 1,
      command: 'build',
      exitCode: ExitCode.done,
      dryRun: true,
      environment,
      ownFlake: args.ownFlake === true,
      preview: found,
    });
  } else {
    context.io.out([[previewText(found) ?? 'Nothing: it is built.']]);
  }
  return ExitCode.done;
}

/** What was built, with what, and what the statement says that it was built from. */
interface Obtained {
  /** Null where an image has its toolchain from elsewhere. */
  built: Built | null;
  settings: NixSettings;
  source: StatementSource;
  image: ContainerImage | null;
}

async function obtainAny(repository: Repository, args: BuildArguments, context: Context): Promise<Obtained> {
  if (args.ownFlake !== true) {
    const prepared = await prepare(repository, args, context);
    const made = await make(prepared, args, context);
    return { ...made, settings: prepared.options.settings, source: prepared.plan };
  }
  const { built, settings } = await obtainOwnFlake(repository, args, context);
  return {
    built,
    settings,
    source: { generator: { name: 'nidify', version }, sourceHash: built.sourceHash },
    image: null,
  };
}

async function buildIn(
  repository: Repository,
  args: BuildArguments,
  cacheTo: string | null,
  context: Context,
): Promise<ExitCode> {
  const { io } = context;
  const { built, settings, source, image } = await obtainAny(repository, args, context);
  if (built === null) {
    if (image !== null && args.json === true) printResult(io, withoutNix(image));
    else if (image !== null && !context.quiet) io.out(containerView(image));
    return ExitCode.done;
  }
  const attestation = args.attest === undefined ? null : path.resolve(context.base, args.attest);
  const { buildersOf, statementOf } = await import('../../build/attestation.ts');
  const builders = buildersOf(built);
  if (attestation !== null) {
    writeStatement(attestation, statementOf(built, source));
  }
  if (cacheTo !== null) await push(built, cacheTo, args, settings, context);
  const memoryLimit = memoryLimitOf(settings);
  if (args.json === true) {
    printResult(io, {
      schemaVersion: 1,
      command: 'build',
      exitCode: ExitCode.done,
      dryRun: false,
      environment: built.name,
      ownFlake: args.ownFlake === true,
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
): Promise<Pick<Obtained, 'built' | 'image'>> {
  const { plan } = prepared;
  if (plan.container !== undefined) {
    const { obtainImage } = await import('../container.ts');
    return obtainImage(prepared, args, context);
  }
  const given = [
    ...[args.engine, args.baseImage, args.trustBase, args.buildNetwork],
    ...[args.tag, args.rebuild],
  ];
  if (given.some((each) => each !== undefined)) {
    throw usage(
      '--engine, --base-image, --trust-base, --build-network, --tag and --rebuild are for containers, and the target is Nix',
      'Add --target container, or leave them out.',
    );
  }
  return { built: await buildPrepared(prepared, context), image: null };
}

function imageResult({ engine, name, id, isRemembered, boundsMemory }: ContainerImage) {
  return { engine: engine.name, name, id, remembered: isRemembered, memoryLimit: boundsMemory };
}

function withoutNix(image: ContainerImage) {
  const base = { schemaVersion: 1, command: 'build', exitCode: ExitCode.done, dryRun: false } as const;
  return { ...base, image: imageResult(image) };
}

function containerView({ engine, name, id, isRemembered }: ContainerImage): Line[] {
  const known = isRemembered ? ', which was there already' : '';
  return [
    [bold(name)],
    [dim(`  the image, in ${engine.name}${known}${id === null ? '' : ` (${id.slice(7, 19)})`}`)],
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
  settings: NixSettings,
  context: Context,
): Promise<void> {
  const { copyTo } = await import('../../build/cache.ts');
  const key = signKey === undefined ? null : path.resolve(context.base, signKey);
  const folder = temporaryFolder('nidify-cache-');
  try {
    await withProgress(context, 'push', 'copying to the cache', () =>
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
