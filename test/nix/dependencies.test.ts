/** Dependencies of an image: installed by the real package managers of an environment, from a registry on loopback. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { type Built, build } from '../../src/build/build.ts';
import { defaultNixSettings } from '../../src/build/nix.ts';
import type { Catalogue } from '../../src/catalogue/types.ts';
import { childEnvironment } from '../../src/exec.ts';
import { installDependencies } from '../../src/image/dependencies/install.ts';
import { dependenciesDigest, selectDependencies } from '../../src/image/dependencies/select.ts';
import { tar } from '../../src/image/tar.ts';
import type { Plan } from '../../src/plan/schema.ts';
import { render } from '../../src/render/render.ts';
import { treeOfDirectory } from '../support/file-tree.ts';
import { describeNix, type NixVersion, nixEnvironment } from './harness.ts';
import { standInCatalogue } from './stand-in-catalogue.ts';

type Files = Record<string, string>;

describeNix('dependencies of an image', (nixes) => {
  const storage = mkdtempSync(path.join(tmpdir(), 'nidify-dependencies-test-'));
  const environmentBefore = { ...process.env };
  let env: Record<string, string>;
  let catalogue: Catalogue;
  let environment: Built;
  let registry: Server;
  let address: string;
  let integrity: string;
  let count = 0;

  beforeAll(async () => {
    env = await nixEnvironment(nixes.at(-1) as NixVersion);
    catalogue = await standInCatalogue();
    process.env = { ...env };
    const served = new Map<string, Buffer>();
    registry = createServer((request, response) => {
      const found = served.get(request.url ?? '');
      if (found === undefined) response.writeHead(404).end('{}');
      else response.end(found);
    });
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
    address = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
    const { plan, directory } = await repository({});
    environment = await build(plan, {
      repository: directory,
      files: await render(plan),
      environment: 'default',
      settings: { ...defaultNixSettings, timeoutMs: 240_000 },
      mirror: null,
    });
    const tarball = await npmPackage();
    integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    served.set('/lucky.tgz', tarball);
  });
  beforeEach(() => {
    process.env = { ...env };
  });
  afterEach(() => {
    process.env = { ...environmentBefore };
  });
  afterAll(() => {
    registry.close();
    rmSync(storage, { recursive: true, force: true });
  });

  /** A package that says what its script sees, and has a program. */
  async function npmPackage(): Promise<Buffer> {
    const folder = path.join(storage, 'packed/package');
    mkdirSync(folder, { recursive: true });
    const script =
      'require("fs").writeFileSync("ran.json", JSON.stringify({ env: process.env, cwd: process.cwd() }));' +
      'require("fs").writeFileSync(process.env.HOME + "/.bashrc", "evil")';
    writeFileSync(path.join(folder, 'run.js'), script);
    writeFileSync(path.join(folder, 'index.js'), 'module.exports = 7;\n');
    writeFileSync(
      path.join(folder, 'cli.js'),
      '#!/usr/bin/env node\nconsole.log("lucky", require("./index.js"));\n',
    );
    const manifest = {
      name: 'lucky',
      version: '1.0.0',
      bin: 'cli.js',
      scripts: { postinstall: 'node run.js' },
    };
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
    await execa('tar', ['-czf', '../lucky.tgz', 'package'], { cwd: path.dirname(folder) });
    return readFileSync(path.join(storage, 'lucky.tgz'));
  }

  async function repository(files: Files): Promise<{ directory: string; plan: Plan }> {
    const directory = path.join(storage, `repository-${count++}`);
    const all: Files = {
      'package.json': JSON.stringify({
        name: 'shop',
        engines: { node: '22' },
        dependencies: { lucky: '1.0.0' },
      }),
      'package-lock.json': JSON.stringify({
        name: 'shop',
        lockfileVersion: 3,
        packages: {
          '': { name: 'shop', dependencies: { lucky: '1.0.0' } },
          'node_modules/lucky': {
            ...{ version: '1.0.0', resolved: `http://${address}/lucky.tgz`, integrity },
            ...{ hasInstallScript: true, bin: { lucky: 'cli.js' } },
          },
        },
      }),
      'index.js': "console.log('shop', require('lucky'));\n",
      ...files,
    };
    for (const [name, text] of Object.entries(all)) {
      mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
      writeFileSync(path.join(directory, name), text);
    }
    const plan = await analyze(directory, { catalogue });
    for (const input of plan.nixpkgs) input.minimumNix = '2.4';
    return { directory, plan };
  }

  interface More {
    allowScripts?: boolean;
    timeoutMs?: number;
    signal?: AbortSignal;
    bounds?: { bytes: number };
  }

  async function installed(files: Files = {}, { allowScripts = false, ...more }: More = {}) {
    const { directory, plan } = await repository(files);
    const selection = await selectDependencies(plan, await treeOfDirectory(directory), { allowScripts });
    const told: string[] = [];
    const made = await installDependencies(selection, {
      directory,
      environments: new Map([['default', environment]]),
      hostEnv: childEnvironment({ ...env, LANG: 'C' }),
      configuration: {
        ...env,
        npm_config_registry: `http://user:SECRET-password@${address}/`,
        API_TOKEN: 'SECRET-token',
      },
      onStatus: (text) => told.push(text),
      ...more,
    });
    if (made === null) throw new Error('nothing was installed');
    const archive = Buffer.concat(await Readable.from(tar(made.entries())).toArray());
    made.remove();
    return { selection, archive, told, made, digest: dependenciesDigest(selection, 'e') };
  }

  async function extracted(archive: Buffer, files: Files = {}): Promise<string> {
    const root = path.join(storage, `root-${count++}`);
    mkdirSync(path.join(root, 'home/nidify'), { recursive: true });
    await execa('tar', ['--no-same-owner', '-xf', '-', '-C', root], { input: archive });
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);
    return root;
  }

  /** As in a container of the image: what it has, at its place, and no network. */
  async function inImage(root: string, command: string[]): Promise<string> {
    const { stdout } = await execa(
      'bwrap',
      [
        ...[
          '--unshare-all',
          '--clearenv',
          '--setenv',
          'HOME',
          '/home/nidify',
          '--proc',
          '/proc',
          '--dev',
          '/dev',
        ],
        ...['--ro-bind', '/nix/store', '/nix/store', '--bind', path.join(root, 'work'), '/work'],
        ...['--bind', path.join(root, 'home/nidify'), '/home/nidify', '--chdir', '/work'],
        ...['--', path.join(environment.storePath, 'bin/enter'), ...command],
      ],
      { extendEnv: true },
    );
    return stdout;
  }

  test('are what the lock files say, work where the image has them, and no code of theirs was run', async () => {
    const { archive, told, made } = await installed();
    expect(told).toEqual(['npm ci --ignore-scripts']);
    expect(made.reached).toEqual([address]);
    const root = await extracted(archive, { 'work/index.js': "console.log('shop', require('lucky'));\n" });
    expect(await inImage(root, ['node', 'index.js'])).toBe('shop 7');
    expect(await inImage(root, ['node', 'node_modules/.bin/lucky'])).toBe('lucky 7');
    expect(readdirSync(path.join(root, 'work/node_modules/lucky'))).not.toContain('ran.json');
    // What is the repository's is not in the layer of the dependencies, nor are caches and logs.
    expect(readdirSync(path.join(root, 'work')).sort()).toEqual(['index.js', 'node_modules']);
    expect(readdirSync(path.join(root, 'home/nidify'))).toEqual([]);
  });

  test('have the same bytes and digest each time, whatever else changes in the repository', async () => {
    const first = await installed();
    const second = await installed({ 'index.js': 'changed', 'docs/new.md': '' });
    expect(second.digest).toBe(first.digest);
    expect(second.archive.equals(first.archive)).toBe(true);
    const { stdout } = await execa('tar', ['-tvf', '-', '--numeric-owner'], { input: first.archive });
    expect(stdout.split('\n').every((line) => / 1000\/1000 .* 1970-01-01 /.test(line))).toBe(true);
    expect(stdout).not.toMatch(/__pycache__|_cacache|_logs/);
  });

  test('know nothing of this machine, even where code of packages may be run', async () => {
    process.env.API_TOKEN = 'SECRET-variable';
    const { archive } = await installed({}, { allowScripts: true });
    for (const text of ['SECRET', storage, env.HOME ?? '', 'nidify-dependencies-']) {
      expect([text, archive.includes(text)]).toEqual([text, false]);
    }
    const root = await extracted(archive);
    const ran = JSON.parse(readFileSync(path.join(root, 'work/node_modules/lucky/ran.json'), 'utf8'));
    expect(ran.cwd).toBe('/work/node_modules/lucky');
    expect(ran.env).toMatchObject({ HOME: '/home/nidify', CI: 'true' });
    expect(ran.env).not.toHaveProperty('API_TOKEN');
    // Nor does it leave in the home what a worker's shell would obey.
    expect(readdirSync(path.join(root, 'home/nidify'))).toEqual([]);
  });

  test('that cannot be installed fail with the end of what was printed', async () => {
    const broken = {
      'package-lock.json': '{ "name": "shop", "lockfileVersion": 3, "packages": { "": { "name": "shop" } } }',
    };
    await expect(installed(broken)).rejects.toMatchObject({
      code: 'dependencies-failed',
      exitCode: 5,
      message: expect.stringMatching(
        /`npm ci --ignore-scripts` ended with 1; it last said:\n(.*\n)*.*npm error/,
      ),
      hint: expect.stringContaining('No code of packages was run'),
    });
    const elsewhere = {
      '.npmrc': 'fetch-retries=0\n',
      'package-lock.json': JSON.stringify({
        name: 'shop',
        lockfileVersion: 3,
        packages: {
          '': { name: 'shop', dependencies: { lucky: '1.0.0' } },
          'node_modules/lucky': { version: '1.0.0', resolved: 'http://elsewhere.example/lucky.tgz' },
        },
      }),
    };
    await expect(installed(elsewhere)).rejects.toMatchObject({
      code: 'dependencies-failed',
      hint: expect.stringContaining('elsewhere.example'),
    });
    const left = readdirSync(tmpdir()).filter((name) => name.startsWith('nidify-dependencies-'));
    expect(left).toEqual([path.basename(storage)]);
  });

  test('that are larger than allowed are told as such', async () => {
    await expect(installed({}, { bounds: { bytes: 100 } })).rejects.toMatchObject({
      code: 'dependencies-too-large',
      exitCode: 5,
    });
  });

  test('that take too long, or are stopped, are ended', async () => {
    await expect(installed({}, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'tool-timed-out',
      exitCode: 75,
    });
    const signal = AbortSignal.timeout(300);
    await expect(installed({}, { signal })).rejects.toMatchObject({ exitCode: 75 });
  });
});
