import { describe, expect, test } from 'vitest';
import { amountOf, requestsOf } from '../../src/worker/quota.ts';
import type { GivenOptions } from '../../src/worker/read-options.ts';
import { renderCluster } from '../../src/worker/render.ts';
import type { Container, PodSpec } from '../../src/worker/types.ts';
import { optionsOf } from './support/options.ts';

const container = (cpu: string, restartPolicy?: 'Always'): Container => ({
  name: 'any',
  image: 'any',
  resources: { requests: { cpu }, limits: { cpu } },
  securityContext: {},
  ...(restartPolicy === undefined ? {} : { restartPolicy }),
});
const cpuOf = (initContainers: Container[], containers: Container[]) =>
  requestsOf({ initContainers, containers } as PodSpec).get('cpu');

describe('what a pod asks for', () => {
  test.each([
    ['500m', 0.5],
    ['2', 2],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['3M', 3e6],
  ])('%s is %d', (quantity, amount) => {
    expect(amountOf(quantity)).toBe(amount);
  });

  test('is that of its containers with sidecars, or of a larger one before them', () => {
    expect(cpuOf([], [container('1'), container('500m')])).toBe(1.5);
    expect(cpuOf([container('4')], [container('1')])).toBe(4);
    expect(cpuOf([container('1'), container('1', 'Always')], [container('2')])).toBe(3);
    // The sidecar runs already when the next one starts.
    expect(cpuOf([container('1', 'Always'), container('3')], [container('2')])).toBe(4);
  });
});

describe('a quota', () => {
  const render = (given: GivenOptions) => () => renderCluster(optionsOf(given));

  test.each<[GivenOptions]>([
    [{ part: 'build', quota: ['limits.cpu=1'] }],
    [{ part: 'build', quota: ['requests.memory=4095Mi'] }],
    [{ part: 'build', quota: ['memory=4G'] }],
    [{ part: 'all', quota: ['pods=1'] }],
    // A new pod comes before the old one goes.
    [{ part: 'worker', quota: ['pods=1'] }],
    [{ part: 'worker', replicas: '4', quota: ['limits.cpu=9'] }],
    [{ part: 'worker', profile: 'sidecar', quota: ['requests.cpu=5'] }],
    [{ part: 'worker', profile: 'sidecar', quota: ['requests.squat.ai/tun=1'] }],
    [{ part: 'build', cacheSize: '50Gi', quota: ['requests.storage=20Gi'] }],
    [{ part: 'build', quota: ['limits.ephemeral-storage=100Gi'] }],
  ])('that nothing fits into is refused: %j', (given) => {
    expect(render(given)).toThrow(expect.objectContaining({ code: 'quota-too-small', exitCode: 6 }));
  });

  test.each<[GivenOptions]>([
    [{ part: 'build', quota: ['limits.cpu=2', 'requests.memory=4Gi', 'pods=1', 'count/jobs.batch=1'] }],
    [
      {
        part: 'worker',
        persist: ['.'],
        quota: ['pods=1', 'persistentvolumeclaims=1', 'requests.storage=10Gi'],
      },
    ],
    [{ part: 'worker', replicas: '4', quota: ['limits.cpu=10'] }],
    [{ part: 'worker', profile: 'sidecar', quota: ['requests.cpu=6', 'requests.squat.ai/tun=2'] }],
  ])('that just suffices is not: %j', (given) => {
    expect(render(given)).not.toThrow();
  });
});
