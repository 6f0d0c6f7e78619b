import { ExitCode, NidifyError } from '../../errors.ts';
import { aborted, type Cluster, messageOf } from './connect.ts';
import { failureOf } from './failure.ts';
import { collectionPath } from './objects.ts';
import { at, type JobStatus, jobOf, type PodStatus, podOf } from './read.ts';
import { itemsOf, missing } from './status.ts';

export interface FollowOptions {
  namespace: string;
  job: string;
  /** A line of the build. */
  onLine: (line: string) => void;
  /** What it waits for, once each. */
  onState?: (state: string) => void;
  /** False: print what there is and end. */
  follow: boolean;
  /** Pause before the connection is opened again. */
  reconnectMs?: number;
}

/** How often in a row a connection may end at once without having brought anything. */
const mostFailures = 8;
/** One that lasted this long was a good one: builds can be silent, and proxies cut what is. */
const goodMs = 10_000;
const watchSeconds = 30;

/** How far a pod's log was read: nanoseconds, and how many lines of that moment. */
interface Position {
  time: bigint;
  count: number;
  isWhole: boolean;
}

/**
 * Follows the log of a Job's pods until the Job has ended, over cut connections and new pods; no line comes twice.
 *
 * @throws NidifyError `job-missing` (exit 1), `job-gone`, `cluster-unavailable`, `aborted` (75), `not-authorized` (6)
 */
export async function followJob(cluster: Cluster, options: FollowOptions): Promise<JobStatus> {
  const { namespace, job: name, onState = () => {}, reconnectMs = 1000 } = options;
  const positions = new Map<string, Position>();
  let failures = 0;
  let told = '';
  for (let round = 0; ; round++) {
    const job = await readJob(cluster, namespace, name, round > 0);
    const pods = (await itemsOf(cluster, 'Pod', namespace, `job-name=${name}`))
      .map(podOf)
      .sort((a, b) => (a.created < b.created ? -1 : 1));
    const isOver = job.state === 'complete' || job.state === 'failed';
    const open = pods.find((pod) => pod.hasStarted && positions.get(pod.uid)?.isWhole !== true);
    if (open !== undefined) {
      const since = Date.now();
      try {
        if (await readLog(cluster, open, positions, options)) failures = 0;
        else if (!open.hasEnded) await cluster.pause(reconnectMs);
      } catch (error) {
        if (cluster.signal?.aborted) throw aborted(error);
        if (error instanceof NidifyError && error.exitCode !== ExitCode.temporary) throw error;
        failures = Date.now() - since > goodMs ? 0 : failures + 1;
        onState(`connection lost (${messageOf(error)}), opening it again`);
        if (failures >= mostFailures)
          throw failureOf({ temporary: true, why: messageOf(error), cause: error });
        await cluster.pause(reconnectMs);
      }
      continue;
    }
    if (isOver || !options.follow) return job;
    const state = stateOf(job, pods);
    if (state !== told) onState(state);
    told = state;
    await change(cluster, options, job, pods, reconnectMs);
  }
}

async function readJob(
  cluster: Cluster,
  namespace: string,
  name: string,
  wasThere: boolean,
): Promise<JobStatus> {
  const { status, body } = await cluster.ask({
    method: 'GET',
    path: `${collectionPath('Job', namespace)}/${encodeURIComponent(name)}`,
  });
  if (status === 200) return jobOf(body);
  if (!wasThere) throw missing(name, namespace);
  throw gone(name);
}

function gone(name: string): NidifyError {
  return new NidifyError({
    code: 'job-gone',
    message: `the Job ${name} was deleted before it had ended`,
    hint: 'Submit it again: nidify worker apply.',
    exitCode: ExitCode.temporary,
  });
}

function stateOf(job: JobStatus, pods: readonly PodStatus[]): string {
  const last = pods.at(-1);
  if (last === undefined) return 'waiting for a pod';
  const why = [last.reason, last.message].filter((each) => each !== null).join(': ');
  if (last.hasEnded) return `pod ${last.name} has ended, waiting for the Job ${job.name}`;
  return `waiting for pod ${last.name} (${last.phase}${why === '' ? '' : `, ${why}`})`;
}

