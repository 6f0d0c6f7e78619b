/** Conditions on the system, as a maintainer of nixpkgs would write them. */
import type { System } from '../plan/schema.ts';
import { type Expression, name, operation, text } from './nix/expression.ts';

/**
 * The condition under which something that exists on `only` applies.
 *
 * @param all the systems of the plan
 * @param packages the variable that holds the packages whose platform is asked
 * @returns null when it always applies, `false` when never
 */
export function systemCondition(
  only: readonly System[] | null,
  all: readonly System[],
  packages: string,
): Expression | null | false {
  if (only === null) return null;
  const wanted = all.filter((system) => only.includes(system));
  const others = all.filter((system) => !only.includes(system));
  if (others.length === 0) return null;
  const [first, ...more] = wanted;
  if (first === undefined) return false;
  const platform = (predicate: string) => name(packages, 'stdenv', 'hostPlatform', predicate);
  for (const [predicate, holds] of Object.entries(predicates)) {
    if (wanted.every(holds) && !others.some(holds)) return platform(predicate);
  }
  const [other, ...rest] = others;
  if (more.length > 0 && other !== undefined && rest.length === 0) {
    return operation('!=', name('system'), text(other));
  }
  return operation('||', is(first), ...more.map(is));
}

/** Things that apply under the same condition; those that always apply come first, those that never do are left out. */
export function byCondition<T extends { systems: readonly System[] | null }>(
  items: readonly T[],
  all: readonly System[],
  packages: string,
): { condition: Expression | null; items: T[] }[] {
  const groups = new Map<string, { condition: Expression | null; items: T[] }>();
  for (const item of items) {
    const condition = systemCondition(item.systems, all, packages);
    if (condition === false) continue;
    const id = JSON.stringify(condition);
    const group = groups.get(id) ?? { condition, items: [] };
    group.items.push(item);
    groups.set(id, group);
  }
  return [...groups.values()].sort((a, b) => Number(a.condition !== null) - Number(b.condition !== null));
}

const is = (system: System): Expression => operation('==', name('system'), text(system));

const predicates: Readonly<Record<string, (system: System) => boolean>> = {
  isLinux: (system) => system.endsWith('-linux'),
  isDarwin: (system) => system.endsWith('-darwin'),
  isx86_64: (system) => system.startsWith('x86_64-'),
  isAarch64: (system) => system.startsWith('aarch64-'),
};
