/** What all results have. */
import { z } from 'zod';

export const resultSchemaVersion = 1;

export const common = {
  schemaVersion: z.literal(resultSchemaVersion),
  exitCode: z.int().meta({ description: 'Exit code of the command' }),
};

/** A blob of a registry. */
export const sized = z.object({ digest: z.string().meta({ description: 'sha256:…' }), size: z.int() });
