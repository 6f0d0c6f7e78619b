import { configFileName } from './config/file.ts';
import type { Lock } from './lock/types.ts';
import type { Plan } from './plan/schema.ts';
import { defaultLimits } from './scan/limits.ts';
import { blobId } from './scan/scan.ts';
import type { Source } from './scan/types.ts';

/**
 * Everything in a repository that decides what its environment is: the plan's inputs, the configuration, and of the
 * lock what counts. For saying later what has changed.
 *
 * @returns Git blob id by path; null where only the presence counts
 */
export async function decisiveInputs(
  plan: Plan,
  source: Source,
  locked: { lock: Lock; path: string } | null,
  signal?: AbortSignal,
): Promise<Record<string, string | null>> {
  const inputs: Record<string, string | null> = {};
  for (const { path, blob } of plan.repository.inputs) inputs[path] = blob;
  const [config] = await source.read([configFileName], { limits: defaultLimits, signal });
  if (config !== undefined && 'content' in config) inputs[configFileName] = blobId(config.content);
  if (locked !== null) inputs[locked.path] = blobId(Buffer.from(partsThatCount(locked.lock)));
  return inputs;
}

/** Of a lock its pins and what was asked for; what it says of outputs changes with every run. */
function partsThatCount({ pins, asked, package: isPackage }: Lock): string {
  return JSON.stringify([pins, asked ?? null, isPackage ?? false]);
}
