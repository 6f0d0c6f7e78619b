/**
 * The Pod Security Standards as https://kubernetes.io/docs/concepts/security/pod-security-standards/ tells them, for
 * the field values of any pod; written apart from what the renderer claims. Fields of Windows are left out but one.
 */
export type Level = 'baseline' | 'restricted';

type Json = unknown;

const get = (value: Json, ...keys: string[]): Json =>
  keys.reduce<Json>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
const all = (value: Json): Json[] => (Array.isArray(value) ? value : []);

const baselineCapabilities =
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  );
const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];
const sysctls = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const restrictedVolumes =
  'configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret'.split(' ');

/** @returns one line per violation; none when the pod is admitted at that level */
export function violations(pod: Json, level: Level, annotations: Json = {}): string[] {
  const containers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((key) =>
    all(get(pod, key)),
  );
  const contexts = [get(pod, 'securityContext'), ...containers.map((each) => get(each, 'securityContext'))];
  const found: string[] = [];
  const check = (isFine: boolean, text: string) => {
    if (!isFine) found.push(text);
  };
  for (const key of ['hostNetwork', 'hostPID', 'hostIPC']) check(get(pod, key) !== true, key);
  for (const context of contexts) {
    check(get(context, 'windowsOptions', 'hostProcess') !== true, 'hostProcess');
    const { type, user, role } = (get(context, 'seLinuxOptions') ?? {}) as Record<string, string>;
    check(seLinuxTypes.includes(type ?? '') && !user && !role, 'seLinuxOptions');
    check(
      [undefined, 'RuntimeDefault', 'Localhost'].includes(
        get(context, 'appArmorProfile', 'type') as string | undefined,
      ),
      'appArmorProfile',
    );
    check(get(context, 'seccompProfile', 'type') !== 'Unconfined', 'seccomp Unconfined');
  }
  for (const sysctl of all(get(pod, 'securityContext', 'sysctls'))) {
    check(sysctls.includes(String(get(sysctl, 'name'))), 'sysctls');
  }
  for (const [key, value] of Object.entries((annotations ?? {}) as Record<string, string>)) {
    if (!key.startsWith('container.apparmor.security.beta.kubernetes.io/')) continue;
    check(value === 'runtime/default' || value.startsWith('localhost/'), 'AppArmor annotation');
  }
  for (const volume of all(get(pod, 'volumes'))) check(get(volume, 'hostPath') === undefined, 'hostPath');
  for (const container of containers) {
    const context = get(container, 'securityContext');
    check(get(context, 'privileged') !== true, 'privileged');
    for (const name of all(get(context, 'capabilities', 'add'))) {
      check(baselineCapabilities.includes(String(name)), `capability ${name}`);
    }
    for (const port of all(get(container, 'ports'))) check(!get(port, 'hostPort'), 'hostPort');
    check([undefined, 'Default'].includes(get(context, 'procMount') as string | undefined), 'procMount');
    for (const [kind, action] of [
      ...['livenessProbe', 'readinessProbe', 'startupProbe'].map(
        (key) => [key, get(container, key)] as const,
      ),
      ...['postStart', 'preStop'].map((key) => [key, get(container, 'lifecycle', key)] as const),
    ]) {
      check(!get(action, 'httpGet', 'host') && !get(action, 'tcpSocket', 'host'), `${kind} host`);
    }
  }
  if (level === 'baseline') return found;

  for (const volume of all(get(pod, 'volumes'))) {
    const kinds = Object.keys(volume as object).filter((key) => key !== 'name');
    check(
      kinds.every((kind) => restrictedVolumes.includes(kind)),
      `volume ${kinds}`,
    );
  }
  const [ofPod] = contexts;
  check(get(ofPod, 'runAsUser') !== 0, 'runAsUser');
  for (const container of containers) {
    const context = get(container, 'securityContext');
    check(get(context, 'allowPrivilegeEscalation') === false, 'allowPrivilegeEscalation');
    check((get(context, 'runAsNonRoot') ?? get(ofPod, 'runAsNonRoot')) === true, 'runAsNonRoot');
    check(get(context, 'runAsUser') !== 0, 'runAsUser');
    const seccomp = get(context, 'seccompProfile', 'type') ?? get(ofPod, 'seccompProfile', 'type');
    check(seccomp === 'RuntimeDefault' || seccomp === 'Localhost', 'seccomp unset');
    check(all(get(context, 'capabilities', 'drop')).includes('ALL'), 'capabilities.drop');
    check(
      all(get(context, 'capabilities', 'add')).every((name) => name === 'NET_BIND_SERVICE'),
      'capabilities.add',
    );
  }
  return found;
}

/** What API servers refuse whatever the level: validation of security contexts that no schema has. */
export function apiRefusals(pod: Json): string[] {
  const containers = ['containers', 'initContainers'].flatMap((key) => all(get(pod, key)));
  return containers.flatMap((container) => {
    const context = get(container, 'securityContext');
    const added = all(get(context, 'capabilities', 'add')).map(String);
    return [
      ...(get(context, 'procMount') === 'Unmasked' && get(pod, 'hostUsers') !== false
        ? ['procMount: Unmasked needs hostUsers: false']
        : []),
      ...(get(context, 'allowPrivilegeEscalation') === false &&
      (get(context, 'privileged') === true || added.some((name) => /^(?:CAP_)?SYS_ADMIN$/.test(name)))
        ? ['allowPrivilegeEscalation: false with SYS_ADMIN']
        : []),
      ...(get(pod, 'hostUsers') === false &&
      ['hostNetwork', 'hostPID', 'hostIPC'].some((key) => get(pod, key) === true)
        ? ['hostUsers: false with namespaces of the host']
        : []),
      ...(get(context, 'seccompProfile', 'type') === 'Localhost' &&
      typeof get(context, 'seccompProfile', 'localhostProfile') !== 'string'
        ? ['Localhost without a profile']
        : []),
      ...(get(context, 'runAsNonRoot') === true && get(context, 'runAsUser') === 0
        ? ['runAsNonRoot with root']
        : []),
    ];
  });
}
