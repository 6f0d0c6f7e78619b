import { ExitCode, NidifyError } from '../errors.ts';
import type { Container, PodSpec, Standard } from './types.ts';
import { standards } from './types.ts';

/**
 * The Pod Security Standard that a pod claims: https://kubernetes.io/docs/concepts/security/pod-security-standards/
 * One that opens namespaces and mounts by a seccomp profile of its own claims no more than *baseline*, although a
 * cluster would not see the difference.
 */
export function standardOf(pod: PodSpec): { standard: Standard; because: string[] } {
  const containers = [...(pod.initContainers ?? []), ...pod.containers];
  const privileged = [...new Set(containers.flatMap(beyondBaseline))];
  if (privileged.length > 0) return { standard: 'privileged', because: privileged };
  const baseline = [...new Set(containers.flatMap(beyondRestricted))];
  if (baseline.length > 0) return { standard: 'baseline', because: baseline };
  return { standard: 'restricted', because: [] };
}

/** Capabilities that *baseline* lets a container have. */
const baselineCapabilities = new Set([
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE'],
  ...['SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
]);

function beyondBaseline({ securityContext: context }: Container): string[] {
  return [
    ...(context.procMount === 'Unmasked' ? ['procMount: Unmasked'] : []),
    ...(context.appArmorProfile?.type === 'Unconfined' ? ['AppArmor unconfined'] : []),
    ...(context.capabilities?.add ?? [])
      .filter((name) => !baselineCapabilities.has(name))
      .map((name) => `capability ${name}`),
  ];
}

function beyondRestricted({ securityContext: context }: Container): string[] {
  return [
    ...(context.runAsNonRoot === true ? [] : ['starts as root']),
    ...(context.allowPrivilegeEscalation === false ? [] : ['allowPrivilegeEscalation']),
    ...(context.seccompProfile?.type === 'Localhost' ? ['a seccomp profile that opens namespaces'] : []),
    ...(context.capabilities?.add ?? [])
      .filter((name) => name !== 'NET_BIND_SERVICE')
      .map((name) => `capability ${name}`),
  ];
}

/** The loosest of them. */
export function loosest(levels: readonly Standard[]): Standard {
  return standards[Math.max(0, ...levels.map((level) => standards.indexOf(level)))] ?? 'restricted';
}

/** @throws NidifyError `pod-security` (exit 6) where a namespace would not admit the pod */
export function requireStandard(what: string, pod: PodSpec, enforced: Standard | null): Standard {
  const { standard, because } = standardOf(pod);
  if (enforced !== null && standards.indexOf(standard) > standards.indexOf(enforced)) {
    throw new NidifyError({
      code: 'pod-security',
      message: `the ${what} does not meet the Pod Security Standard ${enforced}: ${because.join(', ')}`,
      hint: `Put it into a namespace of its own that enforces ${standard} (--part, --namespace), or choose a builder or profile that needs less.`,
      exitCode: ExitCode.refused,
    });
  }
  return standard;
}
