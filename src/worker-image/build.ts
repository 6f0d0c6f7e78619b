/**
 * A worker image in a registry, made of what is there already and of what is missing: the environment is built when
 * no image has it, dependencies are installed when their lock files changed, and the repository is a layer upon them.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { createProgress, type Progress, type Report } from '../events/emitter.ts';
import type { OnEvent } from '../events/progress.ts';
import { blobFile, type Compression, writeBlob } from '../image/blobs.ts';
import { mediaTypes } from '../image/documents.ts';
import { failureOf } from '../image/failure.ts';
import { type TarEntry, tar } from '../image/tar.ts';
import type { Plan } from '../plan/schema.ts';
import { sendBlobs } from '../registry/blobs.ts';
import type { Registry } from '../registry/types.ts';
import { temporaryFolder } from '../temporary.ts';
import { inputsIn } from './currency.ts';
import {
  type AddedLayer,
  type Document,
  documentOf,
  type ImageDocuments,
  type LayerDescriptor,
  type LayerKind,
  layerAnnotation,
  layerKinds,
  manifestIn,
  parseConfig,
  parseManifest,
  readConfig,
  withLayers,
} from './documents.ts';
import { repositoryHash, short, type Tags, tagsOf } from './identity.ts';
import {
  type Commit,
  type Identity,
  type Inputs,
  inputsAnnotation,
  isOf,
  labelNames,
  marksOf,
} from './marks.ts';
import { manifestFor, nameForPlatform, nameOfPlatform, ownArchitecture } from './platforms.ts';
import type { Builder, BuildResult, ResultLayer, WantedLayers } from './types.ts';

/** What gives a layer its files. */
export type LayerFiles = (report: Report) => AsyncIterable<TarEntry>;

