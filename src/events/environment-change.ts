import { z } from 'zod';

export const environmentChangeSchema = z.strictObject({
  files: z.array(z.strictObject({ path: z.string(), state: z.enum(['added', 'changed', 'removed']) })),
  message: z.string(),
});
export type EnvironmentChange = z.infer<typeof environmentChangeSchema>;
