/**
 * Putting layers upon an image whose documents are known, without having its layers here: the manifest and the
 * configuration are all that changes. Field by field: https://github.com/opencontainers/image-spec
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ExitCode, NidifyError } from '../errors.ts';
import type { Blob, Compression } from '../image/blobs.ts';
import { mediaTypes } from '../image/documents.ts';
import { user } from '../image/system-files.ts';
import { isRecord } from '../parse/value.ts';
import type { Registry } from '../registry/types.ts';

/** What a layer is, in the annotation of its descriptor: those of one kind age together. */
export const layerKinds = ['environment', 'dependencies', 'repository'] as const;
export type LayerKind = (typeof layerKinds)[number];
export const layerAnnotation = 'dev.nidify.layer';

const digestText = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const texts = z.record(z.string(), z.string());

const descriptorSchema = z.looseObject({
  mediaType: z.string(),
  digest: digestText,
  size: z.number().int().nonnegative(),
  annotations: texts.optional(),
});

const manifestSchema = z.looseObject({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  config: descriptorSchema,
  layers: z.array(descriptorSchema),
  annotations: texts.optional(),
});

const configSchema = z.looseObject({
  created: z.string().optional(),
  architecture: z.string(),
  os: z.string(),
  config: z.looseObject({ Labels: texts.nullish() }).optional(),
  rootfs: z.looseObject({ type: z.literal('layers'), diff_ids: z.array(digestText) }),
  history: z.array(z.looseObject({ empty_layer: z.boolean().optional() })).nullish(),
});

export type ManifestDocument = z.infer<typeof manifestSchema>;
export type ConfigDocument = z.infer<typeof configSchema>;
export type LayerDescriptor = z.infer<typeof descriptorSchema>;

/** The documents of an image: enough to put layers upon it. */
export interface ImageDocuments {
  manifest: ManifestDocument;
  config: ConfigDocument;
}

/** A document as a registry stores it. */
export interface Document {
  bytes: Buffer;
  digest: string;
  mediaType: string;
}

/**
 * The manifest of one image; an index is none.
 *
 * @throws NidifyError `response-refused` (exit 6)
 */
export function parseManifest(bytes: Buffer, where: string): ManifestDocument {
  return parsed(manifestSchema, bytes, `the manifest of ${where}`);
}

/** The manifest of one image, where these bytes are one. */
export function manifestIn(bytes: Buffer): ManifestDocument | null {
  try {
    return parseManifest(bytes, '');
  } catch (error) {
    if (error instanceof NidifyError) return null;
    throw error;
  }
}

/** @throws NidifyError `response-refused` (exit 6) when it is none, or belongs to another manifest */
export function parseConfig(bytes: Buffer, manifest: ManifestDocument, where: string): ConfigDocument {
  const config = parsed(configSchema, bytes, `the configuration of ${where}`);
  if (config.rootfs.diff_ids.length !== manifest.layers.length) {
    throw refused(`the configuration of ${where} has another number of layers than its manifest`);
  }
  return config;
}

const maxConfigBytes = 4 * 1024 * 1024;

/** The configuration of an image in a registry. */
export async function readConfig(
  registry: Registry,
  manifest: ManifestDocument,
  where: string,
): Promise<ConfigDocument> {
  return parseConfig(await registry.blob(manifest.config.digest, maxConfigBytes), manifest, where);
}

function parsed<T>(schema: z.ZodType<T>, bytes: Buffer, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw refused(`${what} is no JSON`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw refused(`${what} is not what it should be: ${issue?.path.join('.')}: ${issue?.message}`);
}

function refused(message: string): NidifyError {
  return new NidifyError({
    code: 'response-refused',
    message,
    hint: 'Remove that tag from the registry: the image is then built anew.',
    exitCode: ExitCode.refused,
  });
}

/** A layer that was made here. */
export interface AddedLayer {
  kind: LayerKind;
  blob: Blob;
  compression: Compression;
  /** What `docker history` shows. */
  origin: string;
}

export interface Marks {
  /** Labels of the configuration and annotations of the manifest. */
  labels: Readonly<Record<string, string>>;
  /** Annotations that are too long for labels. */
  annotations: Readonly<Record<string, string>>;
  /** ISO 8601. */
  created: string;
}

/** What starts with these says what an image is; it is replaced, not added to. */
const ownLabel = /^(?:dev\.nidify\.|org\.opencontainers\.image\.)/;

/** The same image with more layers and other labels. */
export function withLayers(
  { manifest, config }: ImageDocuments,
  layers: readonly AddedLayer[],
  { labels, annotations, created }: Marks,
): ImageDocuments {
  const before = Object.entries(config.config?.Labels ?? {}).filter(([name]) => !ownLabel.test(name));
  const added = layers.map(({ kind, blob, compression }) => ({
    mediaType: mediaTypes.layer[compression],
    digest: blob.digest,
    size: blob.size,
    annotations: { [layerAnnotation]: kind },
  }));
  const newConfig: ConfigDocument = {
    ...config,
    created,
    config: {
      ...config.config,
      // Where these layers have their files, whatever the image of an engine says.
      ...(layers.length === 0 ? {} : { WorkingDir: user.workFolder }),
      Labels: { ...Object.fromEntries(before), ...labels },
    },
    rootfs: {
      ...config.rootfs,
      diff_ids: [...config.rootfs.diff_ids, ...layers.map(({ blob }) => blob.diffId)],
    },
    history: [...historyOf(config), ...layers.map(({ origin }) => ({ created, created_by: origin }))],
  };
  const document = documentOf(newConfig, mediaTypes.config);
  return {
    config: newConfig,
    manifest: {
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: { mediaType: mediaTypes.config, digest: document.digest, size: document.bytes.length },
      layers: [
        // Layers of an engine say nothing of themselves.
        ...manifest.layers.map((layer) => ({
          ...layer,
          mediaType: ociMediaType(layer.mediaType),
          annotations: { [layerAnnotation]: 'environment', ...layer.annotations },
        })),
        ...added,
      ],
      annotations: { ...labels, ...annotations },
    },
  };
}

/**
 * One entry for each layer, besides those that say that they made none. Readers refuse an image whose history has
 * another number; an engine may leave it out.
 */
function historyOf({ history, rootfs }: ConfigDocument): Record<string, unknown>[] {
  const entries = history ?? [];
  const isWhole = entries.filter((each) => each.empty_layer !== true).length === rootfs.diff_ids.length;
  return isWhole ? entries : rootfs.diff_ids.map(() => ({ created_by: 'nidify: environment' }));
}

/** Docker's names of the same formats, which an OCI manifest does not mix with its own. */
function ociMediaType(mediaType: string): string {
  const gzip = /^application\/vnd\.docker\.image\.rootfs\.diff\.tar\.gzip$/;
  return gzip.test(mediaType) ? mediaTypes.layer.gzip : mediaType;
}

/**
 * The bytes of a document, and what they are called by. Keys are in one order, so that a document that came from a
 * registry and one that was made here are the same.
 */
export function documentOf(value: object, mediaType: string): Document {
  const bytes = Buffer.from(JSON.stringify(value, inOrder));
  return { bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, mediaType };
}

function inOrder(_key: string, value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