/** @returns whether anything new came */
async function readLog(
  cluster: Cluster,
  { name, uid, hasEnded }: PodStatus,
  positions: Map<string, Position>,
  { namespace, onLine, follow }: FollowOptions,
): Promise<boolean> {
  const before = positions.get(uid) ?? { time: -1n, count: 0, isWhole: false };
  const position = { ...before };
  positions.set(uid, position);
  let skip = before.count;
  let isNew = false;
  const query: Record<string, string> = { container: 'build', timestamps: 'true' };
  if (follow && !hasEnded) query.follow = 'true';
  // In whole seconds: what comes again is skipped.
  if (before.time >= 0n)
    query.sinceTime = new Date(Number(before.time / 1_000_000_000n) * 1000).toISOString();
  const path = `${collectionPath('Pod', namespace)}/${encodeURIComponent(name)}/log`;
  for await (const line of cluster.lines({ method: 'GET', path, query })) {
    const { time, text } = stamped(line);
    if (time !== null) {
      if (time < before.time) continue;
      if (time === before.time && skip > 0) {
        skip--;
        continue;
      }
      position.count = time === position.time ? position.count + 1 : 1;
      position.time = time;
    }
    isNew = true;
    onLine(text);
  }
  position.isWhole = hasEnded || !follow;
  return isNew;
}

/** `2026-01-02T03:04:05.000000006Z text` */
export function stamped(line: string): { time: bigint | null; text: string } {
  const groups =
    /^(?<day>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(?<fraction>\d{1,9}))?(?<zone>Z|[+-]\d\d:\d\d) ?(?<text>[\s\S]*)$/.exec(
      line,
    )?.groups;
  if (groups === undefined) return { time: null, text: line };
  const seconds = Date.parse(`${groups.day}${groups.zone}`);
  if (Number.isNaN(seconds)) return { time: null, text: line };
  const nanoseconds = BigInt((groups.fraction ?? '').padEnd(9, '0'));
  return { time: BigInt(seconds) * 1_000_000n + nanoseconds, text: groups.text ?? '' };
}

/** Returns when the Job or one of its pods may have changed. */
async function change(
  cluster: Cluster,
  { namespace, job: name }: FollowOptions,
  job: JobStatus,
  pods: readonly PodStatus[],
  reconnectMs: number,
): Promise<void> {
  // Once its pod has ended, it is the Job that has something to say.
  const isLast = pods.length > 0 && pods.every(({ hasEnded }) => hasEnded);
  const query: Record<string, string> = isLast
    ? { fieldSelector: `metadata.name=${name}`, resourceVersion: job.resourceVersion }
    : { labelSelector: `job-name=${name}` };
  const path = collectionPath(isLast ? 'Job' : 'Pod', namespace);
  const stop = new AbortController();
  const seen = new Map(pods.map((pod) => [pod.uid, JSON.stringify(pod)]));
  try {
    const request = {
      method: 'GET' as const,
      path,
      query: { ...query, watch: 'true', timeoutSeconds: String(watchSeconds) },
    };
    for await (const line of cluster.lines(request, stop.signal)) {
      const event: unknown = JSON.parse(line);
      // 410: the version that it was to start from is forgotten, which says that something happened.
      if (at(event, 'type') === 'ERROR' || isLast) break;
      const pod = podOf(at(event, 'object'));
      // A watch without a version begins with what is there.
      if (at(event, 'type') === 'DELETED' || seen.get(pod.uid) !== JSON.stringify(pod)) break;
    }
    await cluster.pause(Math.min(reconnectMs, 100));
  } catch (error) {
    if (cluster.signal?.aborted) throw aborted(error);
    if (error instanceof NidifyError && error.exitCode !== ExitCode.temporary) throw error;
    await cluster.pause(reconnectMs);
  } finally {
    stop.abort();
  }
}
