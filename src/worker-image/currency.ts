/** Whether a worker image is what would be built now: asked of the registry, without building anything. */
import { ExitCode, NidifyError, usage } from '../errors.ts';
import { changesOf, type InputChanges } from '../plan/changes.ts';
import type { Plan } from '../plan/schema.ts';
import type { Registry } from '../registry/types.ts';
import { type ManifestDocument, manifestIn, parseManifest } from './documents.ts';
import { repositoryHash, tagsOf } from './identity.ts';
import { type Inputs, inputsAnnotation, isOf, labelNames } from './marks.ts';
import { architectureUnder, manifestFor, ownArchitecture } from './platforms.ts';

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const imageTag = /^(?:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|sha256:[0-9a-f]{64})$/;

export interface CurrencyInput {
  plan: Plan;
  /** What decides: Git blob id by path. */
  inputs: Inputs;
  /** Of the repository: 40 or 64 hexadecimal digits. */
  commitId: string;
  environmentDigest: string;
  registry: Registry;
  /** Tag or digest of the image that is in use; null: any that the registry has for this environment will do. */
  against: string | null;
  /** As images call it; this machine's unless told. */
  architecture?: string;
}

export interface Currency {
  /** Whether an image has the environment that is asked for now. */
  environment: { isCurrent: boolean; digest: string; tag: string };
  /** Whether there is an image of this very commit. */
  repository: { isCurrent: boolean; commitId: string; tag: string };
  /** The image that the changes are told from: the last one that was pushed, or the one in use; null without any. */
  comparedWith: string | null;
  /** What makes the environment another one; null where it is current, or the image compared with does not say. */
  changes: InputChanges | null;
}

/** @throws NidifyError `registry-unavailable` (exit 75), `not-authorized`, `response-refused` (6), `no-image` (2) */
export async function currencyOf(input: CurrencyInput): Promise<Currency> {
  const { plan, inputs, commitId, environmentDigest, registry, against } = input;
  const repository = repositoryHash(plan);
  const tags = tagsOf(repository, commitId, environmentDigest, null);
  if (against !== null) return comparedWith(against, input, tags);
  const [ofEnvironment, ofCommit] = await Promise.all([
    registry.manifest(tags.environment),
    hasCommit(input, repository, tags.commit),
  ]);
  // The whole digests, as building compares them: a tag has the first digits only.
  const environment = ofEnvironment === null ? null : manifestIn(ofEnvironment.bytes);
  const isCurrent =
    environment !== null &&
    isOf(environment, { repository, environment: environmentDigest, dependencies: null });
  const latest = isCurrent ? null : await manifestOf(registry, tags.latest);
  return {
    environment: { isCurrent, digest: environmentDigest, tag: tags.environment },
    repository: { isCurrent: ofCommit, commitId, tag: tags.commit },
    comparedWith: latest === null ? null : tags.latest,
    changes: latest === null ? null : changesSince(latest, inputs),
  };
}

/** Whether the commit's tag has an image for this architecture. */
async function hasCommit(
  { registry, commitId, environmentDigest, architecture = ownArchitecture }: CurrencyInput,
  repository: string,
  tag: string,
): Promise<boolean> {
  const found = await manifestFor(registry, tag, architecture);
  if (found === null) return false;
  // The digest has the system in it: only where it is another one may the architecture be.
  const { annotations = {} } = manifestIn(found.bytes) ?? {};
  const isSame =
    annotations[labelNames.repository] === repository && annotations[labelNames.revision] === commitId;
  if (!isSame) return false;
  if (annotations[labelNames.environment] === environmentDigest) return true;
  const there = await architectureUnder(registry, found);
  return there === null || there === architecture;
}

async function comparedWith(
  name: string,
  { inputs, commitId, environmentDigest, registry, architecture = ownArchitecture }: CurrencyInput,
  tags: { commit: string; environment: string },
): Promise<Currency> {
  if (!imageTag.test(name)) {
    throw usage(
      `${JSON.stringify(name)} is neither the tag of an image nor its digest`,
      'It is what stands behind the name: 6f1c6f5a3b0e-1d2c3b4a5f60, or sha256:….',
    );
  }
  const found = await manifestFor(registry, name, architecture);
  const manifest = found === null ? null : parseManifest(found.bytes, name);
  if (manifest === null) {
    throw new NidifyError({
      code: 'no-image',
      message: `the registry has no image ${name} for ${architecture}`,
      hint: 'Without --against, any image of this environment will do.',
      exitCode: ExitCode.usage,
    });
  }
  const { annotations = {} } = manifest;
  const isCurrent = annotations[labelNames.environment] === environmentDigest;
  return {
    environment: { isCurrent, digest: environmentDigest, tag: tags.environment },
    repository: { isCurrent: annotations[labelNames.revision] === commitId, commitId, tag: tags.commit },
    comparedWith: name,
    changes: isCurrent ? null : changesSince(manifest, inputs),
  };
}

async function manifestOf(registry: Registry, name: string): Promise<ManifestDocument | null> {
  const found = await registry.manifest(name);
  return found === null ? null : parseManifest(found.bytes, name);
}

function changesSince(manifest: ManifestDocument, inputs: Inputs): InputChanges | null {
  if (manifest.annotations?.[inputsAnnotation] === undefined) return null;
  const now = Object.entries(inputs).map(([path, blob]) => ({ path, blob }));
  return changesOf(inputsIn(manifest), now);
}

/** What an image was made from; one that says nothing was made from nothing that is known. */
export function inputsIn({ annotations = {} }: ManifestDocument): Record<string, string | null> {
  try {
    const value: unknown = JSON.parse(annotations[inputsAnnotation] ?? '{}');
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
    return Object.fromEntries(
      Object.entries(value).filter(
        (entry): entry is [string, string | null] => entry[1] === null || typeof entry[1] === 'string',
      ),
    );
  } catch {
    return {};
  }
}
