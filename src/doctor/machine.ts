/** What the machine around Nix can do. Nothing here uses the network. */
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { namespacesHint } from '../build/failure.ts';
import { NidifyError } from '../errors.ts';
import { exec } from '../exec.ts';
import { isOnPath } from '../find-program.ts';
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

/** Ranges of ids for rootless containers: shadow's /etc/subuid and /etc/subgid. */
export function subordinateIds(): Check {
  const id = 'subuids';
  if (process.platform !== 'linux') return ok(id, 'not a matter of this system');
  const { username, uid } = userInfo();
  const has = (file: string) =>
    (textOf(file) ?? '')
      .split('\n')
      .some((line) => line.startsWith(`${username}:`) || line.startsWith(`${uid}:`));
  const absent = ['/etc/subuid', '/etc/subgid'].filter((file) => !has(file));
  const tools = ['newuidmap', 'newgidmap'].filter((tool) => !isOnPath(tool, process.env.PATH ?? ''));
  if (absent.length === 0 && tools.length === 0) return ok(id, `${username} has ranges`);
  return limited(
    id,
    [
      ...absent.map((file) => `no range for ${username} in ${file}`),
      ...tools.map((tool) => `no ${tool}`),
    ].join(', '),
    'Rootless containers can have a single user only.',
    `\`usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${username}\`; newuidmap is in uidmap (Debian) or shadow-utils.`,
  );
}

/** Room where the store is. */
export function disk(store: string): Check {
  const id = 'disk';
  const place = [store, '/nix', '/'].find((each) => existsSync(each)) ?? '/';
  const { bavail, bsize } = statfsSync(place);
  const free = bavail * bsize;
  const found = `${(free / gibibyte).toFixed(1)} GiB free at ${place}`;
  if (free >= 5 * gibibyte) return ok(id, found);
  return limited(
    id,
    found,
    'A first build may not fit.',
    'Make room; `nix store gc` removes what nothing refers to.',
  );
}

const tools = [
  ['git', 'Repositories cannot be cloned from an address.'],
  ['bwrap', 'No `nidify run --sandbox`.'],
  ['skopeo', 'Images cannot be pushed to a registry.'],
  ['docker', 'Images cannot be loaded into Docker.'],
  ['podman', 'No rootless containers with Podman.'],
  ['buildah', 'No rootless image builds with Buildah.'],
] as const;

const packageOf: Readonly<Record<string, string>> = { bwrap: 'bubblewrap', docker: 'docker.io' };

/** Programs that some commands use. */
export function programs(): Check[] {
  return tools.map(([name, consequence]) =>
    isOnPath(name, process.env.PATH ?? '')
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

/** Proxies, certificates and mirrors that are set. Credentials in them are not shown. */
export function network(env: NodeJS.ProcessEnv): Check[] {
  const proxies = proxyNames.filter((name) => (env[name] ?? '') !== '');
  const broken = certificateNames.filter(
    (name) => (env[name] ?? '') !== '' && textOf(env[name] ?? '') === null,
  );
  const set = certificateNames.filter((name) => (env[name] ?? '') !== '');
  return [
    ok(
      'proxy',
      proxies.length === 0 ? 'none' : proxies.map((name) => `${name}: ${hostOf(env[name])}`).join(', '),
    ),
    broken.length > 0
      ? limited(
          'certificates',
          `${broken.map((name) => `${name}: ${env[name]}`).join(', ')} cannot be read`,
          'Downloads fail.',
          'Correct or unset the variable.',
        )
      : ok(
          'certificates',
          set.length === 0 ? "the system's" : set.map((name) => `${name}: ${env[name]}`).join(', '),
        ),
    ok('mirror', hostOf(env.NIDIFY_TARBALL_URL) ?? 'none: nixpkgs comes from its public address'),
  ];
}

function hostOf(address: string | undefined): string | null {
  if (address === undefined || address === '') return null;
  const text = /^[a-z0-9+]+:\/\//i.test(address) ? address : `http://${address}`;
  return URL.canParse(text) ? new URL(text).host : 'not an address';
}

export function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
