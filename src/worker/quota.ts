/**
 * Whether what is rendered fits into its own quota. What does not is never started, and nobody says so: the Job waits
 * for its deadline, and a rollout for ever.
 */
import { ExitCode, NidifyError } from '../errors.ts';
import type { ClusterObject, Container, PodSpec } from './types.ts';

const factors: Record<string, number> = {
  ...{ m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50 },
};

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
export function amountOf(quantity: string): number {
  const { number = '', unit = '' } = /^(?<number>[\d.]+)(?<unit>[a-zA-Z]*)$/.exec(quantity)?.groups ?? {};
  return Number(number) * (factors[unit] ?? Number.NaN);
}

/**
 * What a pod asks for: its containers and sidecars together, or the largest of the init containers before them.
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
export function requestsOf({ initContainers = [], containers }: PodSpec): Map<string, number> {
  const all = [...initContainers, ...containers];
  const names = new Set(all.flatMap(({ resources }) => Object.keys(resources.requests)));
  return new Map([...names].map((name) => [name, requestOf(name, initContainers, containers)]));
}

function requestOf(name: string, inits: readonly Container[], containers: readonly Container[]): number {
  const asked = ({ resources }: Container) => amountOf(resources.requests[name] ?? '0');
  let sidecars = 0;
  let largest = 0;
  for (const init of inits) {
    if (init.restartPolicy === 'Always') sidecars += asked(init);
    else largest = Math.max(largest, sidecars + asked(init));
  }
  return Math.max(
    largest,
    containers.reduce((sum, each) => sum + asked(each), sidecars),
  );
}

/**
 * The Job, all replicas of the worker and those that a rollout has besides.
 *
 * @throws NidifyError `quota-too-small` (exit 6)
 */
export function requireFit(
  quota: Readonly<Record<string, string>> | null,
  objects: readonly ClusterObject[],
): void {
  if (quota === null) return;
  const needs = needsOf(objects);
  for (const [key, value] of Object.entries(quota)) {
    const name = key.replace(/^(?:requests|limits)\./, '');
    const need = needs.get(name);
    if (need === undefined && /(?:^|\.)ephemeral-storage$/.test(key)) {
      throw tooSmall(
        `--quota ${key}=${value} refuses all pods that do not say what they need of it, as these`,
      );
    }
    // More than binary fractions are off by.
    if (need !== undefined && need > amountOf(value) * (1 + 1e-9)) {
      throw tooSmall(`--quota ${key}=${value} is less than what is rendered needs: ${shown(need)}`);
    }
  }
}

function tooSmall(message: string): NidifyError {
  return new NidifyError({
    code: 'quota-too-small',
    message,
    hint: 'Give more, or ask for less: --cpu, --memory, --replicas, --cache-size, --persist-size.',
    exitCode: ExitCode.refused,
  });
}

function shown(amount: number): string {
  return amount >= 2 ** 20 && amount % 2 ** 20 === 0 ? `${amount / 2 ** 20}Mi` : String(amount);
}

function needsOf(objects: readonly ClusterObject[]): Map<string, number> {
  const needs = new Map<string, number>();
  const add = (name: string, amount: number) => needs.set(name, (needs.get(name) ?? 0) + amount);
  for (const object of objects) {
    if (object.kind === 'PersistentVolumeClaim') {
      const { resources } = object.spec as { resources: { requests: { storage: string } } };
      add('persistentvolumeclaims', 1);
      add('storage', amountOf(resources.requests.storage));
    }
    const pods = podsOf(object);
    if (pods === null) continue;
    add('pods', pods.count);
    add('count/pods', pods.count);
    for (const [name, amount] of requestsOf(pods.spec)) add(name, amount * pods.count);
  }
  return needs;
}

function podsOf({ kind, spec }: ClusterObject): { spec: PodSpec; count: number } | null {
  if (kind === 'Pod') return { spec: spec as PodSpec, count: 1 };
  if (kind !== 'Job' && kind !== 'Deployment') return null;
  const { template, replicas, strategy } = spec as {
    template: { spec: PodSpec };
    replicas?: number;
    strategy?: object;
  };
  if (kind === 'Job' || replicas === undefined) return { spec: template.spec, count: 1 };
  // A quarter more, rounded up, unless the old ones go first.
  return { spec: template.spec, count: replicas + (strategy === undefined ? Math.ceil(replicas / 4) : 0) };
}
