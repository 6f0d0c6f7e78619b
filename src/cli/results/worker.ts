/** What the commands of `worker` print with `--json`. */
import { z } from 'zod';
import { common } from './common.ts';

const podSecurity = z
  .enum(['restricted', 'baseline', 'privileged'])
  .meta({ description: 'Pod Security Standard that the namespace has to admit' });
const warnings = z.array(z.string());
const time = z.string().nullable().meta({ description: 'RFC 3339' });

export const workerRenderResultSchema = z.object({
  ...common,
  command: z.literal('worker render'),
  namespace: z.string(),
  podSecurity,
  job: z.string().nullable().meta({ description: 'Name of the Job; null where there is none' }),
  output: z.string().nullable().meta({ description: 'Absolute path, with --output' }),
  files: z.array(z.string()).meta({ description: 'From the output folder' }),
  objects: z
    .array(
      z.looseObject({
        apiVersion: z.string(),
        kind: z.string(),
        metadata: z.looseObject({ name: z.string() }),
      }),
    )
    .meta({ description: 'The manifests, in the order in which they are applied' }),
  warnings,
});

export const workerApplyResultSchema = z.object({
  ...common,
  command: z.literal('worker apply'),
  dryRun: z.boolean(),
  namespace: z.string(),
  podSecurity,
  job: z.string().nullable(),
  objects: z.array(
    z.object({
      kind: z.string(),
      name: z.string(),
      state: z
        .enum(['applied', 'created', 'unchanged', 'replaced'])
        .meta({ description: 'replaced: a Job that had failed is tried again' }),
    }),
  ),
  warnings,
});

export const workerStatusResultSchema = z.object({
  ...common,
  command: z.literal('worker status'),
  namespace: z.string(),
  jobs: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['waiting', 'running', 'complete', 'failed']),
      source: z.string().nullable(),
      revision: z.string().nullable().meta({ description: 'Commit' }),
      created: time,
      finished: time,
      reason: z.string().nullable(),
      message: z.string().nullable(),
    }),
  ),
  pods: z.array(
    z.object({
      name: z.string(),
      component: z.string().nullable(),
      phase: z.string(),
      ready: z.boolean(),
      restarts: z.int(),
      created: z.string(),
      reason: z.string().nullable().meta({ description: 'Why it waits or failed' }),
      message: z.string().nullable(),
    }),
  ),
});

export type WorkerRenderResult = z.infer<typeof workerRenderResultSchema>;
export type WorkerApplyResult = z.infer<typeof workerApplyResultSchema>;
export type WorkerStatusResult = z.infer<typeof workerStatusResultSchema>;
