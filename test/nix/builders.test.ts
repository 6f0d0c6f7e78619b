/** Remote builders: real stores and daemons of this machine, reached without a network. */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { buildersOf, statementOf } from '../../src/build/attestation.ts';
import { type Built, build } from '../../src/build/build.ts';
import { defaultNixSettings, type NixSettings } from '../../src/build/nix.ts';
import { builtView } from '../../src/cli/views/built.ts';
import type { Plan } from '../../src/plan/schema.ts';
import { describeNix, type NixVersion, nixEnvironment, prepareChannel } from './harness.ts';
import { failure, scripted } from './scripted.ts';
import { standInCatalogue } from './stand-in-catalogue.ts';

describeNix('a remote builder', (nixes) => {
  const storage = mkdtempSync(path.join(tmpdir(), 'nidify-builders-'));
  const before = { ...process.env };
  let plan: Plan;
  let count = 0;

  beforeAll(async () => {
    writeFileSync(path.join(storage, 'package.json'), '{ "name": "shop", "engines": { "node": "22" } }');
    plan = await analyze(storage, { catalogue: await standInCatalogue() });
    for (const input of plan.nixpkgs) input.minimumNix = '2.4';
  });
  afterEach(() => {
    process.env = { ...before };
  });
  afterAll(() => rmSync(storage, { recursive: true, force: true }));

  async function use(version: NixVersion, conf: Record<string, string> = {}): Promise<void> {
    const state = path.join(storage, `state-${count++}`);
    process.env = { ...(await nixEnvironment(version, conf)), XDG_STATE_HOME: state };
  }

  /** Builds something new, so that it has to be built somewhere. */
  async function run(settings: Partial<NixSettings>): Promise<Built> {
    return build(plan, {
      repository: storage,
      files: scripted(`: ${process.pid}-${count++}; echo > $out`),
      environment: 'default',
      settings: { ...defaultNixSettings, timeoutMs: 120_000, ...settings },
      mirror: null,
    });
  }

  /**
   * A program `ssh` that leads, whatever the host, to a Nix daemon with a /nix of its own and this configuration.
   *
   * @returns its folder, for PATH
   */
  async function sshTo(version: NixVersion, conf: readonly string[]): Promise<string> {
    const { seedPath } = await prepareChannel();
    const folder = path.join(storage, `ssh-${count++}`);
    const nix = path.join(folder, 'nix');
    mkdirSync(path.join(nix, 'store'), { recursive: true });
    const shell = path.join(folder, 'busybox');
    cpSync(path.join(seedPath, 'bin/busybox'), shell);
    mkdirSync(path.join(nix, 'var/nix'), { recursive: true });
    writeFileSync(
      path.join(folder, 'nix.conf'),
      [
        'substituters =',
        'build-users-group =',
        'trusted-users = root',
        'sandbox-fallback = false',
        `sandbox-paths = /bin/sh=${shell}`,
        ...conf,
        '',
      ].join('\n'),
    );
    const inside = [
      `mount --bind ${nix} /nix`,
      `export NIX_CONF_DIR=${folder}`,
      'unset NIX_CONFIG NIX_REMOTE',
      `exec ${path.join(version.bin, 'nix-daemon')} --stdio`,
    ].join(' && ');
    const script = [
      '#!/bin/sh',
      'for word; do [ "$word" = check ] && exit 255; done',
      'case "$*" in *"echo started"*) echo started ;; esac',
      `exec unshare --mount sh -c '${inside}'`,
      '',
    ].join('\n');
    writeFileSync(path.join(folder, 'ssh'), script);
    chmodSync(path.join(folder, 'ssh'), 0o755);
    return folder;
  }

  for (const version of nixes) {
    describe(`of Nix ${version.version}`, () => {
      test('is tried by a canary of its own, and the statement says what it built', async () => {
        await use(version);
        const store = path.join(storage, `store-${count++}`);
        const built = await run({ builders: `${store} x86_64-linux - 1 1` });
        expect(built.proof).toMatchObject({ here: true, control: 'refused' });
        const [shown] = buildersOf(built);
        expect(shown).toMatchObject({ sandbox: 'held', control: 'reached', reason: null, derivations: 1 });
        expect(shown?.builder).toContain(store);
        const { predicate } = statementOf(built, plan);
        expect(predicate.paths).toMatchObject([
          { path: built.storePath, origin: 'built-remotely', builder: shown?.builder, inThisRun: true },
        ]);
        expect(predicate.sandbox.builders).toEqual([shown]);
        const view = builtView(built, {
          builders: buildersOf(built),
          memoryLimit: 'none',
          attestation: null,
          copiedTo: null,
        });
        expect(JSON.stringify(view)).toContain('1 built there');
      });

      test('is all that is proved where this machine builds nothing itself', async () => {
        await use(version, { 'max-jobs': '0' });
        const store = path.join(storage, `store-${count++}`);
        const built = await run({ builders: `${store} x86_64-linux` });
        expect(built.proof).toMatchObject({
          here: false,
          control: 'reached',
          builders: [{ sandbox: 'held' }],
        });
        expect(statementOf(built, plan).predicate.sandbox.here).toBe(false);
      });

      test("that is there by Nix's own configuration is found, mandatory features and all", async () => {
        const machines = path.join(storage, `machines-${count++}`);
        const store = path.join(storage, `store-${count++}`);
        const line = `${store} x86_64-linux - 1 1 big big # a comment`;
        writeFileSync(machines, `# builders\n${line}\nssh://other aarch64-linux\n`);
        await use(version, { builders: `@${machines}` });
        const built = await run({});
        expect(buildersOf(built)).toMatchObject([{ sandbox: 'held', derivations: 0 }]);
      });

      test('that does not answer is said to be unproved, and gets nothing', async () => {
        await use(version);
        const built = await run({ builders: `ssh-ng://user:hidden@127.0.0.1:9 x86_64-linux` });
        const [shown] = buildersOf(built);
        expect(shown).toMatchObject({ sandbox: 'unproved', control: 'inconclusive', derivations: 0 });
        expect(shown?.reason).toMatch(/ssh|connect|cannot build on/i);
        expect(JSON.stringify([shown, statementOf(built, plan)])).not.toContain('hidden');
        expect(statementOf(built, plan).predicate.paths).toMatchObject([{ origin: 'built' }]);
      });

      test('that does not answer is an error where nothing is built here', async () => {
        await use(version, { 'max-jobs': '0' });
        const error = await failure(run({ builders: 'ssh-ng://127.0.0.1:9 x86_64-linux' }));
        expect(error).toMatchObject({ code: 'builders-unproved', exitCode: 6 });
        expect(error.message).toContain('127.0.0.1:9');
      });

      test('of another daemon, by the protocol of ssh-ng, is proved', async () => {
        await use(version);
        const folder = await sshTo(version, ['sandbox = true']);
        process.env.PATH = `${folder}:${process.env.PATH}`;
        const built = await run({ builders: 'ssh-ng://builder x86_64-linux' });

        expect(buildersOf(built)).toMatchObject([
          { builder: 'ssh-ng://builder', sandbox: 'held', control: 'reached' },
        ]);
      });

      test('that builds without a sandbox is refused by name', async () => {
        await use(version);
        const folder = await sshTo(version, ['sandbox = false']);
        process.env.PATH = `${folder}:${process.env.PATH}`;
        const error = await failure(run({ builders: 'ssh-ng://builder x86_64-linux' }));
        expect(error).toMatchObject({ code: 'sandbox-missing', exitCode: 6 });
        expect(error.message).toMatch(/on the builder ssh-ng:\/\/builder.*routes/s);
        expect(error.hint).toContain('On the builder');
      });
    });
  }
});
