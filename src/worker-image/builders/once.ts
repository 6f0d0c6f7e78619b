import type { BuildOptions, Built } from '../../build/build.ts';
import type { Plan } from '../../plan/schema.ts';

/** The environment, built when it is first asked for. */
export function builtOnce(
  plan: Plan,
  options: BuildOptions,
): (onStatus: (text: string) => void, signal: AbortSignal | undefined) => Promise<Built> {
  let built: Promise<Built> | null = null;
  return (onStatus, signal) => {
    built ??= import('../../build/build.ts').then(({ build }) =>
      build(plan, { ...options, settings: { ...options.settings, signal }, onStatus }),
    );
    return built;
  };
}
