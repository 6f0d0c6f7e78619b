import type { Built } from './build.ts';
import { nixFailure } from './failure.ts';
import { nixLog } from './log.ts';
import { type NixSettings, nix } from './nix.ts';

export interface CacheTarget {
  /** Any store that `nix copy` takes: `file:///…`, `s3://…`, `ssh-ng://…`, `https://…`. */
  url: string;
  /** File of the secret key that signs what is copied; null where the store signs by itself. */
  signKey: string | null;
}

/** Copies the closure of a build into a binary cache. */
export async function copyTo(
  built: Built,
  { url, signKey }: CacheTarget,
  settings: NixSettings,
  cwd: string,
): Promise<void> {
  const log = nixLog();
  const to = new URL(url);
  if (signKey !== null) to.searchParams.set('secret-key', signKey);
  const { exitCode } = await nix(
    ['copy', '--log-format', 'internal-json', '--to', to.href, built.storePath],
    settings,
    { cwd, onErrorLine: log.line },
  );
  if (exitCode !== 0) throw nixFailure('copying to the cache', log);
}
