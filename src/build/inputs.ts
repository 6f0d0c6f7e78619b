import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fetchText from '../../nix/fetch.nix';
import { NidifyError } from '../errors.ts';
import type { Plan } from '../plan/schema.ts';
import { nixFailure } from './failure.ts';
import { nixLog } from './log.ts';
import { type NixSettings, nix } from './nix.ts';

/**
 * Puts the pinned nixpkgs of a plan into the store, from a mirror. Their hashes are those of the plan, so that
 * the mirror is trusted with nothing.
 *
 * Credentials in the mirror's address go to Nix by a netrc file in `cwd`: an argument can be read by every user
 * of the machine, and Nix remembers and prints the addresses of what it fetches.
 *
 * @param mirror `<mirror>/<revision>.tar.gz` is a source tree
 * @param cwd a private folder
 * @throws NidifyError `network-unavailable` (exit 75), `certificate-untrusted` (6), `hash-mismatch` (5)
 */
export async function fetchInputs(
  plan: Pick<Plan, 'nixpkgs'>,
  mirror: string,
  settings: NixSettings,
  cwd: string,
): Promise<void> {
  const { address, netrc } = withoutCredentials(mirror);
  const file = path.join(cwd, 'fetch.nix');
  const request = path.join(cwd, 'request.json');
  const credentials = path.join(cwd, 'netrc');
  writeFileSync(file, fetchText);
  if (netrc !== null) writeFileSync(credentials, netrc, { mode: 0o600 });
  try {
    for (const { rev, narHash } of plan.nixpkgs) {
      const url = `${address}/${rev}.tar.gz`;
      writeFileSync(request, JSON.stringify({ url, narHash }));
      const log = nixLog();
      const { exitCode } = await nix(['eval', '--raw', '--file', file], settings, {
        cwd,
        options: netrc === null ? {} : { 'netrc-file': credentials },
        onErrorLine: log.line,
      });
      if (exitCode !== 0) throw ofMirror(nixFailure('fetching nixpkgs from the mirror', log), url);
    }
  } finally {
    for (const each of [file, request, credentials]) rmSync(each, { force: true });
  }
}

/** The address, and its credentials in the words of a netrc file; null where it has none. */
function withoutCredentials(mirror: string): { address: string; netrc: string | null } {
  const url = new URL(mirror);
  if (url.username === '' && url.password === '') return { address: mirror, netrc: null };
  const word = (text: string) => `"${decoded(text).replace(/["\\]/g, '\\$&')}"`;
  const netrc = `machine ${url.hostname} login ${word(url.username)} password ${word(url.password)}\n`;
  url.username = '';
  url.password = '';
  return { address: url.href.replace(/\/+$/, ''), netrc };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function ofMirror(error: NidifyError, url: string): NidifyError {
  if (error.code !== 'hash-mismatch') return error;
  const { code, message, exitCode } = error;
  return new NidifyError({
    code,
    message,
    hint: `What the mirror has as ${url} is not the nixpkgs of this revision. Nothing of it is used: see that it mirrors https://github.com/NixOS/nixpkgs/archive, or unset NIDIFY_TARBALL_URL.`,
    exitCode,
  });
}
