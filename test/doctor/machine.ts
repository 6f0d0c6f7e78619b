import type { Probe } from '../../src/doctor/probe.ts';

interface Parts extends Partial<Pick<Probe, 'platform' | 'user' | 'env'>> {
  /** Files and folders that are there. */
  files?: Record<string, string>;
  writable?: string[];
  programs?: string[];
  /** Bits of files' modes; 0755 for a program that is not in it. */
  modes?: Record<string, number>;
  free?: Record<string, number>;
}

/** A machine that has what is said, and nothing else: a Linux whose user is `dev`, number 1000. */
export function machine({
  files = {},
  writable = [],
  programs = [],
  free = {},
  modes = {},
  ...parts
}: Parts): Probe {
  return {
    platform: 'linux',
    user: { name: 'dev', id: 1000 },
    env: {},
    temporary: '/tmp',
    read: (file) => files[file] ?? null,
    exists: (file) => file in files || file === '/',
    canWrite: (file) => writable.includes(file),
    free: (folder) => free[folder] ?? 0,
    hasProgram: (name) => programs.includes(name),
    where: (name) => (programs.includes(name) ? `/usr/bin/${name}` : null),
    mode: (file) => modes[file] ?? (file in files || file.startsWith('/usr/bin/') ? 0o755 : null),
    ...parts,
  };
}
