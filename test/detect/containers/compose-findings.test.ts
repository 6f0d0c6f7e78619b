import { describe, expect, it } from 'vitest';
import { detectContainers } from '../../../src/detect/containers/detect.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf } from '../../support/needs.ts';

async function found(
  service: string,
  more: Record<string, string> = { Makefile: 'up:\n\tdocker compose up\n' },
) {
  const text = `services:\n  ok:\n    image: a\n  web:\n    ${service}\n`;
  const needs = await detectContainers(contextOf({ 'ops/compose.yaml': text, ...more }));
  return needsOf(needs, 'finding').map(
    ({ code, because }) => `${code} ${because[0]?.file}:${because[0]?.line}`,
  );
}

const at = (code: string) => [`${code} ops/compose.yaml:5`];

describe('a compose file that is started', () => {
  it.each([
    ['privileged: true', at('compose-privileged')],
    ['network_mode: host', at('compose-host-network')],
    ["volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro']", at('compose-engine-socket')],
    ['volumes: [{ type: bind, source: /var/run/docker.sock, target: /s }]', at('compose-engine-socket')],
    ["volumes: ['/srv/data:/data']", at('compose-outside-mount')],
    ["volumes: ['../../data:/data']", at('compose-outside-mount')],
    ["volumes: ['~/.aws:/root/.aws']", at('compose-outside-mount')],
    ["volumes: ['$" + "{HOME}/x:/x']", at('compose-outside-mount')],
    ['volumes: [{ type: bind, source: ../../x, target: /x }]', at('compose-outside-mount')],
    ['deploy: { resources: { limits: { memory: 1g } } }', at('compose-limits')],
    ['mem_limit: 1g', at('compose-limits')],
  ])('has a finding for %s', async (service, expected) => {
    expect(await found(service)).toEqual(expected);
  });

  it.each([
    'privileged: false',
    'network_mode: bridge',
    "volumes: ['./data:/data', '../src:/src', 'data:/data', '/anonymous', '$" + "{PWD}/x:/x', '$PWD/x:/x']",
    'volumes: [{ type: volume, source: data, target: /x }, 1, null]',
    'volumes: 3',
    'deploy: { replicas: 2 }',
  ])('has none for %s', async (service) => {
    expect(await found(service)).toEqual([]);
  });

  it('has one of each kind, for the first service', async () => {
    const both = 'privileged: true\n  other:\n    privileged: true';
    expect(await found(both)).toEqual(at('compose-privileged'));
  });
});

it('a compose file that nothing starts has none', async () => {
  expect(await found('privileged: true', {})).toEqual([]);
});
