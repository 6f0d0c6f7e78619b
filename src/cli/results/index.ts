/**
 * What `--json` prints for commands that do something: one object per run, the same outer shape for all.
 * This module loads zod: commands import its types only.
 */
import { z } from 'zod';
import { engineNames } from '../../container/engine.ts';
import { evidenceSchema, findingSchema } from '../../plan/schema.ts';
import { common, sized } from './common.ts';
import { workerApplyResultSchema, workerRenderResultSchema, workerStatusResultSchema } from './worker.ts';
import { currencyResultSchema, workerImageResultSchema } from './worker-image.ts';

const errorSchema = z.object({
  code: z.string().meta({ description: 'Stable, kebab-case' }),
  message: z.string(),
  hint: z.string().nullable(),
});

const writtenFiles = z.array(
  z.object({
    path: z.string().meta({ description: 'From the output folder' }),
    state: z.enum(['created', 'updated', 'unchanged', 'removed', 'kept']),
  }),
);

export const failureSchema = z
  .object({ ...common, command: z.string(), error: errorSchema })
  .meta({ description: 'Any command that could not do its work' });

export const generateResultSchema = z.object({
  ...common,
  command: z.literal('generate'),
  output: z.string().meta({ description: 'Absolute path of the output folder' }),
  dryRun: z.boolean(),
  files: writtenFiles,
  diff: z.string().nullable().meta({ description: 'A patch, with --diff' }),
  untracked: z
    .array(z.string())
    .nullable()
    .meta({ description: 'Files that Git does not know yet; null outside Git' }),
  findings: z.array(findingSchema),
});

export const checkResultSchema = z.object({
  ...common,
  command: z.literal('check'),
  current: z.boolean(),
  changes: z.array(
    z.object({
      path: z.string(),
      state: z.enum(['missing', 'stale', 'edited', 'foreign', 'obsolete']),
    }),
  ),
  inputs: z.array(z.object({ path: z.string(), change: z.enum(['added', 'removed', 'modified']) })),
  generator: z.object({ recorded: z.string(), running: z.string() }).nullable(),
});

export const cleanResultSchema = z.object({
  ...common,
  command: z.literal('clean'),
  dryRun: z.boolean(),
  removed: z.array(z.string()),
  kept: z.array(z.string()).meta({ description: 'Edited since nidify wrote them' }),
});

