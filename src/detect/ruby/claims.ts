import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** The names that Bundler looks for, in its order: https://bundler.io/man/gemfile.5.html */
export const gemfileNames = ['Gemfile', 'gems.rb'] as const;

/** Lock files, by the name of what they lock. */
export const lockNames: Readonly<Record<string, string>> = {
  Gemfile: 'Gemfile.lock',
  'gems.rb': 'gems.locked',
};

/** Programs that a project without any other sign may be started by. */
export const programNames = ['app.rb', 'main.rb', 'server.rb', 'web.rb', 'application.rb'] as const;

/** What announces Ruby: Gemfiles, specifications, rack-up files, version files; programs only beside them. */
export const rubyClaims: Claims = {
  names: [
    ...gemfileNames,
    '.ruby-version',
    'Rakefile',
    'Procfile',
    'Procfile.dev',
    'database.yml',
    'puma.rb',
    ...versionFileClaims.names,
  ],
  locks: Object.values(lockNames),
  endings: ['.gemspec'],
  suffixes: versionFileClaims.suffixes,
  presence: [
    'config.ru',
    '.rspec',
    'spec_helper.rb',
    '_config.yml',
    'rails',
    'hanami',
    'dev',
    ...programNames,
  ],
  versionTools: ['ruby'],
  common: { names: ['Procfile', 'Procfile.dev', 'database.yml', 'rails', 'hanami', 'dev'], sources: ['.rb'] },
};
