/** The published JSON Schemas (2020-12). This module loads zod and all schemas. */
import { z } from 'zod';
import { configSchema } from '../config/schema.ts';
import { environmentEventSchema } from '../events/environment-change.ts';
import { progressEventSchema } from '../events/progress.ts';
import { planSchema } from '../plan/schema.ts';
import { resultSchema } from './results/index.ts';

const sources = {
  // The editor of the VS Code family takes comments for granted, but not trailing commas.
  config: { schema: configSchema.meta({ allowTrailingCommas: true }), title: 'nidify.jsonc', io: 'input' },
  // Readers ignore what they do not know: a later version may print more.
  plan: { schema: planSchema, title: 'The plan of `nidify analyze --json`', io: 'input' },
  event: {
    schema: z.union([progressEventSchema, environmentEventSchema]),
    title: 'What `nidify watch` and `--progress json` print, one on a line',
    io: 'input',
  },
  result: { schema: resultSchema, title: 'What other commands print with `--json`', io: 'input' },
} as const;

export type SchemaName = keyof typeof sources;

export const schemaNames: readonly SchemaName[] = ['config', 'plan', 'event', 'result'];

/** A schema as JSON, two spaces, one line feed at the end. */
export function jsonSchema(name: SchemaName): string {
  const { schema, title, io } = sources[name];
  const { $schema, ...rest } = z.toJSONSchema(schema, { io });
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
}
