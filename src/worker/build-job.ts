import { ExitCode } from '../errors.ts';
import { buildCommand } from './command.ts';
import {
  annotationPrefix,
  jobName,
  labelsOf,
  metadataOf,
  namesOf,
  selectorOf,
  sourceAnnotations,
} from './names.ts';
import { buildSecurity } from './security.ts';
import { requireStandard } from './standard.ts';
import type { BuildOptions, ClusterObject, ClusterOptions, Container, PodSpec, Standard } from './types.ts';

/** Everything that building writes is below it, or in a folder of its own. */
const cache = '/cache';
const dockerConfig = '/registry';

/** How much a build without a volume may write before its pod is evicted. */
const scratchLimit = '40Gi';

/** For what may pass: a registry or a repository that is away, a node that goes without a word. */
const retries = 3;

/**
 * What fails in the same way again is not tried again, and a pod that was moved has not failed:
 * https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy. All exit codes of `src/errors.ts`
 * but 75, which is worth another attempt.
 */
const podFailurePolicy = {
  rules: [
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    {
      action: 'FailJob',
      onExitCodes: {
        containerName: 'build',
        operator: 'In',
        values: Object.values(ExitCode)
          .filter((code) => code !== ExitCode.done && code !== ExitCode.temporary)
          .sort((a, b) => a - b),
      },
    },
  ],
};

/** The Job that builds the image of one commit and pushes it: https://kubernetes.io/docs/concepts/workloads/controllers/job/ */
export function buildJob(
  options: ClusterOptions,
  build: BuildOptions,
): { object: ClusterObject; standard: Standard } {
  const pod = podOf(options, build);
  const standard = requireStandard('build', pod, options.enforced);
  const annotations = { ...sourceAnnotations(options), [`${annotationPrefix}/pod-security`]: standard };
  const object = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { ...metadataOf(options, jobName(options), 'build'), annotations },
    spec: {
      activeDeadlineSeconds: build.deadlineSeconds,
      ttlSecondsAfterFinished: build.ttlSeconds,
      backoffLimit: retries,
      podFailurePolicy,
      template: { metadata: { labels: labelsOf(options, 'build'), annotations }, spec: pod },
    },
  };
  return { object, standard };
}

function podOf(options: ClusterOptions, build: BuildOptions): PodSpec {
  const { hostUsers, runtimeClass, fsGroup, context } = buildSecurity(options);
  const limits = { cpu: options.resources.cpu, memory: options.resources.memory };
  const isBuildahRoot = build.builder === 'buildah' && build.isolation === 'root';
  const container: Container = {
    name: 'build',
    image: build.image,
    command: buildCommand(options, build),
    workingDir: '/tmp',
    env: variables(build),
    // Equal, so that a build cannot take what others asked for.
    resources: { requests: limits, limits },
    securityContext: context,
    volumeMounts: [
      { name: 'cache', mountPath: cache },
      { name: 'scratch', mountPath: '/tmp', subPath: 'tmp' },
      { name: 'scratch', mountPath: '/var/tmp', subPath: 'var-tmp' },
      ...(isBuildahRoot
        ? [
            { name: 'cache', mountPath: '/var/lib/containers', subPath: 'containers' },
            { name: 'scratch', mountPath: '/run', subPath: 'run' },
          ]
        : []),
      ...(build.registrySecret === null
        ? []
        : [{ name: 'registry', mountPath: dockerConfig, readOnly: true }]),
    ],
  };
  return {
    ...(hostUsers === null ? {} : { hostUsers }),
    ...(runtimeClass === null ? {} : { runtimeClassName: runtimeClass }),
    serviceAccountName: namesOf(options).build,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: 'Never',
    ...placement(options),
    ...(build.cacheSize === null ? {} : { affinity: besideBuilds(options) }),
    securityContext: { fsGroup, fsGroupChangePolicy: 'OnRootMismatch' },
    containers: [container],
    volumes: [
      build.cacheSize === null
        ? { name: 'cache', emptyDir: { sizeLimit: scratchLimit } }
        : { name: 'cache', persistentVolumeClaim: { claimName: namesOf(options).cache } },
      { name: 'scratch', emptyDir: { sizeLimit: scratchLimit } },
      ...(build.registrySecret === null ? [] : [registryVolume(build.registrySecret)]),
    ],
  };
}

/**
 * The cache is on one node at a time (ReadWriteOnce), and the scheduler does not know that: a second build on another
 * node would wait for the volume until its deadline. The first one may go anywhere.
 */
function besideBuilds(options: ClusterOptions): object {
  const term = {
    labelSelector: { matchLabels: selectorOf(options, 'build') },
    topologyKey: 'kubernetes.io/hostname',
  };
  return { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
}

/** The whole environment of the build besides the image's: nothing of the cluster's services is in it. */
function variables({ builder, isolation, registrySecret }: BuildOptions): { name: string; value: string }[] {
  const values: Record<string, string> = {
    HOME: `${cache}/home`,
    XDG_CACHE_HOME: `${cache}/home/.cache`,
    TMPDIR: '/var/tmp',
    ...(registrySecret === null ? {} : { DOCKER_CONFIG: dockerConfig }),
    ...(builder === 'buildah' ? { BUILDAH_ISOLATION: 'chroot', STORAGE_DRIVER: 'vfs' } : {}),
    // Files of all owners become those of the only one that there is.
    ...(builder === 'buildah' && isolation === 'single-id'
      ? { STORAGE_OPTS: 'vfs.ignore_chown_errors=true', XDG_RUNTIME_DIR: '/tmp' }
      : {}),
    // A store of its own: that of the image belongs to root and cannot be written. Buildah's image is put around a
    // toolchain of Nix, which as root would look for users to build as.
    ...(isolation === 'single-id' ? {} : { NIX_REMOTE: `local?root=${cache}/nix` }),
    ...(builder === 'buildah' && isolation === 'root' ? { NIX_CONFIG: 'build-users-group =' } : {}),
  };
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/** Only the kubelet reads the Secret: nothing that runs in the cluster needs a right to. */
function registryVolume(secretName: string): object {
  const items = [{ key: '.dockerconfigjson', path: 'config.json' }];
  return { name: 'registry', projected: { sources: [{ secret: { name: secretName, items } }] } };
}

/** Which nodes, and with which credentials the kubelet pulls. */
export function placement({ nodeSelector, tolerations, pullSecret }: ClusterOptions): object {
  return {
    ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector }),
    ...(tolerations.length === 0 ? {} : { tolerations }),
    ...(pullSecret === null ? {} : { imagePullSecrets: [{ name: pullSecret }] }),
  };
}
