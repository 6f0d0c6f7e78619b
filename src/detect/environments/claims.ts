import type { Claims } from '../../scan/types.ts';

/** Statements of an environment for people's machines; those in Nix are programs, of which little is read. */
export const environmentClaims: Claims = {
  names: ['devbox.json', 'Brewfile'],
  locks: ['devbox.lock'],
  hints: { names: ['devenv.nix', 'flake.nix', 'shell.nix'] },
};
