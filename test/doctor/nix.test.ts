import { describe, expect, test } from 'vitest';
import type { BuilderProof } from '../../src/build/canary.ts';
import {
  proofChecks,
  sandboxNotTried,
  settingChecks,
  storeCheck,
  versionCheck,
} from '../../src/doctor/nix.ts';
import { planOf } from '../support/plan.ts';
import { machine } from './machine.ts';

describe('the version of Nix', () => {
  const plan = planOf();
  const [input] = plan.nixpkgs;
  const demanding = { ...plan, nixpkgs: [input, { ...input, minimumNix: '2.30' }] as typeof plan.nixpkgs };

  test.each([
    ['2.18', plan, 'ok'],
    ['2.18.1', plan, 'ok'],
    ['2.9.2', plan, 'missing'],
    ['2.29', demanding, 'missing'],
    ['2.30.0', demanding, 'ok'],
    ['2.17', null, 'missing'],
    ['2.18', null, 'ok'],
  ])('%s against %#: %s', (version, against, state) => {
    const check = versionCheck(version, against);
    expect(check).toMatchObject({ id: 'nix', state, found: `Nix ${version}` });
    expect(check.fix !== null && check.consequence !== null).toBe(state !== 'ok');
  });

  test('that is too old is told with what is needed, and by whom', () => {
    expect(versionCheck('2.8', demanding).consequence).toBe('The pinned nixpkgs needs 2.30 or newer.');
    expect(versionCheck('2.8', null).consequence).toBe("Today's nixpkgs needs 2.18 or newer.");
  });
});

describe('the store', () => {
  const files = { '/nix': '', '/nix/var/nix': '', '/srv': '' };

  test('is what its state is: /nix/store itself may be read-only', () => {
    expect(storeCheck({ store: null }, machine({ files, writable: ['/nix/var/nix'] }))).toMatchObject({
      state: 'ok',
      found: '/nix, writable',
    });
  });

  test('that cannot be written is missing, although the folder above it can', () => {
    const check = storeCheck({ store: null }, machine({ files, writable: ['/', '/nix'] }));
    expect(check).toMatchObject({
      state: 'missing',
      found: expect.stringContaining('/nix cannot be written'),
    });
    expect(check.fix).toContain('--store DIR');
  });

  test.each(['/srv/own', 'local?root=/srv/own', 'local?read-only=false&root=%2Fsrv%2Fown'])(
    "of one's own (%s) is made where there is none",
    (store) => {
      expect(storeCheck({ store }, machine({ files, writable: ['/srv'] }))).toMatchObject({
        state: 'ok',
        found: '/srv/own/nix, writable',
      });
      expect(storeCheck({ store }, machine({ files })).state).toBe('missing');
    },
  );
});

describe("Nix's settings", () => {
  const config = (group: string, substituters: unknown) => ({
    'build-users-group': { value: group },
    substituters: { value: substituters },
  });
  const root = { user: { name: 'root', id: 0 } };
  const group = { files: { '/etc/group': 'a:x:1:\nnixbld:x:30000:nixbld1,nixbld2\nempty:x:2:\n' } };
  const checkOf = (id: string, given: unknown, parts = {}, isElsewhere = false) =>
    settingChecks(given, isElsewhere, machine({ ...group, ...parts })).find((check) => check.id === id);

  test.each([
    ['nixbld', root, 'ok', '2 in nixbld'],
    ['', root, 'ok', 'none: builds run as the one user of a namespace'],
    ['absent', root, 'missing', 'there is no group absent'],
    ['empty', root, 'missing', 'empty has no members'],
    ['absent', {}, 'ok', 'not needed here'],
  ])('build users: the group "%s" (%#)', (name, parts, state, found) => {
    const check = checkOf('build-users', config(name, []), parts);
    expect(check).toMatchObject({ state, found });
    if (state === 'missing') expect(check?.fix).toContain('build-users-group =');
  });

  test("build users are the daemon's own matter", () => {
    expect(checkOf('build-users', config('absent', []), root, true)).toMatchObject({ state: 'ok' });
  });

  test('caches are named without passwords; without any everything is compiled', () => {
    const some = config('', ['https://me:hunter2@cache.example', 's3://bucket']);
    expect(checkOf('caches', some)).toMatchObject({
      state: 'ok',
      found: 'https://***@cache.example, s3://bucket',
    });
    expect(checkOf('caches', config('', []))).toMatchObject({
      state: 'limited',
      consequence: 'Everything is compiled.',
      fix: expect.stringContaining('substituters'),
    });
  });

  test('that Nix does not tell are said to be unknown', () => {
    expect(settingChecks(null, false, machine({}))).toMatchObject([
      { id: 'configuration', state: 'limited' },
    ]);
  });
});

describe('the sandbox', () => {
  const held: BuilderProof = {
    builder: 'ssh-ng://a',
    sandbox: 'held',
    control: 'reached',
    reason: null,
    line: 'a',
  };
  const unproved: BuilderProof = {
    ...held,
    builder: 'ssh-ng://b',
    sandbox: 'unproved',
    control: 'inconclusive',
    reason: 'it did not answer',
  };
  const proof = { sandbox: 'held' as const, here: true, control: 'refused' as const, controlFound: [] };

  test('that holds is told with its control, and no builders where there are none', () => {
    expect(proofChecks({ ...proof, builders: [] })).toMatchObject([
      { id: 'sandbox', state: 'ok', found: 'holds (control: refused)' },
    ]);
  });

  test('of each builder is told; one that is not proved has a consequence and a fix', () => {
    expect(proofChecks({ ...proof, builders: [held] })[1]).toMatchObject({
      state: 'ok',
      found: 'ssh-ng://a: holds (control: reached)',
    });
    const check = proofChecks({ ...proof, builders: [held, unproved] })[1];
    expect(check).toMatchObject({ id: 'builders', state: 'limited' });
    expect(check?.found).toContain('ssh-ng://b: it did not answer');
    expect(check?.consequence).toContain('Nothing is sent');
    expect(check?.fix).toContain('builders');
  });

  test('of a machine that builds nothing itself is that of its builders', () => {
    expect(proofChecks({ ...proof, here: false, builders: [held] })[0]?.found).toContain('max-jobs = 0');
  });

  test('that was not tried is told as such', () => {
    expect(sandboxNotTried('--no-canary', 'Leave it out.')).toMatchObject({
      id: 'sandbox',
      state: 'limited',
      found: 'not tried: --no-canary',
    });
  });
});
