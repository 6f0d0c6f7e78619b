/** What serves the project: Nix, or a container that runs containers. */
import { append } from '../append.ts';
import type { Config } from '../config/schema.ts';
import { configEvidence, finding, merged, needsOf, type PlanContext, place } from './context.ts';
import type { Finding, NestedContainer, Network, Target } from './schema.ts';

type Profile = NonNullable<Target['profile']>;

/**
 * What the engine of a profile offers: without iptables and a bridge of its own, as under gVisor, containers
 * have the host's network or none.
 */
const offered: Record<Profile, readonly Network['run'][]> = {
  rootless: ['host', 'bridge', 'none'],
  gvisor: ['host', 'none'],
  sidecar: ['host', 'bridge', 'none'],
};

export interface Decided {
  target: Target;
  nestedContainers: NestedContainer[];
}

/**
 * Nix unless there is clear evidence that the project runs containers of its own; the configuration may decide
 * otherwise. Vague evidence decides nothing: it is told, and counts once the target is a container.
 */
export function targetOf({ needs, config }: PlanContext, findings: Finding[]): Decided {
  const nested = needsOf(needs, 'nested-container');
  const clear = nested.filter(({ confidence }) => confidence === 'high');
  const wanted = config.target ?? 'auto';
  const isContainer = wanted === 'container' || (wanted === 'auto' && clear.length > 0);
  const counted = isContainer ? nested : clear;
  const nestedContainers = counted.map(({ container, version, network, because }) => ({
    kind: container,
    version,
    network,
    because,
  }));
  if (!isContainer) {
    if (config.container !== undefined) findings.push(unused());
    if (wanted === 'auto') append(findings, nested.map(possible));
    else append(findings, clear.map(declined));
    return { target: { kind: 'nix', profile: null, network: null, because: [] }, nestedContainers };
  }
  const because = merged(...clear.map((need) => need.because));
  // A container that is only asked for has no engine in it.
  const profile = config.container?.profile ?? (nested.length === 0 ? null : 'rootless');
  const network =
    profile === null ? null : networkOf(nestedContainers, profile, config.container?.network, findings);
  return { target: { kind: 'container', profile, network, because }, nestedContainers };
}

function unused(): Finding {
  return finding(
    'setting-unused',
    'warning',
    'nidify.jsonc: "container" has no effect: the target is nix',
    'Set "target": "container" beside it.',
    [configEvidence('container')],
  );
}

type Nested = Pick<NestedContainer, 'because'> & { container: string };

function possible({ container, because }: Nested): Finding {
  return finding(
    'nested-container-possible',
    'info',
    `the project may run containers of its own (${container}, ${place(because)}); that alone is no reason for a container`,
    'Where its development does need them, set "target": "container" in nidify.jsonc.',
    because,
  );
}

function declined({ container, because }: Nested): Finding {
  return finding(
    'nested-container-unserved',
    'info',
    `the project runs containers of its own (${container}, ${place(because)}), but the target is nix`,
    'They need an engine on the machine; leave "target" out for an environment that has one.',
    because,
  );
}

/** The widest that any kind asks for: a build on the host's network serves those that would do without. */
function networkOf(
  nested: readonly NestedContainer[],
  profile: Profile,
  asked: NonNullable<Config['container']>['network'],
  findings: Finding[],
): Network {
  const build = widest(nested.map(({ network }) => network.build)) ?? 'host';
  const run = widest(nested.map(({ network }) => network.run)) ?? 'bridge';
  const ways = offered[profile];
  const fallback = ways.includes(run) ? run : 'host';
  const network = { build: asked?.build ?? build, run: asked?.run ?? fallback };
  if (asked?.run !== undefined && !ways.includes(asked.run)) {
    findings.push(
      finding(
        'container-network-unavailable',
        'warning',
        `nidify.jsonc asks for containers on the network "${asked.run}", which the profile "${profile}" does not have`,
        `Set "container": { "network": { "run": "${ways[0]}" } }, or "profile": "rootless".`,
        [configEvidence('container')],
      ),
    );
  }
  append(findings, [...refusals(nested, profile, network), ...differences(nested)]);
  return network;
}

function widest(networks: readonly Network['run'][]): Network['run'] | null {
  return (['bridge', 'host', 'none'] as const).find((network) => networks.includes(network)) ?? null;
}

/** Kinds that cannot have the network which they need. */
function refusals(nested: readonly NestedContainer[], profile: Profile, { run }: Network): Finding[] {
  return nested
    .filter(({ network }) => network.run === 'bridge' && run !== 'bridge')
    .map(({ kind, because }) =>
      finding(
        'container-network-unavailable',
        'warning',
        `${kind} (${place(because)}) reaches its containers by published ports, which the network "${run}" does not have (profile "${profile}")`,
        'Set "container": { "profile": "rootless", "network": { "run": "bridge" } } in nidify.jsonc; gVisor and Cloudflare Containers as hosts offer the host\'s network only.',
        because,
      ),
    );
}

/** Kinds that want different networks: the wider one was chosen, and the others have to live with it. */
function differences(nested: readonly NestedContainer[]): Finding[] {
  const first = nested[0];
  const other = nested.find(({ network }) => network.run !== first?.network.run);
  if (first === undefined || other === undefined) return [];
  return [
    finding(
      'container-networks-differ',
      'info',
      `${first.kind} runs containers on the network "${first.network.run}", ${other.kind} on "${other.network.run}": both are there, "${widest([first.network.run, other.network.run])}" is the default`,
      'Choose with "container": { "network": { "run": … } } in nidify.jsonc.',
      merged(first.because.slice(0, 1), other.because.slice(0, 1)),
    ),
  ];
}
