/** Where the files of the container target are: all below one folder, which is the context of the image's build. */

/** Beside a `devcontainer.json` of the user's they are a second configuration, in a folder of their own. */
export const containerFolders = ['.devcontainer', '.devcontainer/nidify'] as const;
export type ContainerFolder = (typeof containerFolders)[number];

/** From that folder. */
export const containerFiles = [
  'devcontainer.json',
  'Dockerfile',
  '.dockerignore',
  'boot.sh',
  'compose.yaml',
  'docker-policy.mjs',
  'seccomp.json',
  'toolchain/build.sh',
  'toolchain/default.nix',
  'toolchain/flake.lock',
  'toolchain/shell.nix',
] as const;
export type ContainerFile = (typeof containerFiles)[number];

/** What `nidify build` puts beside them, in a copy of its own, never in the repository. */
export const toolchainArchive = 'toolchain/toolchain.tar';
