import type { Catalogue } from '../catalogue/types.ts';
import type { Lock } from '../lock/types.ts';
import type { PackageManager, Plan, Toolchain } from './schema.ts';

/**
 * The plan with the versions that its lock knows. The catalogue's are those of its own pins: where the lock
 * pins another revision, or `update` asked Nix itself, the lock knows better.
 */
export function withLockedVersions(plan: Plan, locked: Lock | null, catalogue: Catalogue): Plan {
  if (locked === null || locked.lines.length === 0) return plan;
  const inputs = new Map(plan.nixpkgs.map((input) => [input.input, input]));
  const known = <T extends Toolchain | PackageManager>(tool: T): T => {
    const input = inputs.get(tool.input);
    const line = locked.lines.find(
      ({ key, attribute, channel }) =>
        key === tool.key && attribute === tool.attribute && channel === input?.channel,
    );
    if (line === undefined || input === undefined) return tool;
    const isOtherRevision = catalogue.channel(input.channel)?.rev !== input.rev;
    if (line.precision !== 'exact' && !isOtherRevision) return tool;
    return { ...tool, version: line.version, precision: line.precision };
  };
  return {
    ...plan,
    toolchains: plan.toolchains.map(known),
    packageManagers: plan.packageManagers.map(known),
  };
}
