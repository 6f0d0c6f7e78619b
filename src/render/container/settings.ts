/** How the worker's container is set up and run: what its Dockerfile, devcontainer.json and compose file agree on. */
import type { Plan } from '../../plan/schema.ts';
import { cacheFolders } from './tools.ts';

/** Home of the user that everything but the engine runs as. */
export const workerHome = '/home/worker';

/** Clients find the engine, or the policy before it, here. */
export const dockerHost = 'unix:///run/docker-engine/docker.sock';

/** What the engine keeps: images, containers, volumes. */
export const engineFolder = '/var/lib/docker-engine';

/** Where the repository is in the containers of the compose file. */
export const composeWorkspace = '/workspaces/project';

/** Whether the image has Docker in it: a container target without evidence of containers has none. */
export function hasDocker({ target }: Plan): boolean {
  return target.profile !== null;
}

/** Variables of the image. */
export function imageVariables(plan: Plan): [name: string, value: string][] {
  const { target, container, nestedContainers } = plan;
  if (!hasDocker(plan)) return [];
  const kinds = new Set(nestedContainers.map(({ kind }) => kind));
  const profile = target.profile === 'gvisor' ? 'gvisor' : 'rootless';
  return [
    ['DOCKER_HOST', dockerHost],
    ['DOCKER_PROFILE', profile],
    ['DOCKER_POLICY', container?.policy ?? 'on'],
    ['DOCKER_BUILD_NETWORK', target.network?.build ?? 'host'],
    ['DOCKER_RUN_NETWORK', target.network?.run ?? 'bridge'],
    ...(container?.prewarm === undefined
      ? []
      : ([['DOCKER_PREWARM', container.prewarm.join(' ')]] as [string, string][])),
    ...(kinds.has('wrangler-containers')
      ? ([['WRANGLER_DOCKER_HOST', dockerHost]] as [string, string][])
      : []),
    ...(kinds.has('testcontainers') ? testcontainersVariables : []),
  ];
}

/**
 * Ports are published in the worker's own network, while Testcontainers, seeing that it runs in a container, would
 * look for them at the gateway of the engine's bridge. Its side container gets the socket that the worker has.
 */
const testcontainersVariables: [string, string][] = [
  ['TESTCONTAINERS_HOST_OVERRIDE', '127.0.0.1'],
  ['TESTCONTAINERS_DOCKER_SOCKET_OVERRIDE', dockerHost.slice('unix://'.length)],
];

/** Folders of package managers that outlive a container: name of the volume, absolute folder. */
export function caches({
  packageManagers,
  toolchains,
  container,
}: Plan): { id: string; folders: string[] }[] {
  const ids = new Set([...packageManagers, ...toolchains].map(({ id }) => id));
  // Features put these beside the toolchain, outside of the home.
  const elsewhere = container?.toolchain === 'features' ? ['cargo', 'go', 'rust'] : [];
  return [...ids].sort().flatMap((id) => {
    const folders = elsewhere.includes(id) ? [] : (cacheFolders[id] ?? []);
    return folders.length === 0 ? [] : [{ id, folders: folders.map((each) => `${workerHome}/${each}`) }];
  });
}

/**
 * What the container must be given so that Docker runs in it without privileges, for `docker run`.
 *
 * @param seccomp where the profile is
 */
export function runFlags({ target }: Plan, seccomp: string): string[] {
  // Only in gVisor do these capabilities stay within its own kernel: anything else must not start it.
  if (target.profile === 'gvisor') return ['--runtime=runsc', '--cap-add=SYS_ADMIN', '--cap-add=NET_ADMIN'];
  const own = ['--cap-drop=ALL', '--cap-add=SETUID', '--cap-add=SETGID'];
  if (target.profile !== 'rootless') return own;
  return [
    ...own,
    `--security-opt=seccomp=${seccomp}`,
    '--security-opt=systempaths=unconfined',
    '--security-opt=apparmor=unconfined',
    '--device=/dev/net/tun',
  ];
}
