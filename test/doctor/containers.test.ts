import { describe, expect, test } from 'vitest';
import {
  cgroups,
  containers,
  deviceCheck,
  engineCheck,
  fuseDevice,
  gvisor,
  idMaps,
  restrictedNamespaces,
  seccomp,
  tunDevice,
} from '../../src/doctor/containers.ts';
import { machine } from './machine.ts';

describe('engines', () => {
  test.each([
    [
      'docker',
      { ServerVersion: '26.1.5', SecurityOptions: ['name=seccomp'], Driver: 'overlay2' },
      '26.1.5, with the rights of root, overlay2',
    ],
    ['docker', { ServerVersion: '26.1.5', SecurityOptions: ['name=rootless'] }, '26.1.5, rootless'],
    [
      'podman',
      {
        version: { Version: '4.3.1' },
        host: { security: { rootless: true }, ociRuntime: { name: 'runc' } },
        store: { graphDriverName: 'overlay' },
      },
      '4.3.1, rootless, overlay, runc',
    ],
    ['podman', { version: { Version: '4.3.1' }, host: { security: { rootless: false } } }, '4.3.1, as root'],
    ['buildah', { host: { rootless: true }, store: { GraphDriverName: 'vfs' } }, 'rootless, vfs'],
    ['buildah', { host: { rootless: false } }, 'as root'],
    ['docker', null, 'with the rights of root'],
  ] as const)('%s says what it is: %#', (name, info, found) => {
    expect(engineCheck(name, { ok: true, info })).toMatchObject({ id: `engine-${name}`, state: 'ok', found });
  });

  test('that do not answer are limited, with what they said and what starts them', () => {
    const check = engineCheck('docker', { ok: false, why: 'does not answer within 20 s' });
    expect(check).toMatchObject({ state: 'limited', found: 'installed, but does not answer within 20 s' });
    expect(check.fix).toContain('DOCKER_HOST');
  });

  test('that are not installed are limited, with their package', () => {
    const check = engineCheck('docker', null);
    expect(check).toMatchObject({ state: 'limited', found: 'not on PATH' });
    expect(check.consequence).toContain('Docker');
    expect(check.fix).toContain('apt install docker.io');
  });
});

