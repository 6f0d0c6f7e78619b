/** What is read of the answers of an API server. They are somebody else's: every field may be missing. */
import { oneLine } from '../../render/text.ts';

export type JobState = 'waiting' | 'running' | 'complete' | 'failed';

export interface JobStatus {
  name: string;
  state: JobState;
  source: string | null;
  revision: string | null;
  created: string | null;
  finished: string | null;
  reason: string | null;
  message: string | null;
  resourceVersion: string;
  isEnding: boolean;
}

export interface PodStatus {
  name: string;
  uid: string;
  component: string | null;
  phase: string;
  ready: boolean;
  restarts: number;
  created: string;
  /** The first container that waits or failed says why. */
  reason: string | null;
  message: string | null;
  hasStarted: boolean;
  hasEnded: boolean;
}

export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const words = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? oneLine(value, 300) : null;

export function jobOf(job: unknown): JobStatus {
  const conditions = list(at(job, 'status', 'conditions')).filter((each) => at(each, 'status') === 'True');
  const found = (type: string) => conditions.find((each) => at(each, 'type') === type);
  const end = found('Complete') ?? found('Failed');
  const active = at(job, 'status', 'active');
  return {
    name: text(at(job, 'metadata', 'name')) ?? '',
    state:
      end === undefined ? (active ? 'running' : 'waiting') : found('Failed') === end ? 'failed' : 'complete',
    source: words(at(job, 'metadata', 'annotations', 'nidify.dev/source')),
    revision: words(at(job, 'metadata', 'annotations', 'nidify.dev/revision')),
    created: text(at(job, 'metadata', 'creationTimestamp')),
    finished: text(at(end, 'lastTransitionTime')),
    reason: words(at(end, 'reason')),
    message: words(at(end, 'message')),
    resourceVersion: text(at(job, 'metadata', 'resourceVersion')) ?? '',
    isEnding: at(job, 'metadata', 'deletionTimestamp') !== undefined,
  };
}

export function podOf(pod: unknown): PodStatus {
  const containers = [
    ...list(at(pod, 'status', 'initContainerStatuses')),
    ...list(at(pod, 'status', 'containerStatuses')),
  ];
  const stuck = containers
    .map((each) => at(each, 'state', 'waiting') ?? at(each, 'state', 'terminated'))
    .find((state) => text(at(state, 'reason')) !== null && at(state, 'reason') !== 'Completed');
  const unscheduled = list(at(pod, 'status', 'conditions')).find(
    (each) => at(each, 'type') === 'PodScheduled' && at(each, 'status') === 'False',
  );
  const why = stuck ?? unscheduled;
  const main = list(at(pod, 'status', 'containerStatuses'));
  const state = at(main[0], 'state');
  const phase = text(at(pod, 'status', 'phase')) ?? 'Unknown';
  return {
    name: text(at(pod, 'metadata', 'name')) ?? '',
    uid: text(at(pod, 'metadata', 'uid')) ?? '',
    component: words(at(pod, 'metadata', 'labels', 'app.kubernetes.io/component')),
    phase: oneLine(phase, 40),
    ready: main.length > 0 && main.every((each) => at(each, 'ready') === true),
    restarts: containers.reduce<number>((sum, each) => sum + (Number(at(each, 'restartCount')) || 0), 0),
    created: text(at(pod, 'metadata', 'creationTimestamp')) ?? '',
    reason: words(at(why, 'reason')) ?? words(at(pod, 'status', 'reason')),
    message: words(at(why, 'message')) ?? words(at(pod, 'status', 'message')),
    hasStarted: at(state, 'running') !== undefined || at(state, 'terminated') !== undefined,
    hasEnded: at(state, 'terminated') !== undefined || phase === 'Succeeded' || phase === 'Failed',
  };
}
