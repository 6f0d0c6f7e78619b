import { ExitCode, NidifyError } from '../errors.ts';
import type { Plan } from '../plan/schema.ts';
import { type Engine, type EngineName, findEngine } from './engine.ts';

/**
 * What builds the image of a plan: asked before anything is built for it.
 *
 * @throws NidifyError `features-need-devcontainer` (exit 2), `tool-missing` (4)
 */
export async function engineFor(
  plan: Plan,
  wanted: EngineName | null,
  signal: AbortSignal | undefined,
): Promise<{ engine: Engine; usesNix: boolean }> {
  const usesNix = plan.container?.toolchain !== 'features';
  if (!usesNix && wanted !== 'devcontainer') {
    throw new NidifyError({
      code: 'features-need-devcontainer',
      message: 'devcontainer features are installed by the command line of devcontainers alone',
      hint: 'Give --engine devcontainer (npm install --global @devcontainers/cli), or set "container": { "toolchain": "nix" }.',
      exitCode: ExitCode.usage,
    });
  }
  return { engine: await findEngine('build', wanted, signal), usesNix };
}
