import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

/**
 * How the number of a sandbox's processes can be bounded on this machine, so that it holds for that sandbox alone.
 *
 * RLIMIT_NPROC counts the processes of a user in a user namespace since Linux 5.14 (before it counted all that the
 * user has, wherever), but never binds root: https://man7.org/linux/man-pages/man2/getrlimit.2.html. For root it
 * takes a control group: https://docs.kernel.org/admin-guide/cgroup-v1/pids.html
 */
export type ProcessBound =
  | { kind: 'rlimit' }
  /** The control group that nidify is in, and one below it for the sandbox. */
  | { kind: 'group'; own: string; made: string }
  | { kind: 'none'; why: string; hint: string };

/** Makes a control group where one is needed: `release` it afterwards. */
export function processBound(): ProcessBound {
  if (!isRealRoot()) {
    const [major = 0, minor = 0] = release().split('.').map(Number);
    if (major > 5 || (major === 5 && minor >= 14)) return { kind: 'rlimit' };
    const why = `Linux ${release()} counts all processes that you have, not only those of the sandbox`;
    return { kind: 'none', why, hint: 'It takes Linux 5.14 or newer; or leave --max-processes out.' };
  }
  const own = ownGroup();
  const made = own === null ? null : path.join(own, `nidify-${process.pid}`);
  if (own !== null && made !== null && isMade(made)) return { kind: 'group', own, made };
  return {
    kind: 'none',
    why: 'Linux bounds the processes of root by a control group only, and none can be made here',
    hint: 'Run nidify as another user; or bound it as a whole: systemd-run --scope -p TasksMax=200 nidify run ...',
  };
}

/**
 * For the moment in which a process is started: it begins its life in the group, and nidify goes back to its own.
 * The bound comes last, since nidify's own threads would count.
 */
export function within({ own, made }: { own: string; made: string }, most: number) {
  const move = (group: string) => writeFileSync(path.join(group, 'cgroup.procs'), String(process.pid));
  return {
    before: () => move(made),
    after: () => {
      move(own);
      writeFileSync(path.join(made, 'pids.max'), String(most));
    },
  };
}

/** Removes the group, which is possible as soon as the last of its processes is gone. */
export async function removeGroup({ made }: { made: string }): Promise<void> {
  for (let time = 0; time < 40; time += 1) {
    try {
      return rmdirSync(made);
    } catch {
      await after(50);
    }
  }
}

/** Root of a user namespace is somebody else to the kernel. */
function isRealRoot(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    const [inside, outside] = readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\s+/);
    return inside === '0' && outside === '0';
  } catch {
    return true;
  }
}

/** The folder of the control group (version 1 or 2) that counts this process. */
function ownGroup(): string | null {
  try {
    const groups = readFileSync('/proc/self/cgroup', 'utf8').trim().split('\n');
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n').map(mountOf);
    for (const group of groups) {
      const [, controllers = '', name = ''] = /^\d+:([^:]*):(.*)$/.exec(group) ?? [];
      const isCounted = controllers === '' || controllers.split(',').includes('pids');
      const mount = mounts.find(({ type, options }) =>
        controllers === '' ? type === 'cgroup2' : type === 'cgroup' && options.includes('pids'),
      );
      if (!isCounted || mount === undefined) continue;
      const folder = path.join(mount.at, path.relative(mount.root, name));
      if (existsSync(path.join(folder, 'cgroup.procs')) && isWithin(folder, mount.at)) return folder;
    }
  } catch {
    // No /proc as it should be: no group.
  }
  return null;
}

/** https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html */
function mountOf(line: string) {
  const [before = '', behind = ''] = line.split(' - ');
  const [, , , root = '/', at = '/'] = before.split(' ');
  const [type = '', , options = ''] = behind.split(' ');
  return { root, at, type, options: options.split(',') };
}

function isWithin(folder: string, parent: string): boolean {
  return folder === parent || folder.startsWith(`${parent}/`);
}

/** A group counts only where its parent passes the controller on. */
function isMade(group: string): boolean {
  try {
    mkdirSync(group);
    if (existsSync(path.join(group, 'pids.max'))) return true;
    rmdirSync(group);
  } catch {
    // Not allowed, or not possible: there is none.
  }
  return false;
}
