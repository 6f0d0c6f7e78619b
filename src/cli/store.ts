import path from 'node:path';

/** A folder is meant from where the command is; an address and Nix's own words are passed as they are. */
export function storeOf(given: string, base: string): string {
  return /^[a-z0-9+-]+:\/\/|^(auto|daemon|local)([?:]|$)/.test(given) ? given : path.resolve(base, given);
}
