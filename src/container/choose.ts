import { ExitCode, NidifyError } from '../errors.ts';
import { isDebian } from '../plan/container.ts';
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

/**
 * No code of a repository runs when its environment is built, and in a container none as root but what boot.sh does:
 * a base image of the repository's choice would be both. Who trusts the files as they are trusts their Dockerfile.
 *
 * @param baseImage what a person chose instead
 * @throws NidifyError `base-untrusted` (exit 6)
 */
export function refuseStranger(
  { container }: Plan,
  { baseImage, isTrusted }: { baseImage: string | null; isTrusted: boolean },
): void {
  if (baseImage !== null || isTrusted) return;
  const stranger = container?.images.find(({ reference }) => !isDebian(reference));
  if (stranger === undefined) return;
  throw new NidifyError({
    code: 'base-untrusted',
    message: `nidify.jsonc names ${stranger.reference} as the base image: its programs would start as root, with the project mounted`,
    hint: 'Where you trust it: --trust-base. Or name another: --base-image docker.io/library/debian:trixie-slim.',
    exitCode: ExitCode.refused,
  });
}
