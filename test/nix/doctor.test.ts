/** `nidify doctor` on this machine, with each Nix. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { type DoctorArguments, doctor } from '../../src/cli/commands/doctor.ts';
import { doctorResultSchema } from '../../src/cli/results/index.ts';
import { stages } from '../../src/cli/stages.ts';
import type { Plan } from '../../src/plan/schema.ts';
import { capturedIo } from '../support/io.ts';
import { describeNix, type NixVersion, nixEnvironment } from './harness.ts';
import { standInCatalogue } from './stand-in-catalogue.ts';

const secrets = {
  https_proxy: 'http://me:hunter2@proxy.example:3128',
  NIDIFY_TARBALL_URL: 'https://t0ken@m.example',
};

describeNix('nidify doctor', (nixes) => {
  const storage = mkdtempSync(path.join(tmpdir(), 'nidify-doctor-'));
  const before = { ...process.env };
  let plan: Plan;

  beforeAll(async () => {
    mkdirSync(path.join(storage, 'project'));
    writeFileSync(
      path.join(storage, 'project/package.json'),
      '{ "name": "shop", "engines": { "node": "22" } }',
    );
    plan = await analyze(path.join(storage, 'project'), { catalogue: await standInCatalogue() });
    for (const input of plan.nixpkgs) input.minimumNix = '2.4';
  });
  afterEach(() => {
    process.env = { ...before };
  });
  afterAll(() => rmSync(storage, { recursive: true, force: true }));

  async function examined(
    version: NixVersion,
    {
      args = {},
      conf = {},
      env = {},
      of = plan,
    }: {
      args?: DoctorArguments;
      conf?: Record<string, string>;
      env?: Record<string, string>;
      of?: Plan;
    },
  ) {
    process.env = { ...(await nixEnvironment(version, conf)), ...env };
    const io = capturedIo({ cwd: storage, env: { ...process.env, ...secrets } });
    const context = { io, base: storage, quiet: true, stages: { ...stages, analyze: async () => of } };
    const exitCode = await doctor({ json: true, ...args }, context);
    const result = doctorResultSchema.parse(JSON.parse(io.stdout()));
    expect(result.exitCode).toBe(exitCode);
    expect(io.stdout()).not.toMatch(/hunter2|t0ken/);
    for (const { state, consequence, fix } of result.checks) {
      expect([consequence !== null, fix !== null]).toEqual(state === 'ok' ? [false, false] : [true, true]);
    }
    return { exitCode, check: (id: string) => result.checks.find((each) => each.id === id) };
  }

  for (const version of nixes) {
    describe(`with Nix ${version.version}`, () => {
      test('finds that environments can be built', async () => {
        const { exitCode, check } = await examined(version, {});
        expect(exitCode).toBe(0);
        expect(check('nix')).toMatchObject({ state: 'ok', found: `Nix ${version.version}` });
        expect(check('store')).toMatchObject({ state: 'ok', found: '/nix, writable' });
        expect(check('build-users')).toMatchObject({ state: 'ok' });
        expect(check('sandbox')).toMatchObject({ state: 'ok', found: 'holds (control: refused)' });
        expect(check('caches')).toMatchObject({ state: 'limited' });
        expect(check('proxy')?.found).toBe('https_proxy: proxy.example:3128');
        expect(check('mirror')?.found).toBe('NIDIFY_TARBALL_URL: m.example');
      });

      test('finds that the sandbox has a hole, and what closes it', async () => {
        const { exitCode, check } = await examined(version, { conf: { 'extra-sandbox-paths': '/opt' } });
        expect(exitCode).toBe(1);
        expect(check('sandbox')).toMatchObject({ state: 'missing', fix: expect.stringContaining('/opt') });
      });

      test('finds what keeps Nix from building: version, build users, daemon', async () => {
        const demanding = { ...plan, nixpkgs: plan.nixpkgs.map((input) => ({ ...input, minimumNix: '99' })) };
        const old = await examined(version, { of: demanding });
        expect(old.exitCode).toBe(1);
        expect(old.check('nix')).toMatchObject({ state: 'missing' });
        expect(old.check('sandbox')).toMatchObject({ state: 'limited' });
        const group = await examined(version, {
          conf: { 'build-users-group': 'nobody-builds-here' },
          args: { canary: false },
        });
        expect(group.check('build-users')).toMatchObject({ state: 'missing' });
        const env = { NIX_REMOTE: 'daemon', NIX_DAEMON_SOCKET_PATH: path.join(storage, 'no-socket') };
        const daemon = await examined(version, { env, args: { canary: false } });
        expect(daemon.check('store')).toMatchObject({ state: 'missing' });
        expect(daemon.check('store')?.fix).toContain('nix-daemon');
      });

      test('finds builders and tries them', async () => {
        const store = path.join(storage, `builder-${version.version}`);
        const { exitCode, check } = await examined(version, { conf: { builders: `${store} x86_64-linux` } });
        expect(exitCode).toBe(0);
        expect(check('builders')).toMatchObject({ state: 'ok', found: expect.stringContaining(store) });
      });
    });
  }
});
