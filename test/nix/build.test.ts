/** What builds do that go wrong, and what is left of them: nothing. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { statementOf } from '../../src/build/attestation.ts';
import { type Built, build } from '../../src/build/build.ts';
import { copyTo } from '../../src/build/cache.ts';
import { defaultNixSettings, type NixSettings } from '../../src/build/nix.ts';
import type { Plan } from '../../src/plan/schema.ts';
import { render } from '../../src/render/render.ts';
import { describeNix, type NixVersion, nix, nixEnvironment } from './harness.ts';
import { failure, scripted } from './scripted.ts';
import { standInCatalogue } from './stand-in-catalogue.ts';

const library = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const runner = fileURLToPath(new URL('./build-runner.mjs', import.meta.url));

describeNix('a build', (nixes) => {
  const storage = mkdtempSync(path.join(tmpdir(), 'nidify-builds-'));
  const before = { ...process.env };
  let plan: Plan;
  let count = 0;
  let server: Server | undefined;

  beforeAll(async () => {
    writeFileSync(
      path.join(storage, 'package.json'),
      JSON.stringify({ name: 'shop', engines: { node: '22' } }),
    );
    plan = await analyze(storage, { catalogue: await standInCatalogue() });
    for (const input of plan.nixpkgs) input.minimumNix = '2.4';
  });
  afterEach(() => {
    process.env = { ...before };
    server?.close();
  });
  afterAll(() => rmSync(storage, { recursive: true, force: true }));

  async function use(version: NixVersion, conf: Record<string, string> = {}): Promise<void> {
    process.env = { ...(await nixEnvironment(version, conf)) };
  }

  async function run(
    files: Awaited<ReturnType<typeof render>>,
    settings: Partial<NixSettings> = {},
    of: Plan = plan,
  ): Promise<Built> {
    return build(of, {
      repository: storage,
      files,
      environment: 'default',
      settings: { ...defaultNixSettings, timeoutMs: 120_000, ...settings },
      mirror: null,
    });
  }

  /** A number that no other process sleeps for. */
  const marker = () => String(90_000 + (process.pid % 5000) * 2 + count++);

  async function sleepers(mark: string): Promise<string> {
    const { stdout } = await execa('pgrep', ['-f', `^sleep ${mark}$`], { reject: false });
    return stdout;
  }

  for (const version of nixes) {
    describe(`with Nix ${version.version}`, () => {
      test('that never ends is ended, with all that it started', async () => {
        await use(version);
        const mark = marker();
        const script = `i=0; while [ $i -lt 50 ]; do sleep ${mark} & i=$((i+1)); done; wait`;
        const error = await failure(run(scripted(script), { timeoutMs: 3000 }));
        expect(error).toMatchObject({ code: 'build-timed-out', exitCode: 5 });
        await expect.poll(() => sleepers(mark), { timeout: 10_000 }).toBe('');
      });

      test('that multiplies into processes that nothing waits for is ended with all of them', async () => {
        await use(version);
        const mark = marker();
        // Two of each, in sessions of their own, whose parents are gone: 256 at the end, each of which begins anew.
        const script = [
          'bomb() {',
          `  if [ $1 -gt 0 ]; then for i in 1 2; do setsid sh -c "$body" bomb $(($1 - 1)) & done; exit; fi`,
          `  while :; do sleep ${mark}; done`,
          '}',
          'bomb "$1"',
        ].join('\n');
        const files = scripted(
          `export body='${script}'; setsid sh -c "$body" bomb 8 & while :; do sleep 1; done`,
        );
        const error = failure(run(files, { timeoutMs: 5000 }));
        await expect
          .poll(async () => (await sleepers(mark)).split('\n').length, { timeout: 10_000 })
          .toBeGreaterThan(100);
        expect(await error).toMatchObject({ code: 'build-timed-out', exitCode: 5 });
        await expect.poll(() => sleepers(mark), { timeout: 10_000 }).toBe('');
      });

      test('that prints without end is ended', async () => {
        await use(version);
        const error = await failure(
          run(
            scripted(
              'while :; do echo 0123456789012345678901234567890123456789012345678901234567890123456789; done',
            ),
            { maxLogBytes: 4 * 1024 ** 2 },
          ),
        );
        expect(error).toMatchObject({ code: 'build-log-limit', exitCode: 5 });
      });

      test('that takes more memory than it may fails', async () => {
        await use(version);
        const script = 'x=0123456789abcdef; while :; do x=$x$x; done; echo > $out';
        const error = await failure(run(scripted(script), { memoryBytes: 256 * 1024 ** 2 }));
        expect(error.exitCode).toBe(5);
      });

      test('that downloads something else than its hash says fails', async () => {
        await use(version);
        const more =
          'outputHashMode = "flat"; outputHashAlgo = "sha256"; outputHash = builtins.hashString "sha256" "other";';
        const error = await failure(run(scripted('echo this > $out', more)));
        expect(error).toMatchObject({ code: 'hash-mismatch', exitCode: 5 });
      });

      test('that is interrupted leaves nothing, and the next one succeeds', async () => {
        await use(version);
        const mark = marker();
        const controller = new AbortController();
        const running = failure(run(scripted(`sleep ${mark}; echo > $out`), { signal: controller.signal }));
        await expect.poll(() => sleepers(mark), { timeout: 30_000 }).not.toBe('');
        controller.abort();
        expect(await running).toMatchObject({ code: 'aborted', exitCode: 75 });
        await expect.poll(() => sleepers(mark), { timeout: 10_000 }).toBe('');
        expect((await run(scripted('echo > $out'))).storePath).toMatch(/scripted$/);
      });

      test('whose nidify is killed without a word leaves nothing either', async () => {
        await use(version);
        const mark = marker();
        const files = scripted(`sleep ${mark}; echo > $out`);
        const request = JSON.stringify({ directory: storage, files });
        // In a folder without a plan of the stand-in the proof would fail: it is remembered from the tests before.
        const child = execa(process.execPath, [runner, library, request], { reject: false, stdio: 'ignore' });
        await expect.poll(() => sleepers(mark), { timeout: 60_000 }).not.toBe('');
        child.kill('SIGKILL');
        await expect.poll(() => sleepers(mark), { timeout: 15_000 }).toBe('');
      });

      test('goes on twice at once', async () => {
        await use(version);
        const files = scripted(`sleep 1; echo ${marker()} > $out`);
        const [one, other] = await Promise.all([run(files), run(files)]);
        expect(one.storePath).toBe(other.storePath);
      });

      test('takes from a cache only what a trusted key has signed', async () => {
        await use(version);
        const cache = path.join(storage, `cache-${count++}`);
        const { stdout: secret } = await nix(version, ['key', 'generate-secret', '--key-name', 'test-1']);
        const { stdout: key } = await nix(version, ['key', 'convert-secret-to-public'], { input: secret });
        const { stdout: otherSecret } = await nix(version, [
          'key',
          'generate-secret',
          '--key-name',
          'test-1',
        ]);
        const { stdout: wrongKey } = await nix(version, ['key', 'convert-secret-to-public'], {
          input: otherSecret,
        });
        const signKey = path.join(storage, `secret-${count++}`);
        writeFileSync(signKey, secret);
        const files = scripted(`echo ${marker()} > $out`);
        const made = await run(files);
        await copyTo(made, { url: `file://${cache}`, signKey }, defaultNixSettings, storage);
        server = createServer((request, response) => {
          try {
            response.end(readFileSync(path.join(cache, new URL(request.url ?? '/', 'http://x').pathname)));
          } catch {
            response.writeHead(404).end();
          }
        });
        const address = await new Promise<string>((resolve) => {
          server?.listen(0, '127.0.0.1', () => {
            const at = server?.address();
            resolve(`http://127.0.0.1:${typeof at === 'object' ? at?.port : ''}`);
          });
        });
        const again = async (trustedKeys: string[]) => {
          rmSync(made.root, { force: true });
          rmSync(`${made.root}-1`, { force: true });
          const deleted = await nix(version, ['--delete', '--ignore-liveness', made.storePath], {
            program: 'nix-store',
          });
          expect(deleted.exitCode, deleted.stderr).toBe(0);
          return statementOf(await run(files, { substituters: [address], trustedKeys }), plan).predicate
            .paths;
        };
        expect(await again([key.trim()])).toMatchObject([{ origin: 'substituted', substituter: address }]);
        expect(await again([wrongKey.trim()])).toMatchObject([{ origin: 'built', inThisRun: true }]);
        expect(await again([])).toMatchObject([{ origin: 'built', inThisRun: true }]);
      });

      test('needs Nix, new enough, and the network where nothing is there', async () => {
        await use(version);
        const files = await render(plan);
        const old = { ...plan, nixpkgs: plan.nixpkgs.map((input) => ({ ...input, minimumNix: '99.1' })) };
        expect(await failure(run(scripted(`echo ${marker()}`), {}, old))).toMatchObject({
          code: 'nix-too-old',
          exitCode: 4,
        });
        const unknown = files.map((file) =>
          file.path === 'flake.lock'
            ? {
                ...file,
                text: file.text
                  .replace(/sha256-[^"]{10}/g, 'sha256-AAAAAAAAAA')
                  .replace(/"rev": "\w{8}/g, '"rev": "deadbeef'),
              }
            : file,
        );
        expect(await failure(run(unknown))).toMatchObject({ code: 'network-unavailable', exitCode: 75 });
        process.env.PATH = path.join(storage, 'nowhere');
        expect(await failure(run(scripted(`echo ${marker()}`)))).toMatchObject({
          code: 'tool-missing',
          exitCode: 4,
        });
      });
    });
  }
});
