import { describe, expect, it } from 'vitest';
import { detectContainers } from '../../../src/detect/containers/detect.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf } from '../../support/needs.ts';

async function needs(text: string, path = '.devcontainer/devcontainer.json') {
  return detectContainers(contextOf({ [path]: text }));
}

async function findings(value: string) {
  const found = needsOf(await needs(`{\n  // comment\n  ${value},\n}\n`), 'finding');
  return found.map(({ code, because }) => `${code}:${because[0]?.line}`);
}

describe('a dev container of the repository', () => {
  it.each([
    'ghcr.io/devcontainers/features/docker-in-docker:2',
    'ghcr.io/devcontainers/features/docker-outside-of-docker:1.6.0',
    'docker-in-docker',
  ])('has an engine by the feature %s', async (feature) => {
    const text = `{\n"features": {\n"${feature}": {}\n}}`;
    for (const path of [
      '.devcontainer/devcontainer.json',
      '.devcontainer.json',
      '.devcontainer/web/devcontainer.json',
    ])
      expect(needsOf(await needs(text, path), 'nested-container')).toMatchObject([
        {
          container: 'docker-cli',
          confidence: 'high',
          because: [{ file: path, line: 3, rule: 'containers/devcontainer-feature' }],
        },
      ]);
  });

  it.each([
    '{"features": {"ghcr.io/devcontainers/features/node:1": {}}}',
    '{"image": "mcr.microsoft.com/devcontainers/base"}',
    '{"features": ["docker-in-docker"]}',
    '{"name": "docker-in-docker"}',
    '{',
    '[]',
  ])('has none by %s', async (text) => {
    expect(await needs(text)).toEqual([]);
  });

  it("of an example is not the project's", async () => {
    const text = '{"features": {"docker-in-docker": {}}, "privileged": true}';
    expect(await needs(text, 'examples/a/.devcontainer/devcontainer.json')).toEqual([]);
    expect(await needs(text, 'lib/devcontainer.json')).toEqual([]);
  });

  it.each([
    ['"privileged": true', ['devcontainer-privileged:3']],
    ['"runArgs": ["--init",\n"--privileged"]', ['devcontainer-privileged:4']],
    ['"runArgs": ["--network=host"]', ['devcontainer-host-network:3']],
    ['"runArgs": ["--net", "host"]', ['devcontainer-host-network:3']],
    ['"capAdd": ["SYS_ADMIN"]', ['devcontainer-unconfined:3']],
    ['"runArgs": ["--security-opt", "seccomp=unconfined"]', ['devcontainer-unconfined:3']],
    ['"securityOpt": ["apparmor:unconfined"]', ['devcontainer-unconfined:3']],
    [
      '"mounts": ["source=/var/run/docker.sock,target=/var/run/docker.sock,type=bind"]',
      ['devcontainer-engine-socket:3'],
    ],
    [
      '"mounts": [\n"source=$' + '{localEnv:HOME}/.ssh,target=/root/.ssh,type=bind"]',
      ['devcontainer-host-mount:4'],
    ],
    ['"mounts": [{ "type": "bind", "source": "/srv", "target": "/srv" }]', ['devcontainer-host-mount:3']],
    ['"runArgs": ["-v", "/srv:/srv"]', ['devcontainer-host-mount:3']],
    ['"remoteEnv": {\n"A": "$' + '{localEnv:GITHUB_TOKEN}" }', ['devcontainer-host-secret:4']],
    ['"initializeCommand": "make"', ['devcontainer-host-command:3']],
  ])('is a risk with %s', async (value, expected) => {
    expect(await findings(value)).toEqual(expected);
  });

  it.each([
    '"privileged": false',
    '"runArgs": ["--network=shop", "--init", "-v", "cache:/cache"]',
    '"mounts": ["source=cache,target=/c,type=volume", "source=$' +
      '{localWorkspaceFolder}/x,target=/x,type=bind"]',
    '"remoteEnv": { "A": "$' + '{localEnv:LANG}", "B": "$' + '{containerEnv:TOKEN}" }',
    '"postCreateCommand": "make"',
    '"mounts": 3, "runArgs": {}, "capAdd": "x"',
  ])('is none with %s', async (value) => {
    expect(await findings(value)).toEqual([]);
  });

  it('that is hostile does no harm', async () => {
    const start = performance.now();
    await needs(`{"a": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`);
    await needs(`{"runArgs": ${JSON.stringify(Array.from({ length: 50_000 }, () => '-v'))}}`);
    await needs(JSON.stringify({ a: '$' + '{localEnv:'.repeat(50_000), mounts: ['source='.repeat(50_000)] }));
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
