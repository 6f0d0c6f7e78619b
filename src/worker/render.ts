import { Document } from 'yaml';
import { seccompProfile } from '../render/container/seccomp.ts';
import { oneLine, printable } from '../render/text.ts';
import { version } from '../version.ts';
import { buildJob } from './build-job.ts';
import { jobName } from './names.ts';
import { requireFit } from './quota.ts';
import {
  accounts,
  buildNetwork,
  cacheClaim,
  limitsOf,
  namespaceObject,
  rights,
  stateClaim,
  workerNetwork,
} from './shared-objects.ts';
import { loosest } from './standard.ts';
import type { ClusterObject, ClusterOptions, Standard } from './types.ts';
import { workerObject } from './worker-pod.ts';

export interface Rendered {
  /** In the order in which they have to be applied. */
  objects: ClusterObject[];
  /** What the namespace must let in. */
  standard: Standard;
  /** The Job's; null where there is none. */
  job: string | null;
}

/**
 * The objects that a cluster needs. Pure: the same options give the same objects.
 *
 * @throws NidifyError `impossible-combination`, `pod-security`, `quota-too-small` (exit 6), `usage` (2)
 */
export function renderCluster(options: ClusterOptions): Rendered {
  const { build, worker, part } = options;
  const job = build === null ? null : buildJob(options, build);
  const pods = worker === null ? null : workerObject(options, worker);
  const standard = loosest([job, pods].flatMap((each) => (each === null ? [] : [each.standard])));
  const own = part === 'job' ? [] : ownObjects(options, options.enforced ?? standard);
  const objects = [...own, ...[job, pods].flatMap((each) => (each === null ? [] : [each.object]))];
  requireFit(options.quota, objects);
  return { objects, standard, job: job === null ? null : jobName(options) };
}

function ownObjects(options: ClusterOptions, standard: Standard): ClusterObject[] {
  const { build, worker } = options;
  return [
    namespaceObject(options, standard),
    ...accounts(options),
    ...(build === null ? [] : rights(options)),
    ...limitsOf(options),
    ...(build === null ? [] : [buildNetwork(options), ...cacheClaim(options, build)]),
    ...(worker === null ? [] : [workerNetwork(options, worker), ...stateClaim(options, worker)]),
  ];
}

export interface ManifestFile {
  name: string;
  content: string;
}

/** One file per object and a kustomization that names them, and the seccomp profile for the nodes. */
export function manifestFiles({ objects }: Rendered, options: ClusterOptions): ManifestFile[] {
  const files = objects.map((object) => ({ name: fileName(object), content: yaml(object, header(options)) }));
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: files.map(({ name }) => name),
  };
  return [
    ...files,
    { name: 'kustomization.yaml', content: yaml(kustomization, header(options)) },
    ...(needsProfile(objects)
      ? [{ name: 'seccomp.json', content: `${JSON.stringify(clusterSeccomp(), null, 2)}\n` }]
      : []),
  ];
}

/** All objects as one stream, as `kubectl apply -f -` takes it. */
export function manifestStream({ objects }: Rendered, options: ClusterOptions): string {
  return objects
    .map((object, at) => `${at === 0 ? '' : '---\n'}${yaml(object, at === 0 ? header(options) : [])}`)
    .join('');
}

/** What the container target's engine may call, and what Nix's sandbox calls besides. */
export function clusterSeccomp(): object {
  const profile = seccompProfile() as { syscalls: object[] };
  const more = { names: ['setdomainname'], action: 'SCMP_ACT_ALLOW', comment: 'the sandbox of Nix' };
  return { ...profile, syscalls: [...profile.syscalls, more] };
}

function needsProfile(objects: readonly ClusterObject[]): boolean {
  return JSON.stringify(objects).includes('"localhostProfile"');
}

function header({ repository, commit }: ClusterOptions): string[] {
  return [oneLine(`Written by nidify ${version} for ${repository} at ${commit}.`, 300)];
}

function fileName({ kind, metadata }: ClusterObject): string {
  // A Job's own name has the commit in it: the next one takes its file.
  const name = kind === 'Job' ? `${metadata.labels?.['app.kubernetes.io/name'] ?? ''}-build` : metadata.name;
  const kindWords = kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
  return `${kindWords}-${name}.yaml`;
}

/** Words that readers of YAML 1.1, as kubectl is one, take for booleans or numbers are quoted. */
function yaml(value: object, header: readonly string[]): string {
  const document = new Document(value, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  document.commentBefore = header.map((line) => ` ${line}`).join('\n') || null;
  return printable(document.toString({ lineWidth: 0, indentSeq: true, singleQuote: true }));
}
