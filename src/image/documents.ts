import type { Plan } from '../plan/schema.ts';
import type { Blob, Compression } from './blobs.ts';
import { user } from './system-files.ts';

/**
 * The JSON documents of an image. Field by field: https://github.com/opencontainers/image-spec
 * Nothing in them depends on the day or the machine, but the architecture.
 */

export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: {
    gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
    none: 'application/vnd.oci.image.layer.v1.tar',
  },
} as const;

/** The time of everything in the image. */
export const created = '1970-01-01T00:00:01Z';

export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
}

export interface LayerDocument {
  blob: Blob;
  /** What `docker history` shows. */
  origin: string;
}

/** What the plan says of itself and of the repository; a commit stands nowhere else but here. */
export function labelsOf(
  plan: Plan,
  isCurrent: boolean,
  closure: 'development' | 'runtime' = 'development',
): Record<string, string> {
  const { source, name, digest } = plan.repository;
  const labels: Record<string, string | null | undefined> = {
    'dev.nidify.closure': closure,
    'dev.nidify.generator': `${plan.generator.name} ${plan.generator.version}`,
    'dev.nidify.plan-digest': isCurrent ? digest : null,
    'org.opencontainers.image.created': created,
    'org.opencontainers.image.revision': source?.commit,
    'org.opencontainers.image.source': source?.url,
    'org.opencontainers.image.title': name,
  };
  return presentOf(labels);
}

/** Labels that say something. */
export function presentOf(
  labels: Readonly<Record<string, string | null | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).flatMap(([key, value]) => (value ? [[key, value] as const] : [])),
  );
}

/** Go's name of a processor, which images use. */
export function architectureOf(processor: string): string {
  const names: Record<string, string> = { x64: 'amd64', arm64: 'arm64', ia32: '386', riscv64: 'riscv64' };
  return names[processor] ?? processor;
}

export function configDocument(
  layers: readonly LayerDocument[],
  storePath: string,
  labels: Readonly<Record<string, string>>,
  architecture: string,
): object {
  return {
    created,
    architecture,
    os: 'linux',
    config: {
      User: String(user.id),
      Env: ['PATH=/usr/bin:/bin', `HOME=${user.home}`, `USER=${user.name}`],
      Entrypoint: [`${storePath}/bin/enter`],
      Cmd: ['bash'],
      WorkingDir: user.workFolder,
      Labels: labels,
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ blob }) => blob.diffId) },
    history: layers.map(({ origin }) => ({ created, created_by: origin })),
  };
}

export function manifestDocument(
  config: Descriptor,
  layers: readonly LayerDocument[],
  compression: Compression,
  annotations: Readonly<Record<string, string>>,
): object {
  return {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config,
    layers: layers.map(({ blob }) => ({
      mediaType: mediaTypes.layer[compression],
      digest: blob.digest,
      size: blob.size,
    })),
    annotations,
  };
}

/** @param name `shop:1.0`, as Docker knows it; @param tag `1.0`, within the layout */
export function indexDocument(
  manifest: Descriptor,
  architecture: string,
  { name, tag }: { name: string; tag: string },
): object {
  return {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [
      {
        ...manifest,
        annotations: { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': tag },
        platform: { architecture, os: 'linux' },
      },
    ],
  };
}
