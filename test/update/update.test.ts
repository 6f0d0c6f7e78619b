import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AnalyzeOptions } from '../../src/analyze.ts';
import { resultSchema } from '../../src/cli/results/index.ts';
import { runCommand } from '../../src/cli/run.ts';
import { parseLock } from '../../src/lock/read.ts';
import type { Plan } from '../../src/plan/schema.ts';
import { capturedIo } from '../support/io.ts';
import { planOf, toolchainOf } from '../support/plan.ts';

const newest = 'e5'.repeat(20);
const narHash = `sha256-${'B'.repeat(43)}=`;

const manifestType = 'application/vnd.oci.image.index.v1+json';
const manifest = '{"schemaVersion":2,"manifests":[]}';
const manifestDigest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;

let root: string;
let server: Server;
let address: string;
let pathBefore: string | undefined;

const at = (...parts: string[]) => path.join(root, ...parts);

beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'nidify-update-test-'));
  mkdirSync(at('bin'));
  mkdirSync(at('repository'));
  server = createServer((request, response) => {
    if (request.url?.endsWith('/git-revision') === true) response.end(newest);
    else if (request.url === '/v2/tools/debian/manifests/13')
      response.writeHead(200, { 'content-type': manifestType }).end(manifest);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const found = server.address();
  address = typeof found === 'object' && found !== null ? `http://127.0.0.1:${found.port}` : '';
  pathBefore = process.env.PATH;
});
afterEach(() => {
  process.env.PATH = pathBefore;
  server.closeAllConnections();
  server.close();
  rmSync(root, { recursive: true, force: true });
});

/** A program in the place of nix-instantiate, which answers every attribute with what is told here. */
function useNix(answers: Record<string, { state: string; version: string | null }>): void {
  const script = `#!${process.execPath}
const fs = require('node:fs');
const request = JSON.parse(process.argv[process.argv.indexOf('request') + 1]);
fs.appendFileSync(${JSON.stringify(at('asked'))}, JSON.stringify(request) + '\\n');
const answers = ${JSON.stringify(answers)};
const tree = { narHash: ${JSON.stringify(narHash)}, lastModified: 1790000000, path: '/nix/store/x-source' };
const describe = ({ attribute }) => ({ attribute, ...(answers[attribute] ?? { state: 'missing', version: null }) });
process.stdout.write(JSON.stringify(request.attributes ? request.attributes.map(describe) : tree));
`;
  writeFileSync(at('bin', 'nix-instantiate'), script);
  chmodSync(at('bin', 'nix-instantiate'), 0o755);
  process.env.PATH = at('bin');
}

const node = toolchainOf({ key: 'node-22', id: 'node', version: '22', attribute: 'nodejs_22' });
const shop: Plan = planOf({
  toolchains: [node],
  systems: ['x86_64-linux', 'aarch64-darwin'],
  libraries: [
    {
      key: 'libpq',
      attribute: 'libpq.pg_config',
      input: 'nixpkgs',
      systems: ['x86_64-linux'],
      grade: 'confirmed',
      because: [],
      use: 'link',
    },
  ],
});

/** Base image of a container that the plan has, where it has one. */
let base: string | null = null;

function containerWith(reference: string, locked: AnalyzeOptions['locked']): Partial<Plan> {
  const digest = locked?.images?.find((image) => image.reference === reference)?.digest ?? null;
  const images = [{ key: 'base' as const, reference, digest }];
  return { container: { folder: '.devcontainer', policy: 'on', toolchain: 'nix', images } };
}

async function run(argv: string[]) {
  const io = capturedIo({
    cwd: at('repository'),
    env: { NIDIFY_CHANNELS_URL: address, NIDIFY_TARBALL_URL: `${address}/archive` },
  });
  const exitCode = await runCommand(argv, io, {
    stages: {
      // As the planner does it: locked pins win.
      async analyze(_, { locked }: AnalyzeOptions) {
        const [input] = shop.nixpkgs;
        const [pin] = locked?.pins ?? [];
        const version = locked?.lines[0]?.version ?? '22';
        if (input === undefined) throw new Error('no input');
        const container = base === null ? {} : containerWith(base, locked);
        return {
          ...shop,
          ...container,
          nixpkgs: [{ ...input, ...pin }],
          toolchains: [{ ...node, version }],
        };
      },
      async render(plan) {
        return [{ path: 'flake.lock', text: `${plan.nixpkgs[0]?.rev}\n`, mode: 0o644 }];
      },
      async catalogue() {
        return null;
      },
    },
  });
  return { exitCode, stdout: io.stdout(), stderr: io.stderr() };
}

