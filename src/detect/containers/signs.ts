import type { Evidence } from '../../plan/schema.ts';
import type { NestedContainerNeed } from '../types.ts';
import { type ContainerKind, kinds } from './kinds.ts';

/** One place that says that the project runs containers of a kind. */
export interface Sign {
  container: ContainerKind;
  confidence: NestedContainerNeed['confidence'];
  because: Evidence;
  version?: string | null;
}

/** As many places as a reader wants to see for one kind. */
export const maxEvidence = 5;

/** The kinds that there are signs of, clear ones first in their evidence. */
export function nestedContainers(signs: readonly Sign[]): NestedContainerNeed[] {
  return (Object.keys(kinds) as ContainerKind[]).flatMap((container) => {
    const clear: Sign[] = [];
    const vague: Sign[] = [];
    for (const sign of signs) {
      if (sign.container === container) (sign.confidence === 'high' ? clear : vague).push(sign);
    }
    const all = [...clear, ...vague];
    if (all.length === 0) return [];
    return [
      {
        kind: 'nested-container',
        container,
        version: all.find(({ version }) => version != null)?.version ?? null,
        network: kinds[container],
        confidence: clear.length > 0 ? 'high' : 'low',
        because: all.slice(0, maxEvidence).map(({ because }) => because),
      },
    ];
  });
}
