/** What the machine around Nix can do. Nothing here uses the network. */
import path from 'node:path';
import { namespacesHint } from '../build/failure.ts';
import { NidifyError } from '../errors.ts';
import { exec } from '../exec.ts';
import { sourcesFrom } from '../update/sources.ts';
import type { Probe } from './probe.ts';
import { type Check, limited, ok } from './types.ts';

const gibibyte = 1024 ** 3;

/** Whether an ordinary process may make namespaces: tried, since settings alone do not say it. */
export async function userNamespaces(signal: AbortSignal): Promise<Check> {
  const id = 'user-namespaces';
  if (process.platform !== 'linux') return ok(id, 'not a matter of this system');
  const consequence = 'No `nidify run --sandbox`, and no sandboxed builds in a store of your own.';
  try {
    const { exitCode, stderrTail } = await exec({
      program: 'unshare',
      args: ['--user', '--map-root-user', '--mount', '--pid', '--fork', 'true'],
      cwd: '/',
      timeoutMs: 5000,
      signal,
    });
    if (exitCode === 0) return ok(id, 'can be made');
    return limited(
      id,
      `refused: ${stderrTail.trim().split('\n').at(-1) ?? ''}`,
      consequence,
      namespacesHint(),
    );
  } catch (error) {
    if (!(error instanceof NidifyError)) throw error;
    return limited(id, `not known: ${error.message}`, consequence, 'Install util-linux.');
  }
}

/** Room where the store is, and where builds have their temporary files. */
export function disks(store: string, probe: Probe): Check[] {
  return [
    room(
      'disk',
      store,
      5,
      'A first build may not fit.',
      '`nix store gc` removes what nothing refers to.',
      probe,
    ),
    room('temporary', probe.temporary, 1, 'Large builds may not fit.', 'TMPDIR names another folder.', probe),
  ];
}

function room(
  id: string,
  folder: string,
  gibibytes: number,
  consequence: string,
  fix: string,
  { free, exists }: Probe,
): Check {
  const place = nearestOf(folder, exists);
  const found = `${(free(place) / gibibyte).toFixed(1)} GiB free at ${place}`;
  return free(place) >= gibibytes * gibibyte
    ? ok(id, found)
    : limited(id, found, consequence, `Make room; ${fix}`);
}

/** The folder, or the nearest above it that is there. */
export function nearestOf(folder: string, exists: (file: string) => boolean): string {
  const parent = path.dirname(folder);
  return exists(folder) || parent === folder ? folder : nearestOf(parent, exists);
}

const tools = [
  ['git', 'Repositories cannot be cloned from an address.'],
  ['bwrap', 'No `nidify run --sandbox`.'],
] as const;

const packageOf: Readonly<Record<string, string>> = { bwrap: 'bubblewrap' };

/** Programs that some commands use. */
export function programs({ hasProgram }: Probe): Check[] {
  return tools.map(([name, consequence]) =>
    hasProgram(name)
      ? ok(`program-${name}`, 'installed')
      : limited(
          `program-${name}`,
          'not on PATH',
          consequence,
          `Install it (Debian: \`apt install ${packageOf[name] ?? name}\`).`,
        ),
  );
}

const proxyNames = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'];
const certificateNames = ['NIX_SSL_CERT_FILE', 'SSL_CERT_FILE'];
const mirrorNames = ['NIDIFY_TARBALL_URL', 'NIDIFY_CHANNELS_URL', 'NIDIFY_REGISTRY_MIRROR'];

/** Proxies, certificates and mirrors that are set. Of their addresses only the hosts are shown. */
export function network(probe: Probe): Check[] {
  return [proxy(probe), certificates(probe), mirror(probe)];
}

function proxy({ env }: Probe): Check {
  const id = 'proxy';
  const set = proxyNames.filter((name) => isSet(env[name]));
  if (set.length === 0) return ok(id, 'none');
  const exceptions = ['no_proxy', 'NO_PROXY'].filter((name) => isSet(env[name]));
  const found = [
    ...set.map((name) => `${name}: ${hostOf(env[name]) ?? 'not an address'}`),
    ...exceptions.map((name) => `${name}: ${env[name]}`),
  ].join(', ');
  const broken = set.filter((name) => hostOf(env[name]) === null);
  if (broken.length === 0) return ok(id, found);
  return limited(
    id,
    found,
    'Downloads fail.',
    `Correct ${broken.join(', ')}: http://[user:password@]host:port.`,
  );
}

function certificates({ env, read }: Probe): Check {
  const id = 'certificates';
  const set = certificateNames.filter((name) => isSet(env[name]));
  if (set.length === 0) return ok(id, "the system's");
  const problems = set.flatMap((name) => {
    const text = read(env[name] ?? '');
    if (text === null) return [`${name}: ${env[name]} cannot be read`];
    return text.includes('-----BEGIN ') ? [] : [`${name}: ${env[name]} has no certificate in it`];
  });
  if (problems.length === 0) return ok(id, set.map((name) => `${name}: ${env[name]}`).join(', '));
  return limited(
    id,
    problems.join(', '),
    'Downloads fail.',
    'Name a bundle in PEM form that has the public certificates too, or unset the variable.',
  );
}

function mirror({ env }: Probe): Check {
  const id = 'mirror';
  const set = mirrorNames.filter((name) => isSet(env[name]));
  if (set.length === 0) return ok(id, 'none: nixpkgs comes from its public address');
  const found = set.map((name) => `${name}: ${hostOf(env[name]) ?? 'not an address'}`).join(', ');
  try {
    sourcesFrom(env);
    return ok(id, found);
  } catch (error) {
    if (!(error instanceof NidifyError)) throw error;
    return limited(
      id,
      found,
      `Nothing is built or updated: ${error.message}.`,
      'Correct or unset it: https://[user:password@]host/path, without query.',
    );
  }
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

/** Null where it is no address; what stands before or after the host may be secret. */
function hostOf(address: string | undefined): string | null {
  const given = address ?? '';
  const text = /^[a-z0-9+]+:\/\//i.test(given) ? given : `http://${given}`;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  // A password with a slash in it: what looks like the host is none.
  return `${url.pathname}${url.search}${url.hash}`.includes('@') ? null : url.host;
}
