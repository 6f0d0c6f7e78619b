import { isDeepStrictEqual } from 'node:util';
import { ExitCode, NidifyError } from '../../errors.ts';
import { annotationPrefix, managedBy } from '../names.ts';
import { enforceLabel } from '../shared-objects.ts';
import { type ClusterObject, standards } from '../types.ts';
import type { Answer, Cluster } from './connect.ts';
import { failureOf, messageIn } from './failure.ts';
import { collectionPath, objectPath } from './objects.ts';
import { at, jobOf, text } from './read.ts';

export interface Applied {
  kind: string;
  name: string;
  state: 'applied' | 'created' | 'unchanged' | 'replaced';
}

export interface ApplyOptions {
  /** Take fields over that somebody else manages. */
  force: boolean;
  /** The server checks, and keeps nothing. */
  dryRun: boolean;
  onApplied?: (applied: Applied) => void;
}

/** How often it is looked whether a Job that was deleted is gone. */
const goneMs = 500;
const goneAttempts = 120;

/**
 * Applies objects in their order by server-side apply. A Job, which is the same for the same commit and cannot be
 * changed, is created: one that is there and has not failed is left, one that failed is tried again.
 *
 * @throws NidifyError what `Cluster.ask` throws, `apply-conflict`, `not-admitted` (exit 6), `no-namespace` (2)
 */
export async function applyObjects(
  cluster: Cluster,
  objects: readonly ClusterObject[],
  { force, dryRun, onApplied = () => {} }: ApplyOptions,
): Promise<Applied[]> {
  const done: Applied[] = [];
  for (const object of objects) {
    const state =
      object.kind === 'Job'
        ? await submit(cluster, object, dryRun)
        : await merge(cluster, object, force, dryRun);
    const applied = { kind: object.kind, name: object.metadata.name, state };
    done.push(applied);
    onApplied(applied);
  }
  return done;
}

const dry = (dryRun: boolean): Record<string, string> => (dryRun ? { dryRun: 'All' } : {});

/** https://kubernetes.io/docs/reference/using-api/server-side-apply/ */
async function merge(
  cluster: Cluster,
  object: ClusterObject,
  force: boolean,
  dryRun: boolean,
): Promise<'applied' | 'created'> {
  if (object.kind === 'Namespace' && !force) await requireRoom(cluster, object);
  const answer = await cluster.ask({
    method: 'PATCH',
    path: objectPath(object),
    query: { fieldManager: managedBy, ...(force ? { force: 'true' } : {}), ...dry(dryRun) },
    contentType: 'application/apply-patch+yaml',
    body: object,
  });
  if (answer.status === 409) {
    throw new NidifyError({
      code: 'apply-conflict',
      message: `${nameOf(object)} has fields that somebody else manages: ${told(answer)}`,
      hint: '--force takes them over.',
      exitCode: ExitCode.refused,
    });
  }
  expect(answer, object, dryRun);
  return answer.status === 201 ? 'created' : 'applied';
}

/**
 * A namespace is shared: where workers come into that of the builds, its standard is not tightened under them, since
 * their pods would no longer be admitted.
 */
async function requireRoom(cluster: Cluster, object: ClusterObject): Promise<void> {
  const there = await cluster.ask({ method: 'GET', path: objectPath(object) });
  const levels: readonly unknown[] = standards;
  const level = (labels: unknown) => levels.indexOf(at(labels, enforceLabel));
  const [before, after] = [level(at(there.body, 'metadata', 'labels')), level(object.metadata.labels)];
  if (there.status !== 200 || before <= after) return;
  throw new NidifyError({
    code: 'apply-conflict',
    message: `${nameOf(object)} enforces ${standards[before]}, and would enforce ${standards[after]}: pods that are there might not be admitted again`,
    hint: `Name another --namespace, give --pod-security ${standards[before]}, or --force.`,
    exitCode: ExitCode.refused,
  });
}

async function submit(
  cluster: Cluster,
  object: ClusterObject,
  dryRun: boolean,
): Promise<'created' | 'unchanged' | 'replaced'> {
  const first = await create(cluster, object, dryRun);
  if (first.status !== 409) {
    expect(first, object, dryRun);
    return 'created';
  }
  const there = await cluster.ask({ method: 'GET', path: objectPath(object) });
  if (there.status === 200) {
    requireSame(there.body, object);
    const { state, isEnding } = jobOf(there.body);
    if (state !== 'failed' && !isEnding) return 'unchanged';
    if (dryRun) return 'replaced';
    await remove(cluster, object, text(at(there.body, 'metadata', 'uid')));
  }
  const again = await create(cluster, object, dryRun);
  // Another orchestrator had the same idea.
  if (again.status === 409) return 'unchanged';
  expect(again, object, dryRun);
  return 'replaced';
}

function create(cluster: Cluster, object: ClusterObject, dryRun: boolean): Promise<Answer> {
  return cluster.ask({
    method: 'POST',
    path: collectionPath(object.kind, object.metadata.namespace),
    query: { fieldManager: managedBy, ...dry(dryRun) },
    body: object,
  });
}

/** Twelve digits of a commit are a short name: that of another commit is not taken for this one's. */
function requireSame(there: unknown, object: ClusterObject): void {
  const keys = ['source', 'revision'].map((key) => `${annotationPrefix}/${key}`);
  const here = keys.map((key) => object.metadata.annotations?.[key]);
  if (
    isDeepStrictEqual(
      keys.map((key) => at(there, 'metadata', 'annotations', key)),
      here,
    )
  )
    return;
  throw new NidifyError({
    code: 'apply-conflict',
    message: `${nameOf(object)} is there already and is of another repository or commit`,
    hint: 'Render with another --name, or delete it.',
    exitCode: ExitCode.refused,
  });
}

/**
 * Deletes this very Job, not one that somebody made in its place meanwhile, and its pods before it: the log of the next
 * one is not mixed with theirs, and they have let go of the volume.
 */
async function remove(cluster: Cluster, object: ClusterObject, uid: string | null): Promise<void> {
  await cluster.ask({
    method: 'DELETE',
    path: objectPath(object),
    body: {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: 'Foreground',
      ...(uid === null ? {} : { preconditions: { uid } }),
    },
  });
  for (let attempt = 0; attempt < goneAttempts; attempt++) {
    const { status, body } = await cluster.ask({ method: 'GET', path: objectPath(object) });
    if (status === 404 || (text(at(body, 'metadata', 'uid')) ?? uid) !== uid) return;
    await cluster.pause(goneMs);
  }
  throw failureOf({ temporary: true, why: `${nameOf(object)} was deleted and is still there` });
}

function expect(answer: Answer, object: ClusterObject, dryRun: boolean): void {
  if (answer.status >= 200 && answer.status < 300) return;
  if (answer.status === 404) {
    throw new NidifyError({
      code: 'no-namespace',
      message: `${nameOf(object)} has no place in the cluster: ${told(answer)}`,
      hint: dryRun
        ? 'A dry run needs the namespace to be there.'
        : 'Apply the namespace first: --part build or --part worker, by somebody who may.',
      exitCode: ExitCode.usage,
    });
  }
  throw failureOf({ temporary: false, status: answer.status, why: `${nameOf(object)}: ${told(answer)}` });
}

const nameOf = ({ kind, metadata }: ClusterObject) => `${kind} ${metadata.name}`;
const told = ({ status, body }: Answer) => messageIn(JSON.stringify(body)) || String(status);
