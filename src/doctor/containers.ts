/** What this machine can do with containers: engines, and what they and an engine in a container need. */
import { probe as engineAnswer, engineVariables } from '../container/engine.ts';
import { NidifyError } from '../errors.ts';
import { exec } from '../exec.ts';
import { valueAt } from '../parse/value.ts';
import type { Probe } from './probe.ts';
import { type Check, limited, ok } from './types.ts';

const notHere = 'not a matter of this system';
const readableAndWritable = 0o006;

/** What an engine says of itself: parsed JSON, or why there is none. */
export type Said = { ok: true; info: unknown } | { ok: false; why: string };

const engines = {
  docker: {
    args: ['info', '--format', '{{json .}}'],
    package: 'docker.io',
    without: 'No images with Docker.',
    start: 'Start its daemon (`systemctl start docker`) and join its group, or name it in DOCKER_HOST.',
  },
  podman: {
    args: ['info', '--format', 'json'],
    package: 'podman',
    without: 'No images and no rootless containers with Podman.',
    start: '`podman info` says more; after a change of its storage `podman system reset`.',
  },
  buildah: {
    args: ['info'],
    package: 'buildah',
    without: 'No rootless image builds with Buildah.',
    start: '`buildah info` says more.',
  },
} as const;
type Name = keyof typeof engines;

/** All of it. Each engine is asked; nothing is started. */
export async function containers(probe: Probe, signal: AbortSignal): Promise<Check[]> {
  const said = new Map<Name, Said | null>();
  for (const name of Object.keys(engines) as Name[])
    said.set(name, probe.hasProgram(name) ? await ask(name, signal) : null);
  return [
    ...(Object.keys(engines) as Name[]).map((name) => engineCheck(name, said.get(name) ?? null)),
    idMaps(probe, await fileCapabilities(probe, signal)),
    ...devices.map((each) => deviceCheck(each, probe)),
    restrictedNamespaces(probe),
    seccomp(probe),
    cgroups(probe),
    gvisor(probe, said.get('docker') ?? null),
  ];
}

/** One engine: what it is and whether it has privileges. Null where it is not installed. */
export function engineCheck(name: Name, said: Said | null): Check {
  const id = `engine-${name}`;
  const { without, start } = engines[name];
  if (said === null)
    return limited(
      id,
      'not on PATH',
      without,
      `Install it (Debian: \`apt install ${engines[name].package}\`).`,
    );
  if (!said.ok) return limited(id, `installed, but ${said.why}`, without, start);
  return ok(id, describe(name, said.info));
}

function describe(name: Name, info: unknown): string {
  const at = (...keys: string[]) => {
    const value = valueAt(info, keys);
    return typeof value === 'string' ? value : null;
  };
  const parts = {
    docker: () => {
      const options = valueAt(info, ['SecurityOptions']);
      const isRootless = Array.isArray(options) && options.includes('name=rootless');
      return [at('ServerVersion'), isRootless ? 'rootless' : 'with the rights of root', at('Driver')];
    },
    podman: () => [
      at('version', 'Version'),
      valueAt(info, ['host', 'security', 'rootless']) === true ? 'rootless' : 'as root',
      at('store', 'graphDriverName'),
      at('host', 'ociRuntime', 'name'),
    ],
    buildah: () => [
      valueAt(info, ['host', 'rootless']) === true ? 'rootless' : 'as root',
      at('store', 'GraphDriverName'),
    ],
  }[name]();
  return parts.filter((part) => part !== null && part !== '').join(', ');
}

async function ask(name: Name, signal: AbortSignal): Promise<Said> {
  // Its probe says why it does not answer; `docker info` prints half of itself and exits with 0 or 1 by version.
  const answer = await engineAnswer(name, signal);
  if (!answer.ok) return { ok: false, why: answer.text };
  try {
    const { stdout, stderrTail, exitCode } = await exec({
      program: name,
      args: engines[name].args,
      cwd: '/',
      timeoutMs: 20_000,
      signal,
      allow: engineVariables,
    });
    if (exitCode !== 0) return { ok: false, why: stderrTail.trim().split('\n').at(-1) ?? '' };
    return { ok: true, info: JSON.parse(stdout.toString('utf8')) };
  } catch (error) {
    if (error instanceof SyntaxError) return { ok: false, why: 'its answer is not JSON' };
    if (!(error instanceof NidifyError)) throw error;
    return { ok: false, why: error.message };
  }
}

