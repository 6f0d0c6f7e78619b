import path from 'node:path';
import { placeOf } from '../build/store-place.ts';

/** What a sandbox is made of: paths of this machine, all absolute, and nothing that must be looked up. */
export interface SandboxPlan {
  closure: readonly string[];
  /** Where the store is on this machine when it is not /nix/store. */
  storeDirectory: string | null;
  /** A folder that has the closure already, for one too long for a single bwrap; null: it is mounted path by path. */
  stagedStore: string | null;
  /** In the store: what `/bin/sh` and `/usr/bin/env` are, since scripts name them. Null: there is none. */
  shell: string | null;
  env: string | null;
  project: string;
  /** Where the project is in the sandbox. */
  projectInside: string;
  isReadOnly: boolean;
  /** What stays as it is although the project may be written: its `.git`. */
  protectedPaths: readonly string[];
  /** In the sandbox, as what follows. */
  cwd: string;
  home: string;
  /** A folder of this machine that is the home; null: an empty one that goes with the sandbox. */
  homeDirectory: string | null;
  user: { uid: number; gid: number };
  /** A file of certificates of this machine; null: none. */
  certificates: string | null;
  hasHostNetwork: boolean;
  /** The network namespace is there already: the forwarder's. */
  sharesNetworkNamespace: boolean;
  /** The command has the caller's terminal, and a filter that keeps it from typing into it. */
  keepsTerminal: boolean;
  environment: Readonly<Record<string, string>>;
  /** Folder with the small files of /etc that nidify wrote. */
  etc: string;
}

/** Where the sandbox has the certificates. */
export const certificatesInside = '/etc/ssl/certs/ca-certificates.crt';

/**
 * The options of bwrap (not the command), in the order in which it mounts. They go to it through `--args`: an
 * environment is nobody else's to read in the list of processes, and a closure may be long.
 *
 * `--new-session` takes the controlling terminal away, so that nothing can be typed into it (TIOCSTI). A terminal
 * that is in use is needed for job control: there the caller adds a filter that forbids the call instead.
 */
export function bubblewrapOptions(plan: SandboxPlan): string[] {
  return [
    ...isolation(plan),
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--dir', '/var/tmp'],
    ...(plan.homeDirectory === null
      ? ['--perms', '0700', '--tmpfs', plan.home]
      : ['--bind', plan.homeDirectory, plan.home]),
    ...store(plan),
    ...programs(plan),
    ...etc(plan),
    // Last: a project below /tmp or the home must be seen.
    ...[plan.isReadOnly ? '--ro-bind' : '--bind', plan.project, plan.projectInside],
    ...plan.protectedPaths.flatMap((each) => ['--ro-bind', each, insideOf(plan, each)]),
    ...['--remount-ro', '/'],
    ...['--chdir', plan.cwd],
    ...environment(plan),
  ];
}

/** Where a path of the project is in the sandbox. */
export function insideOf(
  { project, projectInside }: Pick<SandboxPlan, 'project' | 'projectInside'>,
  file: string,
): string {
  return path.join(projectInside, path.relative(project, file));
}

function isolation({ user, hasHostNetwork, sharesNetworkNamespace, keepsTerminal }: SandboxPlan): string[] {
  return [
    '--unshare-all',
    '--unshare-user',
    ...(hasHostNetwork || sharesNetworkNamespace ? ['--share-net'] : []),
    ...['--uid', String(user.uid), '--gid', String(user.gid), '--hostname', 'nidify'],
    '--die-with-parent',
    ...(keepsTerminal ? [] : ['--new-session']),
    ...['--cap-drop', 'ALL'],
  ];
}

/** bwrap takes no more words, wherever they come from. */
const mostWords = 9000;
/** For all options but those of the store and the environment, which has three words for each variable. */
const otherWords = 200;

/**
 * A closure that is too long for one bwrap: the options of several, each of which starts the next and adds its
 * share to a folder, which the last one shows as the store. bwrap needs ever longer for a mount the more there
 * are: 1,000 take one second, 3,000 take 10 to 20.
 *
 * @param folder for the store, which exists
 * @returns nothing when one bwrap is enough
 */
export function stagingOptions(
  { closure, storeDirectory, environment }: Pick<SandboxPlan, 'closure' | 'storeDirectory' | 'environment'>,
  folder: string,
  most: number = mostWords,
): string[][] {
  const words = 3 * (closure.length + Object.keys(environment).length);
  if (words + otherWords <= most) return [];
  const share = Math.floor((most - otherWords) / 3);
  return Array.from({ length: Math.ceil(closure.length / share) }, (_, at) => [
    ...['--unshare-user', '--die-with-parent', '--dev-bind', '/', '/'],
    ...(at === 0 ? ['--tmpfs', folder] : []),
    ...closure.slice(at * share, (at + 1) * share).flatMap((inside) => {
      const name = path.basename(inside);
      return ['--ro-bind', path.join(storeDirectory ?? '/nix/store', name), path.join(folder, name)];
    }),
  ]);
}

function store({ closure, storeDirectory, stagedStore }: SandboxPlan): string[] {
  if (stagedStore !== null) return ['--ro-bind', stagedStore, '/nix/store'];
  return closure.flatMap((inside) => {
    const outside = placeOf(inside, storeDirectory);
    return ['--ro-bind', outside, inside];
  });
}

function programs({ shell, env }: SandboxPlan): string[] {
  return [
    ...(shell === null ? [] : ['--symlink', shell, '/bin/sh']),
    ...(env === null ? [] : ['--symlink', env, '/usr/bin/env']),
  ];
}

function etc({ etc: folder, certificates, hasHostNetwork }: SandboxPlan): string[] {
  const names = ['passwd', 'group', 'hosts', 'nsswitch.conf'];
  return [
    ...names.flatMap((name) => ['--ro-bind', path.join(folder, name), `/etc/${name}`]),
    ...(hasHostNetwork ? ['--ro-bind-try', '/etc/resolv.conf', '/etc/resolv.conf'] : []),
    ...(certificates === null ? [] : ['--ro-bind', certificates, certificatesInside]),
  ];
}

function environment(plan: SandboxPlan): string[] {
  return ['--clearenv', ...Object.entries(plan.environment).flatMap((pair) => ['--setenv', ...pair])];
}
