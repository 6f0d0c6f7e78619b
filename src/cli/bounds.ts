/** The bounds of a build: an option, else a variable, else the configuration, else nidify's own. */
import type { NixSettings } from '../build/nix.ts';
import type { Config } from '../config/schema.ts';
import { bytesOf } from '../text/size.ts';
import { timeoutOf } from './timeout.ts';

type Bounds = Pick<NixSettings, 'timeoutMs' | 'memoryBytes'>;

/**
 * @param args what the command line says
 * @param config `build` of `nidify.jsonc`
 * @throws NidifyError `usage` (exit 2)
 */
export function boundsOf(
  args: { timeout?: string | undefined; maxMemory?: string | undefined },
  env: NodeJS.ProcessEnv,
  config: Config['build'],
  defaults: Bounds,
): Bounds {
  const timeoutMs =
    timeoutOf(args.timeout) ??
    timeoutOf(env.NIDIFY_TIMEOUT || undefined, 'NIDIFY_TIMEOUT') ??
    (config?.timeout === undefined ? undefined : config.timeout * 1000) ??
    defaults.timeoutMs;
  const [size, name] =
    args.maxMemory !== undefined
      ? [args.maxMemory, '--max-memory']
      : env.NIDIFY_MAX_MEMORY
        ? [env.NIDIFY_MAX_MEMORY, 'NIDIFY_MAX_MEMORY']
        : [config?.memory, 'build.memory'];
  return { timeoutMs, memoryBytes: size === undefined ? defaults.memoryBytes : bytesOf(size, name) };
}
