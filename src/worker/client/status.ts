import { ExitCode, NidifyError } from '../../errors.ts';
import { managedBy } from '../names.ts';
import type { Cluster } from './connect.ts';
import { failureOf, messageIn } from './failure.ts';
import { collectionPath } from './objects.ts';
import { at, type JobStatus, jobOf, list, type PodStatus, podOf } from './read.ts';

export interface ClusterStatus {
  jobs: JobStatus[];
  pods: PodStatus[];
}

/** Of 500 each: more than a namespace holds. */
const mostPages = 200;
/** Of a list whose pages are forgotten while it is read. */
const mostRestarts = 5;

const ours = `app.kubernetes.io/managed-by=${managedBy}`;

/** @throws NidifyError `job-missing` (exit 1) where one is named that is not there, and what `Cluster.ask` throws */
export async function clusterStatus(
  cluster: Cluster,
  namespace: string,
  name: string | null,
): Promise<ClusterStatus> {
  const jobs = await itemsOf(cluster, 'Job', namespace, ours);
  const read = jobs.map(jobOf).filter((job) => name === null || job.name === name);
  if (name !== null && read.length === 0) throw missing(name, namespace);
  const selector = name === null ? ours : `job-name=${name}`;
  const pods = (await itemsOf(cluster, 'Pod', namespace, selector)).map(podOf);
  return { jobs: byTime(read), pods: byTime(pods) };
}

export async function itemsOf(
  cluster: Cluster,
  kind: 'Job' | 'Pod',
  namespace: string,
  labelSelector: string,
): Promise<unknown[]> {
  const items: unknown[] = [];
  let token = '';
  let restarts = 0;
  for (let page = 0; page < mostPages; page++) {
    const query = { labelSelector, limit: '500', ...(token === '' ? {} : { continue: token }) };
    const { body, status } = await cluster.ask({
      method: 'GET',
      path: collectionPath(kind, namespace),
      query,
    });
    // The list that was begun is no longer known: from its start again.
    if (status === 410 && token !== '' && restarts++ < mostRestarts) {
      items.length = 0;
      token = '';
      continue;
    }
    if (status !== 200) {
      throw failureOf({
        temporary: status === 410,
        status,
        why: messageIn(JSON.stringify(body)) || `${status}`,
      });
    }
    items.push(...list(at(body, 'items')));
    const next = at(body, 'metadata', 'continue');
    if (typeof next !== 'string' || next === '') return items;
    token = next;
  }
  throw failureOf({ temporary: true, why: `its list of ${kind}s has no end` });
}

export function missing(name: string, namespace: string): NidifyError {
  return new NidifyError({
    code: 'job-missing',
    message: `there is no Job ${name} in the namespace ${namespace}`,
    hint: '`nidify worker status` lists those that are there; finished ones go after their time (--ttl).',
    exitCode: ExitCode.no,
  });
}

function byTime<T extends { created: string | null; name: string }>(all: readonly T[]): T[] {
  const key = ({ created, name }: T) => `${created ?? ''} ${name}`;
  return [...all].sort((a, b) => (key(a) < key(b) ? 1 : -1));
}