export interface WorkerImageInput {
  plan: Plan;
  /** What decides about the environment: Git blob id by path. */
  inputs: Inputs;
  commit: Commit;
  /** Where images go. */
  registry: Registry;
  /** `registry.example.com/team/snapshot`, for the result. */
  imageName: string;
  environmentDigest: string;
  closure: 'development' | 'runtime';
  /** Chosen when something is to be built, and not before: what is there needs no program. */
  builder: () => Promise<Builder>;
  wanted: WantedLayers;
  /** Identity and files of what is installed; null where there is nothing to install. */
  dependencies: { digest: string; files: LayerFiles } | null;
  repository: LayerFiles;
  /** Why a layer that was wanted is not there. */
  notices?: readonly string[];
  compression: Compression;
  /** As images call it; this machine's unless told. */
  architecture?: string;
  /** Make every layer, whatever the registry has. */
  isAnew?: boolean;
  onEvent?: OnEvent | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Brings the image of a commit into the registry. What is tagged is whole: layers go first, then the manifests, and
 * the commit's own tag last of all. So whatever happens meanwhile, doing it again mends it.
 *
 * @throws NidifyError what the builder, the package managers and the registry throw, `disk-full` (exit 5)
 */
export async function buildWorkerImage(input: WorkerImageInput): Promise<BuildResult> {
  const began = Date.now();
  try {
    const folder = temporaryFolder('nidify-worker-');
    try {
      const made = await make(makingOf(input, folder.directory));
      return { ...made, duration: Date.now() - began };
    } finally {
      folder.remove();
    }
  } catch (error) {
    throw failureOf(error, 'the image');
  }
}

/** An image whose layers are all in the registry. */
interface Base {
  documents: ImageDocuments;
  /** Digests of layers that were there before. */
  reused: ReadonlySet<string>;
}

/** One image in the making. */
interface Making {
  input: WorkerImageInput;
  progress: Progress;
  /** For layers, until they are sent. */
  folder: string;
  identity: Identity;
  tags: Tags;
  /** What built the environment; null until something does. */
  built: BuildResult['builder'];
}

function makingOf(input: WorkerImageInput, folder: string): Making {
  const { plan, commit, environmentDigest, wanted } = input;
  const dependencies = wanted.dependencies ? (input.dependencies?.digest ?? null) : null;
  const repository = repositoryHash(plan);
  return {
    input,
    folder,
    built: null,
    progress: createProgress(input.onEvent),
    identity: { repository, environment: environmentDigest, dependencies },
    tags: tagsOf(repository, commit.id, environmentDigest, dependencies),
  };
}

async function make(making: Making): Promise<Omit<BuildResult, 'duration'>> {
  const { plan, inputs, commit, closure, wanted, repository } = making.input;
  const ready = await making.progress.phase('resolve', 'asking the registry', () => known(making));
  if (ready !== null) return resultOf(making, ready.digest, ready);
  const base = await withDependencies(making, await withEnvironment(making));
  const added = wanted.repository
    ? [await layer(making, 'repository', 'packing the repository', repository)]
    : [];
  const documents = withLayers(
    base.documents,
    added,
    marksOf(plan, inputs, making.identity, commit, closure),
  );
  const { latest, commit: ofCommit } = making.tags;
  const digest = await tag(making, documents, [latest], ofCommit);
  return resultOf(making, digest, { documents, reused: base.reused });
}

/** The commit's own image, if it is what would be made now. */
async function known(making: Making): Promise<(Base & { digest: string }) | null> {
  const { identity, input } = making;
  const found = await stored(making, making.tags.commit, identity);
  if (found === null) return null;
  const { annotations = {}, layers } = found.documents.manifest;
  const hasRepository = layers.some((each) => kindOf(each) === 'repository');
  const isSame =
    annotations[labelNames.revision] === input.commit.id && hasRepository === input.wanted.repository;
  return isSame ? found : null;
}

const architectureOfInput = ({ architecture = ownArchitecture }: WorkerImageInput) => architecture;

/** What has this name, if it says itself that it is this: twelve digits of a tag are few enough to be met on purpose. */
async function stored(
  { input }: Making,
  name: string,
  identity: Identity,
): Promise<(Base & { digest: string }) | null> {
  if (input.isAnew === true) return null;
  const { registry } = input;
  const architecture = architectureOfInput(input);
  const found = await manifestFor(registry, name, architecture);
  if (found === null) return null;
  const manifest = parseManifest(found.bytes, name);
  if (!isOf(manifest, identity)) return null;
  const config = await readConfig(registry, manifest, name);
  if (config.architecture !== architecture) return null;
  return {
    digest: found.digest,
    documents: { manifest, config },
    reused: new Set(manifest.layers.map(({ digest }) => digest)),
  };
}

/** The environment's image: that of another commit, else a new one. */
async function withEnvironment(making: Making): Promise<Base> {
  const { dependencies, environment } = making.tags;
  // With what is installed in it, where that is there: then the rest is not asked for.
  const whole = dependencies === null ? null : await stored(making, dependencies, making.identity);
  if (whole !== null && !hasLayer(whole, ['repository'])) return whole;
  const identity = { ...making.identity, dependencies: null };
  const before = await stored(making, environment, identity);
  if (before !== null && !hasLayer(before, ['dependencies', 'repository'])) return before;
  const { plan, inputs, closure, signal } = making.input;
  await tellWhy(making);
  const builder = await making.input.builder();
  making.built = { name: builder.name, reason: builder.reason };
  const layout = path.join(making.folder, 'environment');
  await mkdir(layout);
  const { manifest: digest } = await making.progress.phase(
    'build',
    `building the environment with ${builder.name}`,
    (report) => builder.image(layout, report, signal),
  );
  const where = `what ${builder.name} built`;
  const manifest = parseManifest(await readFile(blobFile(layout, digest)), where);
  const config = parseConfig(await readFile(blobFile(layout, manifest.config.digest)), manifest, where);
  await send(making, layout, manifest.layers);
  await rm(layout, { recursive: true, force: true });
  const documents = withLayers({ manifest, config }, [], marksOf(plan, inputs, identity, null, closure));
  await tag(making, documents, [environment]);
  return { documents, reused: new Set() };
}

/** Says which files changed since the last image, in every event from now on. */
async function tellWhy({ input, progress, tags }: Making): Promise<void> {
  const found = await input.registry.manifest(tags.latest);
  if (found === null) return;
  const latest = manifestIn(found.bytes);
  // Somebody else's, or one of too many files: it says nothing about what differs.
  if (latest?.annotations?.[inputsAnnotation] === undefined) return;
  const { annotations } = latest;
  const { environmentChange } = await import('../watch/describe.ts');
  const before = {
    inputs: inputsIn(latest),
    digest: annotations[labelNames.plan] ?? '',
    commit: annotations[labelNames.revision] ?? null,
    plan: null,
  };
  progress.because(environmentChange(before, { plan: input.plan, inputs: input.inputs }, Date.now()));
}

/** With what the package managers install, if that is wanted and not in it yet. */
async function withDependencies(making: Making, base: Base): Promise<Base> {
  const { dependencies, plan, inputs, closure } = making.input;
  const name = making.tags.dependencies;
  const before = base.documents.manifest.annotations?.[labelNames.dependencies];
  if (dependencies === null || name === null || before === making.identity.dependencies) return base;
  const added = await layer(making, 'dependencies', 'installing dependencies', dependencies.files);
  const documents = withLayers(
    base.documents,
    [added],
    marksOf(plan, inputs, making.identity, null, closure),
  );
  await tag(making, documents, [name]);
  return { documents, reused: base.reused };
}

/** Writes one layer, and sends it. */
async function layer(
  making: Making,
  kind: Exclude<LayerKind, 'environment'>,
  step: string,
  files: LayerFiles,
): Promise<AddedLayer> {
  const { compression, signal } = making.input;
  const layout = path.join(making.folder, kind);
  await mkdir(path.join(layout, 'blobs/sha256'), { recursive: true });
  const blob = await making.progress.phase(kind, step, (report) =>
    writeBlob(layout, tar(files(report)), compression, signal),
  );
  await send(making, layout, [blob]);
  return { kind, blob, compression, origin: `nidify: ${kind}` };
}

async function send(
  { input, progress }: Making,
  layout: string,
  blobs: readonly { digest: string; size: number }[],
): Promise<void> {
  await progress.phase('push', 'sending layers', (report) =>
    sendBlobs(input.registry, layout, blobs, { signal: input.signal, onBytes: report.bytes }),
  );
}

/**
 * @param names those that this image alone has
 * @param shared one that other architectures have as well; it comes last
 * @returns the digest of the manifest
 */
async function tag(
  { input, progress }: Making,
  { manifest, config }: ImageDocuments,
  names: readonly string[],
  shared: string | null = null,
): Promise<string> {
  const { registry, signal } = input;
  const ofConfig = documentOf(config, mediaTypes.config);
  const ofManifest = documentOf(manifest, mediaTypes.manifest);
  await progress.phase('push', `naming ${shared ?? names.at(-1)}`, async () => {
    const blob = { digest: ofConfig.digest, size: ofConfig.bytes.length };
    await registry.putBlob(blob, (from) => piece(ofConfig, from));
    for (const name of names) {
      signal?.throwIfAborted();
      await registry.putManifest(name, ofManifest.bytes, ofManifest.mediaType);
    }
    signal?.throwIfAborted();
    if (shared !== null) await nameForPlatform(registry, shared, ofManifest, architectureOfInput(input));
  });
  return ofManifest.digest;
}

/** What is built upon must not have what comes upon it: that would be of another commit. */
function hasLayer({ documents }: Base, kinds: readonly LayerKind[]): boolean {
  return documents.manifest.layers.some((each) => kinds.includes(kindOf(each)));
}

function kindOf({ annotations }: LayerDescriptor): LayerKind {
  const kind = annotations?.[layerAnnotation];
  return layerKinds.find((each) => each === kind) ?? 'environment';
}

function resultOf(
  { input, tags, identity, built }: Making,
  digest: string,
  { documents, reused }: Base,
): Omit<BuildResult, 'duration'> {
  const { plan, commit, imageName, notices = [] } = input;
  const layers = documents.manifest.layers.map(
    (each): ResultLayer => ({
      kind: kindOf(each),
      digest: each.digest,
      size: each.size,
      isReused: reused.has(each.digest),
    }),
  );
  return {
    imageName,
    imageTag: tags.commit,
    reference: `${imageName}:${tags.commit}`,
    digest,
    hasDevcontainer: plan.repository.inputs.some(({ path: file }) => devcontainerFile.test(file)),
    repoHash: short(identity.repository),
    repoUrlHash: identity.repository,
    repoUrl: commit.url,
    branch: commit.branch,
    commitId: commit.id,
    planDigest: plan.repository.digest,
    environmentDigest: identity.environment,
    dependenciesDigest: identity.dependencies,
    tags: [
      tags.commit,
      tags.environment,
      ...(tags.dependencies === null ? [] : [tags.dependencies]),
      tags.latest,
      nameOfPlatform(tags.commit, architectureOfInput(input)),
    ],
    layers,
    builder: built,
    notices: [...notices],
    size: layers.reduce((sum, { size }) => sum + size, 0),
  };
}

/** https://containers.dev/implementors/spec/#devcontainerjson */
const devcontainerFile = /^(?:\.devcontainer\/(?:[^/]+\/)?|\.)devcontainer\.json$/;

async function* piece({ bytes }: Document, from: number): AsyncGenerator<Buffer> {
  yield bytes.subarray(from);
}
