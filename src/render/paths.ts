/** Which files a plan is written as, without writing them: analysing needs neither templates nor what prints Nix. */
import type { Plan } from '../plan/schema.ts';

/**
 * The paths of what `render` gives, in its order.
 *
 * @returns null where only rendering tells: of a container, of servers, of process managers
 */
export function plainPaths(plan: Plan): string[] | null {
  if (plan.container !== undefined || plan.services.length > 0 || plan.processCompose === true) return null;
  return [
    ...['flake.nix', 'flake.lock', 'shell.nix'],
    ...(plan.packages ?? []).map(() => 'package.nix'),
    '.envrc',
  ];
}
