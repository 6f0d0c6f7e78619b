import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ExitCode, isErrno, usage } from '../../errors.ts';
import type { Plan } from '../../plan/schema.ts';
import type { Watching } from '../../watch/watch.ts';
import type { Context } from '../context.ts';
import { ownRepository } from '../repository.ts';
import { dim } from '../terminal/text.ts';
import { timeoutOf } from '../timeout.ts';

export interface WatchArguments {
  directory?: string | undefined;
  once?: boolean | undefined;
  since?: string | undefined;
  interval?: string | undefined;
}

/** Prints an event for each change that makes the environment stale, until a signal comes. */
export async function watch(args: WatchArguments, context: Context): Promise<ExitCode> {
  const { io, quiet, progress } = context;
  const { directory } = ownRepository(args.directory, context);
  const intervalMs = timeoutOf(args.interval, '--interval');
  const since = args.since === undefined ? undefined : await planIn(args.since, context);
  const { watch: events } = await import('../../watch/watch.ts');
  const following = events(directory, {
    signal: io.signal,
    ...(since === undefined ? {} : { since }),
    ...(intervalMs === undefined ? {} : { intervalMs }),
    onReady: (how) => {
      if (!quiet && progress !== 'json') io.err([[dim(readyText(how))]]);
    },
  });
  for await (const event of following) {
    io.raw(`${JSON.stringify(event)}\n`);
    if (args.once === true && event.type === 'environment-change') return ExitCode.no;
  }
  return ExitCode.done;
}

function readyText(how: Watching): string {
  if (how.kind === 'folders') return `watching ${how.folders} ${how.folders === 1 ? 'folder' : 'folders'}`;
  return `looking every ${how.intervalMs / 1000} s${how.why === null ? '' : `: ${how.why}`}`;
}

/** @throws NidifyError `usage` (exit 2) for what is no plan */
async function planIn(given: string, { base }: Context): Promise<Plan> {
  const hint = 'It takes what `nidify analyze --json` printed.';
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path.resolve(base, given), 'utf8'));
  } catch (error) {
    const why = isErrno(error) ? `cannot be read (${error.code})` : 'is not JSON';
    throw usage(`--since: ${given} ${why}`, hint);
  }
  const { planSchema } = await import('../../plan/schema.ts');
  const result = planSchema.safeParse(value);
  if (!result.success) throw usage(`--since: ${given} is no plan of this version of nidify`, hint);
  return result.data;
}