const mappers = ['newuidmap', 'newgidmap'] as const;

/** The capabilities that files have; null where nothing can tell. */
async function fileCapabilities(probe: Probe, signal: AbortSignal): Promise<string | null> {
  const files = mappers.flatMap((name) => probe.where(name) ?? []);
  if (files.length === 0 || !probe.hasProgram('getcap')) return null;
  const { stdout } = await exec({ program: 'getcap', args: files, cwd: '/', timeoutMs: 5000, signal });
  return stdout.toString('utf8');
}

/**
 * Ranges of ids for rootless containers, shadow's /etc/subuid and /etc/subgid, and the programs that map them.
 *
 * @param capabilities what getcap prints of these programs; null where that is not known
 */
export function idMaps(probe: Probe, capabilities: string | null): Check {
  const id = 'subuids';
  const { platform, user } = probe;
  if (platform !== 'linux') return ok(id, notHere);
  const counts = ['/etc/subuid', '/etc/subgid'].map((file) => ({ file, count: countOf(file, probe) }));
  const problems = [
    ...counts.flatMap(({ file, count }) => {
      if (count === 0) return [`no range for ${user.name} in ${file}`];
      return count < 65_536 ? [`${count} ids only for ${user.name} in ${file}`] : [];
    }),
    ...mappers.flatMap((name) => {
      const file = probe.where(name);
      if (file === null) return [`no ${name}`];
      const hasSetuid = ((probe.mode(file) ?? 0) & 0o4000) !== 0;
      const kind = name === 'newuidmap' ? 'cap_setuid' : 'cap_setgid';
      const line = capabilities?.split('\n').find((each) => each.startsWith(file)) ?? '';
      // Where nothing can tell of capabilities, it is not said to be wrong.
      return hasSetuid || capabilities === null || line.includes(kind)
        ? []
        : [`${name} has neither setuid nor ${kind}`];
    }),
  ];
  const [first] = counts;
  if (problems.length === 0) return ok(id, `${user.name} has ${first?.count ?? 0} ids`);
  return limited(
    id,
    problems.join(', '),
    'Rootless containers can have a single user only, or do not start.',
    `\`usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${user.name}\`; newuidmap is in uidmap (Debian) or shadow-utils, and needs setuid root or \`setcap cap_setuid+ep\` (newgidmap: cap_setgid).`,
  );
}

function countOf(file: string, { user, read }: Probe): number {
  return (read(file) ?? '')
    .split('\n')
    .map((line) => line.split(':'))
    .filter(([name]) => name === user.name || name === String(user.id))
    .reduce((sum, [, , count]) => sum + (Number(count) || 0), 0);
}

interface Device {
  id: string;
  file: string;
  consequence: string;
  module: string;
  /** What one does who may not change it. */
  instead: string;
}

const devices: readonly Device[] = [
  {
    id: 'device-tun',
    file: '/dev/net/tun',
    consequence: 'No network of their own for rootless containers, and no Docker in a container.',
    module: 'tun',
    instead: '; `nidify run` takes another node from NIDIFY_TUN_DEVICE (`mknod -m 666 FILE c 10 200`)',
  },
  {
    id: 'device-fuse',
    file: '/dev/fuse',
    consequence: 'Where overlays cannot be mounted, rootless containers copy whole layers.',
    module: 'fuse',
    instead: '',
  },
];

/** A device that rootless containers open: with the rights of an ordinary user, whoever started them. */
export function deviceCheck(device: Device, { platform, exists, mode }: Probe): Check {
  const { id, file, consequence, module, instead } = device;
  if (platform !== 'linux') return ok(id, notHere);
  if (!exists(file)) {
    return limited(
      id,
      `no ${file}`,
      consequence,
      `Load the kernel's module (\`modprobe ${module}\`); in a container start it with \`--device ${file}\`${instead}.`,
    );
  }
  const bits = (mode(file) ?? 0) & 0o777;
  const shown = `${file}, mode ${bits.toString(8).padStart(4, '0')}`;
  if ((bits & readableAndWritable) === readableAndWritable) return ok(id, shown);
  return limited(id, shown, consequence, `\`chmod 666 ${file}\`, as it is elsewhere${instead}.`);
}

