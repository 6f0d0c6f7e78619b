/**
 * Everything of others that the written workflows run, pinned by content: a tag can be moved, a commit or a
 * digest cannot. Each hash was found in at least two unrelated public repositories beside the version named
 * here; whoever raises one looks it up anew (`git ls-remote --tags <source>` gives the commit).
 */

export interface PinnedAction {
  /** `owner/name` on GitHub. */
  name: string;
  /** 40 hexadecimal digits. */
  commit: string;
  version: string;
  source: string;
}

const github = (name: string, commit: string, version: string): PinnedAction => ({
  name,
  commit,
  version,
  source: `https://github.com/${name}/releases/tag/${version}`,
});

export const actions = {
  checkout: github('actions/checkout', 'de0fac2e4500dabe0009e67214ff5f5447ce83dd', 'v6.0.2'),
  setupNode: github('actions/setup-node', '395ad3262231945c25e8478fd5baf05154b1d79f', 'v6.1.0'),
  installNix: github('cachix/install-nix-action', '13d8dd58da0234aa297dedd986986ccb8e7f3e24', 'v31.11.1'),
  cacheNix: github('nix-community/cache-nix-action', '7df957e333c1e5da7721f60227dbba6d06080569', 'v7.0.2'),
} as const satisfies Record<string, PinnedAction>;

/** The image of the Nix project, for systems whose jobs are containers: https://hub.docker.com/r/nixos/nix */
export const nixImage =
  'nixos/nix:2.28.3@sha256:e623d73af9cac82d1b50784c83e0cf2a4b83bfd2cfe8d5b67809a2fc94e043ac';

/** The line of Node.js that runs nidify itself, not the project. */
export const nodeLine = '22';

/** The version that `.nidify/agent-setup.sh` installs: https://releases.nixos.org/?prefix=nix/ */
export const nixVersion = '2.28.3';
