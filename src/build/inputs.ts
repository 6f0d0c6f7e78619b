import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fetchText from '../../nix/fetch.nix';
import type { Plan } from '../plan/schema.ts';
import { nixFailure } from './failure.ts';
import { nixLog } from './log.ts';
import { type NixSettings, nix } from './nix.ts';

/**
 * Puts the pinned nixpkgs of a plan into the store, from a mirror. Their hashes are those of the plan, so that
 * the mirror is trusted with nothing.
 *
 * @param mirror `<mirror>/<revision>.tar.gz` is a source tree
 * @throws NidifyError `network-unavailable` (exit 75), `hash-mismatch` (5)
 */
export async function fetchInputs(
  plan: Plan,
  mirror: string,
  settings: NixSettings,
  cwd: string,
): Promise<void> {
  const file = path.join(cwd, 'fetch.nix');
  writeFileSync(file, fetchText);
  for (const { rev, narHash } of plan.nixpkgs) {
    const request = JSON.stringify({ url: `${mirror}/${rev}.tar.gz`, narHash });
    const log = nixLog();
    const { exitCode } = await nix(
      ['eval', '--raw', '--file', file, '--argstr', 'request', request],
      settings,
      {
        cwd,
        onErrorLine: log.line,
      },
    );
    if (exitCode !== 0) throw nixFailure('fetching nixpkgs from the mirror', log);
  }
}
