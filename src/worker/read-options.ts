/** Reads what a person gave into `ClusterOptions`; every value is checked before it stands in a manifest. */
import { usage } from '../errors.ts';
import type { Plan } from '../plan/schema.ts';
import { defaultPrefix, repositoryHash } from '../worker-image/identity.ts';
import { commitImage } from './names.ts';
import { impossible } from './security.ts';
import {
  type BuildLayer,
  type BuildOptions,
  builders,
  buildLayers,
  type ClusterBuilder,
  type ClusterOptions,
  type PodOptions,
  parts,
  standards,
  type WorkerProfile,
  workerProfiles,
} from './types.ts';
import {
  addressOf,
  choiceOf,
  countOf,
  egressOf,
  imageOf,
  nameOf,
  quantityOf,
  quotaOf,
  registryOf,
  selectorOf,
  tolerationOf,
} from './values.ts';

/** As the command line has it. */
export interface GivenOptions {
  name?: string | undefined;
  namespace?: string | undefined;
  part?: string | undefined;
  repository?: string | undefined;
  commit?: string | undefined;
  registry?: string | undefined;
  prefix?: string | undefined;
  builder?: string | undefined;
  builderImage?: string | undefined;
  isolation?: string | undefined;
  layers?: string | undefined;
  deadline?: string | undefined;
  ttl?: string | undefined;
  cacheSize?: string | undefined;
  registrySecret?: string | undefined;
  pullSecret?: string | undefined;
  image?: string | undefined;
  profile?: string | undefined;
  kind?: string | undefined;
  replicas?: string | undefined;
  persist?: string[] | undefined;
  persistSize?: string | undefined;
  workerNetwork?: string | undefined;
  tunResource?: string | undefined;
  runtimeClass?: string | undefined;
  toleration?: string[] | undefined;
  nodeSelector?: string[] | undefined;
  storageClass?: string | undefined;
  cpu?: string | undefined;
  memory?: string | undefined;
  egress?: string[] | undefined;
  quota?: string[] | undefined;
  seccomp?: string | undefined;
  apparmor?: string | undefined;
  hostUsers?: boolean | undefined;
  privilegeEscalation?: boolean | undefined;
  podSecurity?: string | undefined;
}

const homes = { nix: '/home/nidify', container: '/home/worker' } as const;

/** What programs that build may take, unless told. */
const defaults = {
  cpu: '2',
  memory: '4Gi',
  deadline: '600',
  ttl: '3600',
  persistSize: '10Gi',
  tun: 'squat.ai/tun',
};

/**
 * @param command what the worker runs; without words it waits
 * @throws NidifyError `usage` (exit 2)
 */
export function readOptions(given: GivenOptions, plan: Plan, command: readonly string[]): ClusterOptions {
  const part = choiceOf('--part', given.part ?? 'all', parts);
  const { repository, commit } = sourceOf(given, plan);
  const registry = registryOf(given.registry);
  const prefix = registryOf(given.prefix ?? defaultPrefix, '--prefix');
  const named: Plan = {
    ...plan,
    repository: { ...plan.repository, source: { url: repository, branch: null, commit } },
  };
  const identity = { registry, prefix, repositoryHash: repositoryHash(named), commit };
  return {
    ...identity,
    name: nameOf('--name', given.name ?? 'nidify', 30),
    namespace: nameOf('--namespace', given.namespace ?? 'nidify', 63),
    part,
    repository,
    build: part === 'worker' ? null : buildOf(given, plan),
    worker:
      part === 'all' || part === 'worker' ? workerOf(given, plan, command, commitImage(identity)) : null,
    resources: {
      cpu: quantityOf('--cpu', given.cpu ?? defaults.cpu),
      memory: quantityOf('--memory', given.memory ?? defaults.memory),
    },
    runtimeClass: optional(given.runtimeClass, (value) => nameOf('--runtime-class', value, 253)),
    tolerations: (given.toleration ?? []).map(tolerationOf),
    nodeSelector: Object.fromEntries((given.nodeSelector ?? []).map(selectorOf)),
    storageClass: optional(given.storageClass, (value) => nameOf('--storage-class', value, 253)),
    pullSecret: optional(given.pullSecret, (value) => nameOf('--pull-secret', value, 253)),
    egress: (given.egress ?? []).map(egressOf),
    quota: given.quota === undefined ? null : Object.fromEntries(given.quota.map(quotaOf)),
    seccomp: optional(given.seccomp, seccompOf),
    appArmor: optional(given.apparmor, appArmorOf),
    hostUsers: given.hostUsers === true,
    noPrivilegeEscalation: given.privilegeEscalation === false,
    enforced: optional(given.podSecurity, (value) => choiceOf('--pod-security', value, standards)),
  };
}

function optional<T>(value: string | undefined, read: (value: string) => T): T | null {
  return value === undefined ? null : read(value);
}

/** The address as others may see it, and a whole commit: a branch would be another one tomorrow. */
function sourceOf(given: GivenOptions, plan: Plan): { repository: string; commit: string } {
  const url = given.repository ?? plan.repository.source?.url ?? null;
  const commit = given.commit ?? plan.repository.source?.commit ?? null;
  if (url === null)
    throw usage('the repository has no address that a cluster could clone', 'Give --repository URL.');
  if (commit === null || !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) {
    throw usage(
      commit === null ? 'the repository has no commit' : `--commit ${commit} is no whole commit`,
      'Give --commit with all 40 (or 64) hexadecimal digits: git rev-parse HEAD.',
    );
  }
  return { repository: addressOf(url), commit };
}

