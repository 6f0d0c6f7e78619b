import { ExitCode } from '../../../errors.ts';
import { connect } from '../../../worker/client/connect.ts';
import type { JobStatus, PodStatus } from '../../../worker/client/read.ts';
import { clusterStatus } from '../../../worker/client/status.ts';
import type { Context } from '../../context.ts';
import { printResult } from '../../json.ts';
import { table } from '../../terminal/table.ts';
import { bold, dim, green, type Line, red, yellow } from '../../terminal/text.ts';
import { type ConnectionArguments, connectionOf, namespaceOf } from './connection.ts';

export interface StatusArguments extends ConnectionArguments {
  job?: string | undefined;
  json?: boolean | undefined;
}

/** Tells how builds and workers are. Exit code 5 when the one that is named failed, 1 when it is not there. */
export async function status(args: StatusArguments, context: Context): Promise<ExitCode> {
  const { io } = context;
  const cluster = await connect(connectionOf(args, context));
  const namespace = namespaceOf(args, cluster);
  const { jobs, pods } = await clusterStatus(cluster, namespace, args.job ?? null);
  const isFailed = args.job !== undefined && jobs.some(({ state }) => state === 'failed');
  const exitCode = isFailed ? ExitCode.buildFailed : ExitCode.done;
  if (args.json === true) {
    printResult(io, {
      schemaVersion: 1,
      command: 'worker status',
      exitCode,
      namespace,
      jobs: jobs.map(({ resourceVersion: _, isEnding: __, ...job }) => job),
      pods: pods.map(({ uid: _, hasStarted: __, hasEnded: ___, ...pod }) => pod),
    });
  } else if (jobs.length + pods.length === 0)
    io.out([[`Nothing of nidify's is in the namespace ${namespace}.`]]);
  else io.out([...jobLines(jobs, io.columns), ...podLines(pods, io.columns)]);
  return exitCode;
}

const colors = { complete: green, running: yellow, waiting: yellow, failed: red } as const;

function jobLines(jobs: readonly JobStatus[], columns: number): Line[] {
  if (jobs.length === 0) return [];
  const rows = jobs.map((job): Line[] => [
    [colors[job.state](job.state)],
    [job.name],
    [job.created ?? ''],
    [[job.source, job.reason, job.message].filter((each) => each !== null).join(' · ')],
  ]);
  return [[bold('Builds')], ...table(rows, { columns })];
}

function podLines(pods: readonly PodStatus[], columns: number): Line[] {
  if (pods.length === 0) return [];
  const rows = pods.map((pod): Line[] => [
    [pod.ready ? green(pod.phase) : pod.phase === 'Failed' ? red(pod.phase) : pod.phase],
    [pod.name],
    [pod.restarts === 0 ? '' : `${pod.restarts} restarts`],
    [dim([pod.reason, pod.message].filter((each) => each !== null).join(': '))],
  ]);
  return [[bold('Pods')], ...table(rows, { columns })];
}
