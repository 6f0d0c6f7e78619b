import { describe, expect, test } from 'vitest';
import { apiRefusals, violations } from './support/standards.ts';

const container = (parts: object = {}, context: object = {}) => ({
  name: 'a',
  image: 'a',
  securityContext: {
    allowPrivilegeEscalation: false,
    runAsNonRoot: true,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
    ...context,
  },
  ...parts,
});
const pod = (parts: object = {}, context: object = {}) => ({
  containers: [container({}, context)],
  ...parts,
});

describe('the checks of the Pod Security Standards', () => {
  test('let a hardened pod through', () => {
    expect(violations(pod(), 'restricted')).toEqual([]);
    expect(violations(pod({ volumes: [{ name: 'a', emptyDir: {} }] }), 'restricted')).toEqual([]);
  });

  test.each([
    ['hostNetwork', pod({ hostNetwork: true })],
    ['hostPID', pod({ hostPID: true })],
    ['hostIPC', pod({ hostIPC: true })],
    ['hostProcess', pod({ securityContext: { windowsOptions: { hostProcess: true } } })],
    ['privileged', pod({}, { privileged: true })],
    ['privileged', { containers: [], initContainers: [container({}, { privileged: true })] }],
    ['capability SYS_ADMIN', pod({}, { capabilities: { add: ['SYS_ADMIN'] } })],
    ['hostPath', pod({ volumes: [{ name: 'a', hostPath: { path: '/' } }] })],
    ['hostPort', { containers: [container({ ports: [{ containerPort: 80, hostPort: 80 }] })] }],
    ['startupProbe host', { containers: [container({ startupProbe: { httpGet: { host: '10.0.0.1' } } })] }],
    ['appArmorProfile', pod({}, { appArmorProfile: { type: 'Unconfined' } })],
    ['seLinuxOptions', pod({}, { seLinuxOptions: { type: 'spc_t' } })],
    ['procMount', pod({}, { procMount: 'Unmasked' })],
    ['seccomp Unconfined', pod({}, { seccompProfile: { type: 'Unconfined' } })],
    ['sysctls', pod({ securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } })],
  ])('find %s, which baseline refuses', (name, bad) => {
    expect(violations(bad, 'baseline')).toContain(name);
    expect(violations(bad, 'restricted')).toContain(name);
  });

  test('find an annotation that takes AppArmor away', () => {
    const annotation = { 'container.apparmor.security.beta.kubernetes.io/a': 'unconfined' };
    expect(violations(pod(), 'baseline', annotation)).toEqual(['AppArmor annotation']);
  });

  test.each([
    ['volume nfs', pod({ volumes: [{ name: 'a', nfs: { server: 'a', path: '/' } }] })],
    ['allowPrivilegeEscalation', pod({}, { allowPrivilegeEscalation: undefined })],
    ['runAsNonRoot', pod({}, { runAsNonRoot: undefined })],
    ['runAsUser', pod({}, { runAsUser: 0 })],
    ['runAsUser', pod({ securityContext: { runAsUser: 0 } })],
    ['seccomp unset', pod({}, { seccompProfile: undefined })],
    ['capabilities.drop', pod({}, { capabilities: {} })],
    ['capabilities.add', pod({}, { capabilities: { drop: ['ALL'], add: ['CHOWN'] } })],
  ])('find %s, which restricted refuses and baseline does not', (name, bad) => {
    expect(violations(bad, 'baseline')).toEqual([]);
    expect(violations(bad, 'restricted')).toContain(name);
  });

  test.each([
    [pod({}, { procMount: 'Unmasked' })],
    [pod({}, { capabilities: { add: ['SYS_ADMIN'] } })],
    [pod({ hostUsers: false, hostNetwork: true })],
    [pod({}, { seccompProfile: { type: 'Localhost' } })],
    [pod({}, { runAsUser: 0 })],
  ])('know what every API server refuses', (bad) => {
    expect(apiRefusals(bad)).toHaveLength(1);
  });
});
