/** Never a build accepted without a sandbox, never one refused with one: the ways in which Nix runs. */
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { lockOf } from '../../src/lock/make.ts';
import { render } from '../../src/render/render.ts';
import { write } from '../../src/write/write.ts';
import { describeNix, everyNix, type NixVersion, nix, nixEnvironment, prepareChannel } from './harness.ts';
import { standInCatalogue } from './stand-in-catalogue.ts';

const runner = fileURLToPath(new URL('./build-runner.mjs', import.meta.url));
const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

interface Outcome {
  built?: {
    storePath: string;
    proof: { control: string; controlFound: string[] };
    isRemembered: boolean;
    root: string;
  };
  error?: { code: string; message: string; hint?: string; exitCode: number };
}

/** A user of this machine that nothing belongs to. */
const stranger = 4242;

describeNix(
  'the sandbox',
  (nixes) => {
    const storage = mkdtempSync(path.join(tmpdir(), 'nidify-sandbox-'));
    const project = path.join(storage, 'project');
    // A copy that every user can read, with what the library imports beside it.
    const library = path.join(storage, 'nidify', 'dist');
    const daemons: { pid?: number | undefined }[] = [];
    let count = 0;

    beforeAll(async () => {
      chmodSync(storage, 0o755);
      mkdirSync(project);
      writeFileSync(
        path.join(project, 'package.json'),
        JSON.stringify({ name: 'shop', engines: { node: '22' } }),
      );
      const plan = await analyze(project, { catalogue: await standInCatalogue() });
      const files = await render(plan);
      await write(files, { directory: project, lock: lockOf(plan, files) });
      cpSync(dist, library, { recursive: true });
      cpSync(path.join(dist, '../node_modules/zod'), path.join(storage, 'nidify/node_modules/zod'), {
        recursive: true,
      });
      writeFileSync(path.join(storage, 'nidify/package.json'), '{"type":"module"}');
      cpSync(runner, path.join(storage, 'nidify/build-runner.mjs'));
    });
    afterAll(() => {
      for (const { pid } of daemons) if (pid !== undefined) process.kill(pid, 'SIGTERM');
      rmSync(storage, { recursive: true, force: true });
    });

    /** A folder of its own for the caller's home, state and caches. */
    function home(owner = 0): string {
      const folder = path.join(storage, `home-${count++}`);
      mkdirSync(folder);
      chownSync(folder, owner, owner);
      return folder;
    }

    async function build(
      version: NixVersion,
      {
        wrapper = [],
        conf = {},
        env = {},
        settings = {},
        owner = 0,
        at = home(owner),
      }: {
        wrapper?: string[];
        conf?: Record<string, string>;
        env?: Record<string, string>;
        settings?: object;
        owner?: number;
        at?: string;
      } = {},
    ): Promise<Outcome> {
      const request = JSON.stringify({ directory: project, settings });
      const line = [
        ...wrapper,
        process.execPath,
        path.join(storage, 'nidify/build-runner.mjs'),
        path.join(library, 'index.js'),
        request,
      ];
      const [program = '', ...args] = line;
      const { stdout, stderr } = await execa(program, args, {
        env: {
          ...(await nixEnvironment(version, conf)),
          HOME: at,
          XDG_CACHE_HOME: path.join(at, 'cache'),
          XDG_STATE_HOME: path.join(at, 'state'),
          XDG_CONFIG_HOME: path.join(at, 'config'),
          XDG_DATA_HOME: path.join(at, 'data'),
          ...env,
        },
        extendEnv: false,
        reject: false,
        timeout: 280_000,
      });
      const last = stdout.trim().split('\n').at(-1) ?? '';
      if (!last.startsWith('{')) throw new Error(`no answer: ${stderr}`);
      return JSON.parse(last) as Outcome;
    }

    for (const version of nixes) {
      describe(`of Nix ${version.version}`, () => {
        test('is proved for root, and remembered for as long as the machine stays as it is', async () => {
          const at = home();
          const first = await build(version, { at });
          expect(first.error).toBeUndefined();
          expect(first.built?.proof.control).toBe('refused');
          expect(first.built?.proof.controlFound).toEqual(
            expect.arrayContaining(['host-file', 'host-folder', 'host-namespace', 'host-network']),
          );
          expect(first.built?.isRemembered).toBe(false);
          expect((await build(version, { at })).built?.isRemembered).toBe(true);
          expect((await build(version, { at, conf: { cores: '1' } })).built?.isRemembered).toBe(false);
        });

        test('is on although the configuration turns it off, where the caller may say so', async () => {
          const { built } = await build(version, { conf: { sandbox: 'false', 'sandbox-fallback': 'true' } });
          expect(built?.proof.control).toBe('refused');
        });

        test('has no hole: a folder of the machine in it is refused by name', async () => {
          const { error } = await build(version, { conf: { 'extra-sandbox-paths': '/opt' } });
          expect(error).toMatchObject({ code: 'sandbox-missing', exitCode: 6 });
          expect(error?.message).toContain('/opt');
          expect(error?.hint).toContain('sandbox-paths');
        });

        test('is not holed by the interpreters of foreign programs, which NixOS puts into it', async () => {
          const folder = home();
          const { error, built } = await build(version, {
            conf: { 'extra-sandbox-paths': `/run/binfmt=${folder}` },
          });
          expect(error).toBeUndefined();
          expect(built?.proof.control).toBe('refused');
        });

        test('is missing where the kernel makes no user namespaces: refused, never built without', async () => {
          const script = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"';
          const wrapper = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', script, 'sh'];
          const { error, built } = await build(version, { wrapper, conf: { 'sandbox-fallback': 'true' } });
          expect(built).toBeUndefined();
          expect(error).toMatchObject({ code: 'sandbox-missing', exitCode: 6 });
          expect(error?.hint).toMatch(/max_user_namespaces|security-opt/);
        });

        test('is missing where the group of build users is: refused with the way out', async () => {
          const { error } = await build(version, { conf: { 'build-users-group': 'nobody-builds-here' } });
          expect(error).toMatchObject({ code: 'sandbox-missing', exitCode: 6 });
          expect(error?.hint).toContain('build-users-group');
        });

        test('is missing where sandbox-paths names a file that is gone: refused with the way out', async () => {
          const { error } = await build(version, {
            conf: { 'sandbox-paths': '/bin/sh=/usr/bin/bash-static-that-is-gone' },
          });
          expect(error).toMatchObject({ code: 'sandbox-missing', exitCode: 6 });
          expect(error?.hint).toContain('sandbox-paths');
        });

        test('is proved in a store of its own, as a user who owns nothing else', async () => {
          const at = home(stranger);
          const store = path.join(at, 'store');
          const { storePath: source } = await prepareChannel();
          const { built } = await build(version);
          // The environment and the shell: to build these anew the store would need a /bin/sh.
          const links = [built?.root ?? '', `${built?.root}-1`];
          const copied = await nix(version, ['copy', '--no-check-sigs', '--to', store, source, ...links]);
          expect(copied.exitCode, copied.stderr).toBe(0);
          await execa('chown', ['-R', `${stranger}:${stranger}`, store]);
          const wrapper = ['setpriv', `--reuid=${stranger}`, `--regid=${stranger}`, '--clear-groups'];
          const outcome = await build(version, {
            wrapper,
            at,
            settings: { store },
            conf: { 'sandbox-paths': '' },
          });
          expect(outcome.error).toBeUndefined();
          // Builds for a store at another place are always sandboxed: there is no turning it off.
          expect(outcome.built?.proof.control).toBe('reached');
          expect(outcome.built?.storePath).toBe(built?.storePath);
        });

        describe('through a daemon', () => {
          async function daemon(conf: Record<string, string>): Promise<Record<string, string>> {
            const socket = path.join(storage, `daemon-${count++}`);
            mkdirSync(socket);
            chmodSync(socket, 0o755);
            const address = path.join(socket, 'socket');
            const env = await nixEnvironment(version, conf);
            const started = execa(path.join(version.bin, 'nix-daemon'), [], {
              env: { ...env, NIX_DAEMON_SOCKET_PATH: address },
              extendEnv: false,
              reject: false,
              stdio: 'ignore',
            });
            daemons.push(started);
            await expect
              .poll(() =>
                execa('test', ['-S', address]).then(
                  () => true,
                  () => false,
                ),
              )
              .toBe(true);
            return { NIX_REMOTE: 'daemon', NIX_DAEMON_SOCKET_PATH: address, NIX_CONFIG: '' };
          }
          const wrapper = ['setpriv', `--reuid=${stranger}`, `--regid=${stranger}`, '--clear-groups'];

          test('is proved for a caller that it does not trust, by another control', async () => {
            const env = await daemon({ 'trusted-users': 'root' });
            const outcome = await build(version, { env, wrapper, owner: stranger });
            expect(outcome.error).toBeUndefined();
            expect(outcome.built?.proof.control).toBe('reached');
          });

          test('is refused when the daemon builds without one', async () => {
            const env = await daemon({ sandbox: 'false', 'trusted-users': 'root' });
            const { error, built } = await build(version, { env, wrapper, owner: stranger });
            expect(built).toBeUndefined();
            expect(error).toMatchObject({ code: 'sandbox-missing', exitCode: 6 });
            expect(error?.message).toContain('network');
            expect(error?.hint).toContain('daemon');
          });
        });
      });
    }
  },
  everyNix,
);
