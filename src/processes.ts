import { closeSync, readdirSync, readFileSync } from 'node:fs';

/** Signals for processes and for groups of them, and what must not outlive nidify. */

/** Every group that still lives, so that none outlives nidify. */
export const living = new Set<number>();

process.on('exit', () => {
  for (const pid of living) signalGroup(pid, 'SIGKILL');
});

/** `detached` makes the child the leader of a group (and session) of its own: its children are in it too. */
export function processGroup(pid: number, graceMs: number) {
  let timer: NodeJS.Timeout | undefined;
  living.add(pid);
  return {
    terminate() {
      if (timer !== undefined) return;
      signalGroup(pid, 'SIGTERM');
      timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
    },
    kill() {
      signalGroup(pid, 'SIGKILL');
    },
    forget() {
      clearTimeout(timer);
      living.delete(pid);
    },
  };
}

export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** Ends a process at once: with its group or, on a terminal, where the group is nidify's too, with all below it. */
export function killAll(pid: number | undefined, isOnTerminal: boolean): void {
  if (pid === undefined) return;
  if (isOnTerminal) for (const each of [...descendants(pid), pid]) signalOne(each, 'SIGKILL');
  else signalGroup(pid, 'SIGKILL');
}

/** The processes below a process, parents first; only Linux tells them. */
export function descendants(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    const children = text.split(' ').filter((word) => word !== '');
    return children.map(Number).flatMap((child) => [child, ...descendants(child)]);
  } catch {
    return [];
  }
}

export function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}

const closeOnExec = 0o2000000;

/**
 * Closes the files that this process inherited and would pass on: a folder among them would be a way out of any
 * sandbox. Node sees to the first few only; its own, and those that it opened, are never passed on (Linux).
 */
export function closeInherited(): void {
  let numbers: number[];
  try {
    numbers = readdirSync('/proc/self/fd').map(Number);
  } catch {
    return;
  }
  for (const fd of numbers) {
    if (fd <= 2) continue;
    try {
      const flags = /^flags:\s*(?<octal>[0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'));
      const value = Number.parseInt(flags?.groups?.octal ?? '', 8);
      // No bitwise operators on what may be wider than 32 bits.
      if (Math.floor(value / closeOnExec) % 2 === 0) closeSync(fd);
    } catch {
      // It was the one that the folder was read by.
    }
  }
}
