/**
 * Which settings Git works under while it clones: none of the machine's or the user's but those that
 * reach a private server, and our own, which forbid everything that a repository could turn into a command.
 */
import { exec } from '../exec.ts';
import type { CloneUrl } from './url.ts';

/** Settings that say how to reach a server, how to log in there, and whose repositories to trust. */
const wanted = [
  String.raw`^credential\.`,
  String.raw`^http\.`,
  String.raw`^url\..*\.insteadof$`,
  String.raw`^core\.sshcommand$`,
  String.raw`^core\.gitproxy$`,
  String.raw`^ssh\.variant$`,
  String.raw`^safe\.directory$`,
].join('|');

/** Enough for the settings of a company; more is not a configuration. */
const maxSettings = 1000;

export type Setting = readonly [key: string, value: string];

/** Variables of the environment that reach a private server: agents, and the user's own ssh. */
export const accessVariables = [
  'SSH_AUTH_SOCK',
  'SSH_AGENT_PID',
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_SSH_VARIANT',
  'KRB5CCNAME',
  'GNUPGHOME',
  'GCM_CREDENTIAL_STORE',
];

/**
 * The user's and the machine's settings that cloning a private repository needs.
 *
 * @param directory empty and outside any repository: no local settings are read
 */
export async function accessSettings(directory: string, signal: AbortSignal | undefined): Promise<Setting[]> {
  const { stdout, exitCode } = await exec({
    program: 'git',
    args: ['config', '--null', '--includes', '--get-regexp', wanted],
    cwd: directory,
    timeoutMs: 10_000,
    maxOutputBytes: 1024 * 1024,
    allow: ['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM'],
    env: { GIT_CEILING_DIRECTORIES: directory },
    signal,
  });
  if (exitCode !== 0) return [];
  const entries = stdout.toString('utf8').split('\0').slice(0, -1).slice(0, maxSettings);
  return entries.map((entry): Setting => {
    const end = entry.indexOf('\n');
    return end === -1 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)];
  });
}

const [userVariable, passwordVariable] = ['NIDIFY_GIT_USERNAME', 'NIDIFY_GIT_PASSWORD'];

/** Says what stands in the environment, which no other user can read; it is a word of the shell's argument itself. */
const helper = `!f() { test "$1" = get && printf 'username=%s\\npassword=%s\\n' "$${userVariable}" "$${passwordVariable}"; }; f`;

/**
 * The login of an address, as settings and variables for Git: for the very host that it was written for, whatever that
 * leads to, in place of the helpers that the user has, which would else be told to keep it.
 */
export function loginSettings({ url, login }: Pick<CloneUrl, 'url' | 'login'>): {
  settings: Setting[];
  variables: Record<string, string>;
} {
  if (login === null) return { settings: [], variables: {} };
  const { origin } = new URL(url);
  const scope = `credential.${origin}`;
  const { username, password } = login;
  if (password === null) return { settings: [[`${scope}.username`, username]], variables: {} };
  return {
    settings: [
      [`${scope}.helper`, ''],
      [`${scope}.helper`, helper],
      // As Git does with what stands in an address: some servers say of private repositories that there are none.
      [`http.${origin}/.proactiveAuth`, 'basic'],
    ],
    variables: { [userVariable]: username, [passwordVariable]: password },
  };
}

/** Settings in the environment, where no other user can read them (arguments are in the process list). */
export function settingsEnvironment(settings: readonly Setting[]): Record<string, string> {
  const entries = settings.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return {
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(entries),
  };
}

/** Our own settings, as arguments before the command: they win over all others. */
export const protection: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  // What is analysed is what the repository holds, byte by byte, on every machine.
  'core.autocrlf=false',
  'core.protectHFS=true',
  'core.protectNTFS=true',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'fetch.fsckObjects=true',
  'transfer.fsckObjects=true',
  // Harmless remains of old tools, in the history of many large projects.
  'fetch.fsck.zeroPaddedFilemode=ignore',
  'fetch.fsck.badTimezone=ignore',
  'fetch.fsck.missingSpaceBeforeDate=ignore',
  'fetch.fsck.missingSpaceBeforeEmail=ignore',
  'gc.auto=0',
  'maintenance.auto=false',
  'advice.detachedHead=false',
  'protocol.ext.allow=never',
].flatMap((setting) => ['-c', setting]);
