import { placement } from './build-job.ts';
import { workFolder } from './command.ts';
import { annotationPrefix, labelsOf, metadataOf, namesOf, selectorOf, sourceAnnotations } from './names.ts';
import { type Folder, folders, migration, mountsOf, volumesOf } from './persist.ts';
import { bootSecurity, plainSecurity, workerSecurity } from './security.ts';
import { requireStandard } from './standard.ts';
import type {
  ClusterObject,
  ClusterOptions,
  Container,
  PodOptions,
  PodSpec,
  SecurityContext,
  Standard,
} from './types.ts';

/** Where clients find the engine, and what it keeps: `src/render/container/settings.ts`. */
const engineSocketFolder = '/run/docker-engine';
const engineFolder = '/var/lib/docker-engine';
const asWorker = ['setpriv', '--reuid', 'worker', '--regid', 'worker', '--init-groups'];

/** What an engine of its own needs besides the worker's share. */
const engineShare = { cpu: '1', memory: '2Gi' };

export function workerObject(
  options: ClusterOptions,
  worker: PodOptions,
): { object: ClusterObject; standard: Standard } {
  const spec = podOf(options, worker);
  const standard = requireStandard('worker', spec, options.enforced);
  const annotations = { ...sourceAnnotations(options), [`${annotationPrefix}/pod-security`]: standard };
  const labels = labelsOf(options, 'worker');
  const metadata = { ...metadataOf(options, namesOf(options).worker, 'worker'), annotations };
  if (worker.kind === 'pod') {
    return {
      object: { apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...spec, restartPolicy: 'Never' } },
      standard,
    };
  }
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: worker.replicas,
      // The old pod must let go of the volume before the new one has it.
      ...(worker.persist.length === 0 ? {} : { strategy: { type: 'Recreate' } }),
      selector: { matchLabels: selectorOf(options, 'worker') },
      template: { metadata: { labels, annotations }, spec },
    },
  };
  return { object, standard };
}

function podOf(options: ClusterOptions, worker: PodOptions): PodSpec {
  const { profile } = worker;
  const { hostUsers, runtimeClass, fsGroup, context } = workerSecurity(options, profile);
  const kept = folders(worker);
  const isSidecar = profile === 'sidecar';
  const needsDevice = profile === 'rootless' || isSidecar;
  const limits = { cpu: options.resources.cpu, memory: options.resources.memory };
  const device = needsDevice ? { [worker.tunResource]: '1' } : {};
  // What needs no engine needs none of its rights.
  const own: SecurityContext = profile === 'none' ? context : isSidecar ? bootSecurity() : context;
  const hasEngine = profile !== 'none';
  const main: Container = {
    name: 'worker',
    image: worker.image,
    // `$(NAME)` is Kubernetes’ own syntax for variables, and `$$` is its way to write a `$`.
    args: worker.command.map((word) => word.replaceAll('$', '$$$$')),
    workingDir: workFolder,
    ...(hasEngine ? { env: variables(profile === 'sidecar' ? {} : { ENABLE_DOCKER: '1' }) } : {}),
    resources: resources(isSidecar ? limits : { ...limits, ...device }),
    securityContext: own,
    volumeMounts: [
      ...mountsOf(kept),
      ...(isSidecar ? [{ name: 'engine-socket', mountPath: engineSocketFolder }] : []),
      ...(hasEngine && !isSidecar ? [{ name: 'engine', mountPath: engineFolder }] : []),
    ],
  };
  const inits = [
    ...migration(worker, kept, resources(limits), hasEngine ? bootSecurity() : plainSecurity()),
    ...(isSidecar ? [engine(worker, kept, context, resources({ ...engineShare, ...device }))] : []),
  ];
  const volumes = [
    ...volumesOf(kept, namesOf(options).state),
    ...(hasEngine ? [{ name: 'engine', emptyDir: {} }] : []),
    ...(isSidecar ? [{ name: 'engine-socket', emptyDir: {} }] : []),
  ];
  return {
    ...(hostUsers === null ? {} : { hostUsers }),
    ...(runtimeClass === null ? {} : { runtimeClassName: runtimeClass }),
    serviceAccountName: namesOf(options).worker,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...placement(options),
    securityContext: { fsGroup, fsGroupChangePolicy: 'OnRootMismatch' },
    ...(inits.length === 0 ? {} : { initContainers: inits }),
    containers: [withoutEmptyMounts(main)],
    ...(volumes.length === 0 ? {} : { volumes }),
  };
}

/**
 * The engine in a container beside the worker, started before it and ended after it:
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/. The pod's network is one, so that ports which
 * it publishes are on the worker's localhost; the engine itself listens on a socket only.
 */
function engine(
  { image }: PodOptions,
  kept: readonly Folder[],
  securityContext: SecurityContext,
  share: Container['resources'],
): Container {
  return {
    name: 'engine',
    image,
    restartPolicy: 'Always',
    args: ['sleep', 'infinity'],
    env: variables({ ENABLE_DOCKER: '1' }),
    resources: share,
    securityContext,
    startupProbe: {
      // Root without capabilities may not open the socket: the worker may.
      exec: { command: [...asWorker, 'docker', 'version'] },
      periodSeconds: 1,
      timeoutSeconds: 5,
      failureThreshold: 60,
    },
    volumeMounts: [
      { name: 'engine-socket', mountPath: engineSocketFolder },
      { name: 'engine', mountPath: engineFolder },
      // What containers mount is looked for here, under the name that it has for the worker.
      ...mountsOf(kept.filter(({ path }) => path === workFolder)),
    ],
  };
}

function variables(more: Record<string, string>): { name: string; value: string }[] {
  return Object.entries({ ...more, DOCKER_WORKSPACE: workFolder }).map(([name, value]) => ({ name, value }));
}

function resources(limits: Record<string, string>): Container['resources'] {
  return { requests: limits, limits };
}

function withoutEmptyMounts({ volumeMounts = [], ...rest }: Container): Container {
  return volumeMounts.length === 0 ? rest : { ...rest, volumeMounts };
}