export const updateResultSchema = z.object({
  ...common,
  command: z.literal('update'),
  dryRun: z.boolean(),
  pins: z.array(
    z.object({
      input: z.string(),
      channel: z.string(),
      from: z.string().meta({ description: 'Revision' }),
      to: z.string().meta({ description: 'Revision' }),
    }),
  ),
  images: z
    .array(z.object({ reference: z.string(), from: z.string().nullable(), to: z.string() }))
    .optional()
    .meta({ description: 'Digests of base images; absent unless the target is a container' }),
  versions: z.array(z.object({ key: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
  files: writtenFiles,
  findings: z.array(findingSchema),
});

const textAndWarning = z.object({ name: z.string(), text: z.string(), isWarning: z.boolean() });

export const explainResultSchema = z.object({
  ...common,
  command: z.literal('explain'),
  subjects: z.array(
    z.object({
      title: z.string(),
      kind: z.string(),
      names: z.array(z.string()).meta({ description: 'Words that name it' }),
      facts: z.array(textAndWarning),
      because: z.array(evidenceSchema),
      findings: z.array(findingSchema),
    }),
  ),
});

export const initResultSchema = z.object({ ...common, command: z.literal('init'), path: z.string() });

const previewSchema = z.object({
  build: z.array(z.string()).meta({ description: 'Derivations' }),
  fetch: z.array(z.string()).meta({ description: 'Store paths' }),
  size: z.string().nullable().meta({ description: 'Of what is fetched, in the words of Nix' }),
});

export const buildPreviewSchema = z
  .object({
    ...common,
    command: z.literal('build'),
    dryRun: z.literal(true),
    environment: z.string(),
    ownFlake: z.boolean(),
    preview: previewSchema,
  })
  .meta({ description: 'build --dry-run' });

const sandboxSchema = z.object({
  held: z.literal(true),
  control: z.enum(['refused', 'reached', 'inconclusive']),
  controlFound: z.array(z.string()),
  provedAt: z.string(),
});

const containerImageSchema = z.object({
  engine: z.enum(engineNames).meta({ description: 'Where the image is' }),
  name: z.string(),
  id: z.string().nullable(),
  remembered: z.boolean().meta({ description: 'It was there already' }),
  memoryLimit: z.boolean().nullable().meta({
    description: 'Whether the engine could bound the memory of the build; null where there was none',
  }),
});

const imageOnlyResultSchema = z
  .object({
    ...common,
    command: z.literal('build'),
    dryRun: z.literal(false),
    image: containerImageSchema,
  })
  .meta({ description: 'build of an image whose toolchain is not from Nix' });

export const buildResultSchema = z.object({
  ...common,
  command: z.literal('build'),
  dryRun: z.literal(false),
  environment: z.string().meta({ description: 'Name in the plan; with --own-flake the attribute' }),
  ownFlake: z.boolean().meta({ description: "Of the repository's own flake" }),
  system: z.string(),
  storePath: z.string(),
  storeDirectory: z
    .string()
    .nullable()
    .meta({ description: 'Where the store is on this machine; null for /nix/store' }),
  root: z.string().meta({ description: 'The link that keeps it from being collected' }),
  remembered: z.boolean().meta({ description: 'Nothing had to be done' }),
  nixVersion: z.string(),
  sandbox: sandboxSchema.extend({
    here: z.boolean().meta({ description: 'On this machine; false: it builds nothing itself' }),
    builders: z
      .array(
        z.object({
          builder: z.string().meta({ description: 'Address' }),
          sandbox: z.enum(['held', 'unproved']),
          control: z.enum(['reached', 'inconclusive']),
          reason: z.string().nullable().meta({ description: 'Why it is unproved' }),
          derivations: z.int().meta({ description: 'Built there in this run' }),
        }),
      )
      .meta({
        description: 'Remote builders; nothing is sent to one that is unproved, unless a daemon does',
      }),
  }),
  memoryLimit: z
    .enum(['none', 'enforced', 'not-enforced'])
    .meta({ description: 'Not enforced where a daemon builds' }),
  closure: z.object({ paths: z.int(), bytes: z.int() }),
  attestation: z.string().nullable(),
  copiedTo: z.string().nullable(),
  image: containerImageSchema.optional().meta({ description: 'Where the target is a container' }),
});

export const doctorResultSchema = z.object({
  ...common,
  command: z.literal('doctor'),
  checks: z.array(
    z.object({
      id: z.string().meta({ description: 'Stable, kebab-case' }),
      state: z.enum(['ok', 'limited', 'missing']),
      found: z.string(),
      consequence: z.string().nullable(),
      fix: z.string().nullable(),
    }),
  ),
});

export const imageResultSchema = z.object({
  ...common,
  command: z.literal('image'),
  environment: z.string().meta({ description: 'Store path' }),
  closureSize: z.int().meta({ description: 'Bytes of all store paths, unpacked' }),
  sbom: z.string().nullable().meta({ description: 'Where it was written, with --sbom' }),
  planned: z
    .array(z.object({ size: z.int(), paths: z.array(z.string()) }))
    .meta({ description: 'Layers with store paths from the lowest up; sizes are unpacked' }),
  image: z
    .object({
      name: z.string(),
      destination: z.object({ kind: z.enum(['oci', 'docker-archive', 'load', 'push']), place: z.string() }),
      manifest: sized,
      config: sized,
      layers: z.array(
        sized.extend({
          diffId: z.string().meta({ description: 'Digest before compression' }),
          unpackedSize: z.int(),
          paths: z.array(z.string()),
        }),
      ),
      size: z.int().meta({ description: 'Bytes that a registry stores' }),
      unpackedSize: z.int(),
    })
    .nullable()
    .meta({ description: 'null when no image was made' }),
});

export const verifyResultSchema = z.object({
  ...common,
  command: z.literal('verify'),
  source: z.object({
    commit: z.string().nullable().meta({ description: 'What was checked out; null outside Git' }),
    digest: z.string().meta({ description: 'Of the plan' }),
  }),
  environments: z.array(
    z.object({ name: z.string(), storePath: z.string(), nixVersion: z.string(), sandbox: sandboxSchema }),
  ),
  projects: z.array(
    z.object({
      path: z.string(),
      environment: z.string(),
      steps: z.array(
        z.object({
          step: z.enum(['install', 'build', 'test']),
          command: z.string().nullable(),
          outcome: z.enum(['passed', 'failed', 'timed-out', 'too-much-output', 'skipped']),
          reason: z.string().nullable().meta({ description: 'Why it was skipped' }),
          exitCode: z.int().nullable(),
          durationMs: z.int(),
          network: z.array(z.string()).meta({ description: 'What it might reach, as --network takes it' }),
          reached: z.array(z.string()).meta({ description: 'host:port' }),
          refused: z.array(z.object({ target: z.string(), reason: z.string() })),
          tail: z.array(z.string()).meta({ description: 'The last lines that it printed, at most 40' }),
        }),
      ),
      because: z.array(evidenceSchema),
    }),
  ),
});

export const resultSchema = z.union([
  workerRenderResultSchema,
  workerApplyResultSchema,
  workerStatusResultSchema,
  verifyResultSchema,
  buildResultSchema,
  imageOnlyResultSchema,
  buildPreviewSchema,
  doctorResultSchema,
  generateResultSchema,
  explainResultSchema,
  checkResultSchema,
  cleanResultSchema,
  updateResultSchema,
  initResultSchema,
  imageResultSchema,
  workerImageResultSchema,
  currencyResultSchema,
  failureSchema,
]);

export type Failure = z.infer<typeof failureSchema>;
export type GenerateResult = z.infer<typeof generateResultSchema>;
export type CheckResultJson = z.infer<typeof checkResultSchema>;
export type CleanResultJson = z.infer<typeof cleanResultSchema>;
export type UpdateResult = z.infer<typeof updateResultSchema>;
export type ExplainResult = z.infer<typeof explainResultSchema>;
export type BuildResultJson = z.infer<typeof buildResultSchema> | z.infer<typeof imageOnlyResultSchema>;
export type BuildPreviewJson = z.infer<typeof buildPreviewSchema>;
export type DoctorResult = z.infer<typeof doctorResultSchema>;
export type VerifyResult = z.infer<typeof verifyResultSchema>;
export type InitResult = z.infer<typeof initResultSchema>;
export type ImageResult = z.infer<typeof imageResultSchema>;

export type WorkerImageResult = z.infer<typeof workerImageResultSchema>;
export type CurrencyResult = z.infer<typeof currencyResultSchema>;
