import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** Packages, projects of cabal and of stack, what they lock, and files that version managers read. */
export const haskellClaims: Claims = {
  names: ['stack.yaml', 'cabal.project', 'package.yaml', '.ghc-version', ...versionFileClaims.names],
  endings: ['.cabal'],
  locks: ['stack.yaml.lock', 'cabal.project.freeze'],
  suffixes: versionFileClaims.suffixes,
};
