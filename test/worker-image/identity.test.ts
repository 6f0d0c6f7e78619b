import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/plan/schema.ts';
import { environmentDigest, normalizedUrl, tagsOf } from '../../src/worker-image/identity.ts';

describe('the address of a repository', () => {
  it.each([
    'https://github.com/Org/Repo',
    'https://github.com/Org/Repo.git',
    'https://GitHub.com/Org/Repo.git/',
    'https://user:secret@github.com/Org/Repo',
    'https://github.com:443/Org//Repo',
    'https://github.com/Org/Repo?token=secret#main',
    'ssh://git@github.com/Org/Repo.git',
    'ssh://git@github.com:22/Org/Repo.git',
    'git@github.com:Org/Repo.git',
    'github.com:Org/Repo',
    ' https://github.com/Org/Repo ',
  ])('%s is one spelling of many', (url) => {
    expect(normalizedUrl(url)).toBe('github.com/Org/Repo');
  });

  it.each([
    ['https://github.com/org/repo', 'github.com/org/repo'],
    ['https://git.example.com:8443/a/b.git', 'git.example.com:8443/a/b'],
    ['ssh://git@example.com:2222/a.git', 'example.com:2222/a'],
    ['file:///srv/git/a.git', '/srv/git/a'],
    ['/srv/git/a.git/', '/srv/git/a'],
    ['https://github.com/a/.github', 'github.com/a/.github'],
  ])('%s is another one', (url, expected) => {
    expect(normalizedUrl(url)).toBe(expected);
  });
});

const plan = {
  repository: { name: 'shop', digest: 'sha256-one', source: null, inputs: [] },
  target: { kind: 'nix' },
} as unknown as Plan;
const identity = {
  system: 'x86_64-linux',
  environment: 'default',
  closure: 'development',
  maxLayers: 100,
  compression: 'gzip',
  container: null,
} as const;

describe('the digest of an environment', () => {
  it('knows nothing of the commit', () => {
    const other = {
      ...plan,
      repository: {
        ...plan.repository,
        source: { url: 'https://example.com/a', commit: 'f'.repeat(40), branch: 'x' },
      },
    };
    expect(environmentDigest(other, identity)).toBe(environmentDigest(plan, identity));
  });

  it.each([
    ['another plan', { ...plan, repository: { ...plan.repository, digest: 'sha256-two' } }, identity],
    ['another system', plan, { ...identity, system: 'aarch64-linux' }],
    ['another environment', plan, { ...identity, environment: 'api' }],
    ['another closure', plan, { ...identity, closure: 'runtime' as const }],
    ['other layers', plan, { ...identity, maxLayers: 20 }],
    ['another compression', plan, { ...identity, compression: 'none' }],
    ['another base', plan, { ...identity, container: { base: 'debian' } }],
  ])('is another one for %s', (_, given, with_) => {
    expect(environmentDigest(given, with_)).not.toBe(environmentDigest(plan, identity));
  });
});

it('names tags by twelve digits each', () => {
  expect(tagsOf('a'.repeat(64), 'b'.repeat(40), 'c'.repeat(64), 'd'.repeat(64))).toEqual({
    commit: 'aaaaaaaaaaaa-bbbbbbbbbbbb',
    environment: 'aaaaaaaaaaaa-env-cccccccccccc',
    dependencies: 'aaaaaaaaaaaa-deps-dddddddddddd',
    latest: 'aaaaaaaaaaaa-latest',
  });
  expect(tagsOf('a'.repeat(64), 'b'.repeat(40), 'c'.repeat(64), null).dependencies).toBeNull();
});
