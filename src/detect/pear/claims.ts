import type { Claims } from '../../scan/types.ts';

/** Packages of PEAR, extensions of PECL: names that others have too, which their text tells apart. */
export const pearClaims: Claims = {
  names: ['package.xml', 'package2.xml', 'config.m4'],
  common: { names: ['package.xml', 'config.m4'], sources: ['.php', '.phpt'] },
};
