import { describe, expect, test } from 'vitest';
import type { NidifyError } from '../../src/errors.ts';
import type { Plan } from '../../src/plan/schema.ts';
import { type GivenOptions, readOptions } from '../../src/worker/read-options.ts';
import { renderCluster } from '../../src/worker/render.ts';
import { planOf } from '../support/plan.ts';
import { least, optionsOf } from './support/options.ts';

const container: Plan['target'] = { kind: 'container', profile: null, network: null, because: [] };

function errorOf(given: GivenOptions): NidifyError {
  try {
    renderCluster(optionsOf(given));
  } catch (error) {
    return error as NidifyError;
  }
  throw new Error('nothing was refused');
}

describe('what cannot work, or not safely, is refused with the reason', () => {
  test.each<[GivenOptions, RegExp]>([
    [{ hostUsers: true }, /hostUsers: false/],
    [{ builder: 'buildah', hostUsers: true }, /root of the node/],
    [{ seccomp: 'RuntimeDefault' }, /seccomp/],
    [{ builder: 'buildah', seccomp: 'RuntimeDefault' }, /seccomp/],
    [{ apparmor: 'runtime-default' }, /AppArmor/],
    [{ part: 'worker', profile: 'rootless', privilegeEscalation: false }, /file capabilities/],
    [{ part: 'worker', profile: 'sidecar', privilegeEscalation: false }, /file capabilities/],
    [{ part: 'worker', profile: 'gvisor', privilegeEscalation: false }, /CAP_SYS_ADMIN/],
    [{ part: 'worker', profile: 'rootless', hostUsers: true }, /unmasked \/proc/],
    [{ part: 'worker', profile: 'gvisor', seccomp: 'profiles/nidify.json' }, /gVisor answers/],
    [{ part: 'worker', profile: 'none', seccomp: 'profiles/nidify.json' }, /gains nothing/],
  ])('%j', (given, reason) => {
    const error = errorOf(given);
    expect([error.code, error.exitCode]).toEqual(['impossible-combination', 6]);
    expect(error.message).toMatch(reason);
    expect(error.hint).toBeTruthy();
  });

  test.each<[GivenOptions, Partial<Plan>, RegExp]>([
    [{ builder: 'nix' }, { target: container }, /an engine puts together/],
    [{ builder: 'buildah' }, {}, /Buildah has nothing to do/],
    [
      { builder: 'buildah' },
      { target: container, container: { toolchain: 'features' } as Plan['container'] },
      /devcontainer features/,
    ],
  ])('a builder that is not the one of the plan: %j', (given, plan, reason) => {
    const read = () => readOptions({ ...least, ...given }, planOf(plan), []);
    expect(read).toThrow(reason);
    expect(read).toThrow(expect.objectContaining({ code: 'impossible-combination', exitCode: 6 }));
    // Who works does not build.
    expect(() => readOptions({ ...least, ...given, part: 'worker' }, planOf(plan), [])).not.toThrow();
  });

  test.each<[GivenOptions]>([
    [{ podSecurity: 'restricted' }],
    [{ podSecurity: 'baseline' }],
    [{ builder: 'buildah', isolation: 'single-id', apparmor: 'own', podSecurity: 'restricted' }],
    [{ part: 'worker', profile: 'rootless', podSecurity: 'baseline' }],
    [{ part: 'worker', profile: 'gvisor', podSecurity: 'baseline' }],
  ])('a namespace that would not admit it: %j', (given) => {
    expect(errorOf(given)).toMatchObject({ code: 'pod-security', exitCode: 6 });
  });

  test('a stricter namespace than is needed is kept', () => {
    const rendered = renderCluster(optionsOf({ part: 'worker', podSecurity: 'restricted' }));
    expect(rendered.standard).toBe('restricted');
    const apart = {
      ...{ builder: 'buildah', isolation: 'single-id', apparmor: 'own' },
      ...{ part: 'job', podSecurity: 'baseline' },
    };
    expect(renderCluster(optionsOf(apart)).standard).toBe('baseline');
  });
});

describe('values that are none are wrong usage', () => {
  test.each<[GivenOptions]>([
    [{ commit: 'main' }],
    [{ commit: '0123456' }],
    [{ repository: 'http://git.example.com/a.git' }],
    [{ repository: 'file:///srv/a.git' }],
    [{ repository: 'https://git.example.com/a.git#main' }],
    [{ registry: undefined }],
    [{ registry: 'Registry/UPPER' }],
    [{ registry: 'registry.example.com/a:tag' }],
    [{ prefix: '../x' }],
    [{ builder: 'kaniko' }],
    [{ builder: undefined }],
    [{ builderImage: undefined }],
    [{ builderImage: 'a b' }],
    [{ builderImage: 'a@sha256:short' }],
    [{ isolation: 'root' }],
    [{ name: 'Nidify' }],
    [{ name: 'a'.repeat(31) }],
    [{ namespace: 'a.b' }],
    [{ namespace: '-a' }],
    [{ deadline: '1e3' }],
    [{ deadline: '0' }],
    [{ ttl: '-1' }],
    [{ cpu: 'two' }],
    [{ memory: '0' }],
    [{ cacheSize: '10 Gi' }],
    [{ registrySecret: '../x' }],
    [{ toleration: ['a=b'] }],
    [{ toleration: ['a:Never'] }],
    [{ nodeSelector: ['a'] }],
    [{ quota: ['secrets=1'] }],
    [{ egress: ['10.0.0.0/33:5000'] }],
    [{ egress: ['256.0.0.1/32:5000'] }],
    [{ egress: ['10.0.0.1/32'] }],
    [{ seccomp: 'Unconfined/../x' }],
    [{ seccomp: '/etc/x' }],
    [{ apparmor: 'a/b' }],
    [{ persist: ['relative'] }],
    [{ persist: ['~'] }],
    [{ persist: ['/a/../b'] }],
    [{ persist: ['/a', '/a/b'] }],
    [{ persist: ['~/.claude', '/home/nidify/.claude/'] }],
    [{ persist: ['~/.claude'], replicas: '2' }],
    [{ kind: 'pod', replicas: '1' }],
    [{ tunResource: 'tun' }],
  ])('%j', (given) => {
    const error = errorOf(given);
    expect(['usage', 'url-refused']).toContain(error.code);
    expect(error.exitCode).toBe(2);
  });

  test('an address with credentials does not show them anywhere', () => {
    const given = { repository: 'https://me:s3cret@git.example.com/team/shop.git' };
    const text = JSON.stringify(renderCluster(optionsOf(given)));
    expect(text).toContain('https://git.example.com/team/shop.git');
    expect(text).not.toMatch(/s3cret|me:/);
  });

  test('one repository has one Job, however its address is written', () => {
    const names = [
      'https://git.example.com/team/shop.git',
      'ssh://git@git.example.com/team/shop',
      'git@git.example.com:team/shop.git',
    ];
    const jobs = names.map((repository) => renderCluster(optionsOf({ repository })).job);
    expect(new Set(jobs).size).toBe(1);
  });
});
