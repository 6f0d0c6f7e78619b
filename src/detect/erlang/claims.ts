import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** What announces Erlang: rebar3's configuration and lock, erlang.mk, version files. */
export const erlangClaims: Claims = {
  names: ['rebar.config', ...versionFileClaims.names],
  locks: ['rebar.lock'],
  suffixes: versionFileClaims.suffixes,
  presence: ['erlang.mk', 'rebar.config.script'],
  versionTools: ['erlang', 'rebar', 'rebar3'],
};