const asked = (): { system?: string; attributes?: { attribute: string }[] }[] =>
  readFileSync(at('asked'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('update', () => {
  const present = {
    nodejs_22: { state: 'present', version: '22.23.1' },
    'libpq.pg_config': { state: 'present', version: '17.1' },
  };

  test('moves pins to the newest revision and records the versions that Nix gives', async () => {
    useNix(present);
    await run([]);
    const { exitCode, stdout } = await run(['update']);
    expect(exitCode).toBe(0);
    expect(readFileSync(at('repository', 'flake.lock'), 'utf8')).toBe(`${newest}\n`);
    const lock = parseLock(readFileSync(at('repository', 'nidify.lock'), 'utf8'));
    expect(lock.pins).toEqual([
      { input: 'nixpkgs', channel: 'nixos-26.05', rev: newest, narHash, lastModified: 1_790_000_000 },
    ]);
    expect(lock.lines[0]).toMatchObject({ key: 'node-22', version: '22.23.1' });
    expect(stdout).toMatch(/nixos-26\.05 +aaaaaaaaaaaa → e5e5e5e5e5e5/);
    expect(stdout).toMatch(/node-22 +22 → 22\.23\.1/);
  });

  test('asks for every attribute, on the systems that use it', async () => {
    useNix(present);
    await run(['update']);
    const evaluations = asked().filter(({ attributes }) => attributes !== undefined);
    expect(
      evaluations.map(({ system, attributes }) => [system, attributes?.map((each) => each.attribute)]),
    ).toEqual([
      ['x86_64-linux', ['nodejs_22', 'libpq.pg_config']],
      ['aarch64-darwin', ['nodejs_22']],
    ]);
  });

  test('--dry-run and --json say it and write nothing', async () => {
    useNix(present);
    const { stdout } = await run(['update', '--dry-run', '--json']);
    expect(resultSchema.parse(JSON.parse(stdout))).toMatchObject({
      command: 'update',
      pins: [{ channel: 'nixos-26.05', from: 'a'.repeat(40), to: newest }],
    });
    expect(readdirSync(at('repository'))).toEqual([]);
  });
});

describe('the base image of a container', () => {
  const lock = () => parseLock(readFileSync(at('repository', 'nidify.lock'), 'utf8'));
  beforeEach(() => {
    useNix({
      nodejs_22: { state: 'present', version: '22.23.1' },
      'libpq.pg_config': { state: 'present', version: '17.1' },
    });
    base = `${address.replace('http://', '')}/tools/debian:13`;
  });
  afterEach(() => {
    base = null;
  });

  test('is pinned by what its registry says of the tag, and stays when generated again', async () => {
    await run([]);
    expect(lock().images).toBeUndefined();
    const { exitCode, stdout } = await run(['update']);
    expect(exitCode).toBe(0);
    expect(lock().images).toEqual([{ reference: base, digest: manifestDigest }]);
    expect(stdout).toMatch(new RegExp(`its tag → ${manifestDigest.slice(0, 19)}`));
    await run([]);
    expect(lock().images).toEqual([{ reference: base, digest: manifestDigest }]);
    const again = JSON.parse((await run(['update', '--json'])).stdout);
    expect(resultSchema.parse(again)).toMatchObject({
      images: [{ reference: base, from: manifestDigest, to: manifestDigest }],
      findings: [],
    });
  });

  test('is no reason not to move nixpkgs: a registry that is away is named', async () => {
    base = '127.0.0.1:1/tools/debian:13';
    await run([]);
    const { exitCode, stdout } = await run(['update']);
    expect(exitCode).toBe(0);
    expect(lock().pins[0]?.rev).toBe(newest);
    expect(lock().images).toBeUndefined();
    expect(stdout).toContain('image-unresolved');
    expect(stdout).toMatch(/127\.0\.0\.1:1.*is not available/);
  });
});

describe('nothing is written when', () => {
  async function unchanged(expected: { exitCode: number; stderr: string[] }) {
    const { exitCode, stderr } = await run(['update']);
    expect(exitCode).toBe(expected.exitCode);
    for (const text of expected.stderr) expect(stderr).toContain(text);
    expect(readdirSync(at('repository'))).toEqual([]);
  }

  test('an attribute is gone or refused: exit code 3, all of them named', async () => {
    useNix({ 'libpq.pg_config': { state: 'refused', version: null } });
    await unchanged({
      exitCode: 3,
      stderr: ['nodejs_22 is not there any more', 'libpq.pg_config is refused', 'aarch64-darwin'],
    });
  });

  test('Nix is missing: exit code 4, with how to get it', async () => {
    process.env.PATH = at('bin');
    await unchanged({ exitCode: 4, stderr: ['nix-instantiate', 'https://nixos.org/download'] });
  });

  test('the network is down: exit code 75', async () => {
    useNix({});
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await unchanged({ exitCode: 75, stderr: ['NIDIFY_CHANNELS_URL'] });
  });

  test('Nix cannot download: exit code 75', async () => {
    writeFileSync(
      at('bin', 'nix-instantiate'),
      `#!/bin/sh\necho "error: unable to download 'x': Could not resolve host" >&2\nexit 1\n`,
    );
    chmodSync(at('bin', 'nix-instantiate'), 0o755);
    process.env.PATH = `${at('bin')}:/bin:/usr/bin`;
    await unchanged({ exitCode: 75, stderr: ['unable to download'] });
  });

  test('Nix fails: exit code 5, with its last word', async () => {
    writeFileSync(at('bin', 'nix-instantiate'), '#!/bin/sh\necho "error: infinite recursion" >&2\nexit 1\n');
    chmodSync(at('bin', 'nix-instantiate'), 0o755);
    process.env.PATH = `${at('bin')}:/bin:/usr/bin`;
    await unchanged({ exitCode: 5, stderr: ['infinite recursion'] });
  });

  test('a person edited a file: exit code 6, before anything is asked', async () => {
    useNix({
      nodejs_22: { state: 'present', version: '22.23.1' },
      'libpq.pg_config': { state: 'present', version: null },
    });
    writeFileSync(at('repository', 'flake.lock'), 'mine');
    const { exitCode } = await run(['update']);
    expect(exitCode).toBe(6);
    expect(existsSync(at('asked'))).toBe(false);
    expect(readdirSync(at('repository'))).toEqual(['flake.lock']);
  });
});
