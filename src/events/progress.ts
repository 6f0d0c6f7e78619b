/**
 * One stream of events for everything that takes long: the command line shows it, a callback of the library gets it,
 * and `--progress json` prints it, one JSON object on a line.
 */
import { z } from 'zod';
import { environmentChangeSchema } from './environment-change.ts';

export const phases = [
  'read',
  'clone',
  'resolve',
  'build',
  'dependencies',
  'repository',
  'assemble',
  'push',
  'check',
  'verify',
  'work',
] as const;

export const progressEventSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    type: z.literal('progress'),
    time: z.iso.datetime().meta({ description: 'When it was said, in UTC' }),
    elapsed: z.number().meta({ description: 'Milliseconds since the work began' }),
    phase: z.enum(phases).meta({ description: 'What is being done, for machines' }),
    state: z.enum(['started', 'running', 'finished', 'failed']),
    step: z.string().meta({ description: 'What is being done, for people: one line' }),
    percent: z.number().min(0).max(100).nullable().meta({ description: 'Of the phase, where it is known' }),
    bytes: z
      .strictObject({ done: z.number(), total: z.number().nullable() })
      .nullable()
      .meta({ description: 'What was sent or written of what there is, where bytes are what takes long' }),
    duration: z.number().nullable().meta({ description: 'Milliseconds that the phase took, once it ended' }),
    environmentChange: environmentChangeSchema
      .nullable()
      .meta({ description: 'Why the environment is built anew: the same object that `nidify watch` prints' }),
    priority: z
      .number()
      .int()
      .meta({ description: '0; 10 for a message that says that the environment changes' }),
  })
  .meta({ id: 'progressEvent' });

export type Phase = (typeof phases)[number];
export type ProgressEvent = z.infer<typeof progressEventSchema>;
export type OnEvent = (event: ProgressEvent) => void;