describe('subordinate ids', () => {
  const files = {
    '/etc/subuid': 'dev:100000:65536\n',
    '/etc/subgid': '1000:100000:32768\n1000:200000:32768\n',
  };
  const programs = ['newuidmap', 'newgidmap'];
  const modes = { '/usr/bin/newuidmap': 0o104755, '/usr/bin/newgidmap': 0o104755 };
  const capabilities = '/usr/bin/newuidmap cap_setuid=ep\n/usr/bin/newgidmap cap_setgid=ep\n';

  test.each([
    [modes, ''],
    [{}, capabilities],
    [{}, null],
  ])('are there by name or by number, with programs that may map them: %#', (own, printed) => {
    expect(idMaps(machine({ files, programs, modes: own }), printed)).toMatchObject({
      id: 'subuids',
      state: 'ok',
      found: 'dev has 65536 ids',
    });
  });

  test.each([
    [
      { files: { ...files, '/etc/subgid': 'developer:1:1\n' }, programs, modes },
      '',
      'no range for dev in /etc/subgid',
    ],
    [
      { files: { ...files, '/etc/subuid': 'dev:1:999\n' }, programs, modes },
      '',
      '999 ids only for dev in /etc/subuid',
    ],
    [{ files, programs: ['newuidmap'], modes }, '', 'no newgidmap'],
    [
      { files, programs },
      '',
      'newuidmap has neither setuid nor cap_setuid, newgidmap has neither setuid nor cap_setgid',
    ],
    [{ files, programs }, '/usr/bin/newuidmap cap_setuid=ep', 'newgidmap has neither setuid nor cap_setgid'],
    [{}, '', 'no range for dev in /etc/subuid, no range for dev in /etc/subgid, no newuidmap, no newgidmap'],
  ])('are limited without a part of it: %#', (parts, printed, found) => {
    const check = idMaps(machine(parts), printed);
    expect(check).toMatchObject({ state: 'limited', found });
    expect(check.consequence).toContain('single user');
    expect(check.fix).toMatch(/usermod --add-subuids .* dev`.*setcap/);
  });
});

describe('devices', () => {
  test('that all may open are fine', () => {
    const there = machine({ files: { '/dev/net/tun': '' }, modes: { '/dev/net/tun': 0o20666 } });
    expect(deviceCheck(tunDevice, there)).toMatchObject({
      id: 'device-tun',
      state: 'ok',
      found: '/dev/net/tun, mode 0666',
    });
  });

  test('that only root may open are limited, and another node does', () => {
    const check = deviceCheck(
      tunDevice,
      machine({ files: { '/dev/net/tun': '' }, modes: { '/dev/net/tun': 0o20600 } }),
    );
    expect(check).toMatchObject({ state: 'limited', found: '/dev/net/tun, mode 0600' });
    expect(check.fix).toMatch(/chmod 666 .*NIDIFY_TUN_DEVICE/);
  });

  test('that are not there are named, with what gives them', () => {
    const check = deviceCheck(fuseDevice, machine({}));
    expect(check).toMatchObject({ id: 'device-fuse', state: 'limited', found: 'no /dev/fuse' });
    expect(check.fix).toMatch(/modprobe fuse.*--device \/dev\/fuse/);
  });
});

describe('the kernel', () => {
  test.each([
    [
      { '/proc/sys/user/max_user_namespaces': '0\n' },
      'user.max_user_namespaces is 0',
      'sysctl user.max_user_namespaces=15000',
    ],
    [
      { '/proc/sys/kernel/unprivileged_userns_clone': '0\n' },
      'kernel.unprivileged_userns_clone is 0',
      'kernel.unprivileged_userns_clone=1',
    ],
    [
      { '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n' },
      'kernel.apparmor_restrict_unprivileged_userns is 1',
      'kernel.apparmor_restrict_unprivileged_userns=0',
    ],
  ])('keeps user namespaces from ordinary users: %#', (files, found, fix) => {
    const check = restrictedNamespaces(machine({ files }));
    expect(check).toMatchObject({ state: 'limited', found });
    expect(check.fix).toContain(fix);
  });

  test('with AppArmor that restricts nothing is fine', () => {
    const files = {
      '/proc/sys/user/max_user_namespaces': '15000\n',
      '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '0\n',
      '/sys/module/apparmor/parameters/enabled': 'Y\n',
    };
    expect(restrictedNamespaces(machine({ files }))).toMatchObject({
      state: 'ok',
      found: expect.stringContaining('AppArmor is on'),
    });
    expect(restrictedNamespaces(machine({}))).toMatchObject({
      state: 'ok',
      found: expect.stringContaining('no AppArmor'),
    });
  });

  test('has seccomp or not, and a process knows whether it is filtered', () => {
    const under = (text: string) => seccomp(machine({ files: { '/proc/self/status': text } }));
    expect(under('Name:\tx\nSeccomp:\t0\n')).toMatchObject({ state: 'ok', found: 'there' });
    expect(under('Seccomp:\t2\n').found).toContain('under a filter');
    expect(under('Name:\tx\n')).toMatchObject({
      state: 'limited',
      fix: expect.stringContaining('CONFIG_SECCOMP'),
    });
  });

  test.each([
    [['cgroup.controllers'], 'ok', 'version 2'],
    [['unified', 'memory'], 'limited', 'version 1 and 2 (hybrid)'],
    [['memory'], 'limited', 'version 1'],
    [[], 'limited', 'none'],
  ])('has control groups %j', (names, state, found) => {
    const files = Object.fromEntries(names.map((name) => [`/sys/fs/cgroup/${name}`, '']));
    expect(cgroups(machine({ files }))).toMatchObject({ state, found });
  });
});

test('gVisor: a runtime of Docker, a program alone, or nothing', () => {
  const runtimes = (names: object) => ({ ok: true as const, info: { Runtimes: names } });
  expect(gvisor(machine({}), runtimes({ runc: {}, runsc: {} }))).toMatchObject({ state: 'ok' });
  const alone = gvisor(machine({ programs: ['runsc'] }), runtimes({ runc: {} }));
  expect(alone).toMatchObject({ state: 'limited', fix: expect.stringContaining('runsc install') });
  expect(gvisor(machine({}), null)).toMatchObject({ state: 'limited', found: 'no runsc on PATH' });
});

test('another system has engines, and none of the rest', async () => {
  const checks = await containers(machine({ platform: 'darwin' }), new AbortController().signal);
  const rest = checks.filter(({ id }) => !id.startsWith('engine-'));
  expect(checks.length - rest.length).toBe(3);
  expect(rest.map(({ state }) => state)).toEqual(rest.map(() => 'ok'));
});
