/**
 * What pods are given so that they can do their work, and no more. The combinations are those in which it works:
 *
 * - Nix's sandbox mounts a `/proc` of its own, which the kernel allows where the outer one is not masked; the API
 *   server allows that only in a user namespace (`hostUsers: false`).
 * - Buildah maps ids either as root of the pod's user namespace, which has the capabilities for it, or not at all. It
 *   puts an image around a toolchain that Nix builds in the same pod, so that its `/proc` is not masked either.
 *   Programs with setuid or file capabilities do not help it: under `allowPrivilegeEscalation: false`, which is
 *   no_new_privs, they gain nothing.
 * - Rootless Docker has file capabilities that map its ids, so that escalation must be allowed; its containers mount
 *   `/proc` too.
 * - In gVisor the capabilities are those of gVisor's own kernel; a profile of the node's has no meaning there.
 */
import { ExitCode, NidifyError, usage } from '../errors.ts';
import type { ClusterOptions, SecurityContext, WorkerProfile } from './types.ts';

/** Where the profile of `seccomp.json` lies below the kubelet's `seccomp` folder, unless it is told. */
export const defaultSeccomp = 'profiles/nidify.json';

export const defaultGvisorClass = 'gvisor';

/** The user that images run as: `src/image/system-files.ts`, and the Dockerfile of the container target. */
export const workerId = 1000;

/** Not one of the users of Buildah's own image, for which it would look for more ids. */
const singleId = 1001;

export interface Security {
  /** null where it makes no difference: the pod stays in the node's user namespace by default. */
  hostUsers: false | null;
  runtimeClass: string | null;
  fsGroup: number;
  context: SecurityContext;
}

