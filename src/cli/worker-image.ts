/** Options of `image --registry` and `image --check`, as the library takes them. */
import path from 'node:path';
import { usage } from '../errors.ts';
import type { Compression } from '../image/blobs.ts';
import { bytesOf } from '../text/size.ts';
import { openWorker, type Worker, type WorkerOptions } from '../worker-image/worker.ts';
import { baseReference, type ContainerArguments } from './container.ts';
import type { Context } from './context.ts';
import { mirrorOf, settingsOf } from './environment.ts';
import { withProgress } from './progress.ts';
import { timeoutOf } from './timeout.ts';

export interface WorkerArguments extends ContainerArguments {
  registry?: string | undefined;
  prefix?: string | undefined;
  commit?: string | undefined;
  layers?: string | undefined;
  insecure?: boolean | undefined;
  compression?: Compression | undefined;
  runtime?: boolean | undefined;
  maxLayers?: string | undefined;
}

/** Runs something on the commit that a person names, analysed. */
export async function withWorker<T>(
  args: WorkerArguments,
  context: Context,
  maxLayers: number,
  use: (worker: Worker) => Promise<T>,
): Promise<T> {
  const { looksLikeUrl } = await import('../clone/url.ts');
  const given = args.directory ?? '.';
  const isUrl = looksLikeUrl(given);
  if (args.ref !== undefined && (!isUrl || args.commit !== undefined)) {
    throw usage('--ref is the branch or tag of a Git URL', 'Elsewhere, and for a commit, it is --commit.');
  }
  const subject = isUrl ? given : path.resolve(context.base, given);
  const options = await optionsOf(args, context, maxLayers);
  const worker = await withProgress(context, 'read', 'reading the repository', () =>
    openWorker(subject, options),
  );
  try {
    return await use(worker);
  } finally {
    await worker.close();
  }
}

async function optionsOf(args: WorkerArguments, context: Context, maxLayers: number): Promise<WorkerOptions> {
  const { io } = context;
  // What is wrong with an option is told before anything is read.
  settingsOf(args, context, undefined);
  return {
    registry: args.registry ?? '',
    prefix: args.prefix,
    commit: args.commit ?? args.ref,
    project: args.project,
    target: args.target,
    closure: args.runtime === true ? 'runtime' : 'development',
    maxLayers,
    compression: args.compression,
    isInsecure: args.insecure,
    nix: (config) => settingsOf(args, context, config),
    mirror: await mirrorOf(io.env),
    provesAnew: args.prove,
    engine: {
      name: args.engine,
      baseImage: args.baseImage === undefined ? undefined : baseReference(args.baseImage),
      trustsBase: args.trustBase,
      network: args.buildNetwork,
      memoryBytes: args.maxMemory === undefined ? null : bytesOf(args.maxMemory, '--max-memory'),
    },
    fetchTimeoutMs: timeoutOf(args.timeout),
    signal: io.signal,
  };
}

/** @throws NidifyError `usage` (exit 2) */
export function wantedLayers(text: string | undefined): { dependencies: boolean; repository: boolean } {
  const words = text === undefined ? [] : text.split(',').map((each) => each.trim());
  const known = ['environment', 'dependencies', 'repository'];
  const wrong = words.find((word) => !known.includes(word));
  if (wrong !== undefined) {
    throw usage(
      wrong === '' ? `--layers ${JSON.stringify(text)} misses a name` : `there is no layer ${wrong}`,
      `There are: ${known.join(', ')}.`,
    );
  }
  return { dependencies: words.includes('dependencies'), repository: words.includes('repository') };
}
