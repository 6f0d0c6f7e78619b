/** The pinned nixpkgs of a plan. */

import type { Catalogue } from '../catalogue/types.ts';
import { ExitCode, NidifyError } from '../errors.ts';
import { addTo } from '../grouped.ts';
import type { Lock } from '../lock/types.ts';
import { byText, merged, type PlanContext } from './context.ts';
import type { Parts } from './parts.ts';
import type { Evidence, Input } from './schema.ts';

/** Name of the flake input for a channel: `nixpkgs` for the main one, else `nixpkgs-24_05`. */
export function inputName(channel: string, main: string): string {
  if (channel === main) return 'nixpkgs';
  return `nixpkgs-${channel.replace(/^nixos-/, '').replace(/[^a-z0-9-]/gi, '_')}`;
}

/**
 * The main channel of a plan.
 *
 * @throws NidifyError `channel-unknown` (usage) when the configuration names one that the catalogue lacks, or
 *   that can only be beside another
 */
export function mainChannel({ config, catalogue }: Pick<PlanContext, 'config' | 'catalogue'>): string {
  const name = config.channel ?? catalogue.defaultChannel;
  const channel = catalogue.channel(name);
  if (channel !== null && channel.besideOnly === undefined) return name;
  const possible = catalogue.channels.filter(({ besideOnly }) => besideOnly === undefined);
  throw new NidifyError({
    code: 'channel-unknown',
    message: `nidify.jsonc: "channel": ${JSON.stringify(name)} is ${
      channel === null
        ? 'no channel that nidify has a pin for'
        : 'too old for a main channel: it only gives versions that no newer one has'
    }`,
    hint: `Known are ${possible.map((each) => each.name).join(', ')}.`,
    exitCode: ExitCode.usage,
  });
}

/** The main input first, then the older ones by name; each with the locked pin where there is one. */
export function inputsOf(context: PlanContext, main: string, parts: Parts): Input[] {
  const users = new Map<string, (readonly Evidence[])[]>();
  const use = (input: string, because: readonly Evidence[]) => {
    addTo(users, input, because);
  };
  const { toolchains, packageManagers, libraries, tools, services } = parts;
  for (const kind of [toolchains, packageManagers, libraries, tools, services]) {
    for (const { input, because } of kind.values()) use(input, because);
  }
  const channels = context.catalogue.channels.filter(
    ({ name }) => name === main || users.has(inputName(name, main)),
  );
  return channels
    .map(({ name }) =>
      inputOf(context, name, main, parts, merged(...(users.get(inputName(name, main)) ?? []))),
    )
    .sort((a, b) => (a.input === 'nixpkgs' ? -1 : b.input === 'nixpkgs' ? 1 : byText(a.input, b.input)));
}

function inputOf(
  { catalogue, locked }: PlanContext,
  channel: string,
  main: string,
  parts: Parts,
  because: Evidence[],
): Input {
  const { rev, narHash, lastModified } = pinOf(catalogue, locked, channel);
  const permits = parts.permits.get(channel);
  return {
    input: inputName(channel, main),
    channel,
    rev,
    narHash,
    lastModified,
    minimumNix: catalogue.channel(channel)?.minimumNix ?? '2.18',
    permit: {
      unfree: [...(permits?.unfree ?? [])].sort(byText),
      insecure: [...(permits?.insecure ?? [])].sort(byText),
    },
    because: channel === main ? [] : because,
  };
}

function pinOf(catalogue: Catalogue, locked: Lock | null, channel: string) {
  const pin = locked?.pins.find((each) => each.channel === channel) ?? catalogue.channel(channel);
  if (pin === null) throw new Error(`the catalogue has no pin for ${channel}`);
  return pin;
}
