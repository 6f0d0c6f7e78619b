import { describe, expect, it } from 'vitest';
import { buildersOf, statementOf } from '../../src/build/attestation.ts';
import type { Built } from '../../src/build/build.ts';

const path = (name: string) => `/nix/store/00000000000000000000000000000000-${name}`;
const info = (name: string, more: object = {}) => ({
  path: path(name),
  narHash: `sha256-${Buffer.alloc(32, 1).toString('base64')}`,
  narSize: 1,
  references: [],
  deriver: path(`${name}.drv`),
  ultimate: false,
  signedBy: [],
  ...more,
});

const built: Built = {
  name: 'default',
  storePath: path('environment'),
  storeDirectory: null,
  closure: [],
  derivation: path('environment.drv'),
  paths: [
    info('environment', { ultimate: true }),
    info('far'),
    info('cached'),
    info('earlier', { ultimate: true }),
    info('signed', { signedBy: ['cache.example-1'] }),
    info('source', { deriver: null }),
  ],
  origins: [
    { kind: 'built', derivation: path('environment.drv'), machine: null },
    { kind: 'built', derivation: path('far.drv'), machine: 'ssh-ng://builder' },
    { kind: 'substituted', path: path('cached'), from: 'https://cache.example' },
  ],
  system: 'x86_64-linux',
  nixVersion: '2.34.8',
  proof: { sandbox: 'held', here: true, control: 'refused', controlFound: ['host-file'], builders: [] },
  provedAt: '2026-01-01T00:00:00.000Z',
  isRemembered: false,
  root: '/root',
};

describe('the statement of a build', () => {
  const statement = statementOf(built, {
    generator: { name: 'nidify', version: '1' },
    repository: { digest: 'sha256-x' },
  });

  it('is an in-toto statement about the environment', () => {
    expect(statement._type).toBe('https://in-toto.io/Statement/v1');
    expect(statement.subject).toEqual([{ name: path('environment'), digest: { sha256: '01'.repeat(32) } }]);
    expect(statement.predicate.sandbox).toMatchObject({ held: true, control: 'refused' });
  });

  it('names the plan, or the files of a flake of its own', () => {
    expect(statement.predicate).toMatchObject({ planDigest: 'sha256-x', sourceHash: null });
    const own = statementOf(built, { generator: { name: 'nidify', version: '1' }, sourceHash: 'sha256-y' });
    expect(own.predicate).toMatchObject({ planDigest: null, sourceHash: 'sha256-y' });
  });

  it('says of every builder what is known of its sandbox, and never a password of its address', () => {
    const far = { kind: 'built' as const, machine: 'ssh-ng://user:secret@far' };
    const shown = buildersOf({
      proof: {
        ...built.proof,
        builders: [
          { builder: 'ssh-ng://builder', sandbox: 'held', control: 'reached', reason: null, line: 'builder' },
        ],
      },
      origins: [
        ...built.origins,
        { ...far, derivation: path('a.drv') },
        { ...far, derivation: path('b.drv') },
      ],
    });
    expect(shown).toEqual([
      { builder: 'ssh-ng://builder', sandbox: 'held', control: 'reached', reason: null, derivations: 1 },
      {
        builder: 'ssh-ng://***@far',
        sandbox: 'unproved',
        control: 'inconclusive',
        reason: expect.stringContaining('no canary'),
        derivations: 2,
      },
    ]);
  });

  it('says for every path where it came from', () => {
    const rows = statement.predicate.paths.map(({ path: name, origin, builder, substituter, inThisRun }) => [
      name.slice(44),
      origin,
      builder ?? substituter,
      inThisRun,
    ]);
    expect(rows).toEqual([
      ['environment', 'built', null, true],
      ['far', 'built-remotely', 'ssh-ng://builder', true],
      ['cached', 'substituted', 'https://cache.example', true],
      ['earlier', 'built', null, false],
      ['signed', 'substituted', null, false],
      ['source', 'added', null, false],
    ]);
  });
});
