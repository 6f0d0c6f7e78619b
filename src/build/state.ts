/**
 * What nidify remembers between runs, outside of every repository: proofs of the sandbox, and builds with their
 * GC roots. Losing it costs time only.
 */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { whereIs } from '../find-program.ts';
import { daemonSocket } from './daemon.ts';
import { writeWhole } from './files.ts';
import type { NixSettings } from './nix.ts';

/** `$XDG_STATE_HOME/nidify`, made if need be; only its owner may look into it. */
export function stateFolder(...names: string[]): string {
  const base = process.env.XDG_STATE_HOME || path.join(homedir(), '.local', 'state');
  const root = path.join(base, 'nidify');
  mkdirSync(root, { recursive: true, mode: 0o700 });
  chmodSync(root, 0o700);
  const folder = path.join(root, ...names);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** A record that was written whole; null when there is none that can be read. */
export function readRecord(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

export function writeRecord(file: string, value: unknown): void {
  writeWhole(file, `${JSON.stringify(value)}\n`, 0o600);
}

export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}

/**
 * Everything that a proof of the sandbox depends on: this boot, this process's namespaces and privileges, the
 * program, its configuration, the daemon, the store and the builders. Read from files: no program is started.
 */
export function machineKey({ store, builders }: NixSettings): string {
  const { env } = process;
  const config = env.XDG_CONFIG_HOME || path.join(homedir(), '.config');
  const files = [
    path.join(env.NIX_CONF_DIR || '/etc/nix', 'nix.conf'),
    path.join(env.NIX_CONF_DIR || '/etc/nix', 'nix.custom.conf'),
    path.join(env.NIX_CONF_DIR || '/etc/nix', 'machines'),
    ...(env.NIX_USER_CONF_FILES?.split(':') ?? [path.join(config, 'nix', 'nix.conf')]),
  ];
  const namespaces = ['mnt', 'user', 'pid', 'net'].map((kind) => linkOf(`/proc/self/ns/${kind}`));
  const status = (textOf('/proc/self/status') ?? '').split('\n');
  return digestOf({
    boot: textOf('/proc/sys/kernel/random/boot_id'),
    namespaces,
    privileges: status.filter((line) => /^(Uid|CapEff|CapBnd|NoNewPrivs|Seccomp):/.test(line)),
    userNamespaces: textOf('/proc/sys/user/max_user_namespaces'),
    program: fileIdentity(whereIs('nix', env.PATH ?? '')),
    configuration: files.map(textOf),
    variables: [env.NIX_CONFIG, env.NIX_REMOTE, env.NIX_STORE_DIR, env.NIX_STATE_DIR],
    daemon: fileIdentity(daemonSocket(env)),
    store,
    builders,
  });
}

/** Which file it is, whatever its name leads to; null when there is none. */
function fileIdentity(file: string | null): unknown {
  if (file === null) return null;
  try {
    const { dev, ino, mtimeMs, ctimeMs, size } = statSync(file);
    return [realpathSync(file), dev, ino, mtimeMs, ctimeMs, size];
  } catch {
    return null;
  }
}

/** What a link points to; null where there is none. */
export function linkOf(file: string): string | null {
  try {
    return readlinkSync(file);
  } catch {
    return null;
  }
}

/** The text of a small file; null where it cannot be read. */
export function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
