import { describe, expect, test } from 'vitest';
import { disks, network, programs } from '../../src/doctor/machine.ts';
import { machine } from './machine.ts';

const gibibyte = 1024 ** 3;

describe('disks', () => {
  const files = { '/nix': '', '/tmp': '' };

  test('with room are fine; a store that is not there yet is looked at where it will be', () => {
    const checks = disks('/nix/store', machine({ files, free: { '/nix': 5 * gibibyte, '/tmp': gibibyte } }));
    expect(checks.map(({ id, state, found }) => [id, state, found])).toEqual([
      ['disk', 'ok', '5.0 GiB free at /nix'],
      ['temporary', 'ok', '1.0 GiB free at /tmp'],
    ]);
  });

  test('without are limited, with what makes room', () => {
    const free = { '/nix': 5 * gibibyte - 1, '/tmp': gibibyte / 2 };
    const [store, temporary] = disks('/nix/store', machine({ files, free }));
    expect(store).toMatchObject({ id: 'disk', state: 'limited' });
    expect(store?.fix).toContain('nix store gc');
    expect(temporary).toMatchObject({ id: 'temporary', state: 'limited', found: '0.5 GiB free at /tmp' });
    expect(temporary?.fix).toContain('TMPDIR');
  });
});

test('programs: each that is missing with what does not work and its package', () => {
  const checks = programs(machine({ programs: ['git'] }));
  const missing = checks.filter(({ state }) => state !== 'ok');
  expect(missing).toEqual([
    {
      id: 'program-bwrap',
      state: 'limited',
      found: 'not on PATH',
      consequence: 'No `nidify run --sandbox`.',
      fix: 'Install it (Debian: `apt install bubblewrap`).',
    },
  ]);
  for (const check of programs(machine({}))) {
    expect(check).toMatchObject({
      state: 'limited',
      consequence: expect.any(String),
      fix: expect.any(String),
    });
  }
});

describe('the network of a company', () => {
  const checkOf = (id: string, env: Record<string, string>, files = {}) =>
    network(machine({ env, files })).find((check) => check.id === id);

  test('is none where nothing is set', () => {
    expect(network(machine({})).map(({ id, state }) => [id, state])).toEqual([
      ['proxy', 'ok'],
      ['certificates', 'ok'],
      ['mirror', 'ok'],
    ]);
  });

  test.each([
    ['http://me:hunter2@proxy.example:3128', 'ok', 'https_proxy: proxy.example:3128'],
    ['me:hunter2@proxy.example:3128', 'ok', 'https_proxy: proxy.example:3128'],
    ['socks5h://me:hunter2@proxy.example:1080', 'ok', 'https_proxy: proxy.example:1080'],
    ['http://me:1/hunter2@proxy.example', 'limited', 'https_proxy: not an address'],
    ['http://me:hunter2/3@proxy.example', 'limited', 'https_proxy: not an address'],
  ])('the proxy %s is shown without its password', (https_proxy, state, found) => {
    const check = checkOf('proxy', { https_proxy });
    expect(check).toMatchObject({ state, found });
    expect(JSON.stringify(check)).not.toContain('hunter2');
  });

  test('what goes past the proxy is shown', () => {
    const env = { http_proxy: 'http://p:1', no_proxy: 'localhost,.example' };
    expect(checkOf('proxy', env)?.found).toBe('http_proxy: p:1, no_proxy: localhost,.example');
  });

  test('certificates: a bundle, a file that is none, and one that is not there', () => {
    const files = { '/ca.pem': '-----BEGIN CERTIFICATE-----\n', '/ca.der': '\u0030\u0082' };
    const found = (file: string) => checkOf('certificates', { NIX_SSL_CERT_FILE: file }, files);
    expect(found('/ca.pem')).toMatchObject({ state: 'ok', found: 'NIX_SSL_CERT_FILE: /ca.pem' });
    expect(found('/ca.der')).toMatchObject({ state: 'limited', consequence: 'Downloads fail.' });
    expect(found('/ca.der')?.fix).toContain('PEM');
    expect(found('/none')?.found).toContain('/none cannot be read');
  });

  test.each([
    ['https://me:hunter2@mirror.example/nixpkgs', 'ok', 'NIDIFY_TARBALL_URL: mirror.example'],
    ['https://mirror.example/nixpkgs?token=hunter2', 'limited', 'NIDIFY_TARBALL_URL: mirror.example'],
    ['mirror.example', 'limited', 'NIDIFY_TARBALL_URL: mirror.example'],
  ])('the mirror %s is shown without its password, and refused as build would', (url, state, found) => {
    const check = checkOf('mirror', { NIDIFY_TARBALL_URL: url });
    expect(check).toMatchObject({ state, found });
    expect(JSON.stringify(check)).not.toContain('hunter2');
    if (state === 'limited') expect(check?.consequence).toContain('NIDIFY_TARBALL_URL is not');
  });
});
