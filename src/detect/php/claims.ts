import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** What announces PHP: Composer's files, WordPress' configuration; the rest only beside them. */
export const phpClaims: Claims = {
  names: [
    'composer.json',
    '.php-version',
    'wp-config-sample.php',
    '.env.example',
    'Procfile',
    ...versionFileClaims.names,
  ],
  locks: ['composer.lock'],
  suffixes: versionFileClaims.suffixes,
  presence: [
    ...['artisan', 'console', 'spark', 'index.php', 'phpunit.xml', 'phpunit.xml.dist', 'phpunit.dist.xml'],
    ...['phpstan.neon', 'phpstan.neon.dist', 'phpstan.dist.neon', 'pint.json', 'wp-load.php'],
    ...[
      '.php-cs-fixer.dist.php',
      '.php-cs-fixer.php',
      'phpcs.xml',
      'phpcs.xml.dist',
      'Pest.php',
      'symfony.lock',
    ],
  ],
  versionTools: ['php'],
  common: { names: ['.env.example', 'Procfile', 'console', 'spark', 'artisan'], sources: ['.php'] },
};
