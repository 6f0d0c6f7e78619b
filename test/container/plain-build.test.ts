/** The Dockerfile without nidify: the toolchain comes from a binary cache, or the build says what is missing. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { baseImageFile } from '../../scripts/test-tools/base-image.mjs';
import { analyze } from '../../src/analyze.ts';
import { render } from '../../src/render/render.ts';
import { nixEnvironment, nixVersions, prepareChannel } from '../nix/harness.ts';
import { standInCatalogue } from '../nix/stand-in-catalogue.ts';
import { describeEngine, type Engine, startEngine } from './engine.ts';

const baseImage = 'debian:trixie-slim';

describeEngine('docker build of the generated Dockerfile alone', () => {
  let scratch: string;
  let context: string;
  let engine: Engine;
  let server: Server;
  let address: string;
  let key: string;
  /** Names of files that the cache does not have. */
  let hidden: (name: string) => boolean = () => false;

  beforeAll(async () => {
    scratch = mkdtempSync(path.join(tmpdir(), 'nidify-plain-'));
    const project = path.join(scratch, 'shop');
    mkdirSync(project);
    writeFileSync(
      path.join(project, 'package.json'),
      '{ "name": "shop", "engines": { "node": "22" }, "devDependencies": { "testcontainers": "10" } }\n',
    );
    const plan = await analyze(project, { catalogue: await standInCatalogue() });
    for (const { path: name, text, mode } of await render(plan)) {
      const file = path.join(project, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text, { mode });
    }
    context = path.join(project, '.devcontainer');
    const rev = plan.nixpkgs[0]?.rev;
    key = await fillCache(project);
    const { storePath } = await prepareChannel();
    const { stdout: archive } = await execa(
      'tar',
      ['-C', path.dirname(storePath), '-cz', path.basename(storePath)],
      {
        encoding: 'buffer',
      },
    );
    server = createServer(({ url = '' }, response) => {
      if (url === `/mirror/${rev}.tar.gz`) {
        response.end(archive);
        return;
      }
      const name = url.replace(/^\/cache\//, '');
      try {
        if (hidden(name) || !/^(nar\/)?[\w.-]+$/.test(name)) throw new Error('hidden');
        response.end(readFileSync(path.join(scratch, 'cache', name)));
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const listening = server.address();
    address = `http://127.0.0.1:${typeof listening === 'object' ? listening?.port : ''}`;
    engine = await startEngine();
    await engine.docker(['import', '--platform', 'linux/amd64', baseImageFile(), baseImage]);
  }, 600_000);
  afterAll(async () => {
    await engine?.stop();
    server?.close();
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  });

  /** All that building the environment takes, but not the environment: no public cache has that. */
  async function fillCache(project: string): Promise<string> {
    const nix = nixVersions().at(-1);
    if (nix === undefined) throw new Error('there is no Nix');
    const env = await nixEnvironment(nix);
    const run = async (program: string, args: string[], input?: string) =>
      (
        await execa(path.join(nix.bin, program), args, {
          env,
          extendEnv: false,
          cwd: project,
          ...(input && { input }),
        })
      ).stdout;
    const { directory } = await prepareChannel();
    const channel = ['--arg', 'nixpkgs', directory];
    await run('nix-build', ['shell.nix', ...channel, '-A', 'packages.environment', '--no-out-link']);
    const derivation = await run('nix-instantiate', ['shell.nix', ...channel, '-A', 'packages.environment']);
    const all = (await run('nix-store', ['-qR', '--include-outputs', derivation])).split('\n');
    const there = [];
    for (const each of all) {
      if (each.endsWith('.drv') || each.endsWith('-environment')) continue;
      const { exitCode } = await execa(path.join(nix.bin, 'nix-store'), ['--check-validity', each], {
        env,
        extendEnv: false,
        reject: false,
      });
      if (exitCode === 0) there.push(each);
    }
    const secret = await run('nix', [
      '--extra-experimental-features',
      'nix-command',
      'key',
      'generate-secret',
      '--key-name',
      'test-1',
    ]);
    writeFileSync(path.join(scratch, 'secret'), secret);
    const cache = `file://${path.join(scratch, 'cache')}?secret-key=${path.join(scratch, 'secret')}&compression=none`;
    await run('nix', ['--extra-experimental-features', 'nix-command', 'copy', '--to', cache, ...there]);
    return run(
      'nix',
      ['--extra-experimental-features', 'nix-command', 'key', 'convert-secret-to-public'],
      secret,
    );
  }

  const build = (...options: string[]) =>
    engine.docker(
      [
        ...['build', '--network', 'host', '--target', 'toolchain', ...options],
        ...['--build-arg', `BASE_IMAGE=${baseImage}`, '--build-arg', `NIDIFY_TARBALL_URL=${address}/mirror`],
        ...['--build-arg', `NIX_CONFIG=substituters = ${address}/cache\ntrusted-public-keys = ${key}`],
        context,
      ],
      { timeout: 600_000 },
    );

  test('takes store paths from a cache, and makes only the environment itself', async () => {
    const { exitCode, stdout, stderr } = await build('--tag', 'toolchain');
    expect(`${stdout}\n${stderr}`).not.toMatch(/are in no binary cache/);
    expect(exitCode).toBe(0);
    const { stdout: found } = await engine.docker([
      ...['run', '--rm', '--network', 'none', 'toolchain', 'sh', '-c'],
      'readlink /out/opt/environment; ls /out/opt/environment-programs | grep -x node',
    ]);
    expect(found).toMatch(/^\/nix\/store\/\S+-environment\nnode$/);
  }, 600_000);

  test('compiles nothing: it names what the cache lacks, and ends', async () => {
    const names = readdirSync(path.join(scratch, 'cache')).filter((name) => name.endsWith('.narinfo'));
    const node = names.find((name) =>
      /^StorePath: \S+-nodejs-/m.test(readFileSync(path.join(scratch, 'cache', name), 'utf8')),
    );
    expect(node).toBeDefined();
    hidden = (name) => name === node;
    const { exitCode, stderr, stdout } = await build('--no-cache');
    expect(exitCode).not.toBe(0);
    expect(`${stdout}\n${stderr}`).toMatch(
      /are in no binary cache[\s\S]*-nodejs-[\d.]+\.drv[\s\S]*nidify build --target container/,
    );
  }, 600_000);
});