/** Nothing but a process: meets *restricted*. */
export function plainSecurity(user: number = workerId): SecurityContext {
  return {
    runAsUser: user,
    runAsGroup: user,
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** boot.sh starts as root, which may do nothing but become the worker. */
export function bootSecurity(): SecurityContext {
  return {
    runAsUser: 0,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'], add: ['SETGID', 'SETUID'] },
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** @throws NidifyError `impossible-combination` (exit 6), `usage` (2) */
export function buildSecurity(options: ClusterOptions): Security {
  const { build, hostUsers, runtimeClass } = options;
  if (build === null) throw usage('there is no builder', 'Give --builder nix or --builder buildah.');
  const what = build.builder === 'nix' ? 'Nix' : 'Buildah';
  const context = { ...plainSecurity(), ...opened(options, what), readOnlyRootFilesystem: true };
  if (build.builder === 'nix') {
    if (hostUsers) {
      throw impossible(
        'Nix needs an unmasked /proc for its sandbox, which the API server admits only with hostUsers: false',
        'Leave --host-users out, or build with --builder buildah --isolation single-id.',
      );
    }
    return {
      hostUsers: false,
      runtimeClass,
      fsGroup: workerId,
      context: { ...context, procMount: 'Unmasked' },
    };
  }
  if (build.isolation === 'single-id') {
    const user = { runAsUser: singleId, runAsGroup: singleId };
    return {
      hostUsers: null,
      runtimeClass,
      fsGroup: singleId,
      context: { ...context, ...user },
    };
  }
  if (hostUsers) {
    throw impossible(
      "Buildah's root would be root of the node without a user namespace",
      'Leave --host-users out, or give --isolation single-id.',
    );
  }
  const { runAsNonRoot: _, ...root } = context;
  return {
    hostUsers: false,
    runtimeClass,
    fsGroup: 0,
    context: {
      ...root,
      procMount: 'Unmasked',
      runAsUser: 0,
      runAsGroup: 0,
      capabilities: {
        drop: ['ALL'],
        add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'SETFCAP', 'SETGID', 'SETUID', 'SYS_CHROOT'],
      },
    },
  };
}

/**
 * What the worker's main container is given; for the sidecar profile what its engine is given.
 *
 * @throws NidifyError `impossible-combination` (exit 6)
 */
export function workerSecurity(options: ClusterOptions, profile: WorkerProfile): Security {
  const { hostUsers, runtimeClass, noPrivilegeEscalation, seccomp, appArmor } = options;
  if (profile === 'none') {
    if (seccomp !== null && seccomp !== 'RuntimeDefault') {
      throw impossible(
        'a worker that runs no containers gains nothing from a seccomp profile of its own',
        'Leave --seccomp out of this part.',
      );
    }
    return {
      hostUsers: null,
      runtimeClass,
      fsGroup: workerId,
      context: { ...plainSecurity(), ...appArmorOf(appArmor) },
    };
  }
  if (profile === 'gvisor') {
    if (seccomp !== null && seccomp !== 'RuntimeDefault') {
      throw impossible(
        'gVisor answers system calls itself: a seccomp profile of the node does not reach into it',
        'Leave --seccomp out with --profile gvisor.',
      );
    }
    if (noPrivilegeEscalation) {
      throw impossible(
        'an engine in gVisor has CAP_SYS_ADMIN of its kernel, which the API server refuses together with allowPrivilegeEscalation: false',
        'Use --profile none where no containers are needed.',
      );
    }
    return {
      // gVisor is the boundary; what it makes of a user namespace depends on its version.
      hostUsers: null,
      runtimeClass: runtimeClass ?? defaultGvisorClass,
      fsGroup: workerId,
      context: {
        ...bootSecurity(),
        allowPrivilegeEscalation: true,
        capabilities: {
          drop: ['ALL'],
          // The engine is root there, and writes layers of all owners.
          add: [
            ...['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_ADMIN', 'NET_RAW'],
            ...['NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_ADMIN', 'SYS_CHROOT'],
          ],
        },
      },
    };
  }
  const what = profile === 'sidecar' ? 'The engine beside the worker' : 'Rootless Docker';
  if (noPrivilegeEscalation) {
    throw impossible(
      `${what} maps its ids by programs with file capabilities, which under allowPrivilegeEscalation: false gain none`,
      'Use --profile gvisor, or --profile none where no containers are needed.',
    );
  }
  if (hostUsers) {
    throw impossible(
      `${what} needs an unmasked /proc, which the API server admits only with hostUsers: false`,
      'Leave --host-users out, or use --profile gvisor.',
    );
  }
  return {
    hostUsers: false,
    runtimeClass,
    fsGroup: workerId,
    context: {
      ...bootSecurity(),
      ...opened(options, what),
      allowPrivilegeEscalation: true,
      procMount: 'Unmasked',
    },
  };
}

/** Namespaces and mounts: a seccomp profile that lets them through, and AppArmor out of the way. */
function opened({ seccomp, appArmor }: ClusterOptions, what: string): SecurityContext {
  if (seccomp === 'RuntimeDefault') {
    throw impossible(
      `${what} makes user namespaces and mounts in them, which the runtime's own seccomp profile refuses without CAP_SYS_ADMIN`,
      `Leave --seccomp out; the profile (seccomp.json) is then expected on the nodes as ${defaultSeccomp}.`,
    );
  }
  if (appArmor === 'runtime-default') {
    throw impossible(
      `${what} mounts, which the runtime's own AppArmor profile refuses`,
      'Name a profile that the nodes have, or leave --apparmor out, which is unconfined.',
    );
  }
  return {
    seccompProfile: { type: 'Localhost', localhostProfile: seccomp ?? defaultSeccomp },
    ...appArmorOf(appArmor ?? 'unconfined'),
  };
}

function appArmorOf(profile: string | null): SecurityContext {
  if (profile === null) return {};
  if (profile === 'unconfined') return { appArmorProfile: { type: 'Unconfined' } };
  if (profile === 'runtime-default') return { appArmorProfile: { type: 'RuntimeDefault' } };
  return { appArmorProfile: { type: 'Localhost', localhostProfile: profile } };
}

/** Refused because it cannot work, or not safely. */
export function impossible(message: string, hint: string): NidifyError {
  return new NidifyError({ code: 'impossible-combination', message, hint, exitCode: ExitCode.refused });
}
