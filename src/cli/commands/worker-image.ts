import { ExitCode } from '../../errors.ts';
import type { Context } from '../context.ts';
import { printResult } from '../json.ts';
import { withEvents, withProgress } from '../progress.ts';
import { currencyView, workerImageView } from '../views/worker-image.ts';
import { type WorkerArguments, wantedLayers, withWorker } from '../worker-image.ts';

export interface CheckArguments extends WorkerArguments {
  against?: string | undefined;
  json?: boolean | undefined;
}

export interface PushArguments extends WorkerArguments {
  allowScripts?: boolean | undefined;
  network?: string | undefined;
  json?: boolean | undefined;
}

/** Says whether the registry has an image of what the repository needs now. */
export async function checkImage(
  args: CheckArguments,
  context: Context,
  maxLayers: number,
): Promise<ExitCode> {
  const wanted = wantedLayers(args.layers);
  const [imageName, fetchedBytes, currency] = await withWorker(args, context, maxLayers, async (worker) => {
    const text = `asking ${worker.imageName}`;
    const answer = await withProgress(context, 'check', text, () => worker.isCurrent(args.against));
    return [worker.imageName, worker.fetchedBytes(), answer] as const;
  });
  const isCurrent = currency.environment.isCurrent && (!wanted.repository || currency.repository.isCurrent);
  const exitCode = isCurrent ? ExitCode.done : ExitCode.no;
  if (args.json === true) {
    printResult(context.io, {
      ...{ schemaVersion: 1, command: 'image', exitCode },
      currency: { imageName, fetchedBytes, ...currency },
    });
  } else if (!context.quiet) {
    context.io.out(currencyView(imageName, currency));
  }
  return exitCode;
}

/** Brings the worker image of a commit into a registry. */
export async function pushImage(args: PushArguments, context: Context, maxLayers: number): Promise<ExitCode> {
  const { io } = context;
  const layers = wantedLayers(args.layers);
  const worker = await withWorker(args, context, maxLayers, (opened) =>
    withEvents(
      context,
      (onEvent) =>
        opened.build({
          ...{ layers, onEvent },
          allowScripts: args.allowScripts,
          network: args.network,
          isAnew: args.rebuild,
        }),
      { tellsFinished: true },
    ),
  );
  if (args.json === true) {
    printResult(io, { schemaVersion: 1, command: 'image', exitCode: ExitCode.done, worker });
  } else if (!context.quiet) {
    io.out(workerImageView(worker, io.columns));
  }
  return ExitCode.done;
}
