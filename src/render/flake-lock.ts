import type { Input, Plan } from '../plan/schema.ts';
import { channelOf } from './inputs.ts';
import { inconsistent } from './packages.ts';

/**
 * `flake.lock` as Nix itself writes it: sorted keys, two spaces, so that Nix leaves the file as it is.
 * `original` is what the URL in flake.nix parses to, or Nix would resolve it anew over the network.
 *
 * https://nix.dev/manual/nix/stable/command-ref/new-cli/nix3-flake#lock-files
 */
export function flakeLock(plan: Plan): string {
  const inputs = [...plan.nixpkgs].sort((a, b) => (a.input < b.input ? -1 : 1));
  const nodes: [string, unknown][] = inputs.map((input) => [input.input, node(input)]);
  nodes.push(['root', { inputs: Object.fromEntries(inputs.map(({ input }) => [input, input])) }]);
  const lock = { nodes: Object.fromEntries(nodes), root: 'root', version: 7 };
  return `${JSON.stringify(lock, null, 2)}\n`;
}

function node(input: Input) {
  const { rev, narHash, lastModified } = input;
  if (!/^[0-9a-f]{40}$/.test(rev)) throw inconsistent(`${JSON.stringify(rev)} is no revision`);
  if (!/^sha256-[A-Za-z0-9+/]{43}=$/.test(narHash))
    throw inconsistent(`${JSON.stringify(narHash)} is no hash`);
  const [owner, repo, type] = ['NixOS', 'nixpkgs', 'github'];
  return {
    locked: { lastModified, narHash, owner, repo, rev, type },
    original: { owner, ref: channelOf(input), repo, type },
  };
}
