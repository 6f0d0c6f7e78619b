/** Pins of the base images of a container. */
import { NidifyError } from '../errors.ts';
import type { LockedImage } from '../lock/types.ts';
import { finding } from '../plan/context.ts';
import type { Finding, Plan } from '../plan/schema.ts';
import { digestOf, type RegistryOptions } from './registry.ts';

export interface ImageUpdate {
  images: LockedImage[];
  /** Registries that did not answer: what they pinned before stays. */
  findings: Finding[];
}

const timeoutMs = 30_000;

/**
 * Asks the registries what the tags of a plan's images mean now. What one does not say keeps its pin, if it had one:
 * it is no reason to leave nixpkgs where it is.
 *
 * @param plan made without pins of images: what has a digest all the same, the configuration pins
 * @param before the pins of today
 */
export async function findImages(
  plan: Plan,
  before: readonly LockedImage[],
  options: RegistryOptions & { onProgress?: (text: string) => void },
): Promise<ImageUpdate> {
  const images: LockedImage[] = [];
  const findings: Finding[] = [];
  for (const { reference, digest } of plan.container?.images ?? []) {
    if (digest !== null) continue;
    options.onProgress?.(`asking what ${reference} is`);
    const known = before.find((image) => image.reference === reference);
    try {
      const bounded = { ...options, timeoutMs: Math.min(options.timeoutMs, timeoutMs) };
      images.push({ reference, digest: await digestOf(reference, bounded) });
    } catch (error) {
      if (!(error instanceof NidifyError)) throw error;
      if (known !== undefined) images.push(known);
      findings.push(unresolved(error, known));
    }
  }
  return { images, findings };
}

function unresolved(error: NidifyError, known: LockedImage | undefined): Finding {
  const kept = known === undefined ? 'it stays without a pin' : 'its pin stays as it was';
  return finding('image-unresolved', 'warning', `${error.message}; ${kept}`, error.hint ?? null, []);
}
