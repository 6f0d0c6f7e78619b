import { finding, merged, needsOf, type PlanContext, place } from './context.ts';
import type { Finding, Target } from './schema.ts';

/** Nix unless the project runs containers of its own; the configuration may decide otherwise. */
export function targetOf({ needs, config }: PlanContext, findings: Finding[]): Target {
  const nested = needsOf(needs, 'nested-container');
  const wanted = config.target ?? 'auto';
  const isContainer = wanted === 'container' || (wanted === 'auto' && nested.length > 0);
  const because = merged(...nested.map((need) => need.because));
  if (!isContainer) return { kind: 'nix', profile: null, network: null, because: [] };
  findings.push(
    finding(
      'container-target-missing',
      'error',
      nested.length === 0
        ? 'nidify.jsonc asks for the container target, which this version cannot write yet'
        : `the project runs containers of its own (${place(because)}): that needs the container target, which this version cannot write yet`,
      'The Nix part is written all the same; start Docker on the host for the rest, or set "target": "nix" in nidify.jsonc.',
      because,
    ),
  );
  return {
    kind: 'container',
    profile: 'rootless',
    network: nested[0]?.network ?? { build: 'host', run: 'bridge' },
    because,
  };
}
