/** What `mkShell` of old releases of nixpkgs lacks. */
import type { Plan } from '../plan/schema.ts';

/**
 * Whether the base of an environment is older than `mkShellNoCC` and the argument `packages`:
 * https://github.com/NixOS/nixpkgs/pull/128065, https://github.com/NixOS/nixpkgs/pull/122180
 */
export function lacksShellWithoutCompiler(plan: Plan, base: string): boolean {
  return isBefore(plan, base, '21.11');
}

/** Whether shells of a base refuse to be built: they do before 22.05. */
export function refusesToBuildShells(plan: Plan, base: string): boolean {
  return isBefore(plan, base, '22.05');
}

/** Channels without a number are newer than all that have one. */
function isBefore({ nixpkgs }: Plan, base: string, release: string): boolean {
  const channel = nixpkgs.find(({ input }) => input === base)?.channel ?? '';
  const own = /^nixos-(?<release>\d\d\.\d\d)$/.exec(channel)?.groups?.release;
  return own !== undefined && own < release;
}