function buildOf(given: GivenOptions, plan: Plan): BuildOptions {
  if (given.builder === undefined) {
    throw usage(
      'it is not said what builds the image',
      'Give --builder nix or --builder buildah, or --part worker.',
    );
  }
  const builder = choiceOf('--builder', given.builder, builders);
  refuseOther(builder, plan);
  if (given.isolation !== undefined && builder !== 'buildah') {
    throw usage('--isolation goes with --builder buildah', 'Leave it out.');
  }
  if (given.builderImage === undefined) {
    throw usage(
      'it is not said which image has nidify and the builder in it',
      'Give --builder-image REF; docs/kubernetes.md says how to make one.',
    );
  }
  return {
    builder,
    isolation: choiceOf('--isolation', given.isolation ?? 'root', ['root', 'single-id']),
    image: imageOf('--builder-image', given.builderImage),
    layers: layersOf(given.layers),
    deadlineSeconds: countOf('--deadline', given.deadline ?? defaults.deadline, 30, 86_400),
    ttlSeconds: countOf('--ttl', given.ttl ?? defaults.ttl, 0, 31_536_000),
    cacheSize: optional(given.cacheSize, (value) => quantityOf('--cache-size', value)),
    registrySecret: optional(given.registrySecret, (value) => nameOf('--registry-secret', value, 253)),
  };
}

/** In the words of `nidify image --layers`, and in the order of its layers. */
function layersOf(given = 'repository'): BuildLayer[] {
  const named = given.split(',').map((each) => choiceOf('--layers', each.trim(), buildLayers));
  return buildLayers.filter((each) => named.includes(each));
}

/**
 * What is not the plan's builder would fail in the cluster, after a while.
 *
 * @throws NidifyError `impossible-combination` (exit 6)
 */
function refuseOther(builder: ClusterBuilder, { target, container }: Plan): void {
  if (container?.toolchain === 'features') {
    throw impossible(
      'devcontainer features are installed by the command line of devcontainers, which needs an engine that no Job has',
      'Set "container": { "toolchain": "nix" } in nidify.jsonc, or build elsewhere and render --part worker.',
    );
  }
  if (target.kind === 'container' && builder === 'nix') {
    throw impossible(
      "the plan's image is one of the container target, which an engine puts together",
      'Give --builder buildah, or set `nidify generate --target nix`.',
    );
  }
  if (target.kind === 'nix' && builder === 'buildah') {
    throw impossible("the plan's image is all Nix's: Buildah has nothing to do", 'Give --builder nix.');
  }
}

function workerOf(given: GivenOptions, plan: Plan, command: readonly string[], ownImage: string): PodOptions {
  const kind = choiceOf('--kind', given.kind ?? 'deployment', ['deployment', 'pod']);
  const replicas = countOf('--replicas', given.replicas ?? '1', 0, 1000);
  if (kind === 'pod' && given.replicas !== undefined)
    throw usage('--replicas goes with --kind deployment', 'Leave it out.');
  const persist = given.persist ?? [];
  if (persist.length > 0 && replicas > 1) {
    throw usage(
      '--persist keeps one worker’s folders on one volume, which cannot be that of several',
      'Render each worker with a --name of its own.',
    );
  }
  const profile = profileOf(given.profile, plan);
  if (profile !== 'none' && plan.target.kind === 'nix') {
    throw usage(
      `--profile ${profile} needs the image of the container target, and this plan has none`,
      'Set `nidify generate --target container`, or use --profile none.',
    );
  }
  return {
    profile,
    kind,
    image: given.image === undefined ? ownImage : imageOf('--image', given.image),
    replicas,
    command: command.length === 0 ? ['sleep', 'infinity'] : command,
    persist,
    persistSize: quantityOf('--persist-size', given.persistSize ?? defaults.persistSize),
    home: homes[plan.target.kind],
    network: choiceOf('--worker-network', given.workerNetwork ?? 'https', ['none', 'https', 'all']),
    tunResource: tunOf(given.tunResource ?? defaults.tun),
  };
}

/** Never more than the evidence asks for, unless it is told. */
function profileOf(given: string | undefined, plan: Plan): WorkerProfile {
  return given === undefined ? (plan.target.profile ?? 'none') : choiceOf('--profile', given, workerProfiles);
}

function tunOf(value: string): string {
  if (/^[a-z0-9.-]+\.[a-z]+\/[A-Za-z0-9_.-]+$/.test(value)) return value;
  throw usage(`--tun-resource ${value} is no resource of a device plugin`, 'For example: squat.ai/tun.');
}

function seccompOf(value: string): string {
  if (value === 'RuntimeDefault') return value;
  const segments = value.split('/');
  if (/^[\w.-]+(?:\/[\w.-]+)*$/.test(value) && !segments.includes('..') && !segments.includes('.'))
    return value;
  throw usage(
    `--seccomp ${JSON.stringify(value)} is neither RuntimeDefault nor a file below the kubelet's seccomp folder`,
    'For example: profiles/nidify.json. Without a profile nothing is rendered: Unconfined is none.',
  );
}

function appArmorOf(value: string): string {
  if (/^[\w.-]{1,253}$/.test(value)) return value;
  throw usage(
    `--apparmor ${JSON.stringify(value)} is no name of a profile`,
    'unconfined, runtime-default, or a name.',
  );
}
