import { ExitCode } from '../../../errors.ts';
import { type Cluster, connect } from '../../../worker/client/connect.ts';
import type { Context } from '../../context.ts';
import { dim, type Line, red } from '../../terminal/text.ts';
import { type ConnectionArguments, connectionOf, namespaceOf } from './connection.ts';

export interface LogsArguments extends ConnectionArguments {
  job: string;
  follow?: boolean | undefined;
}

/** Prints the log of a build. Exit code 0 when it is complete, 5 when it failed. */
export async function logs(args: LogsArguments, context: Context): Promise<ExitCode> {
  const { io } = context;
  const cluster = await connect(connectionOf(args, context));
  const print = (line: string) => io.raw(`${line}\n`);
  return follow(cluster, namespaceOf(args, cluster), args.job, context, print, args.follow !== false);
}

export async function follow(
  cluster: Cluster,
  namespace: string,
  job: string,
  { io, quiet }: Context,
  onLine: (line: string) => void,
  follows = true,
): Promise<ExitCode> {
  const { followJob } = await import('../../../worker/client/logs.ts');
  const tell = (line: Line) => {
    if (!quiet) io.err([line]);
  };
  const end = await followJob(cluster, {
    namespace,
    job,
    // What a build prints is nobody's to move the cursor with.
    onLine: (line) => onLine(line.replace(/[^\P{Cc}\t]/gu, '')),
    onState: (state) => tell([dim(state)]),
    follow: follows,
  });
  if (end.state !== 'failed') return ExitCode.done;
  const why = [end.reason, end.message].filter((each) => each !== null).join(': ');
  const isLate = end.reason === 'DeadlineExceeded';
  io.err([
    [red('failed'), ` ${job}${why === '' ? '' : `: ${why}`}`],
    ...(isLate ? [[dim('Give it more time: nidify worker apply --deadline SECONDS.')]] : []),
  ]);
  return ExitCode.buildFailed;
}
