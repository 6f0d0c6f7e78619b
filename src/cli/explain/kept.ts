/** What stays as it was because nidify.lock says so, although a run without it would decide otherwise. */
import type { Input, PackageManager, Plan, Toolchain } from '../../plan/schema.ts';
import { named } from '../../text/named.ts';

type Versioned = Toolchain | PackageManager;

/**
 * @param fresh the plan of the same repository without its lock; null where it has none
 * @returns null where the lock changes nothing
 */
export function keptVersion(tool: Versioned, plan: Plan, fresh: Plan | null): string | null {
  if (fresh === null) return null;
  const others = versionsOf(fresh).filter(({ id }) => id === tool.id);
  const isSame = (other: Versioned) =>
    other.key === tool.key &&
    other.attribute === tool.attribute &&
    channelOf(other, fresh) === channelOf(tool, plan);
  const same = others.find(isSame);
  if (same !== undefined) {
    return same.version === tool.version || !hasNewerPin(tool, plan, fresh) ? null : instead([same], fresh);
  }
  const asked = others.filter(({ requested }) => requested === tool.requested);
  const chosen = asked.length > 0 ? asked : others;
  return chosen.length === 0 ? null : instead(chosen, fresh);
}

export function keptPin(input: Input, fresh: Plan | null): string | null {
  const other = fresh?.nixpkgs.find(({ channel }) => channel === input.channel);
  if (other === undefined || other.rev === input.rev || other.lastModified <= input.lastModified) return null;
  const date = new Date(other.lastModified * 1000).toISOString().slice(0, 10);
  return `by nidify.lock: without it ${other.rev.slice(0, 12)} of ${date} would be pinned; \`nidify update\` moves it`;
}

function instead(chosen: readonly Versioned[], fresh: Plan): string {
  const names = chosen.map((each) => `${named(each)} (${each.attribute} of ${channelOf(each, fresh)})`);
  return `by nidify.lock: without it ${names.join(' and ')} would be chosen; \`nidify update\` decides anew`;
}

/** A version that is only known otherwise, at the same revision or an older one, is no other choice. */
function hasNewerPin(tool: Versioned, plan: Plan, fresh: Plan): boolean {
  const pin = plan.nixpkgs.find(({ input }) => input === tool.input);
  return pin !== undefined && keptPin(pin, fresh) !== null;
}

function versionsOf({ toolchains, packageManagers }: Plan): Versioned[] {
  return [...toolchains, ...packageManagers];
}

function channelOf({ input }: Versioned, { nixpkgs }: Plan): string {
  return nixpkgs.find((each) => each.input === input)?.channel ?? input;
}
