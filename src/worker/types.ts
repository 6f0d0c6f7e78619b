/** What a cluster is asked for; `options.ts` of the command makes it from the command line. */

export const workerProfiles = ['none', 'rootless', 'gvisor', 'sidecar'] as const;
export type WorkerProfile = (typeof workerProfiles)[number];

export const builders = ['nix', 'buildah'] as const;
export type ClusterBuilder = (typeof builders)[number];

export const buildLayers = ['dependencies', 'repository'] as const;
export type BuildLayer = (typeof buildLayers)[number];

/** `all`; what building needs; what working needs; the Job alone, as an orchestrator submits it per commit. */
export const parts = ['all', 'build', 'worker', 'job'] as const;
export type Part = (typeof parts)[number];

export const standards = ['restricted', 'baseline', 'privileged'] as const;
/** https://kubernetes.io/docs/concepts/security/pod-security-standards/ from the strictest to the loosest */
export type Standard = (typeof standards)[number];

export interface Toleration {
  key: string;
  operator: 'Equal' | 'Exists';
  value?: string;
  effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** An address that pods may reach besides the public ones. */
export interface EgressPeer {
  cidr: string;
  port: number;
}

export interface Resources {
  /** As Kubernetes writes them: `500m`, `2`; `4Gi`. */
  cpu: string;
  memory: string;
}

export interface BuildOptions {
  builder: ClusterBuilder;
  /** Of Buildah: as root of the pod's user namespace, or with a single id and no capability at all. */
  isolation: 'root' | 'single-id';
  /** Has nidify and the builder in it. */
  image: string;
  /** Of the image, besides the environment. */
  layers: readonly BuildLayer[];
  deadlineSeconds: number;
  ttlSeconds: number;
  /** Size of the volume that keeps what was built; null: what is built is gone with the pod. */
  cacheSize: string | null;
  /** A Secret of type kubernetes.io/dockerconfigjson, for the registry that is pushed to. */
  registrySecret: string | null;
}

export interface PodOptions {
  profile: WorkerProfile;
  kind: 'deployment' | 'pod';
  image: string;
  replicas: number;
  /** What the container runs, in the environment. */
  command: readonly string[];
  /** Absolute, or below the home as `~/...`. */
  persist: readonly string[];
  persistSize: string;
  /** Home of the image's user. */
  home: string;
  /** Whom the image runs as, where it does not start as root. */
  network: 'none' | 'https' | 'all';
  tunResource: string;
}

export interface ClusterOptions {
  name: string;
  namespace: string;
  part: Part;
  /** Without user name and password. */
  repository: string;
  commit: string;
  repositoryHash: string;
  /** Host and path, without the name of the image: `registry.example.com/team`. */
  registry: string;
  prefix: string;
  build: BuildOptions | null;
  worker: PodOptions | null;
  resources: Resources;
  runtimeClass: string | null;
  tolerations: readonly Toleration[];
  nodeSelector: Readonly<Record<string, string>>;
  storageClass: string | null;
  pullSecret: string | null;
  egress: readonly EgressPeer[];
  quota: Readonly<Record<string, string>> | null;
  /** `RuntimeDefault`, or a file below the kubelet's folder of profiles. */
  seccomp: string | null;
  /** `unconfined`, `runtime-default`, or a profile that the nodes have; null: what the pods need. */
  appArmor: string | null;
  /** The pods stay in the node's user namespace. */
  hostUsers: boolean;
  /** Set where escalation is forbidden by whoever runs the cluster. */
  noPrivilegeEscalation: boolean;
  /** What the namespace enforces, where that is given. */
  enforced: Standard | null;
}

/** An object of the Kubernetes API, as far as this code needs to know it. */
export interface ClusterObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: unknown;
}

export interface SecurityContext {
  runAsUser?: number;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  allowPrivilegeEscalation?: boolean;
  readOnlyRootFilesystem?: boolean;
  procMount?: 'Unmasked';
  capabilities?: { drop: string[]; add?: string[] };
  seccompProfile?: { type: 'RuntimeDefault' } | { type: 'Localhost'; localhostProfile: string };
  appArmorProfile?:
    | { type: 'Unconfined' | 'RuntimeDefault' }
    | { type: 'Localhost'; localhostProfile: string };
}

export interface Container {
  name: string;
  image: string;
  args?: string[];
  command?: string[];
  env?: { name: string; value: string }[];
  restartPolicy?: 'Always';
  workingDir?: string;
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  securityContext: SecurityContext;
  startupProbe?: object;
  volumeMounts?: { name: string; mountPath: string; subPath?: string; readOnly?: boolean }[];
}

export interface PodSpec {
  hostUsers?: boolean;
  runtimeClassName?: string;
  serviceAccountName: string;
  automountServiceAccountToken: false;
  enableServiceLinks: false;
  restartPolicy?: 'Never' | 'Always';
  securityContext: { fsGroup?: number; fsGroupChangePolicy?: 'OnRootMismatch' };
  initContainers?: Container[];
  containers: Container[];
  volumes?: object[];
  [field: string]: unknown;
}
