import { ExitCode, usage } from '../../../errors.ts';
import { connect } from '../../../worker/client/connect.ts';
import type { Context } from '../../context.ts';
import { printResult } from '../../json.ts';
import { withProgress } from '../../progress.ts';
import { table } from '../../terminal/table.ts';
import { dim } from '../../terminal/text.ts';
import { type ClusterArguments, renderOf, tellWarnings } from './cluster.ts';
import { type ConnectionArguments, connectionOf } from './connection.ts';
import { follow } from './logs.ts';

export interface ApplyArguments extends ClusterArguments, ConnectionArguments {
  force?: boolean | undefined;
  dryRun?: boolean | undefined;
  follow?: boolean | undefined;
}

/** Submits what `render` renders. */
export async function apply(args: ApplyArguments, context: Context): Promise<ExitCode> {
  const { io, quiet } = context;
  const follows = args.follow === true;
  if (follows && (args.dryRun === true || args.part === 'worker')) {
    throw usage('--follow needs a build that is submitted', 'Leave it out.');
  }
  const { options, rendered, warnings } = await renderOf(args, context);
  tellWarnings(warnings, context);
  const cluster = await connect(connectionOf(args, context));
  const { applyObjects } = await import('../../../worker/client/apply.ts');
  const applied = await withProgress(context, 'work', 'submitting', (tell) =>
    applyObjects(cluster, rendered.objects, {
      force: args.force === true,
      dryRun: args.dryRun === true,
      onApplied: ({ kind, name }) => tell(`submitted ${kind} ${name}`),
    }),
  );
  const rows = applied.map(({ kind, name, state }) => [[state], [kind], [name]]);
  // With --json the one result comes at the end, and lines of the build go where progress goes.
  if (args.json !== true && !quiet) io.out(table(rows, { columns: io.columns }));
  const exitCode =
    follows && rendered.job !== null
      ? await follow(cluster, options.namespace, rendered.job, context, (line) =>
          args.json === true ? io.err([[dim(line)]]) : io.raw(`${line}\n`),
        )
      : ExitCode.done;
  if (args.json === true) {
    printResult(io, {
      schemaVersion: 1,
      command: 'worker apply',
      exitCode,
      dryRun: args.dryRun === true,
      namespace: options.namespace,
      podSecurity: rendered.standard,
      job: rendered.job,
      objects: applied,
      warnings,
    });
  }
  return exitCode;
}
