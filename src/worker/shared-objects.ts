/** What a namespace holds besides the Job and the workers: rights, accounts, network, quotas, volumes. */
import { labelsOf, metadataOf, namesOf, selectorOf } from './names.ts';
import type { BuildOptions, ClusterObject, ClusterOptions, PodOptions, Standard } from './types.ts';

export const enforceLabel = 'pod-security.kubernetes.io/enforce';

export function namespaceObject(options: ClusterOptions, standard: Standard): ClusterObject {
  const label = (mode: string) => `pod-security.kubernetes.io/${mode}`;
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: options.namespace,
      labels: {
        ...labelsOf(options),
        [enforceLabel]: standard,
        [label('enforce-version')]: 'latest',
        [label('warn')]: standard,
        [label('warn-version')]: 'latest',
      },
    },
  };
}

/** Nobody who runs here speaks to the API by default; an orchestrator's pod asks for its token itself. */
export function accounts(options: ClusterOptions): ClusterObject[] {
  const { orchestrator, build, worker } = namesOf(options);
  const account = (name: string, component: 'build' | 'worker' | 'orchestrator') => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: metadataOf(options, name, component),
    automountServiceAccountToken: false,
  });
  return [
    ...(options.build === null ? [] : [account(orchestrator, 'orchestrator'), account(build, 'build')]),
    ...(options.worker === null ? [] : [account(worker, 'worker')]),
  ];
}

/** What an orchestrator may do: submit Jobs in this namespace and read how they go. No right to read Secrets. */
export function rights(options: ClusterOptions): ClusterObject[] {
  const { orchestrator } = namesOf(options);
  const metadata = metadataOf(options, orchestrator, 'orchestrator');
  return [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: [
        { apiGroups: ['batch'], resources: ['jobs'], verbs: ['create', 'get', 'list', 'watch', 'delete'] },
        { apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list', 'watch'] },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: orchestrator },
      subjects: [{ kind: 'ServiceAccount', name: orchestrator, namespace: options.namespace }],
    },
  ];
}

/** Name servers are in kube-system, or, with a cache on every node, at this address. */
const nodeLocalDns = '169.254.20.10/32';

/** Not public: the cluster's own networks, those of the company, and where clouds tell nodes their credentials. */
const privateRanges = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];

/** https://kubernetes.io/docs/concepts/services-networking/network-policies/ */
export function buildNetwork(options: ClusterOptions): ClusterObject {
  return policy(options, 'build', egressOf(options, true));
}

export function workerNetwork(options: ClusterOptions, { network }: PodOptions): ClusterObject {
  if (network === 'all') return policy(options, 'worker', [{}]);
  return policy(options, 'worker', network === 'none' ? [] : egressOf(options, false));
}

function policy(options: ClusterOptions, component: 'build' | 'worker', egress: object[]): ClusterObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataOf(options, namesOf(options)[component], component),
    spec: {
      podSelector: { matchLabels: selectorOf(options, component) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [],
      egress,
    },
  };
}

function egressOf({ repository, registry, egress }: ClusterOptions, isBuild: boolean): object[] {
  const tcp = (port: number) => ({ protocol: 'TCP', port });
  const further = isBuild ? [portOf(registry), repository.startsWith('https://') ? null : 22] : [];
  const ports = [...new Set([443, ...further.filter((port) => port !== null)])].sort((a, b) => a - b);
  return [
    {
      to: [
        { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } },
        { ipBlock: { cidr: nodeLocalDns } },
      ],
      ports: [{ protocol: 'UDP', port: 53 }, tcp(53)],
    },
    {
      to: [{ ipBlock: { cidr: '0.0.0.0/0', except: privateRanges } }, { ipBlock: { cidr: '2000::/3' } }],
      ports: ports.map(tcp),
    },
    ...egress.map(({ cidr, port }) => ({
      to: [{ ipBlock: { cidr } }],
      // Name servers of a cluster that has them elsewhere.
      ports: [...(port === 53 ? [{ protocol: 'UDP', port }] : []), tcp(port)],
    })),
  ];
}

function portOf(registry: string): number | null {
  const port = /^[^/]*:(?<port>\d+)(?:\/|$)/.exec(registry)?.groups?.port;
  return port === undefined ? null : Number(port);
}

/** A quota refuses pods that ask for nothing; so what they ask for has a default. */
export function limitsOf(options: ClusterOptions): ClusterObject[] {
  const { quota, name, resources } = options;
  if (quota === null) return [];
  const share = { cpu: resources.cpu, memory: resources.memory };
  const limits = [{ type: 'Container', default: share, defaultRequest: share }];
  return [
    { apiVersion: 'v1', kind: 'ResourceQuota', metadata: metadataOf(options, name), spec: { hard: quota } },
    { apiVersion: 'v1', kind: 'LimitRange', metadata: metadataOf(options, name), spec: { limits } },
  ];
}

export function cacheClaim(options: ClusterOptions, { cacheSize }: BuildOptions): ClusterObject[] {
  return cacheSize === null ? [] : [claim(options, namesOf(options).cache, 'build', cacheSize)];
}

export function stateClaim(options: ClusterOptions, { persist, persistSize }: PodOptions): ClusterObject[] {
  return persist.length === 0 ? [] : [claim(options, namesOf(options).state, 'worker', persistSize)];
}

function claim(
  options: ClusterOptions,
  name: string,
  component: 'build' | 'worker',
  storage: string,
): ClusterObject {
  const { storageClass } = options;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadataOf(options, name, component),
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(storageClass === null ? {} : { storageClassName: storageClass }),
      resources: { requests: { storage } },
    },
  };
}
