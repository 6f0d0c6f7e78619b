import type { Need } from '../../src/detect/types.ts';

/** Needs of one kind, in their order. */
export function needsOf<K extends Need['kind']>(
  needs: readonly Need[],
  kind: K,
): Extract<Need, { kind: K }>[] {
  return needs.filter((need): need is Extract<Need, { kind: K }> => need.kind === kind);
}

/** The only need of a kind; fails where there is none or more than one. */
export function onlyNeed<K extends Need['kind']>(
  needs: readonly Need[],
  kind: K,
): Extract<Need, { kind: K }> {
  const [only, ...others] = needsOf(needs, kind);
  if (only === undefined || others.length > 0)
    throw new Error(`not one ${kind}: ${others.length + (only ? 1 : 0)}`);
  return only;
}
