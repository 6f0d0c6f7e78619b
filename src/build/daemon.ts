import { accessSync, constants, existsSync } from 'node:fs';
import type { NixSettings } from './nix.ts';

/**
 * Whether another process builds: a daemon, or a store at an address. What this process limits does not reach it.
 * Nix itself decides alike: the daemon where the state folder cannot be written and there is a socket.
 */
export function buildsElsewhere({ store }: Pick<NixSettings, 'store'>): boolean {
  const chosen = store ?? process.env.NIX_REMOTE ?? 'auto';
  if (/^(daemon|unix:\/\/|ssh|https?:)/.test(chosen)) return true;
  if (chosen !== 'auto' && chosen !== '') return false;
  return !isWritable(stateDirectory(process.env)) && existsSync(daemonSocket(process.env));
}

/** Where the daemon listens. */
export function daemonSocket(env: NodeJS.ProcessEnv): string {
  return env.NIX_DAEMON_SOCKET_PATH || `${stateDirectory(env)}/daemon-socket/socket`;
}

function stateDirectory(env: NodeJS.ProcessEnv): string {
  return env.NIX_STATE_DIR || '/nix/var/nix';
}

/** What became of the bound for memory that was asked for. */
export function memoryLimitOf(
  settings: Pick<NixSettings, 'store' | 'memoryBytes'>,
): 'none' | 'enforced' | 'not-enforced' {
  if (settings.memoryBytes === null) return 'none';
  return process.platform === 'linux' && !buildsElsewhere(settings) ? 'enforced' : 'not-enforced';
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
