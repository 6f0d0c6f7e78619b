import type { Claims } from '../../scan/types.ts';

/** Packages, projects of cabal and of stack, what they lock. */
export const haskellClaims: Claims = {
  names: ['stack.yaml', 'cabal.project', 'package.yaml', '.ghc-version'],
  endings: ['.cabal'],
  locks: ['stack.yaml.lock', 'cabal.project.freeze'],
};
