/**
 * What `nidify watch` prints, one JSON object on a line. The first of them is also what an event of progress carries
 * as its reason (`environmentChange`), so that one message says both.
 */
import { z } from 'zod';
import { evidenceSchema } from '../plan/schema.ts';
import { changePriority } from './emitter.ts';

export const changedFileSchema = z.strictObject({
  path: z.string().meta({ description: 'From the root, with forward slashes' }),
  state: z.enum(['added', 'changed', 'removed']),
  because: z.array(evidenceSchema).meta({
    description:
      'What the plan takes from the file (from a removed one: took); empty for what is only hashed',
  }),
});

const common = {
  schemaVersion: z.literal(1),
  time: z.iso.datetime().meta({ description: 'When it was seen, in UTC' }),
  digestBefore: z.string().meta({ description: 'repository.digest of the plan of the environment in use' }),
  message: z.string().meta({ description: 'For people: one line' }),
};

export const environmentChangeSchema = z
  .strictObject({
    ...common,
    type: z.literal('environment-change'),
    priority: z.literal(changePriority),
    files: z.array(changedFileSchema).meta({
      description:
        'Everything that differs from the environment in use, sorted by path; empty where nidify itself differs',
    }),
    stale: z
      .array(z.enum(['environment', 'repository']))
      .meta({ description: 'repository: another commit is checked out, too' }),
    digestNow: z.string().meta({ description: 'repository.digest of the plan that the files ask for' }),
  })
  .meta({ id: 'environmentChange' });

export const environmentCurrentSchema = z
  .strictObject({
    ...common,
    type: z.literal('environment-current'),
    priority: z.literal(0),
    digestNow: z.string().meta({ description: 'The same as digestBefore' }),
  })
  .meta({ id: 'environmentCurrent', description: 'The change was taken back' });

export const environmentUnknownSchema = z
  .strictObject({
    ...common,
    type: z.literal('environment-unknown'),
    priority: z.literal(0),
    error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string().nullable() }),
  })
  .meta({
    id: 'environmentUnknown',
    description: 'The repository cannot be analysed as it is, such as while nidify.jsonc is being edited',
  });

export const environmentEventSchema = z.discriminatedUnion('type', [
  environmentChangeSchema,
  environmentCurrentSchema,
  environmentUnknownSchema,
]);

export type ChangedFile = z.infer<typeof changedFileSchema>;
export type EnvironmentChange = z.infer<typeof environmentChangeSchema>;
export type EnvironmentCurrent = z.infer<typeof environmentCurrentSchema>;
export type EnvironmentUnknown = z.infer<typeof environmentUnknownSchema>;
export type EnvironmentEvent = z.infer<typeof environmentEventSchema>;
