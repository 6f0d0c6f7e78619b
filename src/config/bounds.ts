/** Bounds that a repository's `nidify.jsonc` sets. */
import type { Source } from '../scan/types.ts';
import { bytesOf } from '../text/size.ts';
import { configTextOf } from './file.ts';
import type { Config } from './schema.ts';

/**
 * `build` of `nidify.jsonc`, of whatever is read: a commit has its own.
 *
 * @throws NidifyError as `configTextOf` and `parseConfig` (exit 2)
 */
export async function buildConfigOf(
  source: Source,
  signal: AbortSignal | undefined,
): Promise<Config['build']> {
  const text = await configTextOf(source, signal);
  if (text === null) return undefined;
  const { parseConfig } = await import('./read.ts');
  return parseConfig(text).build;
}

/** Of building; what it does not say is not there. */
export function buildBoundsOf(config: Config['build']): { timeoutMs?: number; memoryBytes?: number } {
  return {
    ...(config?.timeout === undefined ? {} : { timeoutMs: config.timeout * 1000 }),
    ...(config?.memory === undefined ? {} : { memoryBytes: bytesOf(config.memory, 'build.memory') }),
  };
}

/** Of installing dependencies; what it does not say is not there. */
export function installBoundsOf(config: Config['build']): { bytes?: number; files?: number } {
  return {
    ...(config?.installSize === undefined ? {} : { bytes: bytesOf(config.installSize, 'build.installSize') }),
    ...(config?.installFiles === undefined ? {} : { files: config.installFiles }),
  };
}
