import type { ClusterObject } from '../types.ts';

/** Where objects are in the API. Only what is rendered here. */
const places: Record<string, [start: string, plural: string]> = {
  Namespace: ['/api/v1', 'namespaces'],
  ServiceAccount: ['/api/v1', 'serviceaccounts'],
  PersistentVolumeClaim: ['/api/v1', 'persistentvolumeclaims'],
  ResourceQuota: ['/api/v1', 'resourcequotas'],
  LimitRange: ['/api/v1', 'limitranges'],
  Pod: ['/api/v1', 'pods'],
  Deployment: ['/apis/apps/v1', 'deployments'],
  Job: ['/apis/batch/v1', 'jobs'],
  NetworkPolicy: ['/apis/networking.k8s.io/v1', 'networkpolicies'],
  Role: ['/apis/rbac.authorization.k8s.io/v1', 'roles'],
  RoleBinding: ['/apis/rbac.authorization.k8s.io/v1', 'rolebindings'],
};

export function collectionPath(kind: string, namespace: string | undefined): string {
  const place = places[kind];
  if (place === undefined) throw new Error(`no place for ${kind}`);
  const [start, plural] = place;
  return namespace === undefined
    ? `${start}/${plural}`
    : `${start}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
}

export function objectPath({ kind, metadata }: ClusterObject): string {
  return `${collectionPath(kind, metadata.namespace)}/${encodeURIComponent(metadata.name)}`;
}
