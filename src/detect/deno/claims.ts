import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** What announces Deno; `mod.ts` and `deps.ts` are its convention for modules without any manifest. */
export const denoClaims: Claims = {
  names: [
    'deno.json',
    'deno.jsonc',
    'import_map.json',
    '.dvmrc',
    '.deno-version',
    'package.json',
    ...versionFileClaims.names,
  ],
  locks: ['deno.lock'],
  suffixes: versionFileClaims.suffixes,
  presence: ['mod.ts', 'deps.ts'],
  versionTools: ['deno'],
};
