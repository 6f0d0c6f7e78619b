import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** What announces Perl: lists of modules, build programs, Dist::Zilla; scripts are hints. */
export const perlClaims: Claims = {
  names: ['cpanfile', 'Makefile.PL', 'Build.PL', 'dist.ini', '.perl-version', ...versionFileClaims.names],
  locks: ['cpanfile.snapshot'],
  suffixes: versionFileClaims.suffixes,
  presence: ['app.psgi', '.perlcriticrc', '.perltidyrc', 'minil.toml'],
  hints: { endings: ['.pl'] },
  versionTools: ['perl'],
};
