/** What a worker image says of itself: labels that people and clusters read, annotations that `--check` reads. */
import { created as epoch, labelsOf, presentOf } from '../image/documents.ts';
import type { Plan } from '../plan/schema.ts';
import type { ManifestDocument, Marks } from './documents.ts';
import { short } from './identity.ts';

export interface Identity {
  /** Hexadecimal digests. */
  repository: string;
  environment: string;
  dependencies: string | null;
}

/** The commit that an image was made from. */
export interface Commit {
  /** 40 or 64 hexadecimal digits. */
  id: string;
  /** Of the repository, without credentials; null without a remote. */
  url: string | null;
  branch: string | null;
  /** ISO 8601 in UTC; null where it is not known. */
  time: string | null;
}

/** What decides about an environment: Git blob id by path; null where only the presence counts. */
export type Inputs = Readonly<Record<string, string | null>>;

/** The annotation that says which files decided: an object of path and Git blob id, as JSON. */
export const inputsAnnotation = 'dev.nidify.inputs';
/** Registries take manifests of 4 MiB, and quotes within JSON within JSON are longer by a half. */
const longestInputs = 1024 * 1024;

export const labelNames = {
  environment: 'dev.nidify.environment-digest',
  dependencies: 'dev.nidify.dependencies-digest',
  plan: 'dev.nidify.plan-digest',
  repository: 'dev.nidify.repository-hash',
  revision: 'org.opencontainers.image.revision',
} as const;

/** Whether an image says that it has exactly this environment and these dependencies, of this repository. */
export function isOf(
  { annotations = {} }: Pick<ManifestDocument, 'annotations'>,
  { repository, environment, dependencies }: Identity,
): boolean {
  return (
    annotations[labelNames.repository] === repository &&
    annotations[labelNames.environment] === environment &&
    (annotations[labelNames.dependencies] ?? null) === dependencies
  );
}

/**
 * @param commit null for what belongs to no commit: the environment's image is the same one for all
 * @param closure what of the environment is in it
 */
export function marksOf(
  plan: Plan,
  inputs: Inputs,
  { repository, environment, dependencies }: Identity,
  commit: Commit | null,
  closure: 'development' | 'runtime',
): Marks {
  const created = commit?.time ?? epoch;
  const decided = JSON.stringify(inputs);
  const source = commit === null ? null : { url: commit.url, branch: commit.branch, commit: commit.id };
  const more = {
    [labelNames.environment]: environment,
    [labelNames.dependencies]: dependencies,
    [labelNames.repository]: repository,
    'org.opencontainers.image.created': created,
    'org.opencontainers.image.ref.name': commit?.branch,
    'org.opencontainers.image.version': commit === null ? null : short(commit.id),
  };
  return {
    labels: {
      ...labelsOf({ ...plan, repository: { ...plan.repository, source } }, true, closure),
      ...presentOf(more),
    },
    // Without it an image is current or not all the same; which files differ is then not told.
    annotations: Buffer.byteLength(decided) > longestInputs ? {} : { [inputsAnnotation]: decided },
    created,
  };
}
