/** What `image --registry` and `image --check` print with `--json`. */
import { z } from 'zod';
import { common, sized } from './common.ts';

const layerKind = z.enum(['environment', 'dependencies', 'repository']);
const optionalText = z.string().nullable();

export const workerImageResultSchema = z.object({
  ...common,
  command: z.literal('image'),
  worker: z.object({
    imageName: z.string().meta({ description: 'Registry and repository' }),
    imageTag: z.string().meta({ description: '<repository>-<commit>' }),
    reference: z.string().meta({ description: 'Name and tag' }),
    digest: z.string().meta({ description: 'sha256:… of the manifest' }),
    hasDevcontainer: z.boolean().meta({ description: 'The repository has a devcontainer of its own' }),
    repoHash: z.string().meta({ description: 'As in tags: twelve digits of repoUrlHash' }),
    repoUrlHash: z.string().meta({ description: 'SHA-256 of the normalised address' }),
    repoUrl: optionalText.meta({ description: 'Without credentials' }),
    branch: optionalText,
    commitId: z.string(),
    planDigest: z.string(),
    environmentDigest: z.string(),
    dependenciesDigest: optionalText.meta({ description: 'null where nothing was installed' }),
    tags: z.array(z.string()).meta({ description: 'All that name a part of this image now' }),
    layers: z.array(sized.extend({ kind: layerKind, isReused: z.boolean() })),
    builder: z
      .object({ name: z.enum(['nix', 'docker', 'podman', 'buildah', 'devcontainer']), reason: z.string() })
      .nullable()
      .meta({ description: 'What built the environment; null where it was in the registry' }),
    notices: z.array(z.string()).meta({ description: 'Why a layer that was wanted is not there' }),
    size: z.int().meta({ description: 'Bytes of all layers, as stored' }),
    duration: z.number().meta({ description: 'Milliseconds' }),
  }),
});

const paths = z.array(z.string());

export const currencyResultSchema = z.object({
  ...common,
  command: z.literal('image'),
  currency: z.object({
    imageName: z.string(),
    fetchedBytes: z
      .int()
      .nullable()
      .meta({ description: "Of Git's objects, from a URL; null for a repository of this machine" }),
    environment: z.object({ isCurrent: z.boolean(), digest: z.string(), tag: z.string() }),
    repository: z.object({ isCurrent: z.boolean(), commitId: z.string(), tag: z.string() }),
    comparedWith: optionalText.meta({ description: 'The image that the changes are told from' }),
    changes: z
      .object({ added: paths, changed: paths, removed: paths })
      .nullable()
      .meta({ description: 'Files that make the environment another one; null where it is current' }),
  }),
});
