import { commitTag } from '../worker-image/identity.ts';
import type { ClusterObject, ClusterOptions } from './types.ts';

/** Names, labels and annotations that the objects of one set share. */

export const annotationPrefix = 'nidify.dev';
export const managedBy = 'nidify';

/** One Job per commit: submitting it twice is submitting it once. */
export function jobName({ name, repositoryHash, commit }: ClusterOptions): string {
  return `${name}-build-${commitTag(repositoryHash, commit)}`;
}

export function namesOf({ name }: ClusterOptions) {
  return {
    orchestrator: `${name}-orchestrator`,
    build: `${name}-build`,
    worker: `${name}-worker`,
    cache: `${name}-build-cache`,
    state: `${name}-worker-state`,
  };
}

export type Component = 'build' | 'worker' | 'orchestrator';

export function labelsOf({ name }: ClusterOptions, component?: Component): Record<string, string> {
  return {
    'app.kubernetes.io/name': name,
    ...(component === undefined ? {} : { 'app.kubernetes.io/component': component }),
    'app.kubernetes.io/managed-by': managedBy,
  };
}

/** What chooses the pods of a component. */
export function selectorOf({ name }: ClusterOptions, component: Component): Record<string, string> {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': component };
}

export function sourceAnnotations({ repository, commit }: ClusterOptions): Record<string, string> {
  return { [`${annotationPrefix}/source`]: repository, [`${annotationPrefix}/revision`]: commit };
}

export function metadataOf(
  options: ClusterOptions,
  name: string,
  component?: Component,
): ClusterObject['metadata'] {
  return { name, namespace: options.namespace, labels: labelsOf(options, component) };
}

/** Image of the commit as the build pushes it. */
export function commitImage({
  registry,
  prefix,
  repositoryHash,
  commit,
}: Pick<ClusterOptions, 'registry' | 'prefix' | 'repositoryHash' | 'commit'>): string {
  return `${registry}/${prefix}:${commitTag(repositoryHash, commit)}`;
}
