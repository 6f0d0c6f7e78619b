import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** What announces Lua: descriptions of rocks, version files; programs by their presence. */
export const luaClaims: Claims = {
  names: ['.lua-version', '.luacheckrc', ...versionFileClaims.names],
  locks: ['luarocks.lock'],
  endings: ['.rockspec'],
  suffixes: versionFileClaims.suffixes,
  presence: ['main.lua', 'conf.lua', '.busted'],
  versionTools: ['lua', 'luajit', 'luaJIT'],
};
