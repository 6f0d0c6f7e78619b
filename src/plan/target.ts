import { merged, needsOf, type PlanContext } from './context.ts';
import type { Target } from './schema.ts';

/** Nix unless the project runs containers of its own; the configuration may decide otherwise. */
export function targetOf({ needs, config }: PlanContext): Target {
  const nested = needsOf(needs, 'nested-container');
  const wanted = config.target ?? 'auto';
  const isContainer = wanted === 'container' || (wanted === 'auto' && nested.length > 0);
  const because = merged(...nested.map((need) => need.because));
  if (!isContainer) return { kind: 'nix', profile: null, network: null, because: [] };
  return {
    kind: 'container',
    // A container that is only asked for has no Docker in it.
    profile: nested.length === 0 ? null : 'rootless',
    network: nested[0]?.network ?? null,
    because,
  };
}