export const tunDevice = devices[0] as Device;
export const fuseDevice = devices[1] as Device;

/** Switches of the kernel that keep user namespaces from ordinary users, which a try as root does not show. */
export function restrictedNamespaces({ platform, read }: Probe): Check {
  const id = 'user-namespace-limits';
  if (platform !== 'linux') return ok(id, notHere);
  const value = (name: string) => read(`/proc/sys/${name.replaceAll('.', '/')}`)?.trim() ?? null;
  const problems = [
    ['user.max_user_namespaces', '0', '15000'],
    ['kernel.unprivileged_userns_clone', '0', '1'],
    ['kernel.apparmor_restrict_unprivileged_userns', '1', '0'],
  ].filter(([name = '', bad]) => value(name) === bad);
  if (problems.length > 0) {
    return limited(
      id,
      problems.map(([name, bad]) => `${name} is ${bad}`).join(', '),
      'No rootless containers, and no Docker in a container.',
      `${problems.map(([name, , good]) => `\`sysctl ${name}=${good}\``).join(', ')}; for AppArmor alone a profile with \`userns,\` for the program does as well.`,
    );
  }
  const hasAppArmor = read('/sys/module/apparmor/parameters/enabled')?.trim() === 'Y';
  return ok(id, hasAppArmor ? 'none; AppArmor is on, and does not restrict them' : 'none; no AppArmor');
}

/** Filters of system calls: whether the kernel has them, and whether this process is under one. */
export function seccomp({ platform, read }: Probe): Check {
  const id = 'seccomp';
  if (platform !== 'linux') return ok(id, notHere);
  const mode = /^Seccomp:\s*(\d)/m.exec(read('/proc/self/status') ?? '')?.[1];
  if (mode === undefined) {
    return limited(
      id,
      'not in this kernel',
      'Containers run without a filter of system calls, and the profile of a container with Docker has no effect.',
      'Take a kernel with CONFIG_SECCOMP_FILTER.',
    );
  }
  return ok(id, mode === '2' ? 'there; this process is under a filter itself' : 'there');
}

/** Which control groups there are: bounds of memory and processes of rootless containers need the second version. */
export function cgroups({ platform, exists }: Probe): Check {
  const id = 'cgroups';
  if (platform !== 'linux') return ok(id, notHere);
  if (exists('/sys/fs/cgroup/cgroup.controllers')) return ok(id, 'version 2');
  const isHybrid = exists('/sys/fs/cgroup/unified');
  const isFirst = exists('/sys/fs/cgroup/memory') || exists('/sys/fs/cgroup/cpu');
  return limited(
    id,
    isHybrid ? 'version 1 and 2 (hybrid)' : isFirst ? 'version 1' : 'none',
    `Rootless containers cannot be bounded in memory and processes${isHybrid ? ', and crun starts none' : ''}.`,
    `Start the kernel with \`systemd.unified_cgroup_hierarchy=1\`${isHybrid ? '; for Podman `runtime = "runc"` and `cgroup_manager = "cgroupfs"` in containers.conf' : ''}.`,
  );
}

/** gVisor, for the profile of that name. */
export function gvisor({ platform, hasProgram }: Probe, docker: Said | null): Check {
  const id = 'gvisor';
  if (platform !== 'linux') return ok(id, notHere);
  const runtimes = docker?.ok === true ? valueAt(docker.info, ['Runtimes']) : null;
  const isRegistered = typeof runtimes === 'object' && runtimes !== null && 'runsc' in runtimes;
  if (isRegistered) return ok(id, 'a runtime of Docker');
  const consequence = 'Containers of the profile `gvisor` cannot be started here.';
  if (!hasProgram('runsc'))
    return limited(
      id,
      'no runsc on PATH',
      consequence,
      'Install it (https://gvisor.dev/docs/user_guide/install/; Debian 13: `apt install runsc`), where that profile is wanted.',
    );
  return limited(
    id,
    'runsc is installed, and no runtime of Docker',
    consequence,
    '`runsc install -- --net-raw`, then restart Docker.',
  );
}
